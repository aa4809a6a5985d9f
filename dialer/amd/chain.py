"""The signal chain: one 20 ms frame of many streams in, scores and tones out.

It holds the running state of every slot; a slot is one stream's place in all arrays. Audio of other
rates, faults of the clock and names of streams are `batch`.
"""

from dataclasses import dataclass, field

import numpy as np

from dialer.amd import features, tones, vad
from dialer.amd.fingerprints import PrintBook, Recogniser
from dialer.amd.noise import NoiseFloor
from dialer.amd.patterns import FAX_FRAMES, Ear
from dialer.amd.spectrum import (
    BAND_WIDTHS,
    FRAME,
    FRAME_S,
    OVERLAP,
    VOICED,
    WINDOW,
    Frame,
    analyse,
)
from dialer.amd.state import Flags, Floats, Indices, State
from dialer.amd.trees import Trees
from dialer.model.amd import PrintMatch, Score, Tone

SCORE_FRAMES, FIRST_SCORE_FRAMES = 5, 20
GARBAGE_DB, GARBAGE_FLATNESS, GARBAGE_FRAMES = -20.0, 0.6, 25
"""Half a second so loud, so flat and without voice is no sound of a telephone."""
FULL_SCALE = 32768.0


class DoubtState(State):
    n_flat: Floats
    """Frames in a row that were loud, flat and unvoiced."""


@dataclass(slots=True)
class Found:
    """What the frames of one tick brought for one slot."""

    scores: list[Score] = field(default_factory=list)
    tones: list[Tone] = field(default_factory=list)
    prints: list[PrintMatch] = field(default_factory=list)
    is_garbage: bool = False


