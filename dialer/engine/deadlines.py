"""What must happen later: a heap of (second, order of asking, what).

Equal seconds come out in the order they were asked for, so a replay is the same. A deadline is
never taken out early: whoever gets it checks whether it still means anything.
"""

import heapq
from typing import NamedTuple


class Due(NamedTuple):
    """`kind` names the rule, `key` the call, agent or campaign it is for."""

    kind: str
    key: str


class Deadlines:
    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Due]] = []
        self._asked = 0

    def ask(self, when: float, kind: str, key: str = "") -> None:
        """Have (kind, key) come out of `due` at monotonic second `when`."""
        self._asked += 1
        heapq.heappush(self._heap, (when, self._asked, Due(kind, key)))

    def next(self) -> float | None:
        """When the earliest comes; None when there is none."""
        return self._heap[0][0] if self._heap else None

    def due(self, now: float) -> list[Due]:
        """Take out all that are due, earliest first."""
        found = []
        while self._heap and self._heap[0][0] <= now:
            found.append(heapq.heappop(self._heap)[2])
        return found
