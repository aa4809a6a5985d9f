"""A switch tells things late, twice, or in another order: the call ends once all the same.

FreeSWITCH stamps events when it makes them, not when it queues them, and may use several threads:
32 of 983 deliveries were out of sequence on a real one.
"""

from floor import Bench, lead
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.engine.dialing import REAP_AFTER_S
from dialer.model.agent import AgentState
from dialer.model.commands import CloseAttempt
from dialer.model.events import (
    AgentDisposed,
    LegAnswered,
    LegEnded,
    LegParked,
    LegRinging,
    LegsBridged,
    OriginateFailed,
)


def story(leg, phone):
    """All that may be told of one call that was answered, and of a leg that is nobody's."""
    return [
        LegRinging(leg),
        LegRinging(leg, has_early_media=True),
        LegAnswered(leg),
        LegParked(leg),
        LegsBridged(leg, phone),
        LegParked(phone),
        LegEnded(leg, "NORMAL_CLEARING", 200),
        OriginateFailed(leg, "NORMAL_CLEARING", is_local=False),
        LegAnswered("nobodys"),
        LegEnded("nobodys", "NORMAL_CLEARING"),
    ]


orders = st.lists(st.integers(0, 9), min_size=1, max_size=20)
pauses = st.lists(st.sampled_from([0.0, 0.0, 0.05, 1.0, 3.0]), min_size=20, max_size=20)


@settings(max_examples=60, deadline=None)
@given(orders, pauses)
def test_any_order_with_repetitions_closes_the_call_once_and_frees_the_agent(order, waits):
    bench = Bench()
    phone = bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial()
    told = story(call.leg_id, phone)
    for i, wait in zip(order, waits, strict=False):
        bench.do(told[i])
        bench.wait(wait)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING", 200))
    bench.wait(call.ring_timeout_s + REAP_AFTER_S)
    assert [close.attempt_id for close in bench.all(CloseAttempt)] == [call.attempt_id]
    assert len(bench.floor.calls) == 0
    agent = bench.agent(1)
    if agent.attempt_id is not None:
        bench.do(AgentDisposed(1, call.attempt_id, is_machine=False))
    assert (bench.agent(1).state, bench.agent(1).attempt_id) == (AgentState.READY, None)


@settings(max_examples=30, deadline=None)
@given(orders)
def test_what_is_told_after_the_end_changes_nothing(order):
    bench = Bench()
    phone = bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial(ringing=True)
    bench.do(LegEnded(call.leg_id, "USER_BUSY", 486))
    late = [one for one in story(call.leg_id, phone)]
    for i in order:
        bench.do(late[i])
    assert len(bench.all(CloseAttempt)) == 1
    assert bench.agent(1).is_free
