"""What the network says while a call rings: 180 (a phone rings) or 183 (tones, words).

Some carriers say 183 where nobody is reached, so the two may part those who will answer from those
who will not, and early answers from late ones. A call that has a sign is judged by the calls that
had the same one: their share of answers relative to all calls, and how long they rang.

Two samples always differ a little. What is believed of a difference is the positive part of James
and Stein's estimator, w = max(0, 1 - c / T), T the square of the difference over its variance:
within the noise (T <= c) the weight is zero, and pacing decides by the common curves exactly.
Calls without a sign, and all calls where only one sign occurs, are judged by those as well.
"""

from dataclasses import dataclass, field

import numpy as np

from dialer.policy.hazard import Floats
from dialer.policy.picture import Sign
from dialer.policy.rings import N_RING_BINS, RingModel, cdf_of, fine, ring_bin

N_SIGNS = len(Sign)
TELLING = [int(Sign.RINGING), int(Sign.EARLY_MEDIA)]
EVIDENCE = 200.0
"""Calls of each sign that are wanted, before they are compared."""
WINDOW = 4000.0
"""Calls over which answers are counted and curves fade."""
SHARE_NOISE, CURVE_NOISE = 4.0, 1.85
"""c of a difference of shares (two standard deviations), and of the largest distance of two curves
(Kolmogorov and Smirnov: 1.36 squared, passed by chance once in twenty)."""


@dataclass(slots=True)
class SignModel:
    """Mature calls by the last sign that they gave."""

    n_calls: Floats = field(default_factory=lambda: np.zeros(N_SIGNS))
    n_answers: Floats = field(default_factory=lambda: np.zeros(N_SIGNS))
    answered: Floats = field(default_factory=lambda: np.zeros((N_SIGNS, N_RING_BINS)))
    others: Floats = field(default_factory=lambda: np.zeros((N_SIGNS, N_RING_BINS)))
    is_telling: bool = False
    """Whether signs differ by more than chance; if not, the rest is not to be used."""
    lifts: Floats = field(default_factory=lambda: np.ones(N_SIGNS))
    """Chance to be answered, relative to a call of which nothing is known, by sign."""
    by_answer: Floats = field(default_factory=lambda: np.zeros((N_SIGNS, 0)))
    by_end: Floats = field(default_factory=lambda: np.zeros((N_SIGNS, 0)))
    """`RingModel.curves`, by sign."""

    def add(self, sign: int, ring_s: float, is_answered: bool) -> None:
        """One mature call: its whole cohort has ended, so short rings are not counted first."""
        keep = 1.0 - 1.0 / WINDOW
        self.n_calls *= keep
        self.n_answers *= keep
        self.n_calls[sign] += 1.0
        self.n_answers[sign] += is_answered
        histogram = self.answered[sign] if is_answered else self.others[sign]
        histogram *= keep
        histogram[ring_bin(ring_s)] += 1.0

    def refresh(self, rings: RingModel) -> None:
        """Compare the signs anew. `rings`: the common curves, fresh, for calls without a sign."""
        self.is_telling = False
        if min(self.n_calls[sign] for sign in TELLING) < EVIDENCE:
            return
        of_share, lifts = self._compare_shares()
        of_answers, by_answer = _compare_curves(self.answered, rings.curves[0])
        of_ends, by_end = _compare_curves(self.others, rings.curves[1])
        if of_share or of_answers or of_ends:
            self.is_telling = True
            self.lifts, self.by_answer, self.by_end = lifts, by_answer, by_end

    def _compare_shares(self) -> tuple[float, Floats]:
        """The weight of the difference, and p_s / p by sign s. With p the share of all calls, p_b
        that of both signs: T = (p_1 - p_2)^2 / (p_b (1 - p_b) (1 / n_1 + 1 / n_2))."""
        n_calls, n_answers = self.n_calls[TELLING], self.n_answers[TELLING]
        share = n_answers.sum() / n_calls.sum()
        if not 0.0 < share < 1.0:
            return 0.0, np.ones(N_SIGNS)
        of_each = n_answers / n_calls
        variance = share * (1.0 - share) * (1.0 / n_calls).sum()
        weight = believed((of_each[0] - of_each[1]) ** 2 / variance, SHARE_NOISE)
        lifts = np.ones(N_SIGNS)
        lifts[TELLING] = (share + weight * (of_each - share)) * self.n_calls.sum()
        lifts[TELLING] /= self.n_answers.sum()
        return weight, lifts


def believed(statistic: float, noise: float) -> float:
    """The weight of a difference, 0 to 1."""
    return max(0.0, 1.0 - noise / statistic) if statistic > 0.0 else 0.0


def _compare_curves(histograms: Floats, common: Floats) -> tuple[float, Floats]:
    """The weight of the difference, and a curve for each sign, drawn towards that of both. With D
    the largest distance between the two: T = D^2 n_1 n_2 / (n_1 + n_2)."""
    curves = np.tile(common, (N_SIGNS, 1))
    first, second = histograms[TELLING]
    n_first, n_second = float(first.sum()), float(second.sum())
    if min(n_first, n_second) < 1.0:
        return 0.0, curves
    both, own = cdf_of(first + second), (cdf_of(first), cdf_of(second))
    distance = float(np.abs(own[0] - own[1]).max())
    statistic = distance * distance * n_first * n_second / (n_first + n_second)
    weight = believed(statistic, CURVE_NOISE)
    curves[TELLING] = [fine(both + weight * (cdf - both)) for cdf in own]
    return weight, curves
