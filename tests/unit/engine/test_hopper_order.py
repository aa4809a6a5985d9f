"""In which order the hopper gives what it was given: by priority, and by the chance to answer."""

from dataclasses import replace

import numpy as np
from floor import Bench, lead

from dialer.engine.hopper import Hopper
from dialer.model.campaign import LeadOrder
from dialer.model.events import LeadsClaimed
from dialer.policy.answer_model import traits_of


def given(hopper, *leads):
    hopper.wants(10, 0.0)
    hopper.fill(leads, 1000.0, 0.0)
    return hopper


def order(hopper):
    return [hopper.pop(0.0).lead_id for _ in range(len(hopper))]


def test_a_lead_of_higher_priority_overtakes_those_that_were_there():
    hopper = given(Hopper(), lead(1), lead(2))
    given(hopper, replace(lead(3), priority=10), lead(4), replace(lead(5), priority=20))
    assert order(hopper) == [3, 5, 1, 2, 4]


def test_the_likeliest_to_answer_comes_first_within_its_priority():
    hopper = given(Hopper(), lead(1), lead(2), lead(3), replace(lead(4), priority=10))
    chances = {4: 0.1, 1: 0.5, 2: 2.0, 3: 1.0}
    hopper.best_first(lambda traits: np.array([chances[n] for n in (4, 1, 2, 3)]), 0.0)
    assert order(hopper) == [4, 2, 3, 1]


def test_equal_chances_and_an_empty_hopper_change_nothing():
    hopper = given(Hopper(), lead(1), lead(2))
    hopper.best_first(lambda traits: np.ones(len(traits)), 0.0)
    assert order(hopper) == [1, 2]
    hopper.best_first(lambda traits: np.ones(len(traits)), 0.0)
    assert len(hopper) == 0


def test_a_campaign_that_calls_the_best_first_ranks_what_was_claimed():
    bench = Bench(lead_order=LeadOrder.BEST)
    seldom, often = lead(1, number="+33111111111"), lead(2, number="+33999999999")
    answers = bench.floor.pacing.learned.answers
    for _ in range(300):
        answers.learn(traits_of(seldom, bench.now.utc), is_answered=False)
        answers.learn(traits_of(often, bench.now.utc), is_answered=True)
    bench.do(LeadsClaimed(1, (seldom, often)))
    assert order(bench.floor.hopper) == [2, 1]
