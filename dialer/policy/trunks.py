"""Which trunk takes the next call: rate, calls at once, and failures with half-open recovery.

A trunk that fails again and again rests; then one call at a time probes it, and the first that the
network takes closes the matter. A call that failed on one trunk is offered to the next within the
same attempt, for the person was never tried.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from dialer.model.outcome import TRAITS, outcome_of_cause
from dialer.model.trunk import TrunkRules


@dataclass(slots=True)
class Trunk:
    """One trunk's rules, and what has become of its calls. Times: monotonic seconds."""

    rules: TrunkRules = field(default_factory=TrunkRules)
    n_calls: int = 0
    n_failures: int = 0
    """In a row."""
    rests_until: float = float("-inf")
    is_probing: bool = False
    tokens: float = 1.0
    tokens_at: float | None = None

    @property
    def is_suspect(self) -> bool:
        """It has failed so often that it must prove itself."""
        return self.n_failures >= self.rules.max_failures

    def may_take(self, now: float) -> bool:
        """Whether a call may be placed on it at this instant."""
        if self.n_calls >= self.rules.max_calls or self._tokens(now) < 1.0:
            return False
        return not self.is_suspect or (now >= self.rests_until and not self.is_probing)

    def place(self, now: float) -> None:
        """A call is placed on it."""
        self.tokens, self.tokens_at = self._tokens(now) - 1.0, now
        self.n_calls += 1
        self.is_probing = self.is_suspect

    def adopt(self) -> None:
        """A call that an earlier run placed is on it."""
        self.n_calls += 1

    def reach(self) -> None:
        """The network took a call of it: it rings, or a person's end refused it."""
        self.n_failures, self.is_probing = 0, False

    def end(self, now: float, *, is_fault: bool) -> None:
        """A call of it is over. `is_fault`: the carrier's or the gateway's."""
        self.n_calls = max(self.n_calls - 1, 0)
        self.is_probing = False  # also when nobody can say how it ended: the next one probes
        if not is_fault:
            return
        self.n_failures += 1
        if self.is_suspect:
            self.rests_until = now + self.rules.rest_s

    def _tokens(self, now: float) -> float:
        """Token bucket of one second."""
        rate = self.rules.max_calls_per_s
        if rate == float("inf"):
            return 1.0
        since = self.tokens_at if self.tokens_at is not None else now - 1.0
        return min(self.tokens + (now - since) * rate, max(rate, 1.0))


def choose(trunks: Sequence[Trunk], now: float, tried: Collection[str] = ()) -> Trunk | None:
    """The first in order that may take a call and has not been tried for it."""
    return next((t for t in trunks if t.rules.name not in tried and t.may_take(now)), None)


def is_trunk_fault(cause: str, *, is_local: bool) -> bool:
    """Whether a call that never rang ended for the trunk's sake: another one may do better."""
    if is_local:
        return cause in GATEWAY_FAULTS
    return TRAITS[outcome_of_cause(cause)].is_carrier_fault


GATEWAY_FAULTS = frozenset({"GATEWAY_DOWN", "INVALID_GATEWAY", "INVALID_PROFILE"})
"""Local refusals that are one trunk's, not the switch's."""
