"""One minute of a campaign's pacing, as it is kept: every decision, and what the minute counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialer.model.snapshot import PacingView


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: when, under which rule, and all that it was made from."""

    at_s: float
    """Seconds after the minute's first decision."""
    mode: str
    target: float
    view: PacingView


@dataclass(frozen=True, slots=True)
class MinuteCounts:
    """What a campaign counted from one instant to another; sums of seconds over what ended then."""

    n_attempts: int = 0
    n_answered: int = 0
    n_bridged: int = 0
    n_live: int = 0
    """Live answers by the ledger. Less than nothing: agents found machines among earlier ones."""
    n_abandoned: int = 0
    n_talks: int = 0
    talk_s: float = 0.0
    n_wrap_ups: int = 0
    wrap_up_s: float = 0.0
    ring_s: float = 0.0
    """Over the answered calls."""
    outcomes: Mapping[str, int] = field(default_factory=dict)

    def since(self, before: "MinuteCounts") -> "MinuteCounts":
        """What was counted from `before` to this."""
        plain = {name: getattr(self, name) - getattr(before, name) for name in _PLAIN}
        grown = {
            word: n - before.outcomes.get(word, 0)
            for word, n in self.outcomes.items()
            if n != before.outcomes.get(word, 0)
        }
        return MinuteCounts(**plain, outcomes=grown)


_PLAIN = tuple(name for name in MinuteCounts.__dataclass_fields__ if name != "outcomes")
