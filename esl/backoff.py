"""How long to wait before the next attempt to connect.  No clock: time lived is told to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from esl.clock import between


@dataclass(slots=True)
class Backoff:
    """Full jitter from `first_s` to `cap_s`; slower, and never at once, after a refused password.

    A connection that lived less than `stable_s` counts as a failure, so that a switch which
    accepts and drops once a second is not hammered.  All fields are in seconds.
    """

    first_s: float = 0.1
    cap_s: float = 5.0
    rejected_first_s: float = 5.0
    rejected_cap_s: float = 60.0
    stable_s: float = 5.0
    draw: Callable[[float, float], float] = between
    _failures: int = 0
    _rejections: int = 0

    def failed(self) -> None:
        """No connection, or one that ended during login."""
        self._failures += 1
        self._rejections = 0

    def rejected(self) -> None:
        """The password or our address was refused; more tries will not help soon."""
        self._rejections += 1

    def lost(self, lived_s: float) -> None:
        """A connection that was up has ended."""
        self._rejections = 0
        self._failures = 0 if lived_s >= self.stable_s else self._failures + 1

    def delay_s(self) -> float:
        """Seconds to wait now."""
        if self._rejections:
            ceiling = min(self.rejected_cap_s, self.rejected_first_s * 2 ** (self._rejections - 1))
            return self.draw(ceiling / 2, ceiling)
        return self.draw(0.0, min(self.cap_s, self.first_s * 2 ** min(self._failures, 20)))
