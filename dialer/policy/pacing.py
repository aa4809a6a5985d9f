"""How many calls to place now.

The predictive mode is *state-aware pacing*: place one more call as long as the predicted chance
that one more live answer would find no agent stays at or under theta. Theta is not set by hand:
it follows the compliance bank (policy/abandon.py) by integral feedback, so the realised abandon
rate settles at the target whatever the estimates' errors.

With A agents, Y = answers before a horizon + agents still busy after it (a Poisson-binomial);
the next answer is lost iff Y >= A. Five horizons stand for the ring time of the call to place.
Driven from outside without I/O: a Picture in, a Decision out; see docs/pacing.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

import numpy as np

from dialer.model.campaign import PacingMode
from dialer.model.snapshot import PacingView
from dialer.policy.abandon import Ledger
from dialer.policy.hazard import Floats
from dialer.policy.statistics import Learned
from dialer.policy.tail import EXACT_UP_TO, Tail

N_HORIZONS = 5
HORIZON_SHARES = (np.arange(N_HORIZONS) + 0.5) / N_HORIZONS
U_START = -3.9
"""Logit of theta with an empty bank; near the optimum for 10 to 50 agents."""
U_LOW, U_HIGH = -7.0, -1.4
LEGAL_RATE = 0.03
LIVE_BEFORE_STRICT = 1000
"""Live answers from which the realised rate is evidence enough to pace at the lowest risk. With
fewer, one call crosses 3 % though the feedback is on target, and agents would idle for nothing."""
MIN_PREDICTIVE_AGENTS = 4
MAX_CARRIER_FAULTS = 0.30
TABLE_TALK_S = 600
TABLE_WRAP_S = 80


class Seat(Enum):
    """What an agent does, as far as pacing cares."""

    FREE = auto()
    TALKING = auto()
    WRAP_UP = auto()
    HELD = auto()
    """Reserved, or about to be: busy with age zero."""


@dataclass(frozen=True, slots=True)
class AgentAge:
    """An agent who will take calls (not paused, not leaving), and for how long in this seat."""

    agent_id: int
    seat: Seat
    age_s: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The floor at one moment. Ages in seconds; limits in calls."""

    now: float
    agents: Sequence[AgentAge]
    ringing_ages_s: Sequence[float]
    n_waiting: int
    n_leads: int
    n_lines_left: int
    n_calls_allowed: int
    """What the calls-per-second limits leave now."""
    patience_s: float
    """From the answer to the abandon."""


@dataclass(frozen=True, slots=True)
class PacingRules:
    """The campaign's pacing settings."""

    mode: PacingMode
    ratio: float
    max_lines_per_agent: float


