"""The networks of `dialer/amd/wording.py`, fitted by gradient descent with JAX.

At every step from the first speech on it is asked for a recording. What it is shown is bent a
little each time, so that it learns sounds and not the voices of the corpus: the line's colour, the
length of the speaker's throat (bands slide against each other), and the pace.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dialer.amd.recurrent import Network, Weights
from dialer.amd.spectrum import FRAME_S, N_BANDS
from dialer.amd.state import Floats
from dialer.amd.wording import N_INPUTS, STEP_DB, STEP_FRAMES, STEP_SNR_DB, WordingModel

N_NETWORKS, N_UNITS = 2, 128
"""They begin differently and err at different calls: on validation one has a loss of 0.330, the
other of 0.322, their mean of 0.319."""
N_ROUNDS = 7
"""One that learns for twelve brings the mean to 0.316, in nearly twice the time."""
CALLS_AT_ONCE = 100
RATE = 3e-3
WARM_UP = 100
DECAY = 2e-3
LEFT_OUT = 0.1
"""Of the units, in each look."""
MOST_GRADIENT = 1.0
MUCH_LATER_S, MUCH_LATER = 7.0, 0.3
"""After the verdict it is asked for the second look only, which weighs less."""
COLOUR_DB, GRAIN_DB, CLARITY_DB = 3.0, 1.0, 2.0
MOST_SLIDE, MOST_PACE = 0.9, 0.15
"""Bands, and logarithm of the speed."""
SPEAKS = N_BANDS + 2

Parts = dict[str, jax.Array]


@dataclass(frozen=True, slots=True)
class Shown:
    """Calls to learn from: `steps` calls x steps x inputs, which of them are recordings, and their
    weights."""

    steps: Weights
    answers: NDArray[np.bool_]
    weights: Floats

    def part(self, which: NDArray[np.intp]) -> "Shown":
        return Shown(self.steps[which], self.answers[which], self.weights[which])


def fit(lots: Sequence[Shown], seed: int) -> list[WordingModel]:
    """Of each lot the networks after `N_ROUNDS` looks at all its calls; each core fits one."""
    numbers = range(N_NETWORKS)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        fitted = [[pool.submit(_fit, lot, seed + number) for number in numbers] for lot in lots]
        return [WordingModel(tuple(one.result() for one in some)) for some in fitted]


def _fit(shown: Shown, seed: int) -> Network:
    draw = np.random.default_rng(seed)
    parts = _first(jax.random.PRNGKey(seed))
    mean = square = jax.tree_util.tree_map(jnp.zeros_like, parts)
    n, number = len(shown.answers), 0
    n_looks = n // CALLS_AT_ONCE
    for _ in range(N_ROUNDS):
        order = draw.permutation(n)
        for look in range(n_looks):
            number += 1
            some = shown.part(order[look * CALLS_AT_ONCE : (look + 1) * CALLS_AT_ONCE])
            bent = bend(some.steps, draw)
            kept = (draw.random((len(bent), N_UNITS)) > LEFT_OUT) / (1.0 - LEFT_OUT)
            asked = _asked(bent) * some.weights[:, None]
            rate = RATE * min(1.0, number / WARM_UP)
            rate *= 0.5 * (1.0 + np.cos(np.pi * number / (n_looks * N_ROUNDS)))
            given = bent, some.answers.astype(np.float32), asked.astype(np.float32), kept
            parts, mean, square = _learn(parts, mean, square, float(number), rate, *given)
    return _network(parts)


def odds(model: WordingModel, steps: Weights) -> Floats:
    """What a model makes of calls, at the end of each step: calls x steps."""
    state = np.zeros((len(steps), model.n_units), dtype=np.float32)
    told = []
    for number in range(steps.shape[1]):
        state = model.step(state, np.ascontiguousarray(steps[:, number]))
        told.append(model.odds(state))
    return np.stack(told, axis=1)


def bend(steps: Weights, draw: np.random.Generator) -> Weights:
    """The same calls with other lines, throats and paces."""
    n, n_steps, _ = steps.shape
    frames = steps.reshape(n, n_steps * STEP_FRAMES, N_INPUTS).copy()
    place = (np.arange(N_BANDS) + 0.5) / N_BANDS
    waves = np.cos(np.pi * np.arange(1, 5)[:, None] * place)
    colour = draw.normal(0.0, COLOUR_DB, (n, 4)) @ waves
    slides = draw.uniform(-MOST_SLIDE, MOST_SLIDE, n)
    for call, slide in enumerate(slides):
        frames[call, :, :N_BANDS] = frames[call, :, :N_BANDS] @ _slid(slide)
    grain = draw.normal(0.0, GRAIN_DB, (n, frames.shape[1], N_BANDS))
    frames[..., :N_BANDS] += (colour[:, None, :] + grain) / STEP_DB
    frames[..., N_INPUTS - 1] += draw.normal(0.0, CLARITY_DB, (n, 1)) / STEP_SNR_DB
    at = np.arange(frames.shape[1])
    for call, pace in enumerate(np.exp(draw.uniform(-MOST_PACE, MOST_PACE, n))):
        frames[call] = frames[call, np.minimum((at * pace).astype(np.intp), len(at) - 1)]
    return frames.reshape(steps.shape)


def _slid(by: float) -> Weights:
    """A matrix that reads each band so many bands further on."""
    place = np.clip(np.arange(N_BANDS) + by, 0, N_BANDS - 1)
    low = np.floor(place).astype(np.intp)
    share = place - low
    matrix = np.zeros((N_BANDS, N_BANDS), dtype=np.float32)
    matrix[low, np.arange(N_BANDS)] = 1.0 - share
    matrix[np.minimum(low + 1, N_BANDS - 1), np.arange(N_BANDS)] += share
    return matrix


def _asked(steps: Weights) -> Floats:
    """How much each step of each call weighs; a call's sum is 1, or 0 if nobody speaks."""
    spoke = np.cumsum(steps[:, :, N_INPUTS + SPEAKS] > 0, axis=1) > 0
    at_s = np.arange(steps.shape[1]) * STEP_FRAMES * FRAME_S
    weights = spoke * np.where(at_s < MUCH_LATER_S, 1.0, MUCH_LATER)
    return weights / np.maximum(weights.sum(axis=1, keepdims=True), 1.0)


