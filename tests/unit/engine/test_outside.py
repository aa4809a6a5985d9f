"""The customer is given to an outside number: on the way, there, back again, and the books."""

import pytest
from floor import only
from third_story import HOTLINE, Story, on_switch, steps, third_bench

from dialer.engine.control import HOLD_MUSIC
from dialer.engine.outside import HANG_UP_RETRY_S, OUTSIDE_LIMIT_S
from dialer.engine.third import JOIN_LIMIT_S
from dialer.model.agent import AgentState
from dialer.model.call import CallState, RecordingState
from dialer.model.campaign import RecordingMode
from dialer.model.commands import (
    BridgeLegs,
    CallOutside,
    CloseAttempt,
    HangUpLeg,
    NoteAttempt,
    ParkLeg,
    PlayNotice,
    PlaySound,
    RecordLeg,
    Step,
)
from dialer.model.events import (
    AgentAskedPause,
    AgentDisposed,
    AgentHandedOver,
    AgentLoggedOut,
    AgentTransferredOut,
    BridgeFailed,
    LegAnswered,
    LegEnded,
    LegParked,
    LegsBridged,
    OriginateFailed,
)
from dialer.model.outcome import Outcome


@pytest.fixture
def bench():
    return third_bench()


@pytest.fixture
def story(bench):
    return Story(bench)


def give_out(bench, story):
    """Agent 1 gives the customer away; the outside leg that is being called."""
    commands = bench.do(AgentTransferredOut(1, story.attempt, HOTLINE.label))
    story.park()
    return only(CallOutside, commands)[0].leg_id


def entrust(bench, story):
    """The customer talks with somebody outside; that leg."""
    leg = give_out(bench, story)
    bench.do(LegAnswered(leg), LegsBridged(story.call.leg_id, leg))
    return leg


# --- on the way ----------------------------------------------------------------------------------


def test_the_customer_hears_music_and_the_giver_fills_in_the_form(bench, story):
    commands = bench.do(AgentTransferredOut(1, story.attempt, HOTLINE.label))
    assert [type(command) for command in on_switch(commands)] == [CallOutside, ParkLeg]
    assert story.states() == (AgentState.WRAP_UP, AgentState.READY)
    assert bench.agent(1).attempt_id == story.attempt
    assert bench.do(LegParked(story.call.leg_id)) == [
        PlaySound("n1", story.call.leg_id, HOLD_MUSIC, is_endless=True)
    ]


def test_somebody_answers_and_the_two_are_joined(bench, story):
    leg = give_out(bench, story)
    assert bench.do(LegAnswered(leg)) == [BridgeLegs("n1", story.call.leg_id, leg)]
    commands = bench.do(LegsBridged(story.call.leg_id, leg))
    assert story.record.state is CallState.OUTSIDE
    assert only(NoteAttempt, commands)[-1].entrusted_at is not None
    assert steps(bench) == [
        (Step.TALK, 1, ""), (Step.ENTRUSTED, None, HOTLINE.label),
        (Step.OUTSIDE, None, HOTLINE.label),
    ]  # fmt: skip


def test_an_originate_that_gave_its_leg_up_to_the_bridge_is_no_failure(bench, story):
    leg = give_out(bench, story)
    bench.do(LegAnswered(leg))
    assert bench.do(OriginateFailed(leg, "ORIGINATOR_CANCEL", is_local=False)) == []
    bench.do(LegsBridged(story.call.leg_id, leg))
    assert story.record.state is CallState.OUTSIDE


# --- nobody there --------------------------------------------------------------------------------


@pytest.fixture
def lost(bench, story):
    """An outside leg that has just failed."""
    return give_out(bench, story)


def test_the_customer_comes_back_to_the_giver_at_his_form(bench, story, lost):
    commands = bench.do(LegEnded(lost, "USER_BUSY", 486, True))
    assert only(BridgeLegs, commands) == [BridgeLegs("n1", story.call.leg_id, story.phone)]
    assert story.states() == (AgentState.RESERVED, AgentState.READY)
    bench.do(LegsBridged(story.call.leg_id, story.phone))
    assert story.states()[0] is AgentState.TALKING
    assert bench.floor.ledger.n_live == 1  # a customer who comes back is no new answer


def test_to_a_giver_who_is_ready_again_too(bench, story, lost):
    bench.do(AgentDisposed(1, story.attempt, is_machine=False))
    bench.do(LegEnded(lost, "NO_ANSWER"))
    assert story.record.agent_id == 1


def test_to_another_agent_when_the_giver_is_on_a_pause(bench, story, lost):
    bench.do(AgentAskedPause(1, "LUNCH"), AgentDisposed(1, story.attempt, is_machine=False))
    commands = bench.do(LegEnded(lost, "NO_ANSWER"))
    assert only(BridgeLegs, commands) == [BridgeLegs("n1", story.call.leg_id, story.other)]


def test_to_another_agent_when_the_giver_is_going_home(bench, story, lost):
    bench.agent(1).is_leaving = True
    bench.do(LegEnded(lost, "NO_ANSWER"))
    assert story.record.agent_id == 2


