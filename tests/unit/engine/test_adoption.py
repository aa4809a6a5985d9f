import pytest
from floor import Bench, lead, only

from dialer.engine.dialing import REAP_AFTER_S
from dialer.model.agent import AgentState, PhoneState
from dialer.model.call import CallState
from dialer.model.commands import CallAgent, CloseAttempt, HangUpLeg, PlayNotice
from dialer.model.events import (
    AgentAdopted,
    AgentAskedReady,
    AgentDisposed,
    CallAdopted,
    HistoryRead,
    LegAnswered,
    LegEnded,
)
from dialer.model.outcome import Outcome


@pytest.fixture
def bench():
    made = Bench()
    made.do(HistoryRead(1, 97, 3))
    return made


def agent(**changes):
    facts = {"leg_id": "phone", "was_ready": True} | changes
    return AgentAdopted(1, 1, "Awa", "1001", "n1", **facts)


def call(state, *, is_live=True, **changes):
    facts = {"dialed_ago_s": 10.0} | changes
    return CallAdopted("t1", "customer", 1, lead(5), "n1", state, is_live, **facts)


TALK = {"answered_ago_s": 60.0, "bridged_ago_s": 59.0, "agent_id": 1, "dialed_ago_s": 70.0}


def closing(bench):
    (found,) = bench.all(CloseAttempt)
    return found


# --- agents ---------------------------------------------------------------------------------------


def test_an_agent_whose_phone_still_stands_goes_on(bench):
    commands = bench.do(agent())
    assert only(CallAgent, commands) == []
    assert (bench.agent(1).state, bench.agent(1).is_free) == (AgentState.READY, True)
    assert bench.floor.agents.of_leg("phone") is bench.agent(1)


def test_an_agent_whose_phone_is_gone_is_called_back(bench):
    (made,) = only(CallAgent, bench.do(agent(leg_id=None)))
    assert made.phone_address == "1001"
    assert bench.agent(1).phone is PhoneState.CALLING


def test_a_pause_and_an_owed_disposition_are_taken_over(bench):
    bench.do(agent(was_ready=False, pause_code="WRAP_UP_OVERRUN", attempt_id="t0"))
    bench.do(AgentAskedReady(1))
    assert bench.agent(1).state is AgentState.PAUSED
    bench.do(AgentDisposed(1, "t0", False))
    assert bench.agent(1).state is AgentState.READY


def test_nobody_is_adopted_twice(bench):
    bench.do(agent(), call(CallState.RINGING))
    assert bench.do(agent(), call(CallState.RINGING)) == []
    assert (len(bench.floor.agents), len(bench.floor.calls)) == (1, 1)


# --- calls ----------------------------------------------------------------------------------------


def test_a_ringing_call_goes_on_and_is_served(bench):
    bench.do(agent(), call(CallState.RINGING))
    bench.do(LegAnswered("customer"))
    bench.bridge()
    assert bench.agent(1).state is AgentState.TALKING
    assert bench.floor.ledger.n_served == 98


def test_a_ringing_call_keeps_what_is_left_of_its_time(bench):
    bench.do(call(CallState.RINGING, dialed_ago_s=20.0))
    assert only(HangUpLeg, bench.wait(5.0 + REAP_AFTER_S - 0.1)) == []
    assert only(HangUpLeg, bench.wait(0.2)) == [HangUpLeg("n1", "customer", "NO_ANSWER")]


def test_a_caller_who_waits_for_nobody_hears_the_notice(bench):
    bench.do(call(CallState.WAITING, answered_ago_s=30.0))
    assert only(PlayNotice, bench.wait(2.1)) == [PlayNotice("n1", "customer", "safe_harbour_fr")]
    assert bench.floor.ledger.n_abandoned == 4


def test_a_conversation_goes_on_with_its_agent_and_counts_as_served(bench):
    bench.do(agent(was_ready=False, pause_code="LUNCH"), call(CallState.CONNECTED, **TALK))
    assert (bench.agent(1).state, bench.agent(1).attempt_id) == (AgentState.TALKING, "t1")
    assert (bench.floor.ledger.n_served, bench.floor.ledger.n_abandoned) == (98, 3)
    bench.do(LegEnded("customer", "NORMAL_CLEARING", 200))
    close = closing(bench)
    assert (close.outcome, close.agent_id) == (Outcome.HANDLED, 1)
    assert (close.is_live_answer, close.is_abandoned) == (True, False)
    bench.do(AgentDisposed(1, "t1", is_machine=True))
    assert bench.floor.ledger.n_served == 97
    assert (bench.agent(1).state, bench.agent(1).pause_code) == (AgentState.READY, "")


def test_a_conversation_that_began_too_late_counts_as_abandoned(bench):
    late = TALK | {"answered_ago_s": 60.0, "bridged_ago_s": 55.0}
    bench.do(agent(), call(CallState.CONNECTED, **late))
    assert (bench.floor.ledger.n_served, bench.floor.ledger.n_abandoned) == (97, 4)
    bench.do(LegEnded("customer", "NORMAL_CLEARING", 200))
    assert closing(bench).is_abandoned


def test_a_conversation_that_ended_meanwhile_waits_for_its_disposition(bench):
    bench.do(agent(was_ready=False), call(CallState.CONNECTED, is_live=False, **TALK))
    assert closing(bench).outcome is Outcome.HANDLED
    assert (bench.agent(1).state, bench.agent(1).attempt_id) == (AgentState.WRAP_UP, "t1")


def test_a_conversation_without_its_agent_is_closed_as_handled(bench):
    bench.do(call(CallState.CONNECTED, is_live=False, **TALK))
    assert closing(bench).outcome is Outcome.HANDLED


def test_a_person_who_waited_for_no_controller_was_abandoned(bench):
    bench.do(call(CallState.WAITING, is_live=False, answered_ago_s=30.0))
    close = closing(bench)
    assert (close.outcome, close.is_abandoned) == (Outcome.ABANDONED, True)
    assert bench.floor.ledger.n_abandoned == 4


@pytest.mark.parametrize("state", [CallState.DIALING, CallState.RINGING])
def test_a_call_that_nobody_knows_any_more_is_lost(bench, state):
    bench.do(call(state, is_live=False))
    assert closing(bench).outcome is Outcome.LOST
    assert len(bench.floor.calls) == 0
