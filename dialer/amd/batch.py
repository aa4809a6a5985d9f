"""The door of the detector: streams of audio in, what was heard out, all in one pass.

Audio is 8 kHz, one channel, signed 16-bit little-endian, in pieces of any length. Nothing here
knows where it comes from, or what is made of it (`policy/amd`).
"""

from dataclasses import dataclass, field

import numpy as np

from dialer.amd.chain import Chain, Found
from dialer.amd.fingerprints import PrintBook
from dialer.amd.spectrum import FRAME, RATE_HZ
from dialer.amd.trees import Trees
from dialer.model.amd import Heard, StreamFault

FRAME_BYTES = 2 * FRAME
BYTES_PER_S = 2 * RATE_HZ
FASTER, AHEAD_S = 1.1, 0.5
"""Audio may run faster than the clock by so much, and be so far ahead (a tap that opened late)."""
FIRST_SLOTS = 16


@dataclass(slots=True)
class Stream:
    """One call's audio. `bytes_fed`: since `since`, which is a time of the caller's clock."""

    slot: int
    since: float
    pending: bytearray = field(default_factory=bytearray)
    bytes_fed: int = 0
    is_deaf: bool = False
    """Its audio was found to be no telephone's; what still comes is thrown away."""
    before: Heard | None = None
    """Early media that was finished when the stream was restarted."""


class Batch:
    """All live streams. `tick` analyses what was fed since the last; call it every 20 ms or so."""

    def __init__(self, prints: PrintBook | None = None, trees: Trees | None = None) -> None:
        self._chain = Chain(trees or Trees.load(), prints, FIRST_SLOTS)
        self._streams: dict[str, Stream] = {}
        self._free = list(range(FIRST_SLOTS))

    def __len__(self) -> int:
        return len(self._streams)

    def open(self, stream_id: str, now: float) -> None:
        """Begin a stream at `now`, seconds of the caller's clock. ValueError: it is open."""
        if stream_id in self._streams:
            raise ValueError(f"stream {stream_id} is open already")
        if not self._free:
            n_slots = 2 * self._chain.n_slots
            self._free = list(range(self._chain.n_slots, n_slots))
            self._chain.grow(n_slots)
        slot = self._free.pop()
        self._chain.reset(slot)
        self._streams[stream_id] = Stream(slot, now)

    def feed(self, stream_id: str, pcm: bytes) -> None:
        """Take audio in, any number of bytes. KeyError: no such stream is open."""
        stream = self._streams[stream_id]
        stream.bytes_fed += len(pcm)
        if not stream.is_deaf:
            stream.pending += pcm

    def restart(self, stream_id: str, now: float) -> None:
        """The call was answered: times begin at 0 again, and what was heard before is forgotten.

        Audio fed before belongs to before. KeyError: no such stream is open.
        """
        stream = self._streams[stream_id]
        earlier = self._analyse({stream_id: stream})
        self._chain.reset(stream.slot)
        fresh = Stream(stream.slot, now, before=earlier[0] if earlier else None)
        self._streams[stream_id] = fresh

    def close(self, stream_id: str) -> None:
        """Forget a stream; one that is not open is no fault."""
        stream = self._streams.pop(stream_id, None)
        if stream is not None:
            self._free.append(stream.slot)

    def tick(self, now: float) -> list[Heard]:
        """Analyse all whole frames fed so far; what was heard, for streams with something to tell.

        What a restart finished comes first, as a Heard of its own.
        """
        heard: list[Heard] = []
        for stream_id, stream in self._streams.items():
            if stream.before is not None:
                heard.append(stream.before)
                stream.before = None
            if not stream.is_deaf and _is_too_fast(stream, now):
                heard.append(self._deafen(stream_id, StreamFault.WRONG_RATE))
        return heard + self._analyse(self._streams)

    def _deafen(self, stream_id: str, fault: StreamFault) -> Heard:
        stream = self._streams[stream_id]
        stream.is_deaf = True
        stream.pending.clear()
        return Heard(stream_id, fault=fault)

    def _analyse(self, streams: dict[str, Stream]) -> list[Heard]:
        """Take the whole frames of some streams through the chain."""
        ready = {s.slot: (i, s) for i, s in streams.items() if len(s.pending) >= FRAME_BYTES}
        if not ready:
            return []
        slots = np.fromiter(ready, dtype=np.intp)
        blocks = [_whole_frames(stream) for _, stream in ready.values()]
        counts = np.array([len(block) // FRAME_BYTES for block in blocks])
        firsts = np.cumsum(counts) - counts
        samples = np.frombuffer(b"".join(blocks), dtype="<i2").reshape(-1, FRAME)
        found = {slot: Found() for slot in ready}
        for step in range(int(counts.max())):
            due = counts > step
            self._chain.step(slots[due], samples[firsts[due] + step].astype(np.float64), found)
        told = [self._tell(ready[slot][0], one) for slot, one in found.items()]
        return [heard for heard in told if heard is not None]

    def _tell(self, stream_id: str, found: Found) -> Heard | None:
        fault = None
        if found.is_garbage:
            fault = self._deafen(stream_id, StreamFault.GARBAGE).fault
        if not (found.scores or found.tones or found.prints or fault):
            return None
        return Heard(stream_id, tuple(found.scores), tuple(found.tones), tuple(found.prints), fault)


def _is_too_fast(stream: Stream, now: float) -> bool:
    """More audio than time: another rate, more channels, or both."""
    return stream.bytes_fed / BYTES_PER_S > FASTER * (now - stream.since) + AHEAD_S


def _whole_frames(stream: Stream) -> bytearray:
    """Take the whole frames out of what is pending."""
    n_left = len(stream.pending) % FRAME_BYTES
    taken, stream.pending = stream.pending, bytearray()
    if n_left:
        stream.pending += taken[-n_left:]
        del taken[-n_left:]
    return taken
