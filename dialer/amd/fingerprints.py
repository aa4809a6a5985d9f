"""Recordings known by their fingerprint: the fixed announcements of networks and assistants.

A recording that was heard in an audited call is learnt once and recognised from then on, whoever is
called: the one kind of evidence that is never a person. Marks of a live stream vote for a recording
and the moment it began; enough votes for one moment, from enough different times, are a match.
A book is meant for up to about a hundred recordings.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from dialer.amd.landmarks import Landmarks
from dialer.amd.spectrum import FRAME, FRAME_S, OVERLAP, RATE_HZ, WINDOW, Frame, analyse
from dialer.amd.state import Floats, Indices, Samples
from dialer.model.amd import PrintMatch, PrintMeaning

LEAST_LEARNT_S, MOST_LEARNT_S = 1.5, 12.0
LISTENS_S = 15.0
"""A stream is compared for so long after its beginning."""
SHIFTS = (0, 40, 80, 120)
"""Samples. A call's frames begin anywhere in the recording: it is learnt from four beginnings."""
ENOUGH_VOTES = 14
ENOUGH_SPAN = 40
"""Frames between the first and the last vote."""
FORMAT = 1


class PrintError(ValueError):
    """Audio that cannot be learnt, or a book that cannot be read."""


@dataclass(frozen=True, slots=True)
class Print:
    """One recording: `marks`, and at which frame of it each has its first landmark."""

    name: str
    meaning: PrintMeaning
    marks: NDArray[np.int32]
    frames: NDArray[np.int32]


def learn(name: str, meaning: PrintMeaning, pcm: bytes) -> Print:
    """Learn a recording from 8 kHz mono s16le audio, which should begin where it begins.

    The first 12 s count. Raises PrintError when there is too little in it to be recognised by.
    """
    samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2")
    samples = samples[: int(MOST_LEARNT_S * RATE_HZ)]
    if len(samples) < LEAST_LEARNT_S * RATE_HZ:
        raise PrintError(f"{name}: shorter than {LEAST_LEARNT_S} s")
    landmarks, marks = Landmarks(len(SHIFTS)), set()
    at = np.arange(len(SHIFTS))
    for now, windows in enumerate(_windows(samples)):
        numbers = np.full(len(SHIFTS), float(now))
        for _, mark, frame in landmarks.follow(at, analyse(windows), numbers):
            marks.add((mark, frame))
    if len({frame for _, frame in marks}) < ENOUGH_VOTES:
        raise PrintError(f"{name}: too little sound to be recognised by")
    pairs = np.array(sorted(marks), dtype=np.int32)
    return Print(name, meaning, pairs[:, 0], pairs[:, 1])


def _windows(samples: Samples) -> Iterator[Samples]:
    """The frames of the recording, shifted by each of SHIFTS: shifts x 256."""
    n_frames = (len(samples) - max(SHIFTS)) // FRAME
    padded = np.concatenate([np.zeros(OVERLAP, samples.dtype), samples])
    for number in range(n_frames):
        begin = number * FRAME
        yield np.stack([padded[begin + s : begin + s + WINDOW] for s in SHIFTS])


