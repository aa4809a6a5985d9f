"""Waiting before the next try: full jitter, slower after a refusal, no storm when flapping."""

from esl.backoff import Backoff
from esl.clock import between, monotonic


def ceilings(backoff, step, times):
    found = []
    for _ in range(times):
        found.append(backoff.delay_s())
        step()
    return found


def highest(low, high):
    return high


def test_failures_double_the_range_up_to_the_cap():
    backoff = Backoff(draw=highest)
    found = ceilings(backoff, backoff.failed, 8)
    assert found == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_jitter_is_full_so_that_many_clients_spread():
    assert Backoff(draw=lambda low, high: low).delay_s() == 0.0
    draws = [Backoff().delay_s() for _ in range(50)]
    assert all(0 <= draw <= 0.1 for draw in draws)
    assert len(set(draws)) > 10


def test_a_refusal_is_never_retried_at_once_and_backs_off_to_a_minute():
    slow, fast = Backoff(draw=highest), Backoff(draw=lambda low, high: low)
    for backoff in (slow, fast):
        backoff.rejected()
    assert (fast.delay_s(), slow.delay_s()) == (2.5, 5.0)
    assert ceilings(slow, slow.rejected, 6) == [5, 10, 20, 40, 60, 60]


def test_a_stable_connection_forgets_the_past_a_flapping_one_does_not():
    backoff = Backoff(draw=highest)
    for _ in range(5):
        backoff.lost(1.0)
    assert backoff.delay_s() == 3.2
    backoff.rejected()
    backoff.lost(60.0)
    assert backoff.delay_s() == 0.1


def test_a_thousand_failures_do_not_overflow():
    backoff = Backoff(draw=highest)
    for _ in range(5000):
        backoff.failed()
    assert backoff.delay_s() == 5.0


def test_the_clock_never_steps_back_and_dice_stay_in_range():
    assert monotonic() <= monotonic()
    assert 1.0 <= between(1.0, 2.0) <= 2.0
