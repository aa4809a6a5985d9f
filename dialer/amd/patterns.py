"""What runs of one tone mean together: beep, SIT, fax, busy, ringback. One Ear for each stream.

Steps of a SIT are `sit`, bursts in a rhythm `rhythm`; here are what is told of a single tone, and
which of the three it is. Fax: T.30.
"""

from dataclasses import dataclass, field

from dialer.amd.beep import is_beep
from dialer.amd.fax import FaxEar, is_fax
from dialer.amd.rhythm import RhythmEar
from dialer.amd.sit import SitEar
from dialer.amd.tones import SAME_HZ, Run
from dialer.model.amd import Tone, ToneKind


@dataclass(slots=True)
class Ear:
    """The tones of one stream. `take` gets each run that ended, in order."""

    _sit: SitEar = field(default_factory=SitEar)
    _rhythm: RhythmEar = field(default_factory=RhythmEar)
    _fax: FaxEar = field(default_factory=FaxEar)
    _held: Run | None = None
    """A beep that another run followed at once: a step of a SIT, unless the other is no tone."""

    def take(self, run: Run, now_s: float, foreground_db: float) -> Tone | None:
        """What this run completes, if anything, where the loudest voice had so many dB."""
        if is_fax(run):
            fax = self._fax.take(run, now_s)
            if self._fax.is_told:
                return fax
        if self._sit.is_rest(run):
            return None
        told = self._sit.take(run, now_s) or self._rhythm.take(run, now_s)
        if told is not None:
            self._held = None
            return told
        is_recorder = is_beep(run, foreground_db)
        return self._beep(run, now_s, is_recorder)

    def _beep(self, run: Run, now_s: float, is_recorder: bool) -> Tone | None:
        """A tone by itself: known when it is not another that follows at once."""
        if run.is_switched:
            self._hold(run, is_recorder)
            return None
        held, self._held = self._held, None
        if held is not None and _is_same(run, held):
            return _beep(held, now_s, run.end_s)
        if is_recorder:
            return _beep(run, now_s, run.end_s)
        return None if held is None else _beep(held, now_s, held.end_s)

    def _hold(self, run: Run, is_recorder: bool) -> None:
        """Keep a beep until it is known what followed; what is left of a held one adds nothing."""
        is_rest = self._held is not None and _is_same(run, self._held)
        if is_recorder and not is_rest:
            self._held = run

    def lasting(self, run: Run, now_s: float) -> Tone | None:
        """What a run that has lasted FAX_FRAMES is already."""
        return self._fax.tell(run, now_s) if is_fax(run) else None


def _beep(run: Run, now_s: float, end_s: float) -> Tone:
    """The beep that a run is; its sound lasted until `end_s`."""
    return Tone(ToneKind.BEEP, run.begin_s, end_s, now_s, run.hz)


def _is_same(run: Run, other: Run) -> bool:
    return abs(run.hz - other.hz) < SAME_HZ