class PrintBook:
    """Recordings to be recognised."""

    def __init__(self, prints: Iterable[Print]) -> None:
        self.prints = tuple(prints)
        owner = [np.full(len(one.marks), i, dtype=np.int32) for i, one in enumerate(self.prints)]
        empty = [np.zeros(0, dtype=np.int32)]
        marks = np.concatenate([one.marks for one in self.prints] + empty)
        order = np.argsort(marks, kind="stable")
        self._marks = marks[order]
        self._owners = np.concatenate(owner + empty)[order]
        self._frames = np.concatenate([one.frames for one in self.prints] + empty)[order]

    def __len__(self) -> int:
        return len(self.prints)

    def votes(self, mark: int, frame: int) -> list[tuple[int, int]]:
        """For which recording, begun at which frame, a mark of frame `frame` speaks."""
        first, after = np.searchsorted(self._marks, [mark, mark + 1])
        owners = self._owners[first:after].tolist()
        begins = (frame - self._frames[first:after]).tolist()
        return list(zip(owners, begins, strict=True))

    def dumps(self) -> bytes:
        """The book as bytes, to be kept."""
        kept = BytesIO()
        lengths = [len(one.marks) for one in self.prints]
        np.savez_compressed(
            kept,
            format=np.array(FORMAT),
            names=np.array([one.name for one in self.prints], dtype=np.str_),
            meanings=np.array([one.meaning.value for one in self.prints], dtype=np.str_),
            lengths=np.array(lengths, dtype=np.int64),
            marks=np.concatenate([one.marks for one in self.prints] or [np.zeros(0, np.int32)]),
            frames=np.concatenate([one.frames for one in self.prints] or [np.zeros(0, np.int32)]),
        )
        return kept.getvalue()

    @classmethod
    def loads(cls, kept: bytes) -> Self:
        """Read what `dumps` wrote. Raises PrintError for anything else."""
        try:
            with np.load(BytesIO(kept), allow_pickle=False) as file:
                return cls(_prints(file))
        except (ValueError, KeyError, OSError, EOFError, BadZipFile) as fault:
            raise PrintError("not a book of fingerprints") from fault


def _prints(file: "np.lib.npyio.NpzFile") -> Iterator[Print]:
    if int(file["format"]) != FORMAT:
        raise PrintError(f"a book of format {int(file['format'])}, not {FORMAT}")
    lengths, marks, frames = file["lengths"], file["marks"], file["frames"]
    if not (len(marks) == len(frames) == int(lengths.sum())) or (lengths < 0).any():
        raise PrintError("a book whose lengths do not add up")
    ends = np.cumsum(lengths)
    for name, meaning, end, n in zip(file["names"], file["meanings"], ends, lengths, strict=True):
        part = slice(int(end - n), int(end))
        taken = marks[part].astype(np.int32), frames[part].astype(np.int32)
        yield Print(str(name), PrintMeaning(str(meaning)), *taken)


class Poll:
    """The votes of one stream: for each recording and beginning, from which frames they came."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, int]] = Counter()
        self._first: dict[tuple[int, int], int] = {}
        self._last: dict[tuple[int, int], int] = {}
        self.is_over = False

    def vote(self, owner: int, begin: int, frame: int) -> bool:
        """Count one vote; whether it makes a match. One frame votes once for one beginning."""
        ballot = (owner, begin)
        if self._last.get(ballot) == frame:
            return False
        self._counts[ballot] += 1
        self._first.setdefault(ballot, frame)
        self._last[ballot] = frame
        near = [(owner, begin + d) for d in (-1, 0, 1)]
        if sum(self._counts[b] for b in near) < ENOUGH_VOTES:
            return False
        self.is_over = frame - min(self._first.get(b, frame) for b in near) >= ENOUGH_SPAN
        return self.is_over


class Recogniser:
    """Compares many live streams with a book. A stream is matched once."""

    def __init__(self, book: PrintBook, n_streams: int) -> None:
        self._book = book
        self._landmarks = Landmarks(n_streams)
        self._polls = [Poll() for _ in range(n_streams)]

    def grow(self, n_streams: int) -> None:
        """Room for more streams."""
        self._landmarks.grow(n_streams)
        self._polls += [Poll() for _ in range(n_streams - len(self._polls))]

    def reset(self, stream: int) -> None:
        """Forget what a stream before had."""
        self._landmarks.reset(stream)
        self._polls[stream] = Poll()

    def follow(self, at: Indices, frame: Frame, now: Floats) -> list[tuple[int, PrintMatch]]:
        """Take frame number `now` of the streams `at`; the matches, by place."""
        matches = []
        for place, mark, begin in self._landmarks.follow(at, frame, now):
            poll = self._polls[at[place]]
            if poll.is_over or now[place] * FRAME_S > LISTENS_S:
                continue
            for owner, start in self._book.votes(mark, begin):
                if poll.vote(owner, start, begin):
                    matches.append((place, self._match(owner, start, float(now[place]))))
                    break
        return matches

    def _match(self, owner: int, start: int, now: float) -> PrintMatch:
        known = self._book.prints[owner]
        return PrintMatch(known.name, known.meaning, start * FRAME_S, (now + 1.0) * FRAME_S)
