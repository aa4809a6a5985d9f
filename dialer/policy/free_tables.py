"""P(an agent is free by each horizon) by seat and age, made anew with the hazards.

An agent in wrap-up is free when it ends; one who talks must end the talk and then a whole wrap-up:
a sum over the second at which the talk ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from dialer.policy.hazard import Floats
from dialer.policy.picture import FREE, Crew
from dialer.policy.statistics import Learned

TABLE_TALK_S = 600
TABLE_WRAP_S = 80
FIRST_COLUMN = np.array([0, 0, TABLE_TALK_S, 0], dtype=np.intp)
OLDEST = np.array([0.0, TABLE_TALK_S - 1.0, TABLE_WRAP_S - 1.0, 0.0])
"""By seat: where its columns begin, and the age of the last one. Who is held has age zero."""


@dataclass(frozen=True, slots=True)
class FreeTables:
    """One row for each horizon, one column for each seat and whole second of age."""

    version: int
    instants: Floats
    """Now, and each horizon: seconds from now, ascending, a column."""
    by_age: Floats
    """Those who talk, then those in wrap-up."""

    @classmethod
    def build(cls, learned: Learned, horizons: Floats, after_s: float) -> "FreeTables":
        """Tables for agents who must be free by a horizon and so many seconds after it: the time
        of screening, and the caller's patience."""
        limits = (horizons + after_s).tolist()
        longest = ceil(limits[-1]) + 1
        seconds = [round(limit) for limit in limits]
        wrap_end = learned.wraps.per_second(TABLE_WRAP_S + longest)
        fresh_wrap = 1.0 - _survival(wrap_end[:longest])
        talk_end = learned.talks.per_second(TABLE_TALK_S + longest)
        by_talk = _free_after_talk(talk_end, fresh_wrap, seconds)
        by_age = np.concatenate((by_talk, _free_after_wrap(wrap_end, seconds)), axis=1)
        instants = np.zeros((len(limits) + 1, 1))
        instants[1:, 0] = horizons
        return cls(learned.version, instants, by_age)

    def chances(self, crew: Crew, now: float) -> Floats:
        """One column for each agent who takes calls and is not free yet; those who are held talk
        from this moment on."""
        is_busy = crew.takes_calls & (crew.seats != FREE)
        seats = crew.seats[is_busy]
        ages = np.maximum(now - crew.since[is_busy], 0.0)
        seconds = np.minimum(ages, OLDEST[seats]).astype(np.intp)
        return np.asarray(self.by_age.take(FIRST_COLUMN[seats] + seconds, axis=1))


def _survival(end: Floats) -> Floats:
    """P(an age is reached), from the chance to end within each second; from age 0 on."""
    return np.concatenate(([1.0], np.multiply.accumulate(1.0 - end)))


def _free_after_talk(talk_end: Floats, fresh_wrap: Floats, seconds: Sequence[int]) -> Floats:
    """P(talk of each age ends, and the wrap-up after it too, within so many seconds).

    With S(a) = P(a talk reaches age a): sum over k of (S(a+k) - S(a+k+1)) / S(a) * P(the wrap-up
    takes what is left).
    """
    reached = _survival(talk_end)
    ends = reached[:-1] - reached[1:]
    n_steps = len(fresh_wrap) - 1
    left = np.zeros((len(seconds), n_steps))
    for row, n_left in zip(left, seconds, strict=True):
        row[:n_left] = fresh_wrap[:n_left][::-1]
    later = np.ndarray((n_steps, TABLE_TALK_S), buffer=ends, strides=2 * ends.strides)  # [k, a]
    free = left @ later.copy()  # of rows that overlap the product is slow
    return np.asarray(free / reached[:TABLE_TALK_S])


def _free_after_wrap(wrap_end: Floats, seconds: Sequence[int]) -> Floats:
    """P(wrap-up of each age ends within so many seconds)."""
    total = np.concatenate(([0.0], np.add.accumulate(np.log1p(-wrap_end))))
    later = np.array([total[n : n + TABLE_WRAP_S] for n in seconds])
    return np.asarray(1.0 - np.exp(later - total[:TABLE_WRAP_S]))
