"""What is said, by its sounds: what small recurrent networks think the odds of a recording are.

Cadence does not part "Hello, it's Jean" from "Leave a message"; their sounds do. The networks
follow the twelve bands in steps of 40 ms. They hear them against the level of the foreground, and
neither level nor pitch: those would tell one voice from another. Their log odds are one more
feature of the trees, which weigh them against the cadence. The weights lie in the trees' file and
are made by `benchmarks.amd.wording_training`; docs/amd.md is their card.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dialer.amd.recurrent import ARRAYS, Network, Weights
from dialer.amd.spectrum import N_BANDS, Frame, decibels
from dialer.amd.state import Floats, Indices, places_of
from dialer.amd.trees import MODEL_FILE, ModelError
from dialer.amd.vad import Activity

STEP_FRAMES = 2
N_INPUTS = N_BANDS + 4
"""Of a frame: the bands, and whether it is voiced, active, speech, and how clear."""
LEAST_DB, MOST_DB, STEP_DB = -30.0, 6.0, 12.0
"""Bands against the foreground, and what is one in the network."""
MOST_SNR_DB, STEP_SNR_DB = 30.0, 15.0


def inputs(frame: Frame, activity: Activity, snr_db: Floats) -> Weights:
    """What the networks take of frames of n streams, n x N_INPUTS."""
    bands = decibels(frame.bands) - activity.peak_db[:, None]
    taken = np.empty((len(bands), N_INPUTS), dtype=np.float32)
    taken[:, :N_BANDS] = np.minimum(np.maximum(bands, LEAST_DB), MOST_DB) / STEP_DB + 1.0
    taken[:, N_BANDS] = frame.voicing
    taken[:, N_BANDS + 1] = activity.active
    taken[:, N_BANDS + 2] = activity.speaks
    taken[:, N_BANDS + 3] = np.minimum(np.maximum(snr_db, 0.0), MOST_SNR_DB) / STEP_SNR_DB
    return taken


@dataclass(frozen=True)
class WordingModel:
    """Networks that follow the same stream, and whose log odds are averaged: they began to learn
    differently and err at different calls. Their states lie beside each other."""

    networks: tuple[Network, ...]

    @classmethod
    def load(cls, path: Path = MODEL_FILE) -> Self:
        """Read the weights. Raises ModelError if they do not fit each other or this code."""
        with np.load(path, allow_pickle=False) as file:
            parts = [np.atleast_1d(file[_in_file(name)]).astype(np.float32) for name in ARRAYS]
        is_even = len({len(part) for part in parts}) == 1
        networks = tuple(Network(*some) for some in zip(*parts, strict=True)) if is_even else ()
        if not networks or not all(one.fits(STEP_FRAMES * N_INPUTS) for one in networks):
            raise ModelError(f"{path}: the networks' weights do not fit")
        return cls(networks)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """As `load` reads them: each has the networks first."""
        return {
            _in_file(name): np.stack([getattr(one, name) for one in self.networks])
            for name in ARRAYS
        }

    @property
    def n_units(self) -> int:
        """Of all networks."""
        return sum(one.n_units for one in self.networks)

    def step(self, state: Weights, heard: Weights) -> Weights:
        """The states of n streams after one more step."""
        each = zip(self.networks, self._parts(state), strict=True)
        return np.concatenate([one.step(part, heard) for one, part in each], axis=1)

    def odds(self, state: Weights) -> Floats:
        """Log odds of a recording, n."""
        each = zip(self.networks, self._parts(state), strict=True)
        told = [one.odds(part) for one, part in each]
        return np.asarray(sum(told[1:], start=told[0]) / len(told))

    def _parts(self, state: Weights) -> list[Weights]:
        return np.split(state, len(self.networks), axis=1)


def _in_file(name: str) -> str:
    return f"wording_{name}"


@dataclass(frozen=True, slots=True)
class Course:
    """What the networks made of the streams of a pass. `states`: after none, one, two ... of the
    pass's steps, each streams by units; `steps_before`: of each stream, before the pass."""

    model: WordingModel
    states: Weights
    steps_before: Indices

    def odds(self, places: Indices, n_frames: Floats) -> Floats:
        """Log odds of the streams in some places when they had so many frames."""
        n_steps = _steps(n_frames) - self.steps_before[places]
        return self.model.odds(self.states[n_steps, places])


class Wording:
    """The networks' states of many streams."""

    def __init__(self, model: WordingModel, n_streams: int) -> None:
        self._model = model
        self._state = np.zeros((n_streams, model.n_units), dtype=np.float32)
        self._last = np.zeros((n_streams, N_INPUTS), dtype=np.float32)
        """What it takes of each stream's last frame: half of a step, or of no more use."""

    def grow(self, n_streams: int) -> None:
        """Room for more streams."""
        fresh = Wording(self._model, n_streams)
        for array, bigger in ((self._state, fresh._state), (self._last, fresh._last)):
            bigger[: len(array)] = array
        self._state, self._last = fresh._state, fresh._last

    def reset(self, stream: int) -> None:
        """Forget what a stream before had."""
        self._state[stream] = self._last[stream] = 0.0

    def odds(self, at: Indices) -> Floats:
        """Log odds of the streams `at` as they stand, n."""
        return self._model.odds(self._state[at])

    def follow(self, at: Indices, counts: Indices, heard: Weights, n_before: Floats) -> Course:
        """Take `counts` frames of the streams `at`, which had `n_before`: the first of each stream,
        then the second of those that have one, and so on; those with more come first."""
        rows = np.concatenate([self._last[at], heard])
        begins = _begins(counts)
        places, held = np.arange(len(at)), (n_before % STEP_FRAMES).astype(np.intp)
        self._last[at] = rows[begins[counts] + places]
        n_steps = (held + counts) // STEP_FRAMES
        states = np.empty((int(n_steps.max()) + 1, len(at), self._state.shape[1]), np.float32)
        states[0] = self._state[at]
        for step in range(len(states) - 1):
            due = places_of(n_steps > step)
            first = STEP_FRAMES * step + 1 - held[due]
            halves = [rows[begins[first + half] + due] for half in range(STEP_FRAMES)]
            states[step + 1] = states[step]
            taken = np.concatenate(halves, axis=1)
            states[step + 1, due] = self._model.step(states[step, due], taken)
        self._state[at] = states[-1]
        return Course(self._model, states, _steps(n_before))


def _begins(counts: Indices) -> Indices:
    """Where rows begin: of the frame before the pass, of its first frame, of its second ..."""
    n_frames = int(counts[0])
    n_of_each = [len(counts)] + [np.count_nonzero(counts > step) for step in range(n_frames)]
    return np.cumsum([0, *n_of_each[:-1]])


def _steps(n_frames: Floats) -> Indices:
    return (n_frames // STEP_FRAMES).astype(np.intp)
