"""An agent asks a third party: consultation, room of three, hand-over, return, and every loss."""

import pytest
from floor import lead, only
from third_story import HOTLINE, Story, on_switch, shown, steps, third_bench

from dialer.engine.consult import CONSULT_LIMIT_S, RINGBACK
from dialer.engine.control import HOLD_MUSIC
from dialer.engine.third import JOIN_LIMIT_S, OUTSIDE_RING_S, PARK_LIMIT_S, RING_MARGIN_S
from dialer.model.agent import AgentState
from dialer.model.call import CallState
from dialer.model.commands import (
    BridgeLegs,
    CallOutside,
    CloseAttempt,
    HangUpLeg,
    JoinRoom,
    NoteAttempt,
    NoteOutsideCall,
    NoteStep,
    ParkLeg,
    PlaySound,
    PopLead,
    SendDigits,
    Step,
)
from dialer.model.events import (
    AgentAskedHold,
    AgentAskedPause,
    AgentAskedThreeWay,
    AgentConsulted,
    AgentConsultedOut,
    AgentDisposed,
    AgentDroppedMessage,
    AgentHandedOver,
    AgentHungUp,
    AgentLoggedOut,
    AgentReturned,
    AgentSentDigits,
    AgentTransferred,
    AgentTransferredOut,
    BridgeFailed,
    HistoryRead,
    LegAnswered,
    LegEnded,
    LegJoined,
    LegParked,
    LegsBridged,
    NodeRestarted,
    OriginateFailed,
)
from dialer.model.third import Refused


@pytest.fixture
def bench():
    return third_bench()


@pytest.fixture
def story(bench):
    return Story(bench)


# --- a colleague ---------------------------------------------------------------------------------


def test_the_customer_hears_music_and_the_colleague_sees_the_lead(bench, story):
    commands = bench.do(AgentConsulted(1, story.attempt, 2))
    assert on_switch(commands) == [ParkLeg("n1", story.call.leg_id)]
    assert [pop.agent_id for pop in only(PopLead, commands)] == [2]
    assert story.states() == (AgentState.TALKING, AgentState.RESERVED)
    assert on_switch(story.park()) == [
        PlaySound("n1", story.call.leg_id, HOLD_MUSIC, is_endless=True),
        BridgeLegs("n1", story.other, story.phone),
    ]
    commands = bench.do(LegsBridged(story.other, story.phone))
    assert story.states() == (AgentState.TALKING, AgentState.TALKING)
    mine, theirs = shown(commands, 1), shown(commands, 2)
    assert (mine.stage, mine.third, mine.third_name) == ("CONSULTING", "TALKING", "A2")
    assert (theirs.is_consulted, theirs.third_name) == (True, "A1")
    assert not mine.is_consulted


def test_a_customer_on_hold_already_needs_no_second_park(bench, story):
    bench.do(AgentAskedHold(1, story.attempt, True))
    story.park()
    commands = bench.do(AgentConsulted(1, story.attempt, 2))
    assert on_switch(commands) == [BridgeLegs("n1", story.other, story.phone)]


def test_a_park_that_is_not_told_in_time_does_not_hold_the_consultation_up(bench, story):
    bench.do(AgentConsulted(1, story.attempt, 2))
    assert only(BridgeLegs, bench.wait(PARK_LIMIT_S)) == [
        BridgeLegs("n1", story.other, story.phone)
    ]


@pytest.mark.parametrize("to", [1, 3, 99])
def test_nobody_who_is_not_free_is_asked(bench, story, to):
    bench.log_in(3)  # paused
    (told,) = bench.do(AgentConsulted(1, story.attempt, to))
    assert told.refused == Refused.NOT_FREE
    assert story.record.state is CallState.CONNECTED


def test_the_colleague_may_not_act_on_the_call(bench, story):
    story.consult()
    late = [
        AgentAskedHold(2, story.attempt, True), AgentAskedThreeWay(2, story.attempt),
        AgentHandedOver(2, story.attempt), AgentReturned(2, story.attempt),
        AgentConsulted(2, story.attempt, 1), AgentTransferredOut(2, story.attempt, HOTLINE.label),
    ]  # fmt: skip
    assert bench.do(*late) == []


