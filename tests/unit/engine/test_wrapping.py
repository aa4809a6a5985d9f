import pytest
from floor import Bench, lead, only

from dialer.engine.wrapping import OVERRUN_CODE
from dialer.model.agent import AgentState
from dialer.model.commands import BridgeLegs, NoteAgent
from dialer.model.events import (
    AgentAskedPause,
    AgentAskedReady,
    AgentDisposed,
    LegAnswered,
    LegEnded,
)


@pytest.fixture
def bench():
    return Bench()


def wrapping(bench):
    """One agent in wrap-up."""
    call, _ = bench.talk(1)
    bench.wait(30.0)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING", 200))
    return call


def test_the_end_of_the_talk_is_wrap_up_until_the_disposition(bench):
    call = wrapping(bench)
    assert (bench.agent(1).state, bench.agent(1).attempt_id) == (
        AgentState.WRAP_UP, call.attempt_id,
    )  # fmt: skip
    commands = bench.do(AgentDisposed(1, call.attempt_id, False))
    assert only(NoteAgent, commands)[-1].state is AgentState.READY
    assert bench.agent(1).attempt_id is None


def test_a_disposition_may_end_in_a_pause(bench):
    call = wrapping(bench)
    bench.do(AgentDisposed(1, call.attempt_id, False, is_ready_after=False))
    assert bench.agent(1).state is AgentState.PAUSED


@pytest.mark.parametrize(
    ("ready_after", "then"), [(True, AgentState.READY), (False, AgentState.PAUSED)]
)
def test_a_disposition_during_the_call_ends_wrap_up_at_once(bench, ready_after, then):
    call, _ = bench.talk(1)
    bench.do(AgentDisposed(1, call.attempt_id, False, ready_after))
    assert bench.agent(1).state is AgentState.TALKING
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert bench.agent(1).state is then


def test_an_early_disposition_does_not_speak_for_the_next_call(bench):
    call, _ = bench.talk(1)
    bench.do(AgentDisposed(1, call.attempt_id, False), LegEnded(call.leg_id, "NORMAL_CLEARING"))
    bench.stock(lead(8))
    after = bench.dial(answered=True)
    bench.bridge()
    bench.do(LegEnded(after.leg_id, "NORMAL_CLEARING"))
    assert bench.agent(1).state is AgentState.WRAP_UP


def test_wrap_up_that_lasts_too_long_is_a_pause_with_its_own_code(bench):
    wrapping(bench)
    bench.wait(59.9)
    assert bench.agent(1).state is AgentState.WRAP_UP
    bench.wait(0.2)
    assert (bench.agent(1).state, bench.agent(1).pause_code) == (AgentState.PAUSED, OVERRUN_CODE)


def test_an_owed_disposition_keeps_the_agent_from_ready(bench):
    call = wrapping(bench)
    bench.wait(60.1)
    bench.do(AgentAskedReady(1))
    bench.do(AgentAskedPause(1, "LUNCH"), AgentAskedReady(1))
    assert bench.agent(1).state is AgentState.PAUSED
    bench.do(AgentDisposed(1, call.attempt_id, False))
    assert (bench.agent(1).state, bench.agent(1).pause_code) == (AgentState.READY, "")


def test_a_late_disposition_may_keep_the_pause(bench):
    call = wrapping(bench)
    bench.wait(60.1)
    bench.do(AgentDisposed(1, call.attempt_id, False, is_ready_after=False))
    assert (bench.agent(1).state, bench.agent(1).attempt_id) == (AgentState.PAUSED, None)
    bench.do(AgentAskedReady(1))
    assert bench.agent(1).state is AgentState.READY


def test_the_overrun_of_one_call_does_not_end_the_wrap_up_of_the_next(bench):
    first = wrapping(bench)
    bench.wait(40.0)
    bench.do(AgentDisposed(1, first.attempt_id, False))
    bench.stock(lead(8))
    second = bench.dial(answered=True)
    bench.bridge()
    bench.do(LegEnded(second.leg_id, "NORMAL_CLEARING"))
    bench.wait(30.0)
    assert bench.agent(1).state is AgentState.WRAP_UP


def test_a_machine_found_corrects_the_ledger_once(bench):
    bench.floor.ledger.recall(10, 0)
    call, _ = bench.talk(1)
    assert bench.floor.ledger.n_served == 11
    bench.do(AgentDisposed(1, call.attempt_id, is_machine=True))
    bench.do(AgentDisposed(1, call.attempt_id, is_machine=True))
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    bench.do(AgentDisposed(1, call.attempt_id, is_machine=True))
    assert bench.floor.ledger.n_served == 10


def test_each_machine_found_corrects_the_ledger(bench):
    bench.seat(1)
    for i in range(3):
        bench.stock(lead(20 + i))
        call = bench.dial(answered=True)
        bench.bridge()
        bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
        bench.do(AgentDisposed(1, call.attempt_id, is_machine=True))
    assert bench.floor.ledger.n_live == 0


def test_an_amendment_of_an_earlier_attempt_moves_nothing(bench):
    first = wrapping(bench)
    bench.do(AgentDisposed(1, first.attempt_id, False))
    assert bench.do(AgentDisposed(1, first.attempt_id, True)) == []
    assert bench.floor.ledger.n_served == 1


def test_the_end_of_wrap_up_takes_the_caller_who_waits(bench):
    first = wrapping(bench)
    bench.seat(2)
    bench.stock(lead(9))
    waiting = bench.dial(ringing=True)
    bench.do(AgentAskedPause(2, "LUNCH"), LegAnswered(waiting.leg_id))
    commands = bench.do(AgentDisposed(1, first.attempt_id, False))
    assert [bridge.customer_leg_id for bridge in only(BridgeLegs, commands)] == [waiting.leg_id]


def test_talk_and_wrap_up_are_learnt_from(bench):
    learned = bench.floor.pacing.learned
    call = wrapping(bench)
    assert learned.n_talks == 1
    assert learned.talks.events[7] > 1.0  # a talk of 30 s, in the bin of 28 to 32 s
    bench.wait(5.0)
    before = learned.wraps.events[5]
    bench.do(AgentDisposed(1, call.attempt_id, False))
    assert learned.wraps.events[5] > before + 0.9
