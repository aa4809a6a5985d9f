"""When agents become free, against the sums that the tables stand for, second by second."""

from math import prod

import numpy as np
import pytest

from dialer.policy.free_tables import FreeTables
from dialer.policy.picture import Crew, Seat
from dialer.policy.statistics import Learned

HORIZONS = np.array([3.2, 9.0, 17.6])
AFTER_S = 2.0
WITHIN = [5, 11, 20]
"""Whole seconds until each horizon and what follows it."""
NOW = 1000.0


@pytest.fixture(scope="module")
def learned():
    """Short talks, so that something happens within the horizons."""
    found = Learned.prior(25.0)
    for n in range(400):
        found.ended(found.talks, 0.0, 5.0 + n % 60)
        found.ended(found.wraps, 0.0, 2.0 + n % 30)
    return found


def chances_of(learned, seat, age_s):
    tables = FreeTables.build(learned, HORIZONS, AFTER_S)
    return list(tables.chances(Crew.of(NOW, [(seat, age_s)]), NOW)[:, 0])


def stays(hazard, age_s, seconds):
    """P(not over so many seconds later | this age was reached)."""
    return prod(1.0 - hazard.per_second(age_s + seconds)[age_s:])


def free_after_talk(learned, age_s, seconds):
    """Sum over the second in which the talk ends: the wrap-up has the seconds that are left."""
    return sum(
        (stays(learned.talks, age_s, k) - stays(learned.talks, age_s, k + 1))
        * (1.0 - stays(learned.wraps, 0, seconds - k - 1))
        for k in range(seconds)
    )


@pytest.mark.parametrize("age_s", [0, 7, 59, 300])
def test_who_talks_must_end_the_talk_and_a_whole_wrap_up(learned, age_s):
    expected = [free_after_talk(learned, age_s, seconds) for seconds in WITHIN]
    assert chances_of(learned, Seat.TALKING, age_s) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("age_s", [0, 12, 79])
def test_who_wraps_up_must_end_that(learned, age_s):
    expected = [1.0 - stays(learned.wraps, age_s, seconds) for seconds in WITHIN]
    assert chances_of(learned, Seat.WRAP_UP, age_s) == pytest.approx(expected, abs=1e-12)


def test_who_is_held_talks_from_this_moment_on(learned):
    assert chances_of(learned, Seat.HELD, 40.0) == chances_of(learned, Seat.TALKING, 0.0)


def test_ages_past_the_end_of_the_tables_are_the_last_ones(learned):
    for seat, last in ((Seat.TALKING, 599), (Seat.WRAP_UP, 79)):
        assert chances_of(learned, seat, 5000.0) == chances_of(learned, seat, float(last))
