"""The chance that a talk, or a wrap-up, ends at a given age.

*Right-censoring*: exposure is counted when a talk *enters* an age bin, finished or not. Learning
from finished talks only makes every talk look short and floods the agents (pacing study, 5.1).
"""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_TO_SETTLE = 64


@dataclass(slots=True)
class Hazard:
    """Chance to end within an age bin, given that the bin was reached."""

    width_s: float
    events: Floats
    settled: Floats
    """Exposure but for what is still to be settled."""
    n_ended: int = 0
    """Of this run, with their sum of seconds: they fade as little as they steer."""
    ended_s: float = 0.0
    to_settle: list[Floats] = field(default_factory=list)
    """Ages from which and up to which talks were watched (`ages_at`): counted together, before
    anything fades or is asked."""

    @classmethod
    def talk(cls) -> "Hazard":
        """Prior for talks: 150 bins of 4 s, hazard 4/150 after the first minute, rising to it."""
        ages = (np.arange(150) + 0.5) * 4.0
        return cls._prior(4.0, (4.0 / 150.0) * np.minimum(1.0, ages / 60.0))

    @classmethod
    def wrap_up(cls) -> "Hazard":
        """Prior for wrap-up: 80 bins of 1 s, hazard 1/20."""
        return cls._prior(1.0, np.full(80, 1.0 / 20.0))

    @classmethod
    def _prior(cls, width_s: float, chance: Floats, weight: float = 5.0) -> "Hazard":
        return cls(width_s, chance * weight, np.full(len(chance), weight))

    def bin_of(self, age_s: float) -> int:
        """The bin that holds an age; the last bin has no upper end."""
        return min(int(age_s / self.width_s), len(self.events) - 1)

    @property
    def exposure(self) -> Floats:
        """How often each bin was entered."""
        self._settle()
        return self.settled

    def expose(self, ages: Floats) -> None:
        """Count the bins that talks entered after the age in the first row and up to that in the
        second."""
        if ages.size:
            self.to_settle.append(ages)
        if len(self.to_settle) >= MOST_TO_SETTLE:
            self._settle()

    def _settle(self) -> None:
        if not self.to_settle:
            return
        first, last = self._entered(np.concatenate(self.to_settle, axis=1))
        self.to_settle = []
        n_bins = len(self.settled)
        entering = np.bincount(first, minlength=n_bins + 1)
        entering -= np.bincount(last, minlength=n_bins + 1)
        self.settled += np.add.accumulate(entering)[:n_bins]

    def _entered(self, ages: Floats) -> NDArray[np.intp]:
        """Bins that a talk has entered by each age: none at the very moment of its start."""
        bins = np.minimum(ages / self.width_s, len(self.events) - 1).astype(np.intp)
        return np.asarray(bins + (ages > 0.0))

    def end(self, age_s: float, window: float) -> None:
        """A talk ended at `age_s`; older evidence fades over `window` endings."""
        keep = 1.0 - 1.0 / window
        self.events *= keep
        settled = self.exposure
        settled *= keep
        self.events[self.bin_of(age_s)] += 1.0
        self.n_ended += 1
        self.ended_s += age_s

    def chance(self) -> Floats:
        """Hazard per bin, kept off 0 and 1."""
        chance = self.events / np.maximum(self.exposure, 1e-9)
        return np.asarray(np.minimum(np.maximum(chance, 1e-4), 0.95))

    def per_second(self, n_seconds: int) -> Floats:
        """Chance to end within each of the first `n_seconds` seconds of age, once reached."""
        per_bin = 1.0 - (1.0 - self.chance()) ** (1.0 / self.width_s)
        return np.asarray(per_bin[_bins_of_seconds(n_seconds, self.width_s, len(per_bin))])


def ages_at(since: Floats, before: float, now: float) -> Floats:
    """Ages at two moments, a row for each; who began later has age zero."""
    return np.maximum(np.array(((before,), (now,))) - since, 0.0)


@lru_cache(maxsize=256)
def _bins_of_seconds(n_seconds: int, width_s: float, n_bins: int) -> NDArray[np.intp]:
    return np.minimum((np.arange(n_seconds) / width_s).astype(np.intp), n_bins - 1)
