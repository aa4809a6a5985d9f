import pytest
from floor import Bench, lead, only

from dialer.engine.control import HOLD_LIMIT_S
from dialer.engine.outside import OUTSIDE_LIMIT_S
from dialer.engine.placing import REAP_AFTER_S
from dialer.model.agent import AgentState, PhoneState
from dialer.model.call import CallState, RecordingState
from dialer.model.campaign import RecordingMode
from dialer.model.commands import (
    BridgeLegs,
    CallAgent,
    CloseAttempt,
    HangUpLeg,
    MuteLeg,
    NoteAgent,
    PlayNotice,
    PopLead,
    RecordLeg,
)
from dialer.model.events import (
    AgentAdopted,
    AgentAskedHold,
    AgentAskedMute,
    AgentAskedReady,
    AgentDisposed,
    CallAdopted,
    HistoryRead,
    LegAnswered,
    LegEnded,
    NodeTrunks,
)
from dialer.model.outcome import Outcome
from dialer.model.trunk import TrunkRules


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


@pytest.mark.parametrize("is_live", [True, False])
def test_the_desk_is_told_again_with_whom_its_agent_talks(bench, is_live):
    """The earlier run may have died after it had bridged and before it showed the lead."""
    commands = bench.do(agent(), call(CallState.CONNECTED, is_live=is_live, **TALK))
    (pop,) = only(PopLead, commands)
    assert (pop.agent_id, pop.attempt_id, pop.lead_id) == (1, "t1", 5)
    states = [note.state for note in only(NoteAgent, commands)]
    first_talk = commands.index(next(n for n in only(NoteAgent, commands) if n.attempt_id == "t1"))
    assert commands.index(pop) < first_talk and AgentState.TALKING in states


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


def test_a_customer_on_hold_stays_there_until_the_agent_comes_back(bench):
    """Nobody else gets him, and nothing is played to him but the music that plays already."""
    bench.seat(2)
    commands = bench.do(agent(was_ready=False, attempt_id="t1"), call(CallState.HELD, **TALK))
    assert (only(BridgeLegs, commands), only(PlayNotice, commands)) == ([], [])
    assert bench.agent(1).state is AgentState.TALKING
    assert only(NoteAgent, commands)[-1].is_held
    (back,) = only(BridgeLegs, bench.do(AgentAskedHold(1, "t1", is_on=False)))
    assert (back.customer_leg_id, back.agent_leg_id) == ("customer", "phone")


def test_a_customer_on_hold_is_not_forgotten_by_a_new_run(bench):
    bench.do(agent(was_ready=False, attempt_id="t1"), call(CallState.HELD, **TALK))
    assert len(only(BridgeLegs, bench.wait(HOLD_LIMIT_S))) == 1


def test_a_muted_agent_is_shown_as_muted_and_may_speak_again(bench):
    talk = agent(was_ready=False, attempt_id="t1", is_muted=True)
    commands = bench.do(talk, call(CallState.CONNECTED, **TALK))
    assert only(NoteAgent, commands)[-1].is_muted
    assert only(MuteLeg, commands) == []
    assert only(MuteLeg, bench.do(AgentAskedMute(1, "t1", is_on=False))) == [
        MuteLeg("n1", "phone", is_on=False)
    ]


def test_a_mute_without_a_conversation_ends(bench):
    """The next customer must hear the agent."""
    assert only(MuteLeg, bench.do(agent(is_muted=True))) == [MuteLeg("n1", "phone", is_on=False)]


@pytest.mark.parametrize("state", [RecordingState.ON, RecordingState.PAUSED])
def test_a_recording_goes_on_as_it_was(bench, state):
    bench.configure(recording=RecordingMode.ALWAYS)
    commands = bench.do(
        agent(was_ready=False, attempt_id="t1"), call(CallState.CONNECTED, recording=state, **TALK)
    )
    assert only(RecordLeg, commands) == []
    assert only(NoteAgent, commands)[-1].recording is state


def test_a_recording_that_nobody_started_is_started(bench):
    """The run before ended between the bridge and it."""
    bench.configure(recording=RecordingMode.ALWAYS)
    commands = bench.do(agent(was_ready=False), call(CallState.CONNECTED, **TALK))
    assert [made.action for made in only(RecordLeg, commands)] == ["start"]


def test_an_adopted_call_occupies_its_trunk_until_it_ends(bench):
    bench.do(NodeTrunks("n1", (TrunkRules("one"), TrunkRules("two", max_calls=1))))
    trunk = bench.floor.nodes.get("n1").trunk("two")
    bench.do(call(CallState.RINGING, trunk="two"))
    assert not trunk.may_take(bench.now.mono)
    bench.do(LegEnded("customer", "USER_BUSY", 486))
    assert trunk.may_take(bench.now.mono)


@pytest.mark.parametrize("state", [CallState.DIALING, CallState.RINGING])
def test_a_call_that_nobody_knows_any_more_is_lost(bench, state):
    bench.do(call(state, is_live=False))
    assert closing(bench).outcome is Outcome.LOST
    assert len(bench.floor.calls) == 0


# --- a third party -------------------------------------------------------------------------------

OUTSIDE = TALK | {"outside_leg_id": "out", "outside_name": "SAV", "entrusted_ago_s": 30.0}


def test_a_customer_who_talks_outside_is_nobodys_and_stays_in_the_books(bench):
    bench.do(agent(), call(CallState.OUTSIDE, **OUTSIDE))
    (found,) = bench.floor.calls
    assert (found.state, found.agent_id) == (CallState.OUTSIDE, None)
    assert bench.agent(1).is_free and bench.floor.calls.n_outside == 1
    assert HangUpLeg("n1", "customer") in bench.do(LegEnded("out", "NORMAL_CLEARING", 200, True))
    bench.do(LegEnded("customer", "NORMAL_CLEARING"))
    end = closing(bench)
    assert (end.outcome, end.agent_id) == (Outcome.HANDLED, 1)
    assert end.ended_at - end.entrusted_at == pytest.approx(30.0)


def test_an_outside_bridge_ends_at_its_limit_whoever_began_it(bench):
    late = OUTSIDE | {"entrusted_ago_s": OUTSIDE_LIMIT_S + 5.0}
    bench.do(call(CallState.OUTSIDE, **late))
    assert HangUpLeg("n1", "customer") in bench.wait(0.0)
