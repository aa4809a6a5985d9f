import pytest

from dialer.policy.answer_rate import AnswerRate, Surge
from dialer.policy.picture import Crew, Seat
from dialer.policy.statistics import Learned


def test_as_many_answers_as_are_due_are_no_surge():
    surge = Surge()
    for _ in range(100):
        surge.n_new += 1
        surge.weigh(1.0)
        assert surge.factor == 1.0


def test_answers_on_each_others_heels_hold_the_next_call_back_and_calm_lets_it_go():
    surge = Surge(n_new=4)
    surge.weigh(0.5)
    assert surge.factor == pytest.approx(1.46, abs=0.01)
    surge.weigh(2.5)
    assert surge.factor == 1.0


def test_twice_as_many_answers_as_are_due_are_believed_after_twenty():
    surge = Surge()
    for _ in range(20):
        surge.n_new += 1
        surge.weigh(0.5)
    assert surge.factor > 1.8


@pytest.mark.parametrize("n_answers", [50, 10**9])
def test_a_surge_is_never_more_than_twice_the_rate_and_over_in_minutes(n_answers):
    surge = Surge(n_new=n_answers)
    surge.weigh(0.0)
    assert 1.9 < surge.factor < 2.0
    surge.weigh(5.0)
    assert surge.factor == 1.0


def test_a_surge_raises_the_rate_unless_the_fast_one_is_higher():
    rate = AnswerRate(800.0, 200.0, surge=Surge(factor=1.6))
    assert rate.value == pytest.approx(0.40)
    rate.fast_exposure, rate.fast_answers = 80.0, 64.0
    assert rate.value == pytest.approx((0.25 + 0.80) / 2)


def test_a_surge_leaves_the_rate_off_certainty():
    assert AnswerRate(800.0, 480.0, surge=Surge(factor=1.9)).value == 0.99


def test_a_jump_that_is_followed_is_no_surge_any_more():
    rate = AnswerRate(800.0, 200.0, 80.0, 60.0, n_mature_answers=100, surge=Surge(3.0, 1.6))
    rate.follow_jump(80.0)
    assert rate.value == pytest.approx(0.75)


@pytest.mark.parametrize(("n_agents", "heeds"), [(4, True), (9, True), (10, False), (300, False)])
def test_only_small_teams_heed_surges(n_agents, heeds):
    """Many agents have the fast rate within a minute or two, and one answer means little there."""
    learned = Learned.prior(25.0, 0.25)
    crew = Crew.of(0.0, [(Seat.FREE, 0.0)] * n_agents)
    learned.advance(0.0, crew)
    trials = [learned.dialed(0.0) for _ in range(6)]
    learned.advance(4.0, crew)
    for trial in trials:
        learned.answered(trial, 5.0)
    learned.advance(5.0, crew)
    assert (learned.rate.value > 0.3) is heeds
    assert heeds or learned.rate.value == learned.rate.slow


def test_a_team_that_grows_forgets_its_surge():
    learned = Learned.prior(25.0, 0.25)
    learned.rate.surge = Surge(4.0, 1.8)
    learned.dialed(0.0)
    learned.advance(0.0, Crew.of(0.0, [(Seat.FREE, 0.0)] * 10))
    learned.advance(0.5, Crew.of(0.0, [(Seat.FREE, 0.0)] * 10))
    assert learned.rate.value == 0.25
