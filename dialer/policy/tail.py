"""P(Y >= A) of a sum of unlike coin tosses, with each of some further tosses added in turn.

Exact while the tosses are few, from the characteristic function at the M-th roots of unity
(Hong, Computational Statistics & Data Analysis 59, 2013): with phi_k = prod(1 + p (w^k - 1)) and
w = exp(2 pi i / M), P(Y < A) = 1/M sum_k phi_k sum_{y < A} w^(-k y). One more toss is one product
per root. M exceeds every possible sum, so nothing folds over.

For many tosses a normal law refined by its skewness (Cornish-Fisher, first term):
x = (A - 0.5 - mu) / s, P(Y >= A) = 1 - [Phi(x) + k3 / (6 s^3) (1 - x^2) phi(x)].
Errors of the estimates widen the law: their variance is added to that of the tosses.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Doubt:
    """Errors of the estimates behind the chances."""

    n_expected: Floats
    """Answers expected by each horizon, which all share the error of the answer rate."""
    rate_error: float = 0.0
    """Relative variance of the answer rate."""
    hazard_error: float = 0.0
    """Variance of the number of agents becoming free."""


def risks(chances: Floats, more: Floats, n_agents: int, doubt: Doubt, exact_up_to: int) -> Floats:
    """Mean over the horizons of P(Y >= A), with none, one, ... all of `more` added.

    `chances`: tosses that stand, shape (tosses, horizons). `more`: calls to place, in their order,
    shape (calls, horizons); one value more than calls comes back.
    """
    law = _Law.of(chances, more)
    expected = _running(doubt.n_expected, more)
    error = expected * expected * doubt.rate_error + doubt.hazard_error
    n_horizons = error.shape[1]
    if len(chances) + len(more) > exact_up_to:
        return np.asarray(law.upper(n_agents, error).sum(axis=1) / n_horizons)
    wide, sure = law.upper(n_agents, np.stack([error, np.zeros_like(error)]))
    upper = _exact(chances, more, n_agents) + np.maximum(wide - sure, 0.0)
    return np.asarray(np.minimum(upper, 1.0).sum(axis=1) / n_horizons)


def _running(start: Floats, more: Floats) -> Floats:
    """`start`, and `start` with the first, the first two, ... of `more` added."""
    if not len(more):
        return start[None, :]
    return np.concatenate([start[None, :], start + np.cumsum(more, axis=0)])


@dataclass(frozen=True, slots=True)
class _Law:
    """Mean, variance and third central moment; one row for each number of calls added."""

    mean: Floats
    variance: Floats
    third: Floats

    @classmethod
    def of(cls, chances: Floats, more: Floats) -> "_Law":
        spread, spread_more = chances * (1.0 - chances), more * (1.0 - more)
        return cls(
            _running(chances.sum(axis=0), more),
            _running(spread.sum(axis=0), spread_more),
            _running(
                (spread * (1.0 - 2.0 * chances)).sum(axis=0), spread_more * (1.0 - 2.0 * more)
            ),
        )

    def upper(self, n_agents: int, error: Floats) -> Floats:
        """P(Y >= n_agents) by the refined normal law, widened by the variance `error`."""
        sigma = np.sqrt(np.maximum(self.variance + error, 1e-9))
        x = (n_agents - 0.5 - self.mean) / sigma
        density = np.exp(-0.5 * x * x) / sqrt(2.0 * pi)
        skewed = self.third / (6.0 * sigma**3) * (1.0 - x * x) * density
        return np.asarray(np.minimum(np.maximum(ndtr(-x) - skewed, 0.0), 1.0))


def _exact(chances: Floats, more: Floats, n_agents: int) -> Floats:
    """P(Y >= n_agents), one row for each number of calls added.

    Tosses that succeed at no horizon are left out, those that always succeed lower the threshold:
    idle agents and waiting callers cost nothing.
    """
    is_sure = (chances >= 1.0).all(axis=1)
    tosses = chances[~is_sure & (chances > 0.0).any(axis=1)]
    threshold = n_agents - int(np.count_nonzero(is_sure))
    if threshold <= 0:
        return np.ones((len(more) + 1, chances.shape[1]))
    n_roots = len(tosses) + len(more) + 1
    roots, weights = _roots_and_weights(n_roots, min(threshold, n_roots))
    off = (roots - 1.0)[None, :, None]
    phi = np.multiply.reduce(1.0 + tosses[:, None, :] * off, axis=0)[None]
    factors = np.concatenate([phi, 1.0 + more[:, None, :] * off]) if len(more) else phi
    below = (weights @ np.cumprod(factors, axis=0)).real
    return np.where(below > 1.0 - ROUNDING, 0.0, np.clip(1.0 - below, 0.0, 1.0))


@lru_cache(maxsize=4096)
def _roots_and_weights(n_roots: int, threshold: int) -> tuple[Complex, Complex]:
    """Roots of unity with no negative imaginary part, and the weight of phi at each in P(Y < A).

    The other roots are their conjugates and so are the values there: each counts twice but for
    the real ones.
    """
    k = np.arange(n_roots // 2 + 1)
    roots = np.exp(2j * pi * k / n_roots)
    weights = (roots[:, None] ** -np.arange(threshold)[None, :]).sum(axis=1) / n_roots
    twice = np.where((k == 0) | (2 * k == n_roots), 1.0, 2.0)
    return roots, weights * twice
