"""A recorder's beep: any one tone, or two, of its length.

A voice's own partials keep still for a moment, too, though hardly over 900 Hz: there every single
tone is taken, below only what a voice cannot hold.
"""

from dataclasses import dataclass

from dialer.amd.keys import is_key
from dialer.amd.tones import VOICE_MOST_HZ, Run

LEAST_S, MOST_S = 0.07, 2.2
LEAST_HZ, MOST_HZ = 390.0, 2050.0
"""Higher up are the alarms of a home: smoke, ovens, clocks."""
FAINTEST_DB = 17.0
"""So far below the voice before it something beeps in the room: a recorder is about as loud as what
it plays."""
HIGH_HZ = 890.0
"""From here up hardly any partial of a voice stands still."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Enough to be a beep: so long and so pure (least), so steady (most)."""

    least_s: float
    hz_sd: float
    level_sd_db: float
    purity: float

    def holds(self, run: Run) -> bool:
        is_steady = run.hz_sd < self.hz_sd and run.level_sd_db < self.level_sd_db
        return run.length_s >= self.least_s and run.purity >= self.purity and is_steady


HIGH = (Proof(0.07, 3.5, 3.0, 0.94), Proof(0.09, 11.0, 6.0, 0.84))
HIGH_DUAL = (Proof(0.09, 3.2, 1.3, 0.965), Proof(0.15, 7.0, 3.0, 0.97), Proof(0.23, 7.0, 3.0, 0.94))
LOW = (
    Proof(0.09, 2.4, 1.1, 0.975),
    Proof(0.11, 1.5, 0.8, 0.957),
    Proof(0.17, 2.9, 1.0, 0.68),
    Proof(0.23, 4.0, 3.0, 0.94),
    Proof(0.23, 6.0, 6.0, 0.97),
    Proof(0.39, 8.0, 9.0, 0.90),
)
"""The longer a tone, the more noise may lie over it, and the more packets of it may be lost."""
LOW_DUAL = (
    Proof(0.11, 1.5, 0.8, 0.975),
    Proof(0.11, 2.4, 1.1, 0.985),
    Proof(0.23, 3.0, 3.0, 0.96),
    Proof(0.29, 5.0, 3.5, 0.94),
)
MIDDLE = (HIGH[0], *LOW)


def is_beep(run: Run, foreground_db: float) -> bool:
    """Whether a run that has ended is a beep, where the loudest voice had so many dB."""
    if not LEAST_HZ <= run.hz <= MOST_HZ or run.length_s > MOST_S or is_key(run):
        return False
    if run.level_db < foreground_db - FAINTEST_DB:
        return False
    return any(proof.holds(run) for proof in _proofs(run))


def _proofs(run: Run) -> tuple[Proof, ...]:
    """What a tone of its height has to show."""
    if run.is_dual:
        return HIGH_DUAL if run.hz > VOICE_MOST_HZ else LOW_DUAL
    if run.hz > VOICE_MOST_HZ:
        return HIGH if run.hz > HIGH_HZ else MIDDLE
    return LOW