def _first(key: jax.Array) -> Parts:
    keys = jax.random.split(key, 3)
    n_inputs = STEP_FRAMES * N_INPUTS
    return {
        "of_input": jax.random.normal(keys[0], (n_inputs, 3 * N_UNITS)) / np.sqrt(n_inputs),
        "of_state": jax.random.normal(keys[1], (N_UNITS, 3 * N_UNITS)) * 0.7 / np.sqrt(N_UNITS),
        "bias": jnp.zeros(3 * N_UNITS),
        "reset_bias": jnp.zeros(N_UNITS),
        "out": jax.random.normal(keys[2], (N_UNITS,)) * 0.3 / np.sqrt(N_UNITS),
        "base": jnp.zeros(()),
    }


def _odds(parts: Parts, steps: jax.Array, kept: jax.Array) -> jax.Array:
    """As `recurrent.Network` does it, all steps of the calls; calls x steps."""

    def step(state: jax.Array, given: jax.Array) -> tuple[jax.Array, jax.Array]:
        of_state = state @ parts["of_state"]
        gates = jax.nn.sigmoid(given[:, : 2 * N_UNITS] + of_state[:, : 2 * N_UNITS])
        reset = gates[:, N_UNITS:] * (of_state[:, 2 * N_UNITS :] + parts["reset_bias"])
        candidate = jnp.tanh(given[:, 2 * N_UNITS :] + reset)
        state = state + gates[:, :N_UNITS] * (candidate - state)
        return state, state

    given = jnp.swapaxes(steps, 0, 1) @ parts["of_input"] + parts["bias"]
    _, states = jax.lax.scan(step, jnp.zeros((len(steps), N_UNITS)), given)
    return ((states * kept) @ parts["out"] + parts["base"]).T


def _loss(
    parts: Parts, steps: jax.Array, answers: jax.Array, asked: jax.Array, kept: jax.Array
) -> jax.Array:
    told = _odds(parts, steps, kept)
    surprise = jax.nn.softplus(told) - answers[:, None] * told
    return (surprise * asked).sum() / asked.sum()


@partial(jax.jit)
def _learn(
    parts: Parts, mean: Parts, square: Parts, number: float, rate: float, *given: jax.Array
) -> tuple[Parts, Parts, Parts]:
    """One step of Adam with decoupled decay (Loshchilov and Hutter, ICLR 2019)."""
    slope = jax.grad(_loss)(parts, *given)
    size = jnp.sqrt(sum((leaf**2).sum() for leaf in jax.tree_util.tree_leaves(slope)))
    slope = {name: leaf * jnp.minimum(1.0, MOST_GRADIENT / size) for name, leaf in slope.items()}
    mean = {name: 0.9 * mean[name] + 0.1 * slope[name] for name in parts}
    square = {name: 0.999 * square[name] + 0.001 * slope[name] ** 2 for name in parts}
    bias, square_bias = 1.0 - 0.9**number, 1.0 - 0.999**number
    moved = {}
    for name, part in parts.items():
        by = mean[name] / bias / (jnp.sqrt(square[name] / square_bias) + 1e-8)
        moved[name] = part - rate * (by + DECAY * part)
    return moved, mean, square


def _network(parts: Parts) -> Network:
    return Network(**{name: np.asarray(part, dtype=np.float32) for name, part in parts.items()})
