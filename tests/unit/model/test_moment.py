from datetime import UTC, datetime

from dialer.model.moment import Moment

NOW = Moment(100.0, 1_800_000_000.0)


def test_both_clocks_move_together():
    assert NOW.plus(2.5) == Moment(102.5, 1_800_000_002.5)


def test_another_instant_of_the_timer_has_its_wall_time():
    assert NOW.utc_at(90.0) == NOW.utc - 10.0


def test_the_wall_clock_is_utc():
    assert NOW.as_datetime() == datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
