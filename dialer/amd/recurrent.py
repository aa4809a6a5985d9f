"""A gated recurrent unit, step by step over many streams at once (Cho et al., EMNLP 2014, with the
reset gate behind the product)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dialer.amd.products import by_rows
from dialer.amd.state import Floats

Weights = NDArray[np.float32]
ARRAYS = ("of_input", "of_state", "bias", "reset_bias", "out", "base")


@dataclass(frozen=True, slots=True)
class Network:
    """Weights, in single precision. Of n units and m inputs: `of_input` and `of_state` (m and n
    rows) have 3 n columns: update gate, reset gate, candidate; `bias` is added to the products of
    the input, `reset_bias` to the candidate's of the state. `out` and `base` make log odds."""

    of_input: Weights
    of_state: Weights
    bias: Weights
    reset_bias: Weights
    out: Weights
    base: Weights

    @property
    def n_units(self) -> int:
        return len(self.out)

    def fits(self, n_inputs: int) -> bool:
        """Whether the weights fit each other and so many inputs."""
        n = self.n_units
        shapes = ((n_inputs, 3 * n), (n, 3 * n), (3 * n,), (n,), (n,), ())
        return all(getattr(self, a).shape == shape for a, shape in zip(ARRAYS, shapes, strict=True))

    def step(self, state: Weights, heard: Weights) -> Weights:
        """The state of some streams after one more step, in which `heard` was heard of them.

        Each gate lies in an array of its own: a sweep over a part of a matrix may round otherwise,
        and what is heard of a stream would depend on the streams beside it."""
        n = self.n_units
        given, kept = by_rows(heard, self.of_input), by_rows(state, self.of_state)
        given += self.bias
        gates = _sigmoid(given[:, : 2 * n] + kept[:, : 2 * n])
        candidate = kept[:, 2 * n :] + self.reset_bias
        candidate *= gates[:, n:]
        candidate += given[:, 2 * n :]
        np.tanh(candidate, out=candidate)
        candidate -= state
        candidate *= gates[:, :n]
        candidate += state
        return candidate

    def odds(self, state: Weights) -> Floats:
        """What the streams' states say: log odds, one for each."""
        told = np.add.reduceat(state * self.out, [0], axis=1)[:, 0]
        return np.asarray(told.astype(np.float64) + self.base)


def _sigmoid(x: Weights) -> Weights:
    """`x` is used up."""
    np.negative(x, out=x)
    np.exp(x, out=x)
    x += 1.0
    return np.reciprocal(x, out=x)