class Chain:
    """State of `n_slots` streams. `step` takes one frame of some of them."""

    def __init__(self, trees: Trees, book: PrintBook | None, n_slots: int) -> None:
        self._trees = trees
        self.n_slots = n_slots
        self._tails = np.zeros((n_slots, OVERLAP))
        self._floor = NoiseFloor(n_slots)
        self._runs = tones.RunState.zeros(n_slots)
        self._vad = vad.VadState.zeros(n_slots)
        self._features = features.FeatureState.zeros(n_slots)
        self._doubt = DoubtState.zeros(n_slots)
        self._ears = [Ear() for _ in range(n_slots)]
        self._recogniser = Recogniser(book, n_slots) if book else None

    def grow(self, n_slots: int) -> None:
        """Room for more streams."""
        tails = np.zeros((n_slots, OVERLAP))
        tails[: self.n_slots] = self._tails
        self._tails = tails
        self._floor.grow(n_slots)
        self._runs = self._runs.grown(n_slots)
        self._vad = self._vad.grown(n_slots)
        self._features = self._features.grown(n_slots)
        self._doubt = self._doubt.grown(n_slots)
        self._ears += [Ear() for _ in range(n_slots - self.n_slots)]
        if self._recogniser is not None:
            self._recogniser.grow(n_slots)
        self.n_slots = n_slots

    def reset(self, slot: int) -> None:
        """Make a slot new: nothing was heard in it."""
        at = np.array([slot])
        fresh_vad, fresh_features = vad.VadState.zeros(1), features.FeatureState.zeros(1)
        vad.begin(fresh_vad)
        features.begin(fresh_features)
        self._vad.put(at, fresh_vad)
        self._features.put(at, fresh_features)
        self._runs.put(at, tones.RunState.zeros(1))
        self._doubt.put(at, DoubtState.zeros(1))
        self._tails[slot] = 0.0
        self._floor.reset(slot)
        self._ears[slot] = Ear()
        if self._recogniser is not None:
            self._recogniser.reset(slot)

    def step(self, at: Indices, samples: Floats, found: dict[int, Found]) -> None:
        """Take one frame, n x 160 samples of -32768 to 32767, of the slots `at`.

        What comes of it is added to `found`, by slot.
        """
        frame = self._frame(at, samples)
        runs, activity = self._runs.take(at), self._vad.take(at)
        running = self._features.take(at)
        peaks = tones.peaks(frame)
        ended = tones.follow(runs, frame, peaks, running.n_frames)
        self._hear_tones(at, running, runs, ended, found)
        in_tone = tones.is_in_tone(runs) & peaks.is_tonal
        floor = self._floor.follow(at, frame.bands, frame.is_zero | in_tone)
        snr_db = vad.snr(frame, floor)
        active = vad.follow(activity, frame, snr_db, in_tone)
        features.follow(running, frame, activity, active, in_tone, snr_db)
        self._runs.put(at, runs)
        self._vad.put(at, activity)
        self._features.put(at, running)
        self._doubt_flat(at, frame, found)
        self._recognise(at, frame, running, found)
        self._score(at, running, found)

    def _frame(self, at: Indices, samples: Floats) -> Frame:
        windows = np.empty((len(at), WINDOW))
        windows[:, :OVERLAP] = self._tails[at]
        windows[:, OVERLAP:] = samples
        windows[:, OVERLAP:] /= FULL_SCALE
        self._tails[at] = windows[:, FRAME:]
        return analyse(windows)

    def _hear_tones(
        self,
        at: Indices,
        running: features.FeatureState,
        runs: tones.RunState,
        ended: list[tuple[int, tones.Run]],
        found: dict[int, Found],
    ) -> None:
        heard = [(place, self._ears[at[place]].take, run) for place, run in ended]
        lasting = tones.lasting(runs, FAX_FRAMES)
        heard += [(place, self._ears[at[place]].lasting, run) for place, run in lasting]
        for place, listen, run in heard:
            tone = listen(run, float((running.n_frames[place] + 1.0) * FRAME_S))
            if tone is not None:
                found[int(at[place])].tones.append(tone)

    def _doubt_flat(self, at: Indices, frame: Frame, found: dict[int, Found]) -> None:
        doubt = self._doubt.take(at)
        loud = (frame.level_db > GARBAGE_DB) & (frame.voicing < VOICED)
        doubt.n_flat[:] = np.where(loud & _is_flat(frame), doubt.n_flat + 1.0, 0.0)
        self._doubt.put(at, doubt)
        for place in np.flatnonzero(doubt.n_flat >= GARBAGE_FRAMES):
            found[int(at[place])].is_garbage = True

    def _recognise(
        self, at: Indices, frame: Frame, running: features.FeatureState, found: dict[int, Found]
    ) -> None:
        if self._recogniser is None:
            return
        for place, match in self._recogniser.follow(at, frame, running.n_frames - 1.0):
            found[int(at[place])].prints.append(match)

    def _score(self, at: Indices, running: features.FeatureState, found: dict[int, Found]) -> None:
        n = running.n_frames
        due = np.flatnonzero((n % SCORE_FRAMES == 0) & (n >= FIRST_SCORE_FRAMES))
        if not len(due):
            return
        state = running.take(due)
        asked = features.matrix(state)
        chances = self._trees.chance(asked)
        silence, speech = features.silence_frames(state), features.speech_frames(state)
        snr = asked[:, features.NAMES.index("snr_db")]
        rows = zip(
            at[due].tolist(),
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
        for slot, at_s, p, onset, quiet, spoken, phrases, snr_db, is_zero in rows:
            onset_s = onset if onset >= 0 else None
            score = Score(at_s, p, onset_s, quiet, spoken, int(phrases), snr_db, is_zero)
            found[slot].scores.append(score)

    def features_of(self, at: Indices) -> Floats:
        """The features of the slots `at` as they stand, n x len(features.NAMES)."""
        return features.matrix(self._features.take(at))


def _is_flat(frame: Frame) -> Flags:
    density = frame.bands / BAND_WIDTHS + 1e-14
    mean = np.add.reduceat(density, [0], axis=1)[:, 0] / density.shape[1]
    log_mean = np.add.reduceat(np.log(density), [0], axis=1)[:, 0] / density.shape[1]
    return np.asarray(np.exp(log_mean) / mean > GARBAGE_FLATNESS)
