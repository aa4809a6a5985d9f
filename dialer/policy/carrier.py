"""An outage of the carrier: how it is noticed, and how many calls may be in flight meanwhile.

Calls that the carrier drops end within seconds, so a policy that counts calls in flight would
place ever more of them; when the carrier is well again, all would ring at once. So the calls in
flight are held at the level from before the outage, and let go slowly after it.
"""

import math
from collections import deque
from dataclasses import dataclass, field

WINDOW = 50
EVIDENCE = 20
"""Calls that must have ended before their faults mean anything."""
OUT_ABOVE, WELL_BELOW = 0.30, 0.15
"""Shares of faults: past the first the carrier is out, until they are under the second."""
RAMP_S = 30.0
LEVEL_OVER_S = 60.0
"""Time over which the usual level is taken."""


@dataclass(slots=True)
class CarrierWatch:
    """Faults of the last 50 calls that ended, and the calls that are usually in flight."""

    recent: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))
    is_out: bool = False
    level: float = 0.0
    well_since: float = -math.inf
    _seen_at: float | None = None

    def note(self, is_fault: bool) -> None:
        """A call ended, or was answered."""
        self.recent.append(is_fault)

    @property
    def fault_share(self) -> float:
        """Share of faults in the last 50 calls; 0 until 20 have ended."""
        n = len(self.recent)
        return self.recent.count(True) / n if n >= EVIDENCE else 0.0

    def watch(self, n_in_flight: int, now: float) -> None:
        """So many calls are in flight now."""
        share = self.fault_share
        if self.is_out and share < WELL_BELOW:
            self.is_out, self.well_since = False, now
        elif not self.is_out and share > OUT_ABOVE:
            self.is_out = True
        if not self.is_out and now >= self.well_since + RAMP_S:
            elapsed = max(now - self._seen_at, 0.0) if self._seen_at is not None else 0.0
            self.level += (n_in_flight - self.level) * -math.expm1(-elapsed / LEVEL_OVER_S)
        self._seen_at = now

    def most_in_flight(self, n_free: int, now: float) -> float:
        """Calls that may be in flight; never fewer than one for each free agent."""
        held = max(self.level, float(n_free))
        if self.is_out:
            return held
        since_s = now - self.well_since
        return held * (1.0 + since_s / RAMP_S) if 0.0 <= since_s < RAMP_S else math.inf