def test_other_ways_of_giving_the_customer_away_wait_for_the_consultation_to_end(bench, story):
    story.consult()
    bench.seat(3)
    others = [
        AgentAskedHold(1, story.attempt, True), AgentTransferred(1, story.attempt, 3),
        AgentTransferredOut(1, story.attempt, HOTLINE.label), AgentConsulted(1, story.attempt, 3),
        AgentDroppedMessage(1, story.attempt),
    ]  # fmt: skip
    assert bench.do(*others) == []
    assert story.record.state is CallState.CONSULTING


def test_the_agent_comes_back_and_the_colleague_is_ready(bench, story):
    story.consult()
    commands = bench.do(AgentReturned(1, story.attempt))
    assert on_switch(commands) == [ParkLeg("n1", story.other)]
    assert story.states() == (AgentState.TALKING, AgentState.READY)
    assert bench.agent(2).attempt_id is None
    story.rejoin()
    assert steps(bench) == [
        (Step.TALK, 1, ""), (Step.CONSULT, 1, "A2"), (Step.TALK, 1, ""),
    ]  # fmt: skip


def test_a_return_whose_park_is_not_told_is_made_all_the_same(bench, story):
    story.consult()
    bench.do(AgentReturned(1, story.attempt))
    assert only(BridgeLegs, bench.wait(PARK_LIMIT_S)) == [
        BridgeLegs("n1", story.call.leg_id, story.phone)
    ]


def test_a_customer_is_not_forgotten_in_a_long_consultation(bench, story):
    story.consult()
    bench.wait(CONSULT_LIMIT_S)
    assert story.record.state is CallState.HELD and story.states()[1] is AgentState.READY


def test_the_colleague_takes_the_customer_over_and_the_giver_is_ready(bench, story):
    story.consult()
    commands = bench.do(AgentHandedOver(1, story.attempt))
    assert only(BridgeLegs, commands) == [BridgeLegs("n1", story.call.leg_id, story.other)]
    assert only(NoteAttempt, commands)[-1].agent_id == 2
    assert story.states() == (AgentState.READY, AgentState.TALKING)
    assert not shown(commands, 2).is_consulted
    bench.do(LegParked(story.phone), LegsBridged(story.call.leg_id, story.other))
    assert story.record.state is CallState.CONNECTED
    (close,) = only(CloseAttempt, bench.do(LegEnded(story.call.leg_id, "NORMAL_CLEARING")))
    assert (close.agent_id, close.is_live_answer, close.is_abandoned) == (2, True, False)
    assert bench.floor.ledger.n_live == 1
    assert story.states() == (AgentState.READY, AgentState.WRAP_UP)
    assert steps(bench)[-1] == (Step.TALK, 2, "")


def test_a_hand_over_whose_bridge_is_not_confirmed_is_asked_for_again(bench, story):
    story.consult()
    bench.do(AgentHandedOver(1, story.attempt))
    assert BridgeLegs("n1", story.call.leg_id, story.other) in bench.wait(3.0)


def test_nothing_is_handed_over_before_the_two_talk(bench, story):
    bench.do(AgentConsulted(1, story.attempt, 2))
    assert bench.do(AgentHandedOver(1, story.attempt), AgentAskedThreeWay(1, story.attempt)) == []


def test_what_the_law_counted_goes_with_the_customer(bench, story):
    bench.do(AgentDisposed(1, story.attempt, is_machine=True))
    before = bench.floor.ledger.n_served
    story.consult()
    bench.do(AgentHandedOver(1, story.attempt), AgentDisposed(2, story.attempt, is_machine=True))
    assert bench.floor.ledger.n_served == before


# --- the room of three ---------------------------------------------------------------------------


def test_all_three_are_brought_into_one_room(bench, story):
    story.consult()
    commands = bench.do(AgentAskedThreeWay(1, story.attempt))
    assert on_switch(commands) == [
        JoinRoom("n1", story.phone, story.attempt, with_partner=True),
        JoinRoom("n1", story.call.leg_id, story.attempt),
    ]
    assert (shown(commands).stage, shown(commands).third) == ("THREE_WAY", "JOINING")
    assert bench.do(LegJoined(story.other), LegJoined(story.phone)) == []
    commands = bench.do(LegJoined(story.call.leg_id))
    assert (shown(commands).third, shown(commands, 2).third) == ("TALKING", "TALKING")
    assert steps(bench)[-1] == (Step.THREE_WAY, 1, "A2")


