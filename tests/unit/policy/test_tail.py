from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.policy.tail import EXACT_UP_TO, Doubt, Standing, risks

chance = st.floats(0.0, 1.0)


def risks_of(chances, n_agents, more=(), *, exact_up_to=EXACT_UP_TO, **doubt):
    """At one horizon."""
    row = np.array([chances], dtype=float)
    further = np.array([more], dtype=float)
    doubt_of_them = Doubt(row.sum(axis=1), **doubt)
    return risks(Standing(row), further, n_agents, doubt_of_them, exact_up_to)


def risk_of(chances, n_agents, **options):
    return risks_of(chances, n_agents, **options)[0]


def brute_force(chances, n_agents):
    """P(Y >= A), every way the tosses can fall."""
    return sum(
        prod(p if hit else 1 - p for p, hit in zip(chances, falls, strict=True))
        for falls in product((0, 1), repeat=len(chances))
        if sum(falls) >= n_agents
    )


@given(st.lists(chance, max_size=9), st.integers(0, 10))
def test_the_exact_sum_is_exact(chances, n_agents):
    assert risk_of(chances, n_agents) == pytest.approx(brute_force(chances, n_agents), abs=1e-9)


@given(st.lists(chance, max_size=8), st.lists(chance, max_size=4), st.integers(0, 14))
def test_tosses_added_in_turn_count_as_those_that_stand(first, more, n_agents):
    found = risks_of(first, n_agents, more)
    alone = [risk_of(first + more[:n], n_agents) for n in range(len(more) + 1)]
    assert list(found) == pytest.approx(alone, abs=1e-9)


@given(st.lists(st.floats(0.01, 0.99), max_size=80), st.lists(chance, max_size=20))
def test_one_more_call_never_lowers_the_risk_while_the_sum_is_exact(chances, more):
    assert np.all(np.diff(risks_of(chances, 20, more)) >= -1e-9)


@pytest.mark.parametrize("busy", [0.6, 0.8, 0.9])
def test_the_refined_normal_is_near_the_exact_sum_at_fifty_agents(busy):
    """50 agents, most of them busy soon after, and thirty ringing calls, five of them new."""
    chances, more = [busy] * 50 + [0.2] * 25, [0.2] * 5
    exact = risks_of(chances, 50, more, exact_up_to=100)
    normal = risks_of(chances, 50, more, exact_up_to=0)
    assert list(normal) == pytest.approx(list(exact), abs=0.004)
    assert list(normal) != list(exact)


@pytest.mark.parametrize("exact_up_to", [0, 100])
def test_doubt_in_the_estimates_raises_a_small_risk(exact_up_to):
    chances = [0.5] * 30
    sure = risk_of(chances, 22, exact_up_to=exact_up_to)
    unsure = risk_of(chances, 22, exact_up_to=exact_up_to, rate_error=0.02, hazard_error=2.0)
    assert unsure > sure + 0.01


def test_doubt_in_the_rate_grows_with_the_answers_expected():
    """The same error of the answer rate weighs more, the more calls share it."""
    sure = risks_of([0.5] * 20, 30, [0.25] * 30, exact_up_to=0)
    unsure = risks_of([0.5] * 20, 30, [0.25] * 30, exact_up_to=0, rate_error=0.02)
    assert np.all(np.diff(unsure - sure)[5:] > 0)


@given(st.lists(chance, max_size=8), st.integers(0, 4), st.integers(0, 4), st.integers(1, 10))
def test_what_is_certain_may_be_counted_or_tossed(chances, n_idle, n_sure, n_agents):
    for exact_up_to in (0, 100):
        tossed = risk_of(
            chances + [0.0] * n_idle + [1.0] * n_sure, n_agents, exact_up_to=exact_up_to
        )
        row = np.array([chances], dtype=float)
        counted = risks(
            Standing(row, n_idle, n_sure), np.zeros((1, 0)), n_agents,
            Doubt(row.sum(axis=1)), exact_up_to,
        )  # fmt: skip
        assert counted == pytest.approx([tossed], abs=1e-9)


@pytest.mark.parametrize("n_agents", [0, -1])
def test_without_agents_every_answer_is_lost(n_agents):
    assert list(risks_of([0.3], n_agents, [0.1])) == [1.0, 1.0]
    assert risk_of([], n_agents) == 1.0


def test_with_idle_agents_and_no_calls_nothing_is_lost():
    assert risk_of([0.0] * 5, 5) == 0.0
    idle = Standing(np.zeros((3, 0)), n_idle=5)
    assert risks(idle, np.zeros((3, 0)), 5, Doubt(np.zeros(3)), EXACT_UP_TO) == [0.0]


def test_the_risk_is_the_mean_over_the_horizons():
    standing = Standing(np.array([[0.2], [0.6]]))
    both = risks(standing, np.zeros((2, 0)), 1, Doubt(np.zeros(2)), EXACT_UP_TO)
    assert both == pytest.approx([0.4])
