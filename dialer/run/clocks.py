"""The only place that reads a clock or sleeps."""

import time

from dialer.model.moment import Moment


class SystemClock:
    """Real time. `mono` is the system's monotonic clock, `utc` its wall clock."""

    def now(self) -> Moment:
        """The present instant on both clocks."""
        return Moment(time.monotonic(), time.time())

    def sleep(self, seconds: float) -> None:
        """Let others run for so long."""
        time.sleep(seconds)


class VirtualClock:
    """Time that stands still until it is moved. Starts at `utc` on the wall, 0 on the timer."""

    def __init__(self, utc: float) -> None:
        self._start = utc
        self._mono = 0.0

    def now(self) -> Moment:
        """The present instant on both clocks."""
        return Moment(self._mono, self._start + self._mono)

    def move_to(self, mono: float) -> None:
        """Jump ahead; never back, so a deadline that is past is due now."""
        self._mono = max(self._mono, mono)
