"""The noise floor of each band by minimum statistics (Martin 2001): speech pauses, noise does not.

In each band the smoothed power is followed; its least value over the last 2 s, times a bias, is
the floor. It settles within 100 ms and follows cafe and car noise. Frames of zeros (loss, silence
suppression) and pure tones say nothing about noise and are left out.
"""

import numpy as np

from dialer.amd.spectrum import N_BANDS
from dialer.amd.state import Flags, Floats, Indices

SMOOTHING = 0.5
"""Of a frame before in the next: a pause of 60 ms between words is enough to come down 9 dB."""
BLOCK_FRAMES = 5
N_BLOCKS = 20
BIAS = 2.5
"""The least of many smoothed values lies about so far below their mean."""
LEAST_POWER = 1e-9
MUCH = 1e9


class NoiseFloor:
    """The floors of many streams. Arrays: streams by bands; `_kept` streams by blocks by bands."""

    def __init__(self, n_streams: int) -> None:
        self._smoothed = np.zeros((n_streams, N_BANDS))
        self._least = np.full((n_streams, N_BANDS), MUCH)
        self._of_blocks = np.full((n_streams, N_BANDS), MUCH)
        self._kept = np.full((n_streams, N_BLOCKS, N_BANDS), MUCH)
        self._n_frames = np.zeros(n_streams, dtype=np.intp)
        self._power = np.zeros(n_streams)

    def grow(self, n_streams: int) -> None:
        """Room for more streams."""
        fresh = NoiseFloor(n_streams)
        for name, array in vars(self).items():
            getattr(fresh, name)[: len(array)] = array
        vars(self).update(vars(fresh))

    def reset(self, stream: int) -> None:
        """Forget what a stream before had."""
        fresh = NoiseFloor(1)
        for name, array in vars(self).items():
            array[stream] = getattr(fresh, name)[0]

    def follow(self, at: Indices, bands: Floats, says_nothing: Flags) -> Floats:
        """Take one frame of the streams `at`; their floors, n x bands, as power."""
        telling = ~says_nothing
        self._learn(at[telling], bands[telling])
        floor = np.minimum(self._of_blocks[at], self._least[at])
        floor = np.maximum(np.where(floor < MUCH, floor * BIAS, bands), LEAST_POWER)
        self._power[at] = np.add.reduceat(floor, [0], axis=1)[:, 0]
        return floor

    def power(self, at: Indices) -> Floats:
        """The power of the noise in all bands, n, as the frame before left it."""
        return self._power[at]

    def _learn(self, at: Indices, bands: Floats) -> None:
        is_first = (self._n_frames[at] == 0)[:, None]
        before = self._smoothed[at]
        smoothed = np.where(is_first, bands, SMOOTHING * before + (1.0 - SMOOTHING) * bands)
        self._smoothed[at] = smoothed
        self._least[at] = np.minimum(self._least[at], smoothed)
        self._n_frames[at] += 1
        full = at[self._n_frames[at] % BLOCK_FRAMES == 0]
        if len(full):
            self._close_block(full)

    def _close_block(self, at: Indices) -> None:
        block = (self._n_frames[at] // BLOCK_FRAMES) % N_BLOCKS
        self._kept[at, block] = self._least[at]
        self._of_blocks[at] = self._kept[at].min(axis=1)
        self._least[at] = MUCH
