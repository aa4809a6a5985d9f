"""P(Y >= A) of a sum of unlike coin tosses, kept up to date as tosses are added.

Exact while the tosses are few, from the characteristic function at the M-th roots of unity
(Hong, Computational Statistics & Data Analysis 59, 2013): with phi_k = prod(1 + p (w^k - 1)) and
w = exp(2 pi i / M), P(Y < A) = 1/M sum_k phi_k sum_{y < A} w^(-k y). One more toss is one product
per root. M exceeds every possible sum, so nothing folds over.

For many tosses a normal law refined by its skewness (Cornish-Fisher, first term):
x = (A - 0.5 - mu) / s, P(Y >= A) = 1 - [Phi(x) + k3 / (6 s^3) (1 - x^2) phi(x)].
Errors of the estimates widen the law: their variance is added to that of the tosses.
"""

from functools import lru_cache
from math import erf, exp, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from dialer.policy.hazard import Floats

Complex = NDArray[np.complex128]

EXACT_UP_TO = 160
"""Tosses up to which the sum is exact: about 100 agents with their calls."""
ROOM = 48
"""Tosses that may be added before the roots of unity are too few; then the normal law holds."""

ROUNDING = 1e-12
"""Less than this is what floating point leaves of nothing."""


class Tail:
    """Several sums at once, one per horizon, each with the same number of tosses."""

    def __init__(
        self,
        chances: Floats,
        n_agents: int,
        exact_up_to: int,
        n_expected: Floats,
        rate_error: float,
        hazard_error: float,
    ) -> None:
        """`chances`: shape (tosses, horizons). Errors: relative variance of the answer rate
        (applied to the answers expected) and absolute variance of the agents becoming free."""
        self.n_agents = n_agents
        self.mean = chances.sum(axis=0)
        spread = chances * (1.0 - chances)
        self.variance = spread.sum(axis=0)
        self.third = (spread * (1.0 - 2.0 * chances)).sum(axis=0)
        self.n_expected = n_expected.copy()
        self.rate_error = rate_error
        self.hazard_error = hazard_error
        self._sum = ExactSum.of(chances, n_agents) if len(chances) <= exact_up_to else None

    def add(self, chance: Floats) -> None:
        """One more toss that succeeds with `chance` at each horizon."""
        spread = chance * (1.0 - chance)
        self.mean = self.mean + chance
        self.variance = self.variance + spread
        self.third = self.third + spread * (1.0 - 2.0 * chance)
        self.n_expected = self.n_expected + chance
        if self._sum is not None and not self._sum.add(chance):
            self._sum = None

    def risk(self) -> float:
        """Mean over the horizons of P(Y >= A), the estimates' errors included."""
        wide = self._refined(self.n_expected**2 * self.rate_error + self.hazard_error)
        if self._sum is None:
            return float(np.mean(wide))
        by_error = np.maximum(wide - self._refined(0.0), 0.0)
        return float(np.mean(np.clip(self._sum.upper() + by_error, 0.0, 1.0)))

    @property
    def is_exact(self) -> bool:
        """Whether the sum is still exact, or the normal law stands for it."""
        return self._sum is not None

    def _refined(self, error: Floats | float) -> Floats:
        sigma = np.sqrt(np.maximum(self.variance + error, 1e-9))
        x = (self.n_agents - 0.5 - self.mean) / sigma
        skew = self.third / (6.0 * sigma**3)
        return np.array([_upper(float(a), float(b)) for a, b in zip(x, skew, strict=True)])


class ExactSum:
    """The characteristic function of a sum, per horizon; see the module's formula.

    Tosses that succeed at no horizon are left out, those that always succeed lower the threshold:
    idle agents and waiting callers cost nothing.
    """

    __slots__ = ("_n_left", "_phi", "_roots", "_weights", "threshold")

    def __init__(self, phi: Complex, threshold: int, n_roots: int, n_left: int) -> None:
        self.threshold = threshold
        self._phi = phi
        self._n_left = n_left
        self._roots, self._weights = _roots_and_weights(n_roots, max(threshold, 0))

    @classmethod
    def of(cls, chances: Floats, n_agents: int) -> "ExactSum":
        """The sum of all tosses against the threshold `n_agents`."""
        is_sure = (chances >= 1.0).all(axis=1)
        is_open = ~is_sure & (chances > 0.0).any(axis=1)
        tosses = chances[is_open]
        n_roots = len(tosses) + ROOM + 1
        roots = _roots_and_weights(n_roots, 0)[0]
        factors = 1.0 + tosses[:, None, :] * (roots[None, :, None] - 1.0)
        phi = np.multiply.reduce(factors, axis=0)
        return cls(phi, n_agents - int(is_sure.sum()), n_roots, ROOM)

    def add(self, chance: Floats) -> bool:
        """One more toss; False when there is no room left for it."""
        if not self._n_left:
            return False
        self._n_left -= 1
        self._phi = self._phi * (1.0 + chance[None, :] * (self._roots[:, None] - 1.0))
        return True

    def upper(self) -> Floats:
        """P(Y >= threshold) per horizon."""
        if self.threshold <= 0:
            return np.ones(self._phi.shape[1])
        below = (self._weights[:, None] * self._phi).real.sum(axis=0)
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


def _upper(x: float, skew: float) -> float:
    below = 0.5 * (1.0 + erf(x / sqrt(2.0)))
    density = exp(-0.5 * x * x) / sqrt(2.0 * pi)
    return min(max(1.0 - below - skew * (1.0 - x * x) * density, 0.0), 1.0)
