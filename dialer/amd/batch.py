"""The door of the detector: streams of audio in, what was heard out, all in one pass.

Audio is 8 kHz, one channel, signed 16-bit little-endian, in pieces of any length. Nothing here
knows where it comes from, or what is made of it (`policy/amd`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from dialer.amd.chain import Chain, Found, FoundBySlot
from dialer.amd.fingerprints import PrintBook
from dialer.amd.spectrum import FRAME, OVERLAP, RATE_HZ, WINDOW
from dialer.amd.state import Indices, Samples
from dialer.amd.trees import Trees
from dialer.amd.wording import WordingModel
from dialer.model.amd import Heard, StreamFault

FRAME_BYTES, OVERLAP_BYTES, WINDOW_BYTES = 2 * FRAME, 2 * OVERLAP, 2 * WINDOW
BYTES_PER_S = 2 * RATE_HZ
FASTER, AHEAD_S = 1.1, 0.5
"""Audio may run faster than the clock by so much, and be so far ahead (a tap that opened late):
more is another rate, more channels, or both."""
FIRST_SLOTS = 16
FRAMES_AT_ONCE = 8
"""Of one stream in one pass: a live one has two, a file would fill the memory."""
PASS_BYTES = OVERLAP_BYTES + FRAMES_AT_ONCE * FRAME_BYTES


@dataclass(slots=True)
class Stream:
    """One call's audio. `bytes_fed`: since `since`, which is a time of the caller's clock.

    `pending`: what is not analysed, after the end of what is, which the next window begins with."""

    name: str
    slot: int
    since: float
    pending: bytearray = field(default_factory=lambda: bytearray(OVERLAP_BYTES))
    bytes_fed: int = 0
    is_deaf: bool = False
    """Its audio was found to be no telephone's; what still comes is thrown away."""
    before: Heard | None = None
    """Early media that was finished when the stream was restarted."""


class Batch:
    """All live streams. `tick` analyses what was fed since the last; call it every 20 ms or so."""

    def __init__(
        self,
        prints: PrintBook | None = None,
        trees: Trees | None = None,
        words: WordingModel | None = None,
    ) -> None:
        models = trees or Trees.load(), words or WordingModel.load()
        self._chain = Chain(*models, prints, FIRST_SLOTS)
        self._streams: dict[str, Stream] = {}
        self._at_slot: dict[int, Stream] = {}
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
        self._streams[stream_id] = self._at_slot[slot] = Stream(stream_id, slot, now)

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
        earlier = self._analyse([stream])
        self._chain.reset(stream.slot)
        fresh = Stream(stream_id, stream.slot, now, before=earlier[0] if earlier else None)
        self._streams[stream_id] = self._at_slot[stream.slot] = fresh

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
        for stream in self._streams.values():
            if stream.before is not None:
                heard.append(stream.before)
                stream.before = None
            ahead_s = stream.bytes_fed / BYTES_PER_S - FASTER * (now - stream.since)
            if ahead_s > AHEAD_S and not stream.is_deaf:
                heard.append(_deafen(stream, StreamFault.WRONG_RATE))
        return heard + self._analyse(self._streams.values())

    def _analyse(self, streams: Iterable[Stream]) -> list[Heard]:
        """Take the whole frames of some streams through the chain."""
        found = FoundBySlot(Found)
        due = [one for one in streams if len(one.pending) >= WINDOW_BYTES]
        while due:
            due = self._pass(due, found)
        return [_told(self._at_slot[slot], one) for slot, one in found.items()]

    def _pass(self, streams: list[Stream], found: FoundBySlot) -> list[Stream]:
        """Take some whole frames of streams that have any; those that may have more."""
        blocks = [stream.pending[:PASS_BYTES] for stream in streams]
        lengths = np.fromiter(map(len, blocks), np.intp)
        counts = (lengths - OVERLAP_BYTES) // FRAME_BYTES
        for stream, n_bytes in zip(streams, (counts * FRAME_BYTES).tolist(), strict=True):
            del stream.pending[:n_bytes]
        order = np.argsort(-counts, kind="stable")
        counts, begins = counts[order], (np.cumsum(lengths) - lengths)[order]
        steps = [begins[counts > step] + step * FRAME_BYTES for step in range(int(counts[0]))]
        windows = _windows(b"".join(blocks), np.concatenate(steps))
        slots = np.array([stream.slot for stream in streams])
        self._chain.hear(slots[order], counts, windows, found)
        if counts[0] < FRAMES_AT_ONCE:
            return []
        return [one for one in streams if len(one.pending) >= WINDOW_BYTES]


def _deafen(stream: Stream, fault: StreamFault) -> Heard:
    stream.is_deaf = True
    stream.pending.clear()
    return Heard(stream.name, fault=fault)


def _told(stream: Stream, found: Found) -> Heard:
    fault = _deafen(stream, StreamFault.GARBAGE).fault if found.is_garbage else None
    return Heard(stream.name, found.scores, found.tones, found.prints, fault)


def _windows(audio: bytes, begins: Indices) -> Samples:
    """Windows that begin at some bytes, which may be odd ones: n x 256 samples. Each is copied as
    one piece, which takes half as long as sample by sample."""
    n_begins = len(audio) - WINDOW_BYTES + 1
    whole = np.ndarray((n_begins,), np.dtype((np.void, WINDOW_BYTES)), audio, strides=(1,))
    return whole[begins].view("<i2").reshape(-1, WINDOW)
