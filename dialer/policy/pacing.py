"""How many calls to place now.

The predictive mode is *state-aware pacing*: place one more call as long as the predicted chance
that one more live answer would find no agent stays at or under theta. Theta is not set by hand:
it follows the compliance bank (policy/abandon.py) by integral feedback, so the realised abandon
rate settles at the target whatever the estimates' errors.

With A agents, Y = answers before a horizon + agents still busy after it (a Poisson-binomial);
the next answer is lost iff Y >= A. Five horizons stand for the ring time of the call to place.
Driven from outside without I/O: a Picture in, a Decision out; see docs/pacing.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from dialer.model.alarm import AlarmCode
from dialer.model.campaign import OF_AGENTS, PacingMode
from dialer.model.snapshot import PacingView
from dialer.policy.guards import why_not_predictive
from dialer.policy.outlook import (
    NO_CALLS,
    PacingState,
    answer_chances,
    at_horizons,
    chances_of_next,
    doubt_of,
    free_chances,
    observe,
)
from dialer.policy.picture import Picture
from dialer.policy.tail import EXACT_UP_TO, Standing, risks
from dialer.policy.theta import is_at_legal_limit, steered

ALARMS = {"broken": AlarmCode.BROKEN_STATISTICS, "legal_rate": AlarmCode.ABANDON_LIMIT}
"""Alarm that a supervisor gets, by the guard that stopped predicting."""


@dataclass(frozen=True, slots=True)
class PacingRules:
    """The campaign's pacing settings."""

    mode: PacingMode
    ratio: float
    max_lines_per_agent: float


@dataclass(frozen=True, slots=True)
class Decision:
    """`n_calls` to place now, and why not more."""

    n_calls: int
    view: PacingView = field(default_factory=PacingView)
    guard: str = ""
    """Why calls were counted by free agents; empty when the risk decided."""

    @property
    def is_one_per_agent(self) -> bool:
        """Whether each call has an agent of its own, who is free for it."""
        return self.guard not in ("", PacingMode.RATIO.value.lower())

    @property
    def alarm(self) -> AlarmCode | None:
        """The alarm that this calls for."""
        return ALARMS.get(self.guard)


def decide(picture: Picture, state: PacingState, rules: PacingRules) -> Decision:
    """The number of calls to place now, with its reasons."""
    observe(picture, state)
    reason = why_not_by_risk(picture, state, rules)
    if not reason:
        return _predictive(picture, state, rules)
    return per_free_agent(picture, state, rules, reason)


def why_not_by_risk(picture: Picture, state: PacingState, rules: PacingRules) -> str:
    """Why calls are counted by free agents instead; empty when the risk decides."""
    if rules.mode is not PacingMode.PREDICTIVE:
        return rules.mode.value.lower()
    if state.is_broken:
        return "broken"
    return why_not_predictive(picture.n_agents, state.learned, state.ledger)


def per_free_agent(
    picture: Picture, state: PacingState, rules: PacingRules, reason: str
) -> Decision:
    """One line (or `ratio` lines) for each free agent that no waiting caller takes.

    None at all where agents place their calls themselves.
    """
    if rules.mode is PacingMode.BROADCAST:
        return _all_lines(picture, state)
    ratio = rules.ratio if rules.mode is PacingMode.RATIO else float(rules.mode not in OF_AGENTS)
    n_waiting = max(picture.n_waiting, 0)
    wanted = int(ratio * (picture.n_free - n_waiting)) - len(picture.in_flight)
    n_calls, limit = _limited(max(wanted, 0), ceilings_of(picture), reason)
    return Decision(n_calls, view_of(picture, state, n_calls, limit=limit), reason)


def _all_lines(picture: Picture, state: PacingState) -> Decision:
    """A broadcast is bounded by lines and calls per second alone."""
    ceilings = ceilings_of(picture)
    limit = lowest(ceilings)
    n_calls = max(ceilings[limit], 0)
    return Decision(n_calls, view_of(picture, state, n_calls, limit=limit))


