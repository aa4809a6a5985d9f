import math

import pytest

from dialer.policy.carrier import RAMP_S, CarrierWatch


def watched(n_in_flight=20, seconds=600):
    """A carrier that has been well for ten minutes."""
    watch = CarrierWatch()
    for _ in range(50):
        watch.note(False)
    for second in range(seconds):
        watch.watch(n_in_flight, float(second))
    return watch


def fail(watch, n, now, n_in_flight=0):
    for _ in range(n):
        watch.note(True)
    watch.watch(n_in_flight, now)


def test_a_third_of_faults_is_an_outage_and_half_as_many_is_none():
    watch = watched()
    fail(watch, 15, 600.0)
    assert not watch.is_out
    fail(watch, 1, 600.5)
    assert watch.is_out


def test_a_few_calls_are_no_evidence():
    watch = CarrierWatch()
    fail(watch, 19, 1.0)
    assert (watch.is_out, watch.fault_share) == (False, 0.0)
    fail(watch, 1, 2.0)
    assert watch.is_out


def test_the_level_is_that_from_before_the_outage_however_calls_fall_away():
    watch = watched(n_in_flight=20)
    fail(watch, 30, 600.0)
    for second in range(601, 900):
        watch.watch(2, float(second))
    assert watch.most_in_flight(0, 900.0) == pytest.approx(20.0, abs=0.1)
    assert watch.most_in_flight(25, 900.0) == 25.0


def test_after_it_the_level_is_let_go_over_half_a_minute():
    watch = watched(n_in_flight=20)
    fail(watch, 30, 600.0)
    for _ in range(45):
        watch.note(False)
    watch.watch(20, 700.0)
    assert not watch.is_out
    ramp = [watch.most_in_flight(0, 700.0 + after) for after in (0.0, RAMP_S / 2, RAMP_S)]
    assert ramp == [pytest.approx(20.0, abs=0.01), pytest.approx(30.0, abs=0.01), math.inf]


def test_an_outage_is_over_only_when_it_clearly_is():
    """Between the two shares it stays what it was, so it does not flap."""
    watch = watched()
    fail(watch, 20, 600.0)
    for _ in range(39):
        watch.note(False)
    watch.watch(20, 601.0)
    assert watch.is_out and 0.15 < watch.fault_share < 0.30
