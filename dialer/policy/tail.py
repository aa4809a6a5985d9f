"""P(Y >= A) of a sum of unlike coin tosses, with each of some further tosses added in turn.

Exact while the tosses are few, from the characteristic function at the M-th roots of unity
(Hong, Computational Statistics & Data Analysis 59, 2013): with phi_k = prod(1 + p (w^k - 1)) and
w = exp(2 pi i / M), P(Y < A) = 1/M sum_k phi_k sum_{y < A} w^(-k y). One more toss is one product
per root. M exceeds every possible sum, so nothing folds over.

For many tosses a normal law refined by its skewness (Cornish-Fisher, first term):
x = (A - 0.5 - mu) / s, P(Y >= A) = 1 - [Phi(x) + k3 / (6 s^3) (1 - x^2) phi(x)].
Errors of the estimates widen the law: their variance is added to that of the tosses.

Nearly every decision asks for one number alone, and for few agents the time goes into the calls of
numpy, not into what they reckon: so what is certain is counted and not tossed, and the three
moments come from one array of powers.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from dialer.policy.hazard import Floats

Complex = NDArray[np.complex128]

EXACT_UP_TO = 120
"""Tosses up to which the sum is exact: about 60 agents with their calls."""

ROUNDING = 1e-12
"""Less than this is what floating point leaves of nothing."""
WITH_AND_WITHOUT = np.array([1.0, 0.0])[:, None, None]
SKEWNESS = 1.0 / (6.0 * sqrt(2.0 * pi))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Errors of the estimates behind the chances."""

    n_expected: Floats
    """Answers expected by each horizon, which all share the error of the answer rate."""
    rate_error: float = 0.0
    """Relative variance of the answer rate."""
    hazard_error: float = 0.0
    """Variance of the number of agents becoming free."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is under way when calls are to be added."""

    chances: Floats
    """Tosses that may fall either way, shape (horizons, tosses)."""
    n_idle: int = 0
    """Tosses that never succeed: agents who are free already."""
    n_sure: int = 0
    """Tosses that always do: callers who wait."""
    sums: Floats = field(init=False)
    """Of the chances, of their squares and of their cubes, by horizon."""

    def __post_init__(self) -> None:
        """Add up once: a decision that places calls asks twice."""
        object.__setattr__(self, "sums", np.add.reduce(_powers(self.chances), axis=2))

    def __len__(self) -> int:
        return int(self.chances.shape[1]) + self.n_idle + self.n_sure


def risks(
    standing: Standing, more: Floats, n_agents: int, doubt: Doubt, exact_up_to: int
) -> Floats:
    """Mean over the horizons of P(Y >= A), with none, one, ... all of `more` added.

    `more`: calls to place, in their order, shape (horizons, calls); one value more than calls
    comes back.
    """
    n_left = n_agents - standing.n_sure
    law = _Law.of(standing.sums, more)
    expected = _running(doubt.n_expected, more)
    error = expected * expected * doubt.rate_error + doubt.hazard_error
    n_horizons, n_more = more.shape
    if len(standing) + n_more > exact_up_to:
        return np.asarray(np.add.reduce(law.upper(n_left, error), axis=0) / n_horizons)
    wide, sure = law.upper(n_left, error * WITH_AND_WITHOUT)
    upper = _exact(standing.chances, more, n_left) + np.maximum(wide - sure, 0.0)
    return np.asarray(np.add.reduce(np.minimum(upper, 1.0), axis=0) / n_horizons)


def _running(start: Floats, more: Floats) -> Floats:
    """`start`, and `start` with the first, the first two, ... of `more` added: along the last axis,
    which `start` has not."""
    first = start[..., None]
    if not more.size:
        return first
    return np.asarray(np.add.accumulate(np.concatenate((first, more), axis=-1), axis=-1))


@dataclass(frozen=True, slots=True)
class _Law:
    """Mean, variance and third central moment; one column for each number of calls added."""

    mean: Floats
    variance: Floats
    third: Floats

    @classmethod
    def of(cls, sums: Floats, more: Floats) -> "_Law":
        """With S_j = sum p^j: mean S_1, variance sum p (1 - p) = S_1 - S_2, third moment
        sum p (1 - p) (1 - 2 p) = S_1 - 3 S_2 + 2 S_3."""
        first, second, third = _running(sums, _powers(more) if more.size else more)
        variance = first - second
        return cls(first, variance, variance - 2.0 * (second - third))

    def upper(self, n_agents: int, error: Floats) -> Floats:
        """P(Y >= n_agents) by the refined normal law, widened by the variance `error`."""
        variance = np.maximum(self.variance + error, 1e-9)
        sigma = np.sqrt(variance)
        x = (self.mean - (n_agents - 0.5)) / sigma  # the law's -x
        square = x * x
        skewed = self.third * SKEWNESS / (variance * sigma) * (1.0 - square) * np.exp(-0.5 * square)
        return np.asarray(np.minimum(np.maximum(ndtr(x) - skewed, 0.0), 1.0))


def _powers(chances: Floats) -> Floats:
    """p, p^2 and p^3."""
    powers = np.empty((3, *chances.shape))
    powers[0] = chances
    np.multiply(chances, chances, out=powers[1])
    np.multiply(powers[1], chances, out=powers[2])
    return powers


def _exact(chances: Floats, more: Floats, n_agents: int) -> Floats:
    """P(Y >= n_agents), one column for each number of calls added."""
    n_horizons, n_more = more.shape
    if n_agents <= 0:
        return np.ones((n_horizons, n_more + 1))
    n_roots = chances.shape[1] + n_more + 1
    step, weights = _steps_and_weights(n_roots, min(n_agents, n_roots))
    phi = np.multiply.reduce(1.0 + chances[:, :, None] * step, axis=1)[:, None]
    if n_more:
        factors = np.concatenate((phi, 1.0 + more[:, :, None] * step), axis=1)
        phi = np.multiply.accumulate(factors, axis=1)
    above = 1.0 - (phi @ weights).real
    return np.asarray(np.minimum(above * (above > ROUNDING), 1.0))


@lru_cache(maxsize=4096)
def _steps_and_weights(n_roots: int, threshold: int) -> tuple[Complex, Complex]:
    """w^k - 1 at the roots of unity with no negative imaginary part, and the weight of phi at each
    in P(Y < A).

    The other roots are their conjugates and so are the values there: each counts twice but for
    the real ones.
    """
    k = np.arange(n_roots // 2 + 1)
    roots = np.exp(2j * pi * k / n_roots)
    weights = (roots[:, None] ** -np.arange(threshold)[None, :]).sum(axis=1) / n_roots
    twice = np.where((k == 0) | (2 * k == n_roots), 1.0, 2.0)
    return roots - 1.0, weights * twice