def _predictive(picture: Picture, state: PacingState, rules: PacingRules) -> Decision:
    n_agents = picture.n_agents
    ceilings = ceilings_of(picture) | burst_ceilings(
        picture, state, rules, n_ringing=len(picture.in_flight)
    )
    most = max(min(ceilings.values()), 0)
    free, answers = free_chances(picture, state, picture.crew), answer_chances(picture, state)
    standing = Standing(
        np.concatenate((1.0 - free, answers), axis=1), n_agents - free.shape[1], picture.n_waiting
    )
    doubt = doubt_of(state.learned, free, answers)
    theta = steered(state.learned.footing, state.ledger, n_agents)
    n_calls, risk = 0, risks(standing, NO_CALLS, n_agents, doubt, EXACT_UP_TO)
    if risk[0] <= theta and most:  # seldom: most decisions are that it is enough
        one_more = at_horizons(chances_of_next(picture, state, most))
        risk = risks(standing, one_more, n_agents, doubt, EXACT_UP_TO)
        is_over = risk > theta
        n_calls = int(is_over.argmax()) if is_over.any() else most
    state.throttle.take(n_calls)
    limit = lowest(ceilings) if n_calls >= most else risk_word(state)
    view = view_of(
        picture, state, n_calls, limit=limit, theta=theta, risk=float(risk[n_calls]),
        n_soon_free=float(np.add.reduce(free[-1])),
        expected_answers=float(doubt.n_expected[-1]),
    )  # fmt: skip
    return Decision(n_calls, view)


def ceilings_of(picture: Picture) -> dict[str, int]:
    """Calls that may be placed now, by what forbids more."""
    return {
        "leads": picture.n_leads,
        "lines": picture.n_lines_left,
        "calls_per_s": picture.n_calls_allowed,
    }


def burst_ceilings(
    picture: Picture, state: PacingState, rules: PacingRules, n_ringing: int
) -> dict[str, int]:
    """Lines per agent and dials per second against cold-start bursts, which both scale with 1/rate;
    and what an outage of the carrier leaves.

    `n_ringing`: calls in flight that the same agents wait for.
    """
    n_agents, learned = picture.n_agents, state.learned
    rate, n_free = learned.rate.value, picture.n_free
    ceilings = {"burst": state.throttle.allowed(picture.now, n_agents, rate, learned.busy_s)}
    lines = min(max(0.75 / rate, 2.0), rules.max_lines_per_agent) * n_agents
    ceilings["lines_per_agent"] = int(lines) - n_ringing
    held = learned.carrier.most_in_flight(n_free, picture.now)
    if held < lines:
        ceilings["carrier"] = int(held) - n_ringing
    return ceilings


def lowest(ceilings: Mapping[str, int]) -> str:
    """The name of the one that forbids most."""
    return min(ceilings, key=lambda name: ceilings[name])


def risk_word(state: PacingState) -> str:
    """What it is called when the risk forbids more."""
    return "legal_rate" if is_at_legal_limit(state.ledger) else "risk"


def _limited(wanted: int, ceilings: dict[str, int], reason: str) -> tuple[int, str]:
    name = lowest(ceilings)
    return (max(ceilings[name], 0), name) if wanted > ceilings[name] else (wanted, reason)


def view_of(
    picture: Picture, state: PacingState, n_calls: int, *, limit: str, theta: float = 0.0,
    risk: float = 0.0, n_soon_free: float = 0.0, expected_answers: float = 0.0,
) -> PacingView:  # fmt: skip
    """The decision's inputs and outcome, for screens."""
    rate, bank = state.learned.rate.value, state.ledger.bank
    return PacingView(
        n_dialed=n_calls,
        n_free=picture.n_free,
        n_soon_free=round(n_soon_free, 2),
        n_ringing=len(picture.in_flight),
        expected_answers=round(expected_answers, 2),
        answer_rate=round(rate, 4) if isfinite(rate) else 0.0,
        theta=round(theta, 5),
        risk=round(risk, 5),
        bank=round(bank, 3) if isfinite(bank) else 0.0,
        limit=limit,
        n_agents=picture.n_agents,
        n_waiting=picture.n_waiting,
        n_leads=picture.n_leads,
        n_lines_left=picture.n_lines_left,
        n_calls_allowed=picture.n_calls_allowed,
        fault_share=round(state.learned.carrier.fault_share, 3),
    )
