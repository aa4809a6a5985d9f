"""The tone of an answering fax: 2,100 Hz for three seconds (T.30's CED).

Modems turn it over every 450 ms and swell it (V.8's ANSam), and packets are lost: so it is told
when enough of it was heard, in whatever pieces.
"""

from dataclasses import dataclass

from dialer.amd.spectrum import FRAME_S
from dialer.amd.tones import Run
from dialer.model.amd import Tone, ToneKind

HZ, TOLERANCE_HZ = 2100.0, 25.0
FRAMES = 25
"""So much of it leaves no doubt."""
LOST_S = 0.3
"""Longer without it, and it was another sound."""


def is_fax(run: Run) -> bool:
    """Whether a run may be a piece of it."""
    return abs(run.hz - HZ) <= TOLERANCE_HZ and not run.is_dual


@dataclass(slots=True)
class FaxEar:
    """How much of it one stream brought. `is_told`: nothing more will be."""

    is_told: bool = False
    _heard_s: float = 0.0
    _end_s: float = 0.0

    def take(self, run: Run, now_s: float) -> Tone | None:
        """The tone, if this piece, which has ended, makes it enough."""
        if run.begin_s - self._end_s > LOST_S:
            self._heard_s = 0.0
        self._heard_s += run.length_s
        self._end_s = run.end_s
        return self.tell(run, now_s) if self._heard_s >= FRAMES * FRAME_S else None

    def tell(self, run: Run, now_s: float) -> Tone | None:
        """The tone, once."""
        if self.is_told:
            return None
        self.is_told = True
        return Tone(ToneKind.FAX, run.begin_s, run.end_s, now_s, run.hz)
