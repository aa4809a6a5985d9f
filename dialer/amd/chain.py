"""The signal chain: 20 ms frames of many streams in, scores and tones out.

It holds the running state of every slot; a slot is one stream's place in all arrays. What a frame
says by itself is worked out for all frames of a pass at once; what it says after those before it,
frame by frame. Audio of other rates, faults of the clock and names of streams are `batch`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dialer.amd import features, running, tones, vad, wording
from dialer.amd.fax import FRAMES as FAX_FRAMES
from dialer.amd.fingerprints import PrintBook, Recogniser
from dialer.amd.memory import Memory
from dialer.amd.noise import NoiseFloor
from dialer.amd.patterns import Ear
from dialer.amd.running import RunningState, quiet_frames, speech_frames
from dialer.amd.spectrum import BAND_WIDTHS, FRAME_S, N_BANDS, VOICED, Frame, analyse, total
from dialer.amd.state import Flags, Floats, Indices, Samples, places_of
from dialer.amd.trees import Trees
from dialer.amd.wording import Course, Wording, WordingModel
from dialer.model.amd import PrintMatch, Score, Tone

SCORE_FRAMES, FIRST_SCORE_FRAMES = 5, 20
GARBAGE_DB, GARBAGE_FLATNESS, GARBAGE_FRAMES = -20.0, 0.6, 25
"""Half a second so loud, so flat and without voice is no sound of a telephone."""


@dataclass(slots=True)
class Found:
    """What the frames of one tick brought for one slot."""

    scores: tuple[Score, ...] = ()
    tones: tuple[Tone, ...] = ()
    prints: tuple[PrintMatch, ...] = ()
    is_garbage: bool = False


FoundBySlot = defaultdict[int, Found]


@dataclass(frozen=True, slots=True)
class Turn:
    """One frame of each stream of a pass that has so many: `rows` of all frames are theirs, `now`
    is each one's number in its stream."""

    rows: slice
    at: Indices
    memory: Memory
    now: Floats

    def now_s(self, place: int) -> float:
        """Of the stream in a place, at the end of its frame."""
        return float((self.now[place] + 1.0) * FRAME_S)


class Runs(NamedTuple):
    """The tones that ended in a turn, and those that go on and may be a fax, by place."""

    ended: list[tuple[int, tones.Run]]
    lasting: list[tuple[int, tones.Run]]


Asked = tuple[Indices, Floats]
"""Places in a pass of streams whose score is due, and their running numbers at that time."""