def test_a_room_that_does_not_come_about_leaves_agent_and_customer_together(bench, story):
    story.consult()
    bench.do(AgentAskedThreeWay(1, story.attempt), LegJoined(story.phone))
    commands = bench.wait(JOIN_LIMIT_S)
    assert on_switch(commands) == [
        ParkLeg("n1", story.other), BridgeLegs("n1", story.call.leg_id, story.phone),
    ]  # fmt: skip


def test_the_agent_leaves_the_room_and_the_other_two_go_on(bench, story):
    story.consult()
    story.meet(story.other)
    commands = bench.do(AgentHandedOver(1, story.attempt))
    assert only(BridgeLegs, commands) == [BridgeLegs("n1", story.call.leg_id, story.other)]
    assert story.states() == (AgentState.READY, AgentState.TALKING)


def test_the_colleague_leaves_the_room_and_the_other_two_go_on(bench, story):
    story.consult()
    story.meet(story.other)
    commands = bench.do(AgentHungUp(2))
    assert on_switch(commands) == [
        ParkLeg("n1", story.other), BridgeLegs("n1", story.call.leg_id, story.phone),
    ]  # fmt: skip
    assert story.states() == (AgentState.TALKING, AgentState.READY)


def test_the_agents_phone_dies_in_the_room_and_the_colleague_has_the_customer(bench, story):
    story.consult()
    story.meet(story.other)
    commands = bench.do(LegEnded(story.phone, "NORMAL_TEMPORARY_FAILURE"))
    assert only(BridgeLegs, commands) == [BridgeLegs("n1", story.call.leg_id, story.other)]
    assert story.record.agent_id == 2
    assert story.states() == (AgentState.READY, AgentState.TALKING)
    assert not bench.agent(1).is_free  # until the phone is called back


def test_the_colleagues_phone_dies_in_the_room_and_the_agent_has_the_customer(bench, story):
    story.consult()
    story.meet(story.other)
    commands = bench.do(LegEnded(story.other, "NORMAL_TEMPORARY_FAILURE"))
    assert on_switch(commands) == [BridgeLegs("n1", story.call.leg_id, story.phone)]


def test_the_customer_leaves_the_room_and_both_agents_are_free_of_him(bench, story):
    story.consult()
    story.meet(story.other)
    bench.do(LegEnded(story.call.leg_id, "NORMAL_CLEARING"))
    assert story.states() == (AgentState.WRAP_UP, AgentState.READY)
    assert bench.agent(2).attempt_id is None


# --- what may be lost in a consultation ----------------------------------------------------------


def test_the_customer_hangs_up_during_the_consultation(bench, story):
    story.consult()
    commands = bench.do(LegEnded(story.call.leg_id, "NORMAL_CLEARING"))
    assert ParkLeg("n1", story.other) in commands  # the two agents do not talk on unseen
    assert story.states() == (AgentState.WRAP_UP, AgentState.READY)
    assert len(bench.floor.calls) == 0


def test_the_customer_hangs_up_while_an_outside_number_rings(bench, story):
    leg = story.call_out()
    commands = bench.do(LegEnded(story.call.leg_id, "NORMAL_CLEARING"))
    assert HangUpLeg("n1", leg) in commands
    assert bench.floor.calls.n_outside == 0


def test_the_colleague_hangs_up(bench, story):
    story.consult()
    bench.do(AgentHungUp(2))
    assert story.states() == (AgentState.TALKING, AgentState.READY)
    story.rejoin()


def test_the_colleagues_phone_dies(bench, story):
    story.consult()
    bench.do(LegEnded(story.other, "NORMAL_TEMPORARY_FAILURE"))
    assert story.states()[1] is AgentState.READY and not bench.agent(2).is_free
    story.rejoin()


def test_the_colleagues_phone_dies_before_the_two_are_joined(bench, story):
    bench.do(AgentConsulted(1, story.attempt, 2))
    commands = bench.do(LegEnded(story.other, "NORMAL_TEMPORARY_FAILURE"))
    assert BridgeLegs("n1", story.call.leg_id, story.phone) in commands


