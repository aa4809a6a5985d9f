"""The listener's end of a tap: what every Reader does, and what it may not exceed.

Audio is 8 kHz, mono, 16 bit, in the machine's own byte order. A Reader never blocks, and holds no
more than one piece of audio; what goes wrong is a TapFault, which costs a verdict and never a call.
"""

from typing import Protocol

RATE_HZ = 8000
BYTES_PER_SAMPLE = 2
BYTES_PER_S = RATE_HZ * BYTES_PER_SAMPLE
MOST_BYTES = 120 * BYTES_PER_S
"""Of one leg. Nobody is listened to for longer, whatever a switch goes on sending."""


class TapFault(Exception):
    """The tap brings no audio any more. The text says why, without identities."""


class Reader(Protocol):
    """One leg's audio. Whoever opened it closes it, also after a fault."""

    def read(self) -> bytes:
        """What came since the last call, whole samples; empty when nothing did. Raises TapFault."""

    def close(self) -> None:
        """Let go of everything; nothing of it stays behind on disk. May be called twice."""
