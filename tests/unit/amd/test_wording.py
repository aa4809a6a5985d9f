"""The networks of what is said: their step, their file, and that streams do not mix."""

import numpy as np
import pytest

from dialer.amd.recurrent import Network
from dialer.amd.spectrum import analyse
from dialer.amd.trees import ModelError
from dialer.amd.vad import Activity
from dialer.amd.wording import N_INPUTS, STEP_FRAMES, Wording, WordingModel, inputs
from tests.unit.amd.audio import voice

N_HEARD = STEP_FRAMES * N_INPUTS


def network(n_units=1, **changes):
    parts = {
        "of_input": np.zeros((N_HEARD, 3 * n_units)),
        "of_state": np.zeros((n_units, 3 * n_units)),
        "bias": np.zeros(3 * n_units),
        "reset_bias": np.zeros(n_units),
        "out": np.ones(n_units),
        "base": 0.25,
    } | changes
    return Network(**{name: np.asarray(part, dtype=np.float32) for name, part in parts.items()})


def drawn(n, seed=1):
    return np.random.default_rng(seed).normal(0, 1, (n, N_HEARD)).astype(np.float32)


def test_a_step_moves_the_state_towards_the_candidate_as_far_as_the_gate_is_open():
    one = network(of_state=[[0.0, 0.0, 2.0]], bias=[np.log(3.0), 0.0, 0.5], reset_bias=[1.0])
    state = one.step(np.array([[0.4]], dtype=np.float32), np.zeros((1, N_HEARD), dtype=np.float32))
    candidate = np.tanh(0.5 + 0.5 * (2.0 * 0.4 + 1.0))  # the reset gate is half open
    assert state[0, 0] == pytest.approx(0.4 + 0.75 * (candidate - 0.4), rel=1e-6)
    assert one.odds(state)[0] == pytest.approx(state[0, 0] + 0.25)


def test_the_log_odds_of_several_networks_are_averaged_and_their_states_kept_apart():
    one, other = network(2, base=1.0), network(2, bias=np.arange(6), base=-2.0)
    both, heard = WordingModel((one, other)), drawn(3)
    state = np.linspace(-0.5, 0.5, 12, dtype=np.float32).reshape(3, 4)
    own = one.step(state[:, :2], heard), other.step(state[:, 2:], heard)
    assert (both.step(state, heard) == np.concatenate(own, axis=1)).all()
    assert both.odds(state) == pytest.approx(
        (one.odds(state[:, :2]) + other.odds(state[:, 2:])) / 2
    )


def test_a_stream_does_not_depend_on_the_streams_beside_it():
    trained, heard = WordingModel.load(), drawn(203)
    state = np.tanh(np.random.default_rng(2).normal(0, 1, (203, trained.n_units)))
    state = state.astype(np.float32)
    together = trained.step(state, heard)
    alone = [trained.step(state[i : i + 1], heard[i : i + 1]) for i in range(203)]
    assert (together == np.concatenate(alone)).all()
    odds = np.concatenate([trained.odds(one) for one in alone])
    assert (trained.odds(together) == odds).all()


def test_it_steps_with_every_second_frame_and_a_new_stream_knows_nothing():
    wording, frame = Wording(WordingModel.load(), 2), drawn(1)[:, :N_INPUTS]
    at, one = np.array([1]), np.array([1])
    nothing = wording.odds(at)
    wording.follow(at, one, frame, np.array([0.0]))
    assert wording.odds(at) == nothing
    wording.follow(at, one, frame, np.array([1.0]))
    told = wording.odds(at)
    assert told != nothing
    wording.grow(5)
    wording.follow(at, one, frame, np.array([2.0]))
    assert wording.odds(at) == told
    wording.reset(1)
    assert wording.odds(at) == nothing


def test_a_pass_of_many_frames_is_many_passes_of_one():
    counts, n_before, trained = np.array([5, 4, 4, 1]), np.array([3.0, 0.0, 1.0, 7.0]), drawn(40)
    at, frames = np.array([2, 0, 3, 1]), trained[:, :N_INPUTS]
    together, one_by_one = (Wording(WordingModel.load(), 4) for _ in range(2))
    for wording in (together, one_by_one):
        wording.follow(at, np.ones(4, dtype=np.intp), frames[:4], n_before - 1.0)
    course, begin = together.follow(at, counts, frames[4:18], n_before), 4
    for step in range(5):
        n = np.count_nonzero(counts > step)
        rows, places = frames[begin : begin + n], np.arange(n)
        one_by_one.follow(at[:n], np.ones(n, dtype=np.intp), rows, n_before[:n] + step)
        then = course.odds(places, n_before[:n] + step + 1.0)
        assert (then == one_by_one.odds(at[:n])).all()
        begin += n
    assert (together.odds(at) == one_by_one.odds(at)).all()


def test_the_level_of_the_line_is_not_heard():
    samples = np.round(voice(0.3)[800:1056] * 30_000).astype(np.int16)
    frames = analyse(np.stack([samples, samples // 4]))
    peak_db = np.array([-20.0, -20.0 - 20.0 * np.log10(4.0)])
    speaks = np.ones(2, dtype=bool)
    heard = inputs(frames, Activity(speaks, speaks, peak_db), np.full(2, 20.0))
    assert heard.shape == (2, N_INPUTS)
    assert heard[0] == pytest.approx(heard[1], abs=0.02)


@pytest.mark.parametrize("missing", ["of_input", "of_state", "bias", "reset_bias", "base"])
def test_weights_that_do_not_fit_are_refused(tmp_path, missing):
    path = tmp_path / "m.npz"
    arrays = WordingModel((network(2), network(2))).arrays()
    arrays[f"wording_{missing}"] = np.zeros(1, dtype=np.float32)
    np.savez(path, **arrays)
    with pytest.raises(ModelError, match="do not fit"):
        WordingModel.load(path)


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "m.npz"
    written = WordingModel((network(2), network(2, bias=np.arange(6))))
    np.savez(path, **written.arrays())
    read = WordingModel.load(path)
    assert [one.bias.tolist() for one in read.networks] == [[0.0] * 6, list(range(6))]
    assert [one.base for one in read.networks] == [0.25, 0.25]