def test_the_colleague_is_not_joined_in_time(bench, story):
    bench.do(AgentConsulted(1, story.attempt, 2))
    story.park()
    bench.wait(JOIN_LIMIT_S)
    assert story.record.state is CallState.HELD and story.states()[1] is AgentState.READY


def test_the_bridge_with_the_colleague_fails(bench, story):
    bench.do(AgentConsulted(1, story.attempt, 2))
    story.park()
    bench.do(BridgeFailed(story.other, story.phone, "Invalid uuid"))
    assert story.record.state is CallState.HELD and story.states()[1] is AgentState.READY


def test_the_agents_phone_dies_and_the_colleague_who_knows_of_it_has_the_customer(bench, story):
    story.consult()
    bench.do(LegEnded(story.phone, "NORMAL_TEMPORARY_FAILURE"))
    assert (story.record.agent_id, story.record.state) == (2, CallState.HELD)
    bench.do(LegsBridged(story.call.leg_id, story.other))
    assert story.record.state is CallState.CONNECTED


def test_the_agents_phone_dies_before_the_colleague_is_there_and_the_customer_waits(bench, story):
    bench.do(AgentConsulted(1, story.attempt, 2))
    commands = bench.do(LegEnded(story.phone, "NORMAL_TEMPORARY_FAILURE"))
    assert PlaySound("n1", story.call.leg_id, "") in commands  # no music over what comes
    assert story.states() == (AgentState.READY, AgentState.READY)
    assert BridgeLegs("n1", story.call.leg_id, story.other) in bench.wait(0.4)


def test_the_agents_phone_dies_while_he_talks_outside_and_the_customer_waits(bench, story):
    leg = story.consult_out()
    commands = bench.do(LegEnded(story.phone, "NORMAL_TEMPORARY_FAILURE"))
    assert HangUpLeg("n1", leg) in commands
    assert story.record.state is CallState.WAITING and story.record.third is None


def test_the_switch_is_lost_and_nothing_is_left(bench, story):
    story.consult_out()
    bench.do(NodeRestarted("n1"))
    assert len(bench.floor.calls) == 0 and bench.floor.calls.n_outside == 0
    assert list(bench.dispatcher.legs()) == []


def test_a_pause_and_a_log_out_asked_for_in_the_consultation_are_taken_after_it(bench, story):
    story.consult()
    bench.do(AgentAskedPause(2, "LUNCH"), AgentReturned(1, story.attempt))
    assert (bench.agent(2).state, bench.agent(2).pause_code) == (AgentState.PAUSED, "LUNCH")


def test_a_colleague_who_leaves_goes_home_after_it(bench, story):
    story.consult()
    bench.do(AgentLoggedOut(2))
    assert story.states()[1] is AgentState.TALKING
    bench.do(AgentReturned(1, story.attempt))
    assert bench.floor.agents.get(2) is None


# --- an outside number ---------------------------------------------------------------------------


def test_only_the_number_of_the_list_is_called(bench, story):
    (asked,) = only(CallOutside, bench.do(AgentConsultedOut(1, story.attempt, "Service client")))
    assert (asked.number, asked.caller_id) == (HOTLINE.number, "+33100000000")
    assert (asked.node, asked.attempt_id) == ("n1", story.attempt)


@pytest.mark.parametrize("typed", ["+33155667788", "+88216123456", "", "service client"])
def test_what_is_no_label_of_the_list_is_never_dialled(bench, story, typed):
    (told,) = bench.do(AgentConsultedOut(1, story.attempt, typed))
    assert told.refused == Refused.UNKNOWN
    (told,) = bench.do(AgentTransferredOut(1, story.attempt, typed))
    assert told.refused == Refused.UNKNOWN


def test_a_destination_that_was_struck_off_is_not_called_any_more(bench, story):
    bench.configure(destinations=())
    (told,) = bench.do(AgentConsultedOut(1, story.attempt, HOTLINE.label))
    assert told.refused == Refused.UNKNOWN


def test_so_many_at_once_and_no_more(bench, story):
    bench.configure(max_outside_legs=1)
    bench.stock(lead(7))
    call = bench.dial(answered=True)
    bench.bridge()  # agent 2 talks too
    story.call_out()
    (told,) = bench.do(AgentConsultedOut(2, call.attempt_id, HOTLINE.label))
    assert told.refused == Refused.TOO_MANY


