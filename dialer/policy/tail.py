"""P(Y >= A) of a sum of unlike coin tosses, kept up to date as tosses are added.

Exact by convolution while the tosses are few, else a normal law refined by its skewness
(Cornish-Fisher, first term): x = (A - 0.5 - mu) / s,
P(Y >= A) = 1 - [Phi(x) + k3 / (6 s^3) (1 - x^2) phi(x)].
Errors of the estimates widen the law: their variance is added to that of the tosses.
"""

from math import erf, exp, pi, sqrt

import numpy as np

from dialer.policy.statistics import Floats

EXACT_UP_TO = 60
"""Tosses up to which the sum is convolved; at 50 agents both ways pace alike within 1 %."""


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
        self.exact_up_to = exact_up_to
        self.n_tosses = len(chances)
        self.mean = chances.sum(axis=0)
        spread = chances * (1.0 - chances)
        self.variance = spread.sum(axis=0)
        self.third = (spread * (1.0 - 2.0 * chances)).sum(axis=0)
        self.n_expected = n_expected.copy()
        self.rate_error = rate_error
        self.hazard_error = hazard_error
        self.mass = _convolved(chances, n_agents) if self._is_exact else None

    @property
    def _is_exact(self) -> bool:
        return self.n_tosses <= self.exact_up_to

    def add(self, chance: Floats) -> None:
        """One more toss that succeeds with `chance` at each horizon."""
        spread = chance * (1.0 - chance)
        self.mean = self.mean + chance
        self.variance = self.variance + spread
        self.third = self.third + spread * (1.0 - 2.0 * chance)
        self.n_expected = self.n_expected + chance
        self.n_tosses += 1
        if self.mass is not None:
            self.mass = _tossed(self.mass, chance) if self._is_exact else None

    def risk(self) -> float:
        """Mean over the horizons of P(Y >= A), the estimates' errors included."""
        error = self.n_expected**2 * self.rate_error + self.hazard_error
        wide = self._refined(error)
        if self.mass is None:
            return float(np.mean(wide))
        exact = 1.0 - self.mass.sum(axis=0)
        return float(np.mean(np.clip(exact + np.maximum(wide - self._refined(0.0), 0.0), 0, 1)))

    def _refined(self, error: Floats | float) -> Floats:
        sigma = np.sqrt(np.maximum(self.variance + error, 1e-9))
        x = (self.n_agents - 0.5 - self.mean) / sigma
        skew = self.third / (6.0 * sigma**3)
        return np.array([_upper(float(a), float(b)) for a, b in zip(x, skew, strict=True)])


def _upper(x: float, skew: float) -> float:
    below = 0.5 * (1.0 + erf(x / sqrt(2.0)))
    density = exp(-0.5 * x * x) / sqrt(2.0 * pi)
    return min(max(1.0 - below - skew * (1.0 - x * x) * density, 0.0), 1.0)


def _convolved(chances: Floats, n_agents: int) -> Floats:
    """P(Y = 0 .. A-1) per horizon; what reaches A or more is dropped, so the sum is P(Y < A)."""
    mass = np.zeros((n_agents, chances.shape[1]))
    if n_agents:
        mass[0] = 1.0
    for chance in chances:
        mass = _tossed(mass, chance)
    return mass


def _tossed(mass: Floats, chance: Floats) -> Floats:
    after = mass * (1.0 - chance)
    after[1:] += mass[:-1] * chance
    return after
