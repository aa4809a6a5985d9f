"""An hour that was, played again: its people are as recorded, and its target matters."""

from dataclasses import replace
from statistics import fmean

import pytest

from dialer.policy.memory import remember
from dialer.policy.statistics import Learned
from dialer.sim.person import Answer
from dialer.sim.recorded import PeopleOfAnHour, RecordedPeople
from dialer.sim.what_if import RecordedHour, play

PEOPLE = RecordedPeople((0.2, 0.6), fault_share=0.1, talk_mean_s=40.0, wrap_up_mean_s=10.0)
LEARNED = Learned.prior(25.0, 0.3)
HOUR = RecordedHour(
    n_agents=(10,) * 10,
    people=replace(PEOPLE, answer_rates=(0.35,), fault_share=0.0),
    machine_share=0.0,
    n_served_before=500,
    n_abandoned_before=10,
    memory=remember(LEARNED),
    max_lines_per_agent=6.0,
    max_lines=100,
    max_calls_per_s=10.0,
    ring_timeout_s=25.0,
    patience_s=2.0,
)


def people_at(at_s, n=4000, seed=1):
    population = PeopleOfAnHour(seed, PEOPLE, LEARNED, begins_s=600.0)
    return [population.reached(str(i), 1, "", at_s) for i in range(n)]


@pytest.mark.parametrize(("at_s", "rate"), [(0.0, 0.2), (659.0, 0.2), (661.0, 0.6), (9999.0, 0.6)])
def test_people_answer_as_in_the_minute_they_are_called_in(at_s, rate):
    met = people_at(at_s)
    assert fmean(p.outcome is Answer.FAIL for p in met) == pytest.approx(0.1, abs=0.02)
    reached = [p for p in met if p.outcome is not Answer.FAIL]
    assert fmean(p.outcome is Answer.LIVE for p in reached) == pytest.approx(rate, abs=0.03)


def test_talks_and_wrap_ups_have_the_mean_that_was_measured():
    talks = [p.talk_s for p in people_at(700.0) if p.outcome is Answer.LIVE]
    assert fmean(talks) == pytest.approx(40.0, rel=0.06)
    population = PeopleOfAnHour(1, PEOPLE, LEARNED, begins_s=600.0)
    wraps = [population.wrap_up_s(str(i), 1, 0.0) for i in range(4000)]
    assert fmean(wraps) == pytest.approx(10.0, rel=0.06)


def test_a_seed_draws_the_same_people_and_another_seed_others():
    assert people_at(700.0, 50) == people_at(700.0, 50)
    assert people_at(700.0, 50) != people_at(700.0, 50, seed=2)


@pytest.fixture(scope="module")
def bold():
    """The hour at three percent."""
    return play(HOUR, 0.03, 1)


def test_a_lower_target_abandons_fewer_and_lets_agents_wait_longer(bold):
    careful = play(HOUR, 0.002, 1)
    assert careful.n_abandoned < bold.n_abandoned
    assert careful.wait_s > bold.wait_s
    assert careful.talk_share < bold.talk_share
    assert careful.n_calls < bold.n_calls


def test_the_lines_of_the_campaign_hold_in_the_played_hour_too(bold):
    """Four lines for ten agents: at most four can talk."""
    tight = play(replace(HOUR, max_lines=4), 0.03, 1)
    assert tight.talk_share <= 0.4
    assert tight.n_calls < bold.n_calls


def test_machines_are_taken_out_of_the_live_answers(bold):
    with_machines = play(replace(HOUR, machine_share=0.5), 0.03, 1)
    served = with_machines.n_live - with_machines.n_abandoned
    assert served == pytest.approx((bold.n_live - bold.n_abandoned) / 2, rel=0.2)
