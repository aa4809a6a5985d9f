"""What is due when: a heap of actions that can be called off.

Knows nothing of legs. A called-off entry never shows in `next_at`, so a driver is not woken for
nothing.
"""

from collections.abc import Callable
from heapq import heappop, heappush


class Due:
    """One thing to do at a time; `cancel` calls it off."""

    __slots__ = ("action", "subject")

    def __init__(self, action: Callable[..., None], subject: tuple[object, ...]) -> None:
        self.action: Callable[..., None] | None = action
        self.subject = subject

    def cancel(self) -> None:
        self.action = None
        self.subject = ()


class Agenda:
    """Entries come out in order of time, and of entry at the same time."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Due]] = []
        self._n_entered = 0

    def at(self, when: float, action: Callable[..., None], *subject: object) -> Due:
        """Enter `action(*subject)` for monotonic second `when`."""
        due = Due(action, subject)
        self._n_entered += 1
        heappush(self._heap, (when, self._n_entered, due))
        return due

    def next_at(self) -> float | None:
        """Monotonic second of the next entry that still holds."""
        heap = self._heap
        while heap and heap[0][2].action is None:
            heappop(heap)
        return heap[0][0] if heap else None

    def pop(self, now: float) -> tuple[float, Due] | None:
        """The next entry due at or before `now`, taken out; None when there is none."""
        when = self.next_at()
        if when is None or when > now:
            return None
        return when, heappop(self._heap)[2]

    def clear(self) -> None:
        """Forget everything."""
        self._heap.clear()

    def __len__(self) -> int:
        """Entries held, called-off ones among them."""
        return len(self._heap)
