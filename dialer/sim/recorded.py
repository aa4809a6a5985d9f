"""The people and the work of an hour that was: who would answer, how long they would ring and talk.

Drawn from what pacing learnt of ring times, talks and wrap-ups, with the level of each minute as it
was recorded. As in every population, a person belongs to the number of the call and the seed alone,
so two policies that are tried on one hour meet the same people.
"""

import math
from dataclasses import dataclass

import numpy as np

from dialer.policy.hazard import Floats, Hazard
from dialer.policy.rings import N_RING_BINS, RING_BIN_S
from dialer.policy.statistics import Learned
from dialer.sim import chance
from dialer.sim.person import Answer, Person
from dialer.sim.population import Population, Profile

MINUTE_S = 60.0
LONGEST_TALK_S = 3600
FAULT_S = (0.5, 3.0)
_EDGES = np.arange(N_RING_BINS + 1) * RING_BIN_S


@dataclass(frozen=True, slots=True)
class RecordedPeople:
    """By minute from the start on; the first one holds before it, the last one after."""

    answer_rates: tuple[float, ...]
    """Share of the calls that the carrier did not fail."""
    fault_share: float
    """Share of all calls that the carrier failed."""
    talk_mean_s: float | None
    wrap_up_mean_s: float | None
    """None: as learnt."""


class PeopleOfAnHour(Population):
    """`begins_s`: when, on the rehearsal's clock, the recorded minutes begin."""

    def __init__(
        self, seed: int, recorded: RecordedPeople, learned: Learned, begins_s: float
    ) -> None:
        super().__init__(seed, Profile("recorded"))
        self._recorded = recorded
        self._rings = learned.rings
        self._begins_s = begins_s
        self._talks = _Lengths(learned.talks, recorded.talk_mean_s)
        self._wrap_ups = _Lengths(learned.wraps, recorded.wrap_up_mean_s)

    def reached(
        self, lead_id: str, attempt_number: int, number: str = "", at_s: float = 0.0
    ) -> Person:
        u = chance.draws(self.seed, f"{lead_id}:{attempt_number}", "recorded")
        if u[0] < self._recorded.fault_share:
            return Person(Answer.FAIL, None, chance.between(*FAULT_S, u[1]), 503)
        if u[2] < self._rate(at_s):
            answer_s = float(np.interp(u[1], self._rings.answered_cdf, _EDGES))
            talk_s = self._talks.at(u[3])
            return Person(Answer.LIVE, min(1.0, answer_s / 2.0), answer_s, talk_s=talk_s)
        ends_s = float(np.interp(u[1], self._rings.others_cdf, _EDGES))
        return Person(Answer.BUSY, min(1.0, ends_s / 2.0), ends_s, 486)

    def wrap_up_s(self, lead_id: str, attempt_number: int, at_s: float = 0.0) -> float:
        u, *_ = chance.draws(self.seed, f"{lead_id}:{attempt_number}", "recorded wrap")
        return self._wrap_ups.at(u)

    def _rate(self, at_s: float) -> float:
        rates = self._recorded.answer_rates
        index = math.floor((at_s - self._begins_s) / MINUTE_S)
        return rates[min(max(index, 0), len(rates) - 1)]


class _Lengths:
    """How long something lasts, from its hazard; stretched to a mean that was measured."""

    def __init__(self, hazard: Hazard, mean_s: float | None) -> None:
        lasts = np.cumprod(1.0 - hazard.per_second(LONGEST_TALK_S))
        self._cdf: Floats = 1.0 - np.concatenate([[1.0], lasts])
        self._seconds: Floats = np.arange(LONGEST_TALK_S + 1, dtype=float)
        learnt_s = 0.5 + float(lasts.sum())
        self._stretch = mean_s / learnt_s if mean_s else 1.0

    def at(self, u: float) -> float:
        """The length below which the share `u` of them stays."""
        return self._stretch * float(np.interp(u, self._cdf, self._seconds))
