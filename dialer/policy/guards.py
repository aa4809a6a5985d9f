"""What predictive pacing rests on, and what is done when it does not hold.

Each guard has a name, which the supervisor sees as the reason. Guards only ever lower the number of
calls: to one per free agent, or to a ceiling.
"""

import math
import sys
from dataclasses import dataclass

import numpy as np

from dialer.policy.abandon import Ledger
from dialer.policy.hazard import Floats
from dialer.policy.picture import Picture
from dialer.policy.statistics import Learned
from dialer.policy.theta import is_past_legal_limit

MIN_PREDICTIVE_AGENTS = 4
CALLS_PER_S, TIMES_STEADY = 0.06, 5.0
"""Calls per second, agent and answer rate; where talks are short, so many times what steady
dialling needs. The first guess of the rate is twice too high, hence so much."""
FUTURE_S, PAST_S = 1.0, 7 * 86_400.0
"""An instant so much later, or earlier, than now is none that happened."""


@dataclass(slots=True)
class Throttle:
    """Tokens by the second against bursts of a policy that knows little yet; a second's worth may
    be spent at once."""

    tokens: float = 1.0
    filled_at: float | None = None

    def allowed(self, now: float, n_agents: int, rate: float, busy_s: float) -> int:
        """Calls that may be placed now; `busy_s`: how long an answer keeps an agent."""
        per_s = max(CALLS_PER_S, TIMES_STEADY / busy_s) * n_agents / rate
        elapsed = max(now - self.filled_at, 0.0) if self.filled_at is not None else 1.0
        self.tokens = min(self.tokens + elapsed * per_s, per_s + 1.0)
        self.filled_at = now
        return int(self.tokens)

    def take(self, n_calls: int) -> None:
        """Calls are placed."""
        self.tokens -= n_calls


def is_sound(picture: Picture, learned: Learned, ledger: Ledger) -> bool:
    """Whether all that is reckoned with are numbers, and time has not run backwards."""
    crew, calls, now = picture.crew, picture.in_flight, picture.now
    total = now + picture.patience_s + ledger.bank
    if not math.isfinite(total) or now < learned.seen_until or picture.n_waiting < 0:
        return False
    instants = np.concatenate((crew.since, calls.dialed_at, calls.sign_at))
    return (
        _are_within(instants, now - PAST_S, now + FUTURE_S)
        and _are_within(calls.lifts, 0.0, sys.float_info.max)
        and _are_within(picture.next_lifts, 0.0, sys.float_info.max)
        and learned.rate.is_sound
        and ledger.is_sound
    )


def _are_within(values: Floats, lowest: float, highest: float) -> bool:
    """Whether all are numbers between these. One that is no number is the smallest and the
    greatest of all, and within nothing."""
    if not len(values):
        return True
    return bool(np.minimum.reduce(values) >= lowest and np.maximum.reduce(values) <= highest)


def why_not_predictive(n_agents: int, learned: Learned, ledger: Ledger) -> str:
    """The guard that holds pacing at one call per free agent; empty: none."""
    if n_agents < MIN_PREDICTIVE_AGENTS:
        return "few_agents"
    if ledger.target <= 0.0:
        return "zero_target"
    if is_past_legal_limit(ledger):
        return "legal_rate"
    return "few_answers" if learned.flow.is_thin else ""
