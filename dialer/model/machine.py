"""How a state machine is written here: one table, and one function that may change a state.

A machine is data: a table `(state, trigger) -> state`, the late arrivals that are known and
ignored, and the trigger that fires when a state lasts too long. Nothing but `Machine.step`
computes a next state; the pictures in `docs/states` are drawn from the same tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from dialer.model.errors import IllegalTransition, StaleEvent

S = TypeVar("S", bound=StrEnum)
T = TypeVar("T", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Machine(Generic[S, T]):
    """A state machine as data.

    `table` maps (state, trigger) to the next state. `ignored` holds the pairs that a correct
    peer may cause late. `timeouts` names, for a state with a time limit, the trigger that its
    end fires.
    """

    name: str
    initial: S
    table: Mapping[tuple[S, T], S]
    final: frozenset[S] = frozenset()
    ignored: frozenset[tuple[S, T]] = frozenset()
    timeouts: Mapping[S, T] = field(default_factory=dict)

    def step(self, state: S, trigger: T) -> S:
        """The next state. Raises StaleEvent for a known late arrival, else IllegalTransition."""
        following = self.table.get((state, trigger))
        if following is not None:
            return following
        if (state, trigger) in self.ignored:
            raise StaleEvent(f"{self.name}: {trigger} came late in {state}")
        raise IllegalTransition(f"{self.name}: {trigger} is not possible in {state}")

    def can(self, state: S, trigger: T) -> bool:
        """Whether the table has a way out of `state` by `trigger` (what a screen may offer)."""
        return (state, trigger) in self.table