@dataclass(slots=True)
class PacingState:
    """What the policy keeps between decisions."""

    learned: Learned
    ledger: Ledger
    tables: "FreeTables | None" = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`n_calls` to place now, and why not more."""

    n_calls: int
    view: PacingView = field(default_factory=PacingView)


def decide(picture: Picture, state: PacingState, rules: PacingRules) -> Decision:
    """The number of calls to place now, with its reasons."""
    _learn(picture, state)
    if rules.mode is PacingMode.PREDICTIVE:
        reason = _why_not_predictive(picture, state)
        if not reason:
            return _predictive(picture, state, rules)
        return _per_free_agent(picture, state, 1.0, reason)
    if rules.mode is PacingMode.RATIO:
        return _per_free_agent(picture, state, rules.ratio, "ratio")
    return _per_free_agent(picture, state, 1.0, "progressive")


def theta_of(ledger: Ledger, n_agents: int) -> float:
    """Risk that the next answer may run: sigmoid(u0 + eta * bank), clipped (section 5.2).

    At the law's limit it is the lowest: one answer in a thousand, until the rate has fallen.
    """
    eta = min(max(1.0 / max(n_agents, 1), 0.02), 0.3)
    u = min(max(U_START + eta * ledger.bank, U_LOW), U_HIGH)
    return float(1.0 / (1.0 + np.exp(-(U_LOW if is_at_legal_limit(ledger) else u))))


def is_at_legal_limit(ledger: Ledger) -> bool:
    """Whether one more abandoned answer would take a settled rate over 3 %."""
    return ledger.n_live >= LIVE_BEFORE_STRICT and ledger.rate_with_one_more() > LEGAL_RATE


def _learn(picture: Picture, state: PacingState) -> None:
    learned = state.learned
    learned.n_agents = max(len(picture.agents), 1)
    for agent in picture.agents:
        if agent.seat is Seat.TALKING:
            learned.follow(learned.talks, agent.agent_id, agent.age_s)
        elif agent.seat is Seat.WRAP_UP:
            learned.follow(learned.wraps, agent.agent_id, agent.age_s)
    learned.advance(picture.now)


def _why_not_predictive(picture: Picture, state: PacingState) -> str:
    if len(picture.agents) < MIN_PREDICTIVE_AGENTS:
        return "few_agents"
    ledger = state.ledger
    if state.learned.carrier_fault_share > MAX_CARRIER_FAULTS:
        return "carrier"
    if not np.isfinite(ledger.bank) or ledger.target <= 0.0:
        return "zero_target"
    return ""


def _per_free_agent(picture: Picture, state: PacingState, ratio: float, reason: str) -> Decision:
    """`ratio` lines for each free agent that no waiting caller takes."""
    n_free = _count(picture, Seat.FREE)
    wanted = int(ratio * (n_free - picture.n_waiting)) - len(picture.ringing_ages_s)
    n_calls, limit = _limited(max(wanted, 0), _ceilings(picture), reason)
    return Decision(n_calls, _view(picture, state, n_calls, limit=limit))


def _predictive(picture: Picture, state: PacingState, rules: PacingRules) -> Decision:
    learned = state.learned
    rate = learned.rate.value
    horizons = learned.rings.quantiles(HORIZON_SHARES)
    free = _free_chances(picture, state, horizons)
    answers = _answer_chances(picture, learned, rate, horizons)
    chances = np.concatenate([1.0 - free, answers, np.ones((picture.n_waiting, N_HORIZONS))])
    theta = theta_of(state.ledger, len(picture.agents))
    tail = Tail(chances, len(picture.agents), EXACT_UP_TO, *_errors(learned, rate, free, answers))
    ceilings = _ceilings(picture) | _predictive_ceilings(picture, rules, rate)
    most = max(min(ceilings.values()), 0)
    one_more = rate * HORIZON_SHARES
    n_calls, risk = 0, tail.risk()
    while n_calls < most and risk <= theta:
        n_calls += 1
        tail.add(one_more)
        risk = tail.risk()
    by_risk = "legal_rate" if is_at_legal_limit(state.ledger) else "risk"
    limit = min(ceilings, key=lambda name: ceilings[name]) if n_calls >= most else by_risk
    view = _view(
        picture, state, n_calls, limit=limit, theta=theta, risk=risk,
        n_soon_free=float(free[:, -1].sum()) - _count(picture, Seat.FREE),
        expected_answers=float(answers[:, -1].sum()),
    )  # fmt: skip
    return Decision(n_calls, view)


def _ceilings(picture: Picture) -> dict[str, int]:
    return {
        "leads": picture.n_leads,
        "lines": picture.n_lines_left,
        "calls_per_s": picture.n_calls_allowed,
    }


def _predictive_ceilings(picture: Picture, rules: PacingRules, rate: float) -> dict[str, int]:
    """Lines per agent and dials per second against cold-start bursts; both scale with 1/rate."""
    n_agents = len(picture.agents)
    lines = min(max(0.75 / rate, 2.0), rules.max_lines_per_agent) * n_agents
    burst = int(np.ceil(0.015 * n_agents / rate))
    return {"lines_per_agent": int(lines) - len(picture.ringing_ages_s), "burst": burst}


def _limited(wanted: int, ceilings: dict[str, int], reason: str) -> tuple[int, str]:
    name = min(ceilings, key=lambda key: ceilings[key])
    return (max(ceilings[name], 0), name) if wanted > ceilings[name] else (wanted, reason)


def _answer_chances(picture: Picture, learned: Learned, rate: float, horizons: Floats) -> Floats:
    """P(a ringing call of its age is answered by each horizon); shape (calls, horizons)."""
    ages = np.asarray(picture.ringing_ages_s, dtype=float)[:, None]
    answered = learned.rings.answered_by(ages)
    alive = rate * (1.0 - answered) + (1.0 - rate) * (1.0 - learned.rings.ended_by(ages))
    soon = rate * (learned.rings.answered_by(ages + horizons) - answered)
    return np.asarray(np.clip(soon / np.maximum(alive, 1e-6), 0.0, 1.0)).reshape(-1, N_HORIZONS)


def _free_chances(picture: Picture, state: PacingState, horizons: Floats) -> Floats:
    """P(an agent is free by each horizon plus the caller's patience); shape (agents, horizons)."""
    tables = state.tables
    if tables is None or tables.version != state.learned.version:
        tables = state.tables = FreeTables.build(state.learned, horizons + picture.patience_s)
    return np.array([tables.chances(agent) for agent in picture.agents]).reshape(-1, N_HORIZONS)


def _errors(
    learned: Learned, rate: float, free: Floats, answers: Floats
) -> tuple[Floats, float, float]:
    """Answers already expected, and relative variances of the rate's and hazards' estimates."""
    expected = answers.sum(axis=0)
    of_rate = (1.0 - rate) / (rate * max(learned.rate.n_calls, 1.0))
    soon = np.where(free < 1.0, free, 0.0).sum(axis=0)
    of_hazards = soon**2 / (5.0 + min(500, learned.n_talks))
    return expected, of_rate, float(of_hazards.mean())


def _count(picture: Picture, seat: Seat) -> int:
    return sum(agent.seat is seat for agent in picture.agents)


def _view(
    picture: Picture, state: PacingState, n_calls: int, *, limit: str, theta: float = 0.0,
    risk: float = 0.0, n_soon_free: float = 0.0, expected_answers: float = 0.0,
) -> PacingView:  # fmt: skip
    return PacingView(
        n_dialed=n_calls,
        n_free=_count(picture, Seat.FREE),
        n_soon_free=round(n_soon_free, 2),
        n_ringing=len(picture.ringing_ages_s),
        expected_answers=round(expected_answers, 2),
        answer_rate=round(state.learned.rate.value, 4),
        theta=round(theta, 5),
        risk=round(risk, 5),
        bank=round(state.ledger.bank, 3),
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class FreeTables:
    """P(free by each horizon) by age in whole seconds, made anew with the hazards."""

    version: int
    talking: Floats
    wrapping: Floats

    @classmethod
    def build(cls, learned: Learned, limits: Floats) -> "FreeTables":
        """Tables for the limits (seconds from now, ascending), one column each."""
        longest = int(np.ceil(limits[-1])) + 1
        wrap_end = learned.wraps.per_second(TABLE_WRAP_S + longest)
        fresh_wrap = 1.0 - np.concatenate([[1.0], np.cumprod(1.0 - wrap_end[:longest])])
        return cls(
            learned.version,
            _free_after_talk(learned.talks.per_second(TABLE_TALK_S + longest), fresh_wrap, limits),
            _free_after_wrap(wrap_end, limits),
        )

    def chances(self, agent: AgentAge) -> Floats:
        """One value per horizon."""
        if agent.seat is Seat.FREE:
            return np.ones(N_HORIZONS)
        if agent.seat is Seat.WRAP_UP:
            return np.asarray(self.wrapping[min(int(agent.age_s), TABLE_WRAP_S - 1)])
        age_s = agent.age_s if agent.seat is Seat.TALKING else 0.0
        return np.asarray(self.talking[min(int(age_s), TABLE_TALK_S - 1)])


def _free_after_talk(talk_end: Floats, fresh_wrap: Floats, limits: Floats) -> Floats:
    """P(talk of each age ends, and the wrap-up after it too, within each limit)."""
    n_steps = len(fresh_wrap) - 1
    windows = np.lib.stride_tricks.sliding_window_view(talk_end, n_steps)[:TABLE_TALK_S]
    alive = np.cumprod(1.0 - windows, axis=1)
    reached = np.concatenate([np.ones((len(alive), 1)), alive[:, :-1]], axis=1)
    ends = reached * windows
    columns = []
    for limit in limits:
        steps = min(round(float(limit)), n_steps)
        left = fresh_wrap[np.maximum(steps - 1 - np.arange(steps), 0)]
        columns.append(ends[:, :steps] @ left)
    return np.stack(columns, axis=1)


def _free_after_wrap(wrap_end: Floats, limits: Floats) -> Floats:
    """P(wrap-up of each age ends within each limit)."""
    total = np.concatenate([[0.0], np.cumsum(np.log1p(-wrap_end))])
    ages = np.arange(TABLE_WRAP_S)
    columns = [
        1.0 - np.exp(total[np.minimum(ages + round(float(limit)), len(total) - 1)] - total[ages])
        for limit in limits
    ]
    return np.stack(columns, axis=1)
