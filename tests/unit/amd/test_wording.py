"""The network of what is said: its step, its file, and that streams do not mix."""

import numpy as np
import pytest

from dialer.amd.spectrum import analyse
from dialer.amd.trees import ModelError
from dialer.amd.vad import VadState
from dialer.amd.wording import N_INPUTS, STEP_FRAMES, Wording, WordingModel, inputs
from tests.unit.amd.audio import voice

N_HEARD = STEP_FRAMES * N_INPUTS


def model(n_units=1, **changes):
    parts = {
        "of_input": np.zeros((N_HEARD, 3 * n_units)),
        "of_state": np.zeros((n_units, 3 * n_units)),
        "bias": np.zeros(3 * n_units),
        "reset_bias": np.zeros(n_units),
        "out": np.ones(n_units),
    } | changes
    arrays = {name: np.asarray(part, dtype=np.float32) for name, part in parts.items()}
    return WordingModel(**arrays, base=0.25)


def drawn(n, seed=1):
    return np.random.default_rng(seed).normal(0, 1, (n, N_HEARD)).astype(np.float32)


def test_a_step_moves_the_state_towards_the_candidate_as_far_as_the_gate_is_open():
    one = model(of_state=[[0.0, 0.0, 2.0]], bias=[np.log(3.0), 0.0, 0.5], reset_bias=[1.0])
    state = one.step(np.array([[0.4]], dtype=np.float32), np.zeros((1, N_HEARD), dtype=np.float32))
    candidate = np.tanh(0.5 + 0.5 * (2.0 * 0.4 + 1.0))  # the reset gate is half open
    assert state[0, 0] == pytest.approx(0.4 + 0.75 * (candidate - 0.4), rel=1e-6)
    assert one.odds(state)[0] == pytest.approx(state[0, 0] + 0.25)


def test_a_stream_does_not_depend_on_the_streams_beside_it():
    trained, heard = WordingModel.load(), drawn(203)
    state = np.tanh(np.random.default_rng(2).normal(0, 1, (203, len(trained.out))))
    state = state.astype(np.float32)
    together = trained.step(state, heard)
    alone = [trained.step(state[i : i + 1], heard[i : i + 1]) for i in range(203)]
    assert (together == np.concatenate(alone)).all()
    odds = np.concatenate([trained.odds(one) for one in alone])
    assert (trained.odds(together) == odds).all()


def test_it_steps_with_every_second_frame_and_a_new_stream_knows_nothing():
    wording, frame = Wording(WordingModel.load(), 2), drawn(1)[:, :N_INPUTS]
    first, both = np.array([1]), np.array([1.0])
    untouched = wording.follow(first, frame, both)
    assert untouched == 0.0
    told = wording.follow(first, frame, both + 1)
    assert told != 0.0
    assert wording.follow(first, frame, both + 2) == told
    wording.grow(5)
    assert wording.follow(first, frame, both + 2) == told
    wording.reset(1)
    assert wording.follow(first, frame, both) == 0.0


def test_the_level_of_the_line_is_not_heard():
    samples = np.round(voice(0.3)[800:1056] * 30_000).astype(np.int16)
    frames = analyse(np.stack([samples, samples // 4]))
    activity = VadState.zeros(2)
    activity.peak_db[:] = -20.0, -20.0 - 20.0 * np.log10(4.0)
    heard = inputs(frames, activity, np.ones(2, dtype=bool), np.full(2, 20.0))
    assert heard.shape == (2, N_INPUTS)
    assert heard[0] == pytest.approx(heard[1], abs=0.02)


@pytest.mark.parametrize("missing", ["of_input", "of_state", "bias", "reset_bias"])
def test_weights_that_do_not_fit_are_refused(tmp_path, missing):
    path = tmp_path / "m.npz"
    arrays = model(2).arrays()
    arrays[f"wording_{missing}"] = np.zeros(1, dtype=np.float32)
    np.savez(path, **arrays)
    with pytest.raises(ModelError, match="do not fit"):
        WordingModel.load(path)


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "m.npz"
    np.savez(path, **model(2, bias=np.arange(6)).arrays())
    read = WordingModel.load(path)
    assert (read.bias == np.arange(6)).all()
    assert read.base == 0.25
