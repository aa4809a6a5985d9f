"""How many calls to place now.

The predictive mode is *state-aware pacing*: place one more call as long as the predicted chance
that one more live answer would find no agent stays at or under theta. Theta is not set by hand:
it follows the compliance bank (policy/abandon.py) by integral feedback, so the realised abandon
rate settles at the target whatever the estimates' errors.

With A agents, Y = answers before a horizon + agents still busy after it (a Poisson-binomial);
the next answer is lost iff Y >= A. Five horizons stand for the ring time of the call to place.
Driven from outside without I/O: a Picture in, a Decision out; see docs/pacing.md.
"""

from dataclasses import dataclass, field

import numpy as np

from dialer.model.campaign import PacingMode
from dialer.model.snapshot import PacingView
from dialer.policy.abandon import Ledger
from dialer.policy.free_tables import FreeTables
from dialer.policy.hazard import Floats
from dialer.policy.picture import InFlight, Picture
from dialer.policy.statistics import Learned
from dialer.policy.tail import EXACT_UP_TO, Doubt, risks

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
HIGHEST_CHANCE = 0.97
"""Of one call to be answered, whatever is known of its lead."""


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
    tables: FreeTables | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`n_calls` to place now, and why not more."""

    n_calls: int
    view: PacingView = field(default_factory=PacingView)


def decide(picture: Picture, state: PacingState, rules: PacingRules) -> Decision:
    """The number of calls to place now, with its reasons."""
    state.learned.advance(picture.now, picture.crew)
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


def _why_not_predictive(picture: Picture, state: PacingState) -> str:
    if picture.crew.n_agents < MIN_PREDICTIVE_AGENTS:
        return "few_agents"
    ledger = state.ledger
    if state.learned.carrier_fault_share > MAX_CARRIER_FAULTS:
        return "carrier"
    if not np.isfinite(ledger.bank) or ledger.target <= 0.0:
        return "zero_target"
    return ""


def _per_free_agent(picture: Picture, state: PacingState, ratio: float, reason: str) -> Decision:
    """`ratio` lines for each free agent that no waiting caller takes."""
    wanted = int(ratio * (picture.crew.n_free - picture.n_waiting)) - len(picture.in_flight)
    n_calls, limit = _limited(max(wanted, 0), _ceilings(picture), reason)
    return Decision(n_calls, _view(picture, state, n_calls, limit=limit))


def _predictive(picture: Picture, state: PacingState, rules: PacingRules) -> Decision:
    learned = state.learned
    rate, n_agents = learned.rate.value, picture.crew.n_agents
    ceilings = _ceilings(picture) | _predictive_ceilings(picture, rules, rate)
    most = max(min(ceilings.values()), 0)
    horizons = learned.rings.quantiles(HORIZON_SHARES)
    free = _tables(picture, state, horizons).chances(picture.crew, picture.now)
    answers = _answer_chances(picture.in_flight, picture.now, learned, rate, horizons)
    chances = np.concatenate([1.0 - free, answers, np.ones((picture.n_waiting, N_HORIZONS))])
    one_more = _chance(rate, _next_lifts(picture, most))[:, None] * HORIZON_SHARES
    doubt = _doubt(learned, rate, free, answers)
    risk = risks(chances, one_more, n_agents, doubt, EXACT_UP_TO)
    theta = theta_of(state.ledger, n_agents)
    is_over = risk[:-1] > theta
    n_calls = int(is_over.argmax()) if is_over.any() else most
    by_risk = "legal_rate" if is_at_legal_limit(state.ledger) else "risk"
    limit = min(ceilings, key=lambda name: ceilings[name]) if n_calls >= most else by_risk
    view = _view(
        picture, state, n_calls, limit=limit, theta=theta, risk=float(risk[n_calls]),
        n_soon_free=float(free[:, -1].sum()) - picture.crew.n_free,
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
    n_agents = picture.crew.n_agents
    lines = min(max(0.75 / rate, 2.0), rules.max_lines_per_agent) * n_agents
    burst = int(np.ceil(0.015 * n_agents / rate))
    return {"lines_per_agent": int(lines) - len(picture.in_flight), "burst": burst}


def _limited(wanted: int, ceilings: dict[str, int], reason: str) -> tuple[int, str]:
    name = min(ceilings, key=lambda key: ceilings[key])
    return (max(ceilings[name], 0), name) if wanted > ceilings[name] else (wanted, reason)


def _chance(rate: float, lifts: Floats) -> Floats:
    """P(answered) of calls with these lifts."""
    return np.asarray(np.minimum(rate * lifts, HIGHEST_CHANCE))


def _next_lifts(picture: Picture, n_calls: int) -> Floats:
    lifts = np.ones(n_calls)
    known = picture.next_lifts[:n_calls]
    lifts[: len(known)] = known
    return lifts


def _answer_chances(
    calls: InFlight, now: float, learned: Learned, rate: float, horizons: Floats
) -> Floats:
    """P(a ringing call of its age is answered by each horizon); shape (calls, horizons)."""
    ages = np.maximum(now - calls.dialed_at, 0.0)[:, None]
    chance = _chance(rate, calls.lifts)[:, None]
    answered = learned.rings.answered_by(ages)
    alive = chance * (1.0 - answered) + (1.0 - chance) * (1.0 - learned.rings.ended_by(ages))
    soon = chance * (learned.rings.answered_by(ages + horizons) - answered)
    return np.asarray(np.clip(soon / np.maximum(alive, 1e-6), 0.0, 1.0))


def _tables(picture: Picture, state: PacingState, horizons: Floats) -> FreeTables:
    tables = state.tables
    if tables is None or tables.version != state.learned.version:
        tables = state.tables = FreeTables.build(state.learned, horizons + picture.patience_s)
    return tables


def _doubt(learned: Learned, rate: float, free: Floats, answers: Floats) -> Doubt:
    """Relative variance of the answer rate, and variance of the agents becoming free."""
    of_rate = (1.0 - rate) / (rate * max(learned.rate.n_calls, 1.0))
    soon = np.where(free < 1.0, free, 0.0).sum(axis=0)
    of_hazards = soon**2 / (5.0 + min(500, learned.n_talks))
    return Doubt(answers.sum(axis=0), of_rate, float(of_hazards.mean()))


def _view(
    picture: Picture, state: PacingState, n_calls: int, *, limit: str, theta: float = 0.0,
    risk: float = 0.0, n_soon_free: float = 0.0, expected_answers: float = 0.0,
) -> PacingView:  # fmt: skip
    return PacingView(
        n_dialed=n_calls,
        n_free=picture.crew.n_free,
        n_soon_free=round(n_soon_free, 2),
        n_ringing=len(picture.in_flight),
        expected_answers=round(expected_answers, 2),
        answer_rate=round(state.learned.rate.value, 4),
        theta=round(theta, 5),
        risk=round(risk, 5),
        bank=round(state.ledger.bank, 3),
        limit=limit,
        n_agents=picture.crew.n_agents,
        n_waiting=picture.n_waiting,
        n_leads=picture.n_leads,
        n_lines_left=picture.n_lines_left,
        n_calls_allowed=picture.n_calls_allowed,
    )
