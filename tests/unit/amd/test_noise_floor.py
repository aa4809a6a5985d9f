"""The noise floor: the least of the last two seconds, kept round by round."""

import numpy as np

from dialer.amd.noise import BIAS, BLOCK_FRAMES, N_BLOCKS, SMOOTHING, NoiseFloor, NoiseState, begin
from dialer.amd.spectrum import N_BANDS


def test_the_floor_is_the_least_of_the_last_blocks_and_of_the_one_that_goes_on():
    powers = np.random.default_rng(4).uniform(1.0, 9.0, (5 * N_BLOCKS * BLOCK_FRAMES, 1, N_BANDS))
    noise, state, at = NoiseFloor(3), NoiseState.zeros(1), np.array([2])
    begin(state)
    smoothed = []
    for n, power in enumerate(powers):
        before = smoothed[-1] if smoothed else power
        smoothed.append(SMOOTHING * before + (1.0 - SMOOTHING) * power)
        floor = noise.follow(at, state, power, np.zeros(1, dtype=bool))
        n_closed = (n + 1) // BLOCK_FRAMES
        remembered = smoothed[max(0, n_closed - N_BLOCKS) * BLOCK_FRAMES :]
        assert (floor == BIAS * np.min(remembered, axis=0)).all()
    assert state.power[0] == floor.sum()
