"""Campaigns that share agents: one risk for the pool, a part of it for each."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.model.campaign import PacingMode
from dialer.policy.abandon import Ledger
from dialer.policy.guards import Throttle
from dialer.policy.outlook import PacingState
from dialer.policy.pacing import PacingRules, decide
from dialer.policy.picture import Crew, InFlight, Picture, Seat
from dialer.policy.shared_pacing import Share, decide_together
from dialer.policy.statistics import Learned

NOW = 100.0
PREDICTIVE = PacingRules(PacingMode.PREDICTIVE, 1.5, 6.0)


def picture(agents, owners, mine, ringing=(), **changes):
    """The pool as campaign `mine` sees it: agents by (seat, age), and whom each works for."""
    crew = replace(Crew.of(NOW, agents), is_own=np.array([o == mine for o in owners], dtype=bool))
    roomy = Picture(
        NOW, crew, InFlight.of(NOW, ringing), n_waiting=0, n_leads=10_000,
        n_lines_left=10_000, n_calls_allowed=10_000, patience_s=2.0,
    )  # fmt: skip
    return replace(roomy, **changes)


def share(seen, served=0, abandoned=0, rate=0.25, target=0.028, weight=1.0, rules=PREDICTIVE):
    ledger = Ledger(target)
    ledger.recall(served, abandoned)
    return Share(seen, PacingState(Learned.prior(25.0, rate), ledger), rules, weight)


def two(agents, owners, first=None, second=None, **of_first):
    return [
        share(picture(agents, owners, 1, **first or {}), **of_first),
        share(picture(agents, owners, 2, **second or {})),
    ]


def placed(shares):
    return [decision.n_calls for decision in decide_together(shares)]


def settled(shares):
    """Calls of each when a floor that stands still is decided on until nothing more is due."""
    counts = [0] * len(shares)
    for _ in range(200):
        for each in shares:
            each.state.throttle = Throttle()  # as if time had passed
        more = placed(shares)
        if not any(more):
            return counts
        counts = [count + n for count, n in zip(counts, more, strict=True)]
        shares = [with_more(each, n) for each, n in zip(shares, more, strict=True)]
    raise AssertionError("a floor that stands still was dialled without end")


def with_more(each, n_calls):
    """The campaign with so many more calls, just dialled."""
    ages = [*(NOW - each.picture.in_flight.dialed_at), *[0.0] * n_calls]
    left = each.picture.n_leads - n_calls
    seen = replace(each.picture, in_flight=InFlight.of(NOW, ages), n_leads=left)
    return replace(each, picture=seen)


def floor_of(n_free, n_talking):
    agents = [(Seat.FREE, 5.0)] * n_free + [(Seat.TALKING, 60.0)] * n_talking
    return agents, [1 + i % 2 for i in range(len(agents))]


@given(st.integers(0, 15), st.integers(0, 15), st.lists(st.floats(0, 24), max_size=20))
@settings(max_examples=60, deadline=None)
def test_alone_in_its_pool_a_campaign_is_paced_as_ever(n_free, n_talking, ringing):
    agents, _ = floor_of(n_free, n_talking)
    seen = picture(agents, [1] * len(agents), 1, ringing)
    one = share(seen, served=300, abandoned=5)
    other = share(seen, served=300, abandoned=5)
    assert placed([one]) == [decide(other.picture, other.state, other.rules).n_calls]


@given(st.integers(0, 12), st.integers(4, 12), st.lists(st.floats(0, 24), max_size=12))
@settings(max_examples=60, deadline=None)
def test_nobody_whom_the_risk_stopped_stopped_short_of_it(n_free, n_busy, rings):
    agents, owners = floor_of(n_free, n_busy)
    half = len(rings) // 2
    first, second = {"ringing": rings[:half]}, {"ringing": rings[half:]}
    views = [
        decision.view
        for decision in decide_together(two(agents, owners, first, second, served=60, abandoned=2))
    ]
    assert all(view.risk > view.theta for view in views if view.limit == "risk")
    assert {view.risk for view in views} == {views[0].risk}, "one risk for the pool"


def test_over_the_risk_nobody_places_anything():
    agents, owners = floor_of(0, 8)
    crowded = two(agents, owners, {"n_waiting": 4}, {"ringing": [8.0] * 12})
    assert placed(crowded) == [0, 0]


def test_calls_go_to_both_by_weight():
    agents, owners = floor_of(20, 0)
    first, second = two(agents, owners)
    n_first, n_second = settled([first, replace(second, weight=2.0)])
    assert n_first + n_second > 20
    assert n_second == pytest.approx(2 * n_first, abs=2)


def test_a_campaign_that_has_its_part_of_the_agents_waits_for_the_other():
    agents = [(Seat.TALKING, 60.0)] * 10 + [(Seat.FREE, 5.0)] * 10
    n_first, n_second = placed(two(agents, [1] * 10 + [2] * 10))
    assert n_second > n_first == 0


def test_a_campaign_that_abandoned_more_than_its_part_stands_back():
    agents, owners = floor_of(6, 10)
    fair = two(agents, owners, served=400, abandoned=11)
    guilty = two(agents, owners, served=390, abandoned=25)
    innocent = share(picture(agents, owners, 2), served=400, abandoned=2)
    assert settled([guilty[0], innocent])[0] < settled(fair)[0]


def test_a_new_campaign_begins_though_the_old_one_has_a_full_bank():
    agents, owners = floor_of(8, 0)
    old = share(picture(agents, owners, 1), served=5000, abandoned=60)
    new = share(picture(agents, owners, 2))
    n_old, n_new = settled([old, new])
    assert n_new >= n_old // 2


def test_waiting_callers_of_one_campaign_hold_the_other_back():
    agents, owners = floor_of(6, 6)
    calm, waiting = two(agents, owners), two(agents, owners, {"n_waiting": 3})
    assert settled(waiting)[1] < settled(calm)[1]


def test_each_keeps_its_own_limits():
    agents, owners = floor_of(20, 0)
    n_first, n_second = settled(two(agents, owners, {"n_leads": 1}))
    assert (n_first, n_second > 20) == (1, True)
    decisions = decide_together(two(agents, owners, {"n_calls_allowed": 0}))
    assert decisions[0].view.limit == "calls_per_s"


def test_a_progressive_campaign_counts_the_calls_of_all():
    agents, owners = floor_of(3, 5)
    progressive = replace(PREDICTIVE, mode=PacingMode.PROGRESSIVE)
    first = share(picture(agents, owners, 1), rules=progressive)
    busy = share(picture(agents, owners, 2, ringing=(1.0, 2.0)), rules=progressive)
    assert placed([first, busy])[0] == 1


def test_without_agents_nobody_dials():
    assert placed(two([], [])) == [0, 0]