def test_to_the_notice_when_nobody_is_free_and_no_abandon_is_counted(bench, story, lost):
    bench.do(AgentLoggedOut(1), AgentAskedPause(2, "LUNCH"))
    commands = bench.do(LegEnded(lost, "NO_ANSWER"))
    assert PlaySound("n1", story.call.leg_id, "") in commands  # the notice must be heard
    notice = only(PlayNotice, bench.wait(bench.campaign.answer_limit_s))
    assert [one.leg_id for one in notice] == [story.call.leg_id]
    (close,) = only(CloseAttempt, bench.do(LegEnded(story.call.leg_id, "NORMAL_CLEARING")))
    assert (close.outcome, close.is_abandoned) == (Outcome.HANDLED, False)
    assert bench.floor.ledger.n_abandoned == 0


def test_a_return_to_the_giver_that_fails_goes_on_to_the_next(bench, story, lost):
    bench.do(LegEnded(lost, "NO_ANSWER"))
    bench.do(BridgeFailed(story.call.leg_id, story.phone, "Invalid uuid"))
    bench.wait(0.4)
    assert story.record.state is CallState.CONNECTING


def test_an_answer_that_is_never_joined_is_nobody_there(bench, story, lost):
    bench.do(LegAnswered(lost))
    commands = bench.wait(JOIN_LIMIT_S)
    assert HangUpLeg("n1", lost) in commands
    assert story.record.agent_id == 1


# --- there ---------------------------------------------------------------------------------------


def test_the_call_stays_in_the_books_until_it_ends_and_is_the_givers(bench, story):
    leg = entrust(bench, story)
    entrusted_at = bench.all(NoteAttempt)[-1].entrusted_at
    bench.do(AgentDisposed(1, story.attempt, is_machine=False))
    assert story.states()[0] is AgentState.READY
    bench.wait(120.0)
    assert story.record.state is CallState.OUTSIDE and leg in bench.dispatcher.legs("n1")
    (close,) = only(CloseAttempt, bench.do(LegEnded(story.call.leg_id, "NORMAL_CLEARING")))
    assert (close.agent_id, close.outcome) == (1, Outcome.HANDLED)
    assert close.entrusted_at == pytest.approx(entrusted_at)
    assert close.ended_at - close.entrusted_at >= 120.0
    assert bench.floor.calls.n_outside == 0


def test_the_customer_hangs_up_and_so_does_the_outside_leg(bench, story):
    leg = entrust(bench, story)
    assert HangUpLeg("n1", leg) in bench.do(LegEnded(story.call.leg_id, "NORMAL_CLEARING"))


def test_the_outside_party_hangs_up_and_the_customer_is_not_left_in_silence(bench, story):
    leg = entrust(bench, story)
    commands = bench.do(LegEnded(leg, "NORMAL_CLEARING", 200, True))
    assert on_switch(commands) == [HangUpLeg("n1", story.call.leg_id)]
    assert HangUpLeg("n1", story.call.leg_id) in bench.wait(HANG_UP_RETRY_S)


def test_no_line_stays_open_for_ever(bench, story):
    entrust(bench, story)
    assert HangUpLeg("n1", story.call.leg_id) in bench.wait(OUTSIDE_LIMIT_S)


def test_the_agent_hands_over_after_a_consultation(bench, story):
    leg = story.consult_out()
    commands = bench.do(AgentHandedOver(1, story.attempt))
    assert on_switch(commands) == [BridgeLegs("n1", story.call.leg_id, leg)]
    assert story.states()[0] is AgentState.WRAP_UP
    bench.do(LegsBridged(story.call.leg_id, leg))
    assert story.record.state is CallState.OUTSIDE


def test_the_agent_leaves_the_room_and_the_two_go_on(bench, story):
    leg = story.consult_out()
    story.meet(leg)
    bench.do(AgentHandedOver(1, story.attempt), LegsBridged(story.call.leg_id, leg))
    assert story.record.state is CallState.OUTSIDE


def test_the_agents_phone_dies_in_the_room_and_the_two_go_on(bench, story):
    leg = story.consult_out()
    story.meet(leg)
    commands = bench.do(LegEnded(story.phone, "NORMAL_TEMPORARY_FAILURE"))
    assert BridgeLegs("n1", story.call.leg_id, leg) in commands
    assert story.states()[0] is AgentState.WRAP_UP


def test_a_customer_who_talks_outside_wants_no_agent(bench, story):
    """He is nobody's load, and a free agent is not given to him."""
    entrust(bench, story)
    bench.do(AgentDisposed(1, story.attempt, is_machine=False))
    assert only(BridgeLegs, bench.wait(5.0)) == []


# --- recordings ----------------------------------------------------------------------------------


def test_what_is_said_without_an_agent_is_not_recorded(bench, story):
    bench.configure(recording=RecordingMode.ON_DEMAND)
    story.record.recording = RecordingState.ON
    leg = give_out(bench, story)
    assert [one.action for one in bench.all(RecordLeg)] == ["mask"]
    bench.do(LegEnded(leg, "NO_ANSWER"))
    bench.do(LegsBridged(story.call.leg_id, story.phone))
    assert [one.action for one in bench.all(RecordLeg)] == ["mask", "unmask"]


def test_a_recording_that_the_agent_paused_stays_paused(bench, story):
    bench.configure(recording=RecordingMode.ON_DEMAND)
    story.record.recording = RecordingState.PAUSED
    leg = give_out(bench, story)
    bench.do(LegEnded(leg, "NO_ANSWER"))
    bench.do(LegsBridged(story.call.leg_id, story.phone))
    assert bench.all(RecordLeg) == []
