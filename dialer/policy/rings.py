"""How long calls ring: one histogram for those that are answered, one for all others."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dialer.policy.hazard import Floats

RING_BIN_S = 0.5
N_RING_BINS = 130
"""Rings are followed for 65 s; longer ones count in the last bin."""
LAST_TENTH = round(N_RING_BINS * RING_BIN_S * 10)
EDGES = np.arange(N_RING_BINS + 1) * RING_BIN_S
TENTHS = np.arange(LAST_TENTH + 1) / 10.0
BIN_OF_TENTH = np.minimum((TENTHS / RING_BIN_S).astype(np.intp), N_RING_BINS - 1)
PART_OF_BIN = (TENTHS - EDGES[BIN_OF_TENTH]) / RING_BIN_S
"""Of each tenth of a second: the bin that holds it, and how much of that has passed by then."""
FIFTHS = np.full(5, 0.2)
PRIOR_ANSWERS = 40.0
PRIOR_OTHERS = 40.0
PRIOR_RING_MEAN_S = 12.0


@dataclass(slots=True)
class RingModel:
    """How long calls ring before an answer, and before any other end."""

    answered: Floats
    others: Floats
    machines: Floats = field(default_factory=lambda: np.zeros(N_RING_BINS))
    """Of the others those that were picked up by a machine."""
    pick_ups: Floats = field(default_factory=lambda: np.zeros((2, N_RING_BINS)))
    """Density of pick-ups by ring time: by persons, and by machines among all others."""
    answered_cdf: Floats = field(default_factory=lambda: np.zeros(0))
    others_cdf: Floats = field(default_factory=lambda: np.zeros(0))
    curves: Floats = field(default_factory=lambda: np.zeros((2, 0)))
    """Both cumulative curves by tenth of a second, to be looked up."""

    @classmethod
    def prior(cls, ring_timeout_s: float) -> "RingModel":
        """Answers: gamma(2) of mean 12 s. Others: half spread evenly, half at the timeout."""
        scaled = EDGES / (PRIOR_RING_MEAN_S / 2.0)
        cdf = 1.0 - (1.0 + scaled) * np.exp(-scaled)
        last = ring_bin(ring_timeout_s)
        others = np.zeros(N_RING_BINS)
        others[: last + 1] = PRIOR_OTHERS / 2.0 / (last + 1)
        others[last] += PRIOR_OTHERS / 2.0
        answered = np.diff(cdf) * PRIOR_ANSWERS
        answered[last + 1 :] = 0.0  # nobody answers after we gave up
        model = cls(answered, others)
        model.refresh()
        return model

    def add(self, ring_s: float, is_answered: bool) -> None:
        """One mature call. Old evidence fades over 3,000 answers and 6,000 others."""
        histogram, window = (self.answered, 3000.0) if is_answered else (self.others, 6000.0)
        histogram *= 1.0 - 1.0 / window
        histogram[ring_bin(ring_s)] += 1.0

    def add_machine(self, ring_s: float) -> None:
        """One mature call that a machine picked up; it is one of the others as well."""
        self.machines *= 1.0 - 1.0 / 3000.0
        self.machines[ring_bin(ring_s)] += 1.0

    def person_share(self, chance: Floats, ring_s: Floats) -> Floats:
        """P(a call that was picked up after so long is a person), where `chance` is P(it will be
        answered by one) before anything was known. Without evidence on machines: surely."""
        bins = np.asarray(ring_s / RING_BIN_S, dtype=np.intp)
        of_persons, of_machines = self.pick_ups.take(bins, axis=1, mode="clip")
        by_person, by_machine = chance * of_persons, (1.0 - chance) * of_machines
        return np.asarray(by_person / np.maximum(by_person + by_machine, 1e-12))

    def refresh(self) -> None:
        """Make the cumulative curves anew; called at most every few seconds."""
        both = cdf_of(np.array((self.answered, self.others)))
        self.answered_cdf, self.others_cdf = both
        self.curves = fine(both)
        persons = _smooth(self.answered) / np.add.reduce(self.answered)
        machines = _smooth(self.machines) / np.add.reduce(self.others)
        self.pick_ups = np.array((persons, machines))

    def answered_by(self, age_s: Floats | float) -> Floats:
        """P(ring <= age | it will be answered)."""
        return np.asarray(self.curves[0].take(tenths(age_s), mode="clip"))

    def ended_by(self, age_s: Floats | float) -> Floats:
        """P(ring <= age | it will not be answered)."""
        return np.asarray(self.curves[1].take(tenths(age_s), mode="clip"))

    def quantiles(self, shares: Floats) -> Floats:
        """Ring times, in seconds, below which the given shares of answers fall."""
        return np.asarray(np.interp(shares, self.answered_cdf, EDGES))


def ring_bin(ring_s: float) -> int:
    """Where a ring time is counted."""
    return min(max(int(ring_s / RING_BIN_S), 0), N_RING_BINS - 1)


def cdf_of(histograms: Floats) -> Floats:
    """The cumulative curve of a histogram, or of each of several, at the edges of the bins."""
    total = np.zeros((*histograms.shape[:-1], N_RING_BINS + 1))
    np.add.accumulate(histograms, axis=-1, out=total[..., 1:])
    return np.asarray(total / total[..., -1:])


def _smooth(histogram: Floats) -> Floats:
    """Spread over two seconds and a half: bins are finer than the evidence."""
    return np.correlate(histogram + 1e-6, FIFTHS, mode="same")


def fine(cdf: Floats) -> Floats:
    """A cumulative curve, or each of several, by tenth of a second."""
    rise = cdf[..., 1:] - cdf[..., :-1]
    within = rise.take(BIN_OF_TENTH, axis=-1) * PART_OF_BIN
    return np.asarray(within + cdf.take(BIN_OF_TENTH, axis=-1))


def tenths(age_s: Floats | float) -> NDArray[np.intp]:
    """Where an age is found in `RingModel.curves`; past their end, where look-ups are clipped, they
    are constant."""
    return np.asarray(age_s * 10.0 + 0.5, dtype=np.intp)
