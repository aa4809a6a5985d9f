"""A customer goes from one agent to another and is never without somebody responsible."""

import pytest
from floor import Bench, only

from dialer.engine.answering import BRIDGE_LIMIT_S
from dialer.model.agent import AgentState
from dialer.model.call import CallState
from dialer.model.commands import BridgeLegs, CloseAttempt, MuteLeg, NoteAgent, NoteAttempt, PopLead
from dialer.model.events import (
    AgentAskedHold,
    AgentAskedMute,
    AgentAskedPause,
    AgentDisposed,
    AgentLoggedOut,
    AgentTransferred,
    BridgeFailed,
    LegEnded,
    LegParked,
)
from dialer.model.third import Refused


@pytest.fixture
def bench():
    return Bench()


@pytest.fixture
def talk(bench):
    """Agent 1 in conversation, agent 2 free: the customer's call and agent 2's phone."""
    call, _ = bench.talk(1)
    return call, bench.seat(2)


def test_the_other_agent_gets_call_and_lead_and_the_giver_is_ready(bench, talk):
    call, phone = talk
    commands = bench.do(AgentTransferred(1, call.attempt_id, 2))
    assert only(BridgeLegs, commands) == [BridgeLegs("n1", call.leg_id, phone)]
    assert [pop.agent_id for pop in only(PopLead, commands)] == [2]
    assert bench.agent(1).state is AgentState.READY and bench.agent(1).attempt_id is None
    bench.bridge()
    assert bench.agent(2).state is AgentState.TALKING
    assert only(NoteAttempt, bench.sent)[-1].agent_id == 2
    (close,) = only(CloseAttempt, bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING")))
    assert close.agent_id == 2
    assert (bench.agent(1).state, bench.agent(2).state) == (AgentState.READY, AgentState.WRAP_UP)


def test_a_customer_on_hold_is_given_over_too(bench, talk):
    call, phone = talk
    bench.do(AgentAskedHold(1, call.attempt_id, True), LegParked(call.leg_id))
    commands = bench.do(AgentTransferred(1, call.attempt_id, 2))
    assert only(BridgeLegs, commands) == [BridgeLegs("n1", call.leg_id, phone)]


@pytest.mark.parametrize("to", [1, 3, 99])
def test_to_nobody_who_is_free_nothing_changes(bench, talk, to):
    call, _ = talk
    bench.log_in(3)  # paused
    (told,) = bench.do(AgentTransferred(1, call.attempt_id, to))
    assert isinstance(told, NoteAgent) and told.refused == Refused.NOT_FREE
    assert bench.agent(1).state is AgentState.TALKING


def test_a_late_press_or_another_agents_changes_nothing(bench, talk):
    call, _ = talk
    assert bench.do(AgentTransferred(2, call.attempt_id, 1)) == []
    assert bench.do(AgentTransferred(1, "another", 2)) == []


def test_a_bridge_that_fails_gives_the_customer_to_whoever_is_free(bench, talk):
    call, phone = talk
    bench.do(AgentTransferred(1, call.attempt_id, 2), BridgeFailed(call.leg_id, phone, "no"))
    assert len(only(BridgeLegs, bench.wait(0.4))) == 1
    assert bench.floor.calls.of_attempt(call.attempt_id).state is CallState.CONNECTING


def test_a_bridge_that_is_never_confirmed_does_not_lose_the_customer(bench, talk):
    call, _ = talk
    bench.do(AgentTransferred(1, call.attempt_id, 2))
    assert len(only(BridgeLegs, bench.wait(BRIDGE_LIMIT_S + 0.4))) >= 1


def test_what_the_giver_asked_for_meanwhile_holds(bench, talk):
    call, _ = talk
    bench.do(AgentAskedPause(1, "LUNCH"), AgentTransferred(1, call.attempt_id, 2))
    assert (bench.agent(1).state, bench.agent(1).pause_code) == (AgentState.PAUSED, "LUNCH")


def test_a_giver_who_leaves_is_gone(bench, talk):
    call, _ = talk
    bench.do(AgentLoggedOut(1), AgentTransferred(1, call.attempt_id, 2))
    assert bench.floor.agents.get(1) is None
    assert bench.agent(2).state is AgentState.RESERVED


def test_a_muted_giver_is_heard_again(bench, talk):
    call, _ = talk
    bench.do(AgentAskedMute(1, call.attempt_id, True))
    commands = bench.do(AgentTransferred(1, call.attempt_id, 2))
    assert [mute.is_on for mute in only(MuteLeg, commands)] == [False]


def test_a_machine_is_taken_out_of_the_laws_count_once_whoever_says_so(bench):
    call, _ = bench.talk(1)
    served = bench.floor.ledger.n_served
    bench.do(AgentDisposed(1, call.attempt_id, is_machine=True))
    bench.seat(2)
    bench.do(AgentTransferred(1, call.attempt_id, 2))
    bench.bridge()
    before = bench.floor.ledger.n_served
    assert before == served - 1
    bench.do(AgentDisposed(2, call.attempt_id, is_machine=True))
    assert bench.floor.ledger.n_served == before
