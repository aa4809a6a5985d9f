"""The noise floor of each band by minimum statistics (Martin 2001): speech pauses, noise does not.

In each band the smoothed power is followed; its least value over the last 2 s, times a bias, is
the floor. It settles within 100 ms and follows cafe and car noise. Frames of zeros (loss, silence
suppression) and pure tones say nothing about noise and are left out.
"""

import numpy as np

from dialer.amd.spectrum import N_BANDS, total
from dialer.amd.state import Flags, Floats, Indices, State, places_of

SMOOTHING = 0.5
"""Of a frame before in the next: a pause of 60 ms between words is enough to come down 9 dB."""
BLOCK_FRAMES = 5
N_BLOCKS = 20
BIAS = 2.5
"""The least of many smoothed values lies about so far below their mean."""
LEAST_POWER = 1e-9
MUCH = 1e9


WIDE = "smoothed", "least", "of_round", "of_blocks"


class NoiseState(State, wide=WIDE, width=N_BANDS):
    """Of each band the smoothed power, and its least value: in the block that goes on, in the
    blocks of the round that goes on, in the last N_BLOCKS. `power`: of the noise in all bands, as
    the frame before left it."""

    smoothed: Floats
    least: Floats
    of_round: Floats
    of_blocks: Floats
    n_frames: Floats
    """That told something."""
    power: Floats


def begin(state: NoiseState) -> None:
    """Before a stream's first frame."""
    state.least[:] = state.of_round[:] = state.of_blocks[:] = MUCH


class NoiseFloor:
    """The floors of many streams. The least of the last N_BLOCKS blocks is the least of those of
    this round and of those that came later in the round before: so of each stream is kept, by the
    place in the round, what each block of this round had, and from there on what the round before
    had from here to its end. Behind the last place nothing ever is."""

    def __init__(self, n_streams: int) -> None:
        self._kept = _nothing(n_streams)

    def grow(self, n_streams: int) -> None:
        """Room for more streams."""
        kept, self._kept = self._kept, _nothing(n_streams)
        self._kept[: len(kept)] = kept

    def reset(self, stream: int) -> None:
        """Forget what a stream before had."""
        self._kept[stream] = MUCH

    def follow(self, at: Indices, state: NoiseState, bands: Floats, says_nothing: Flags) -> Floats:
        """Take one frame of the streams `at`; their floors, n x bands, as power."""
        power = bands.T
        self._learn(at, state, power, ~says_nothing)
        floor = np.minimum(state.of_blocks, state.least)
        floor = np.maximum(np.where(floor < MUCH, floor * BIAS, power), LEAST_POWER)
        state.power[:] = total(floor.T)
        return floor.T

    def _learn(self, at: Indices, state: NoiseState, power: Floats, telling: Flags) -> None:
        eased = SMOOTHING * state.smoothed + (1.0 - SMOOTHING) * power
        smoothed = np.where(state.n_frames > 0, eased, power)
        least = np.minimum(state.least, smoothed)
        state.smoothed[:] = np.where(telling, smoothed, state.smoothed)
        state.least[:] = np.where(telling, least, state.least)
        state.n_frames += telling
        full = places_of(telling & (state.n_frames % BLOCK_FRAMES == 0))
        if len(full):
            self._close_block(at[full], state, full)

    def _close_block(self, at: Indices, state: NoiseState, places: Indices) -> None:
        block = (state.n_frames[places] // BLOCK_FRAMES - 1.0).astype(np.intp) % N_BLOCKS
        least = state.least[:, places]
        of_round = np.minimum(state.of_round[:, places], least)
        self._kept[at, block] = least.T
        state.of_blocks[:, places] = np.minimum(of_round, self._kept[at, block + 1].T)
        state.of_round[:, places], state.least[:, places] = of_round, MUCH
        is_last = block == N_BLOCKS - 1
        if is_last.any():
            self._close_round(at[is_last])
            state.of_round[:, places[is_last]] = MUCH

    def _close_round(self, at: Indices) -> None:
        backwards = self._kept[at, N_BLOCKS - 1 :: -1]
        self._kept[at, N_BLOCKS - 1 :: -1] = np.minimum.accumulate(backwards, axis=1)


def _nothing(n_streams: int) -> Floats:
    return np.full((n_streams, N_BLOCKS + 1, N_BANDS), MUCH)