def test_so_many_in_an_hour_and_no_more(bench, story):
    bench.configure(max_outside_per_h=1)
    leg = story.call_out()
    bench.do(LegEnded(leg, "USER_BUSY"), LegsBridged(story.call.leg_id, story.phone))
    (told,) = bench.do(AgentConsultedOut(1, story.attempt, HOTLINE.label))
    assert told.refused == Refused.TOO_MANY
    bench.now = bench.now.plus(3600.0)
    assert only(CallOutside, bench.do(AgentConsultedOut(1, story.attempt, HOTLINE.label)))


def test_calls_of_an_earlier_run_count_in_their_hour(bench, story):
    bench.configure(max_outside_per_h=2)
    utc = bench.now.utc
    bench.do(HistoryRead(1, 0, 0, outside_at=(utc - 3599.0, utc - 60.0)))
    (told,) = bench.do(AgentConsultedOut(1, story.attempt, HOTLINE.label))
    assert told.refused == Refused.TOO_MANY
    bench.now = bench.now.plus(2.0)
    commands = bench.do(AgentConsultedOut(1, story.attempt, HOTLINE.label))
    (order,) = only(CallOutside, commands)
    noted = NoteOutsideCall(1, story.attempt, order.leg_id, HOTLINE.label, bench.now.utc)
    assert only(NoteOutsideCall, commands) == [noted]


def test_no_line_is_left(bench, story):
    bench.floor.nodes.get("n1").rests_until = bench.now.mono + 60.0
    (told,) = bench.do(AgentConsultedOut(1, story.attempt, HOTLINE.label))
    assert told.refused == Refused.NO_LINE


def test_the_agent_hears_it_ring_and_talks_when_it_answers(bench, story):
    bench.do(AgentConsultedOut(1, story.attempt, HOTLINE.label))
    commands = story.park()
    assert PlaySound("n1", story.phone, RINGBACK, is_endless=True) in commands
    leg = bench.all(CallOutside)[-1].leg_id
    commands = bench.do(LegAnswered(leg))
    assert on_switch(commands) == [BridgeLegs("n1", leg, story.phone)]
    commands = bench.do(LegsBridged(leg, story.phone))
    assert (shown(commands).third, shown(commands).third_name) == ("TALKING", HOTLINE.label)


@pytest.mark.parametrize(
    "news",
    [lambda leg: LegEnded(leg, "USER_BUSY", 486, True), lambda leg: LegEnded(leg, "NO_ANSWER"),
     lambda leg: OriginateFailed(leg, "GATEWAY_DOWN", is_local=True)],
)  # fmt: skip
def test_nobody_there_and_the_agent_is_with_the_customer_again(bench, story, news):
    leg = story.call_out()
    commands = bench.do(news(leg))
    assert on_switch(commands) == [BridgeLegs("n1", story.call.leg_id, story.phone)]
    assert bench.floor.calls.n_outside == 0
    bench.do(LegsBridged(story.call.leg_id, story.phone))
    assert story.record.state is CallState.CONNECTED
    assert bench.all(NoteStep) == []  # nobody else was ever in the call


def test_an_outside_leg_of_which_nothing_is_heard_is_given_up(bench, story):
    leg = story.call_out()
    assert HangUpLeg("n1", leg) in bench.wait(OUTSIDE_RING_S + RING_MARGIN_S)
    assert story.record.state is CallState.HELD


def test_keys_go_to_the_outside_menu_not_to_the_customer(bench, story):
    leg = story.consult_out()
    assert bench.do(AgentSentDigits(1, story.attempt, "2#")) == [SendDigits("n1", leg, "2#")]


def test_the_outside_party_hangs_up_and_the_customer_is_back(bench, story):
    leg = story.consult_out()
    bench.do(LegEnded(leg, "NORMAL_CLEARING", 200, True))
    story.rejoin()


def test_a_trunk_gets_its_call_back(bench, story):
    trunk = bench.floor.nodes.get("n1").trunks[0]
    before = trunk.n_calls
    leg = story.consult_out()
    assert trunk.n_calls == before + 1
    bench.do(LegEnded(leg, "NORMAL_CLEARING"))
    assert trunk.n_calls == before