class Chain:
    """State of `n_slots` streams. `hear` takes frames of some of them."""

    def __init__(
        self, trees: Trees, words: WordingModel, book: PrintBook | None, n_slots: int
    ) -> None:
        self._trees = trees
        self._wording = Wording(words, n_slots)
        self.n_slots = n_slots
        self._memory = Memory.fresh(n_slots)
        self._floor = NoiseFloor(n_slots)
        self._ears = [Ear() for _ in range(n_slots)]
        self._recogniser = Recogniser(book, n_slots) if book else None

    def grow(self, n_slots: int) -> None:
        """Room for more streams."""
        self._memory = self._memory.grown(n_slots)
        self._floor.grow(n_slots)
        self._wording.grow(n_slots)
        self._ears += [Ear() for _ in range(n_slots - self.n_slots)]
        if self._recogniser is not None:
            self._recogniser.grow(n_slots)
        self.n_slots = n_slots

    def reset(self, slot: int) -> None:
        """Make a slot new: nothing was heard in it."""
        self._memory.put(np.array([slot]), Memory.fresh(1))
        self._floor.reset(slot)
        self._wording.reset(slot)
        self._ears[slot] = Ear()
        if self._recogniser is not None:
            self._recogniser.reset(slot)

    def hear(self, at: Indices, counts: Indices, windows: Samples, found: FoundBySlot) -> None:
        """Take `counts` frames of the slots `at`, of which those with more come first.

        `windows`: frames by 256 samples: the first frame of each slot, then the second of those
        that have one, and so on. What comes of them is added to `found`, by slot.
        """
        frames, memory = analyse(windows), self._memory.take(at)
        n_before = memory.running.n_frames.copy()
        turns = list(_turns(at, counts, memory, n_before))
        floor, in_tone, runs = self._follow_noise(turns, frames)
        snr_db = vad.snr(frames, floor)
        activity, asked = self._follow_speech(turns, frames, snr_db, in_tone)
        self._hear_tones(turns, runs, activity, found)
        heard = wording.inputs(frames, activity, snr_db)
        course = self._wording.follow(at, counts, heard, n_before)
        _doubt(turns, frames, found)
        self._recognise(turns, frames, found)
        self._memory.put(at, memory)
        if asked:
            self._score(at, asked, course, found)

    def _follow_noise(
        self, turns: Sequence[Turn], frames: Frame
    ) -> tuple[Floats, Flags, list[Runs]]:
        """Of all frames the floor, frames x bands, and whether they are in a tone; of each turn the
        runs of tones. What is a tone depends on the noise before, and tones are no noise: so frame
        by frame."""
        peaks, runs = tones.peaks(frames), []
        floor, in_tone = np.empty_like(frames.bands), np.empty_like(frames.is_zero)
        for turn in turns:
            rows, memory = turn.rows, turn.memory
            tonal = tones.tonal(peaks.rows(rows), memory.noise.power)
            ended = tones.follow(memory.runs, frames.rows(rows), tonal, turn.now)
            runs.append(Runs(ended, list(tones.lasting(memory.runs, FAX_FRAMES))))
            in_tone[rows] = tones.is_in_tone(memory.runs, tonal)
            says_nothing = frames.is_zero[rows] | in_tone[rows]
            floor[rows] = self._floor.follow(
                turn.at, memory.noise, frames.bands[rows], says_nothing
            )
        return floor, in_tone, runs

    def _follow_speech(
        self, turns: Sequence[Turn], frames: Frame, snr_db: Floats, in_tone: Flags
    ) -> tuple[vad.Activity, list[Asked]]:
        """Where all frames leave the voice activity, and the streams whose score is due."""
        sound, added = vad.sound(frames, snr_db, in_tone), running.added(frames, snr_db, in_tone)
        activity, asked = vad.Activity.of(len(snr_db)), []
        for turn in turns:
            memory = turn.memory
            now = vad.follow(memory.activity, sound.rows(turn.rows))
            activity.put(turn.rows, now)
            running.follow(memory.running, memory.activity, now, added.rows(turn.rows))
            asked += _asked(memory.running)
        return activity, asked

    def _hear_tones(
        self,
        turns: Sequence[Turn],
        runs: Sequence[Runs],
        activity: vad.Activity,
        found: FoundBySlot,
    ) -> None:
        for turn, (ended, lasting) in zip(turns, runs, strict=True):
            for place, run in ended:
                foreground_db = float(activity.peak_db[turn.rows][place])
                told = self._ears[turn.at[place]].take(run, turn.now_s(place), foreground_db)
                _add_tone(found, turn, place, told)
            for place, run in lasting:
                told = self._ears[turn.at[place]].lasting(run, turn.now_s(place))
                _add_tone(found, turn, place, told)

    def _recognise(self, turns: Sequence[Turn], frames: Frame, found: FoundBySlot) -> None:
        if self._recogniser is None:
            return
        for turn in turns:
            matches = self._recogniser.follow(turn.at, frames.rows(turn.rows), turn.now)
            for place, match in matches:
                found[int(turn.at[place])].prints += (match,)

    def _score(
        self, at: Indices, asked: Sequence[Asked], course: Course, found: FoundBySlot
    ) -> None:
        """Ask the trees about all streams that are due in a pass."""
        places = np.concatenate([places for places, _ in asked])
        state = RunningState(np.concatenate([matrix for _, matrix in asked], axis=1))
        rows = features.matrix(state, course.odds(places, state.n_frames))
        onsets = state.onset_frame.tolist()
        scores = map(
            Score,
            (state.n_frames * FRAME_S).tolist(),
            self._trees.chance(rows).tolist(),
            [frame * FRAME_S if frame >= 0 else None for frame in onsets],
            (quiet_frames(state) * FRAME_S).tolist(),
            (speech_frames(state) * FRAME_S).tolist(),
            state.n_phrases.astype(np.intp).tolist(),
            rows[:, features.NAMES.index("snr_db")].tolist(),
            (state.n_zero == state.n_frames).tolist(),
        )
        for slot, score in zip(at[places].tolist(), scores, strict=True):
            found[slot].scores += (score,)

    def features_of(self, at: Indices) -> Floats:
        """The features of the slots `at` as they stand, n x len(features.NAMES)."""
        return features.matrix(self._memory.running.take(at), self._wording.odds(at))


def _turns(at: Indices, counts: Indices, memory: Memory, n_before: Floats) -> Iterator[Turn]:
    begin = 0
    for step in range(int(counts[0])):
        n = int(np.count_nonzero(counts > step))
        due = memory if n == len(at) else memory.first(n)
        yield Turn(slice(begin, begin + n), at[:n], due, n_before[:n] + step)
        begin += n


def _add_tone(found: FoundBySlot, turn: Turn, place: int, told: Tone | None) -> None:
    if told is not None:
        found[int(turn.at[place])].tones += (told,)


def _asked(state: RunningState) -> list[Asked]:
    """The streams whose score is due after this frame, if any."""
    n = state.n_frames
    due = places_of((n % SCORE_FRAMES == 0) & (n >= FIRST_SCORE_FRAMES))
    return [(due, state.matrix[:, due])] if len(due) else []


def _doubt(turns: Sequence[Turn], frames: Frame, found: FoundBySlot) -> None:
    """Tell of streams that have been no sound of a telephone for long enough."""
    is_garbage = (frames.level_db > GARBAGE_DB) & (frames.voicing < VOICED)
    loud = places_of(is_garbage)
    is_garbage[loud] = _is_flat(frames.bands[loud])
    for turn in turns:
        n_flat = turn.memory.doubt.n_flat
        n_flat[:] = (n_flat + 1.0) * is_garbage[turn.rows]
        for place in places_of(n_flat >= GARBAGE_FRAMES):
            found[int(turn.at[place])].is_garbage = True


def _is_flat(bands: Floats) -> Flags:
    density = bands / BAND_WIDTHS + 1e-14
    mean, log_mean = total(density) / N_BANDS, total(np.log(density)) / N_BANDS
    return np.asarray(np.exp(log_mean) / mean > GARBAGE_FLATNESS)
