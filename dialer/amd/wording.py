"""What is said, by its sounds: a small recurrent network's log odds of a recording.

Cadence does not part "Hello, it's Jean" from "Leave a message"; their sounds do. A gated recurrent
unit (Cho et al., EMNLP 2014, the reset gate behind the product) follows the twelve bands in steps
of 40 ms. It hears them against the level of the foreground, and neither level nor pitch: those
would tell one voice from another. Its log odds are one more feature of the trees, which weigh them
against the cadence. The weights lie in the trees' file and are made by
`benchmarks.amd.wording_training`; docs/amd.md is their card.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dialer.amd.spectrum import N_BANDS, Frame
from dialer.amd.state import Flags, Floats, Indices
from dialer.amd.trees import MODEL_FILE, ModelError
from dialer.amd.vad import VadState

STEP_FRAMES = 2
N_INPUTS = N_BANDS + 4
"""Of a frame: the bands, and whether it is voiced, active, speech, and how clear."""
LEAST_DB, MOST_DB, STEP_DB = -30.0, 6.0, 12.0
"""Bands against the foreground, and what is one in the network."""
MOST_SNR_DB, STEP_SNR_DB = 30.0, 15.0

Weights = NDArray[np.float32]


def inputs(frame: Frame, activity: VadState, active: Flags, snr_db: Floats) -> Weights:
    """What the network takes of one frame of n streams, n x N_INPUTS."""
    bands = 10.0 * np.log10(np.maximum(frame.bands, 1e-12)) - activity.peak_db[:, None]
    taken = np.empty((len(bands), N_INPUTS), dtype=np.float32)
    taken[:, :N_BANDS] = np.minimum(np.maximum(bands, LEAST_DB), MOST_DB) / STEP_DB + 1.0
    taken[:, N_BANDS] = frame.voicing
    taken[:, N_BANDS + 1] = active
    taken[:, N_BANDS + 2] = activity.speaks
    taken[:, N_BANDS + 3] = np.minimum(np.maximum(snr_db, 0.0), MOST_SNR_DB) / STEP_SNR_DB
    return taken


@dataclass(frozen=True)
class WordingModel:
    """Weights, in single precision. Of `n` units: `of_input` and `of_state` (2 N_INPUTS and n rows)
    have 3 n columns: update gate, reset gate, candidate; `bias` is added to the products of the
    input, `reset_bias` to the candidate's of the state. `out` and `base` make log odds of them."""

    of_input: Weights
    of_state: Weights
    bias: Weights
    reset_bias: Weights
    out: Weights
    base: float

    @classmethod
    def load(cls, path: Path = MODEL_FILE) -> Self:
        """Read the weights. Raises ModelError if they do not fit each other or this code."""
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[f"wording_{name}"].astype(np.float32) for name in ARRAYS}
            base = float(file["wording_base"])
        n = len(arrays["out"])
        shapes = ((STEP_FRAMES * N_INPUTS, 3 * n), (n, 3 * n), (3 * n,), (n,), (n,))
        if tuple(arrays[name].shape for name in ARRAYS) != shapes:
            raise ModelError(f"{path}: the network's weights do not fit")
        return cls(**arrays, base=base)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """As `load` reads them."""
        told = {f"wording_{name}": getattr(self, name) for name in ARRAYS}
        return told | {"wording_base": np.float64(self.base)}

    def step(self, state: Weights, heard: Weights) -> Weights:
        """The state of n streams after one more step.

        Row by row, and each gate in an array of its own: a product of many rows, or a sweep over a
        part of a matrix, may round otherwise than that of one, and what is heard of a stream would
        depend on the streams beside it."""
        n = len(self.out)
        given = _by_rows(heard, self.of_input) + self.bias
        kept = _by_rows(state, self.of_state)
        gates = _sigmoid(given[:, : 2 * n] + kept[:, : 2 * n])
        candidate = np.tanh(given[:, 2 * n :] + gates[:, n:] * (kept[:, 2 * n :] + self.reset_bias))
        return np.asarray(state + gates[:, :n] * (candidate - state))

    def odds(self, state: Weights) -> Floats:
        """Log odds of a recording, n."""
        return _by_rows(state, self.out[:, None])[:, 0].astype(np.float64) + self.base


ARRAYS = ("of_input", "of_state", "bias", "reset_bias", "out")


def _by_rows(rows: Weights, weights: Weights) -> Weights:
    return np.asarray(np.matmul(rows[:, None, :], weights)[:, 0, :])


def _sigmoid(x: Weights) -> Weights:
    return np.asarray(1.0 / (1.0 + np.exp(-x)))


class Wording:
    """The network's state of many streams."""

    def __init__(self, model: WordingModel, n_streams: int) -> None:
        self._model = model
        self._state = np.zeros((n_streams, len(model.out)), dtype=np.float32)
        self._first = np.zeros((n_streams, N_INPUTS), dtype=np.float32)
        """Of each step's first frame, until the second comes."""
        self._odds = np.zeros(n_streams)

    def grow(self, n_streams: int) -> None:
        """Room for more streams."""
        fresh = Wording(self._model, n_streams)
        for array, bigger in ((self._state, fresh._state), (self._first, fresh._first)):
            bigger[: len(array)] = array
        fresh._odds[: len(self._odds)] = self._odds
        vars(self).update(vars(fresh))

    def reset(self, stream: int) -> None:
        """Forget what a stream before had."""
        self._state[stream] = self._first[stream] = self._odds[stream] = 0.0

    def follow(self, at: Indices, heard: Weights, n_frames: Floats) -> Floats:
        """Take one frame of the streams `at`, which had `n_frames` with it; their log odds, n."""
        is_second = n_frames % STEP_FRAMES == 0
        self._first[at[~is_second]] = heard[~is_second]
        due = at[is_second]
        if len(due):
            both = np.concatenate([self._first[due], heard[is_second]], axis=1)
            state = self._model.step(self._state[due], both)
            self._state[due] = state
            self._odds[due] = self._model.odds(state)
        return self._odds[at]
