"""The signal chain: 20 ms frames of many streams in, scores and tones out.

It holds the running state of every slot; a slot is one stream's place in all arrays. What a frame
says by itself is worked out for all frames of a pass at once; what it says after those before it,
frame by frame. Audio of other rates, faults of the clock and names of streams are `batch`.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from dialer.amd import features, tones, vad, wording
from dialer.amd.fax import FRAMES as FAX_FRAMES
from dialer.amd.fingerprints import PrintBook, Recogniser
from dialer.amd.memory import DoubtState, Memory
from dialer.amd.noise import NoiseFloor
from dialer.amd.patterns import Ear
from dialer.amd.running import RunningState, silence_frames, speech_frames
from dialer.amd.running import follow as follow_speech
from dialer.amd.spectrum import BAND_WIDTHS, FRAME_S, VOICED, Frame, analyse
from dialer.amd.state import Flags, Floats, Indices, Samples
from dialer.amd.trees import Trees
from dialer.amd.wording import Wording, WordingModel
from dialer.model.amd import PrintMatch, Score, Tone

SCORE_FRAMES, FIRST_SCORE_FRAMES = 5, 20
GARBAGE_DB, GARBAGE_FLATNESS, GARBAGE_FRAMES = -20.0, 0.6, 25
"""Half a second so loud, so flat and without voice is no sound of a telephone."""


@dataclass(slots=True)
class Found:
    """What the frames of one tick brought for one slot."""

    scores: list[Score] = field(default_factory=list)
    tones: list[Tone] = field(default_factory=list)
    prints: list[PrintMatch] = field(default_factory=list)
    is_garbage: bool = False


FoundBySlot = defaultdict[int, Found]


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
        frames = analyse(windows)
        peaks = tones.peaks(frames)
        memory, asked = self._memory.take(at), []
        begin = 0
        for step in range(int(counts[0])):
            n = int(np.count_nonzero(counts > step))
            part = slice(begin, begin + n)
            due = memory if n == len(at) else memory.first(n)
            self._step(at[:n], due, frames.rows(part), peaks.rows(part), found)
            asked += _asked(at[:n], due.running)
            begin += n
        self._memory.put(at, memory)
        if asked:
            self._score(asked, found)

    def _step(
        self, at: Indices, memory: Memory, frame: Frame, peaks: tones.Peaks, found: FoundBySlot
    ) -> None:
        """Take one frame of each of the slots."""
        running = memory.running
        tonal = tones.tonal(peaks, self._floor.power(at))
        ended = tones.follow(memory.runs, frame, tonal, running.n_frames)
        self._hear_tones(at, running, memory.runs, ended, found)
        in_tone = tones.is_in_tone(memory.runs, tonal)
        floor = self._floor.follow(at, frame.bands, frame.is_zero | in_tone)
        snr_db = vad.snr(frame, floor)
        active = vad.follow(memory.activity, frame, snr_db, in_tone)
        follow_speech(running, frame, memory.activity, active, in_tone, snr_db)
        heard = wording.inputs(frame, memory.activity, active, snr_db)
        running.wording_odds[:] = self._wording.follow(at, heard, running.n_frames)
        for place in _garbage(memory.doubt, frame):
            found[int(at[place])].is_garbage = True
        self._recognise(at, frame, running, found)

    def _hear_tones(
        self,
        at: Indices,
        running: RunningState,
        runs: tones.RunState,
        ended: list[tuple[int, tones.Run]],
        found: FoundBySlot,
    ) -> None:
        heard = [(place, self._ears[at[place]].take, run) for place, run in ended]
        lasting = tones.lasting(runs, FAX_FRAMES)
        heard += [(place, self._ears[at[place]].lasting, run) for place, run in lasting]
        for place, listen, run in heard:
            tone = listen(run, float((running.n_frames[place] + 1.0) * FRAME_S))
            if tone is not None:
                found[int(at[place])].tones.append(tone)

    def _recognise(
        self, at: Indices, frame: Frame, running: RunningState, found: FoundBySlot
    ) -> None:
        if self._recogniser is None:
            return
        for place, match in self._recogniser.follow(at, frame, running.n_frames - 1.0):
            found[int(at[place])].prints.append(match)

    def _score(self, asked: list[tuple[Indices, Floats]], found: FoundBySlot) -> None:
        """Ask the trees about all streams that are due in a pass."""
        slots = np.concatenate([at for at, _ in asked])
        state = RunningState(np.concatenate([matrix for _, matrix in asked], axis=1))
        rows = features.matrix(state)
        chances = self._trees.chance(rows)
        silence, speech = silence_frames(state), speech_frames(state)
        snr = rows[:, features.NAMES.index("snr_db")]
        columns = zip(
            slots.tolist(),
            (state.n_frames * FRAME_S).tolist(),
            chances.tolist(),
            (state.onset_frame * FRAME_S).tolist(),
            (silence * FRAME_S).tolist(),
            (speech * FRAME_S).tolist(),
            state.n_phrases.tolist(),
            snr.tolist(),
            (state.n_zero == state.n_frames).tolist(),
            strict=True,
        )
        for slot, at_s, p, onset, quiet, spoken, phrases, snr_db, is_zero in columns:
            onset_s = onset if onset >= 0 else None
            score = Score(at_s, p, onset_s, quiet, spoken, int(phrases), snr_db, is_zero)
            found[slot].scores.append(score)

    def features_of(self, at: Indices) -> Floats:
        """The features of the slots `at` as they stand, n x len(features.NAMES)."""
        return features.matrix(self._memory.running.take(at))


def _asked(at: Indices, running: RunningState) -> list[tuple[Indices, Floats]]:
    """The slots whose score is due after this frame, if any, and their running features."""
    n = running.n_frames
    due = np.flatnonzero((n % SCORE_FRAMES == 0) & (n >= FIRST_SCORE_FRAMES))
    return [(at[due], running.matrix[:, due])] if len(due) else []


def _garbage(doubt: DoubtState, frame: Frame) -> Indices:
    """The places of streams that have been no sound of a telephone for long enough."""
    loud = np.flatnonzero((frame.level_db > GARBAGE_DB) & (frame.voicing < VOICED))
    flat = loud[_is_flat(frame.bands[loud])]
    before = doubt.n_flat[flat]
    doubt.n_flat[:] = 0.0
    doubt.n_flat[flat] = before + 1.0
    return np.flatnonzero(doubt.n_flat >= GARBAGE_FRAMES)


def _is_flat(bands: Floats) -> Flags:
    density = bands / BAND_WIDTHS + 1e-14
    mean = np.add.reduceat(density, [0], axis=1)[:, 0] / density.shape[1]
    log_mean = np.add.reduceat(np.log(density), [0], axis=1)[:, 0] / density.shape[1]
    return np.asarray(np.exp(log_mean) / mean > GARBAGE_FLATNESS)
