"""P(an agent is free by each horizon) by seat and age, made anew with the hazards.

An agent in wrap-up is free when it ends; one who talks must end the talk and then a whole wrap-up:
a sum over the second at which the talk ends.
"""

from dataclasses import dataclass

import numpy as np

from dialer.policy.hazard import Floats
from dialer.policy.picture import FREE, HELD, WRAP_UP, Crew
from dialer.policy.statistics import Learned

TABLE_TALK_S = 600
TABLE_WRAP_S = 80


@dataclass(frozen=True, slots=True)
class FreeTables:
    """One row for each whole second of age, one column for each horizon."""

    version: int
    horizons: Floats
    """Seconds from now, ascending."""
    talking: Floats
    wrapping: Floats

    @classmethod
    def build(cls, learned: Learned, horizons: Floats, after_s: float) -> "FreeTables":
        """Tables for agents who must be free by a horizon and so many seconds after it: the time
        of screening, and the caller's patience."""
        limits = horizons + after_s
        longest = int(np.ceil(limits[-1])) + 1
        wrap_end = learned.wraps.per_second(TABLE_WRAP_S + longest)
        fresh_wrap = 1.0 - np.concatenate([[1.0], np.cumprod(1.0 - wrap_end[:longest])])
        return cls(
            learned.version,
            horizons,
            _free_after_talk(learned.talks.per_second(TABLE_TALK_S + longest), fresh_wrap, limits),
            _free_after_wrap(wrap_end, limits),
        )

    def chances(self, crew: Crew, now: float) -> Floats:
        """One row for each agent who takes calls; those who are held talk from this moment on."""
        seats = crew.seats[crew.takes_calls]
        ages = np.maximum(now - crew.since[crew.takes_calls], 0.0)
        ages[seats == HELD] = 0.0
        talking = np.minimum(ages, TABLE_TALK_S - 1).astype(np.intp)
        wrapping = np.minimum(ages, TABLE_WRAP_S - 1).astype(np.intp)
        free = self.talking[talking]
        is_wrapping = seats == WRAP_UP
        free[is_wrapping] = self.wrapping[wrapping[is_wrapping]]
        free[seats == FREE] = 1.0
        return free


def _free_after_talk(talk_end: Floats, fresh_wrap: Floats, limits: Floats) -> Floats:
    """P(talk of each age ends, and the wrap-up after it too, within each limit).

    With S(a) = P(a talk reaches age a): sum over k of (S(a+k) - S(a+k+1)) / S(a) * P(the wrap-up
    takes what is left).
    """
    n_steps = len(fresh_wrap) - 1
    reached = np.concatenate([[1.0], np.cumprod(1.0 - talk_end)])
    ends = np.lib.stride_tricks.sliding_window_view(-np.diff(reached), n_steps)[:TABLE_TALK_S]
    left = np.zeros((n_steps, len(limits)))
    for column, limit in enumerate(limits):
        steps = min(round(float(limit)), n_steps)
        left[:steps, column] = fresh_wrap[np.arange(steps - 1, -1, -1)]
    return np.asarray((ends @ left) / reached[:TABLE_TALK_S, None])


def _free_after_wrap(wrap_end: Floats, limits: Floats) -> Floats:
    """P(wrap-up of each age ends within each limit)."""
    total = np.concatenate([[0.0], np.cumsum(np.log1p(-wrap_end))])
    ages = np.arange(TABLE_WRAP_S)
    columns = [
        1.0 - np.exp(total[np.minimum(ages + round(float(limit)), len(total) - 1)] - total[ages])
        for limit in limits
    ]
    return np.stack(columns, axis=1)
