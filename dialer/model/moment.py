"""One instant on the two clocks that a dialer needs.

Timers run on `mono`, which never jumps. Calling hours and stored times use `utc`.
A driver stamps both, so a step of the wall clock breaks no timer and hours stay testable.
"""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """`mono`: seconds on the driver's monotonic clock. `utc`: seconds since 1970 in UTC."""

    mono: float
    utc: float

    def plus(self, seconds: float) -> "Moment":
        """The instant `seconds` later on both clocks."""
        return Moment(self.mono + seconds, self.utc + seconds)

    def utc_at(self, mono: float) -> float:
        """The wall-clock time of another instant on the same monotonic clock."""
        return self.utc + (mono - self.mono)

    def as_datetime(self) -> datetime:
        """Aware UTC datetime of the wall clock."""
        return datetime.fromtimestamp(self.utc, UTC)
