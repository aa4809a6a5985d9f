from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.policy.tail import EXACT_UP_TO, ROOM, Tail

chance = st.floats(0.0, 1.0)
NOBODY = np.zeros((0, 1))


def tail_of(chances, n_agents, *, exact_up_to=EXACT_UP_TO, rate_error=0.0, hazard_error=0.0):
    column = np.array(chances, dtype=float).reshape(-1, 1)
    expected = column.sum(axis=0)
    return Tail(column, n_agents, exact_up_to, expected, rate_error, hazard_error)


def brute_force(chances, n_agents):
    """P(Y >= A), every way the tosses can fall."""
    return sum(
        prod(p if hit else 1 - p for p, hit in zip(chances, falls, strict=True))
        for falls in product((0, 1), repeat=len(chances))
        if sum(falls) >= n_agents
    )


@given(st.lists(chance, max_size=9), st.integers(0, 10))
def test_the_exact_sum_is_exact(chances, n_agents):
    assert tail_of(chances, n_agents).risk() == pytest.approx(
        brute_force(chances, n_agents), abs=1e-9
    )


@given(st.lists(chance, max_size=8), st.lists(chance, max_size=4), st.integers(0, 10))
def test_tosses_added_later_count_as_those_from_the_start(first, later, n_agents):
    grown = tail_of(first, n_agents)
    for one in later:
        grown.add(np.array([one]))
    assert grown.risk() == pytest.approx(tail_of(first + later, n_agents).risk(), abs=1e-9)


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=80), st.floats(0.0, 1.0))
def test_one_more_call_never_lowers_the_risk_while_the_sum_is_exact(chances, one_more):
    tail = tail_of(chances[:50], 20)
    before = tail.risk()
    tail.add(np.array([one_more]))
    assert tail.risk() >= before - 1e-9


@pytest.mark.parametrize("busy", [0.6, 0.8, 0.9])
def test_the_refined_normal_is_near_the_exact_sum_at_fifty_agents(busy):
    """50 agents, most of them busy soon after, and thirty ringing calls."""
    chances = [busy] * 50 + [0.2] * 30
    exact = tail_of(chances, 50, exact_up_to=100)
    normal = tail_of(chances, 50, exact_up_to=0)
    assert exact.is_exact and not normal.is_exact
    assert normal.risk() == pytest.approx(exact.risk(), abs=0.004)


def test_the_sum_turns_from_exact_to_normal_without_a_step():
    tail = tail_of([0.5] * 60, 36)
    for _ in range(ROOM):
        tail.add(np.array([0.0]))
    before = tail.risk()
    assert tail.is_exact
    tail.add(np.array([0.0]))
    assert not tail.is_exact
    assert tail.risk() == pytest.approx(before, abs=0.002)


@pytest.mark.parametrize("exact_up_to", [0, 100])
def test_doubt_in_the_estimates_raises_a_small_risk(exact_up_to):
    chances = [0.5] * 30
    sure = tail_of(chances, 22, exact_up_to=exact_up_to)
    unsure = tail_of(chances, 22, exact_up_to=exact_up_to, rate_error=0.02, hazard_error=2.0)
    assert unsure.risk() > sure.risk() + 0.01


def test_without_agents_every_answer_is_lost():
    assert tail_of([0.3], 0).risk() == 1.0
    assert tail_of([], 0).risk() == 1.0


def test_with_idle_agents_and_no_calls_nothing_is_lost():
    assert tail_of([0.0] * 5, 5).risk() == 0.0
    assert Tail(np.zeros((5, 3)), 5, EXACT_UP_TO, np.zeros(3), 0.0, 0.0).risk() == 0.0


def test_the_risk_is_the_mean_over_the_horizons():
    both = Tail(np.array([[0.2, 0.6]]), 1, EXACT_UP_TO, np.zeros(2), 0.0, 0.0)
    assert both.risk() == pytest.approx(0.4)
