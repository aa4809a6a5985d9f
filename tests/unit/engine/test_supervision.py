"""Supervisors on agents' calls: every act, what ends it, and the races between the two."""

from dataclasses import replace

import pytest
from floor import Bench, lead, only

from dialer.engine.overhearing import MAX_FALLS
from dialer.engine.supervisor_phone import (
    CALL_LIMIT_S,
    PARK_WAIT_S,
    STAND_BY_S,
    TAKE_OVER_LIMIT_S,
    TOLD_S,
)
from dialer.model.agent import AgentState
from dialer.model.call import CallState
from dialer.model.commands import (
    BridgeLegs,
    CallSupervisor,
    CloseAttempt,
    HangUpLeg,
    MuteLeg,
    NoteSupervision,
    OverhearLeg,
    ParkLeg,
    SwitchCommand,
)
from dialer.model.events import (
    AgentAskedHold,
    AgentAskedMute,
    AgentDisposed,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
    AgentTransferred,
    BridgeFailed,
    CallAdopted,
    CampaignConfigured,
    CampaignEnded,
    ControlFailed,
    LegAnswered,
    LegEnded,
    LegParked,
    LegsBridged,
    NodeDown,
    NodeRestarted,
    NodeTrunks,
    NodeUp,
    OriginateFailed,
    SupervisionAdopted,
    SupervisorAsked,
    SupervisorStopped,
)
from dialer.model.outcome import NO_CAPACITY, Outcome
from dialer.model.phone import PhoneKind
from dialer.model.supervision import Hearers, Reason, SupervisionMode, SupervisionState
from dialer.model.trunk import TrunkRules

LISTEN, WHISPER = SupervisionMode.LISTEN, SupervisionMode.WHISPER
BARGE, TAKE_OVER = SupervisionMode.BARGE, SupervisionMode.TAKE_OVER
HEARD = {LISTEN: Hearers.NOBODY, WHISPER: Hearers.AGENT, BARGE: Hearers.EVERYBODY}
STATES = {
    LISTEN: SupervisionState.LISTENING,
    WHISPER: SupervisionState.WHISPERING,
    BARGE: SupervisionState.BARGED,
}
SAM = 90


@pytest.fixture
def bench():
    return Bench()


def on_switch(commands):
    return [command for command in commands if isinstance(command, SwitchCommand)]


def ask(bench, call, mode=LISTEN, agent_id=1, supervisor_id=SAM):
    event = SupervisorAsked(
        supervisor_id, agent_id, call.attempt_id, mode, "Sam", f"20{supervisor_id}"
    )
    return bench.do(event)


def pick_up(bench, leg_id):
    return bench.do(LegAnswered(leg_id), LegParked(leg_id))


def hear(bench, call, mode=LISTEN, agent_id=1):
    """A supervisor who hears the conversation; the phone's leg."""
    (called,) = only(CallSupervisor, ask(bench, call, mode, agent_id))
    pick_up(bench, called.leg_id)
    return called.leg_id


def work_of(bench, supervisor_id=SAM):
    return [one for one in bench.floor.supervisions if one.supervisor_id == supervisor_id][-1]


def state_of(bench):
    return work_of(bench).state


def periods(bench):
    return [(note.state, note.attempt_id) for note in bench.all(NoteSupervision)]


# --- hearing -------------------------------------------------------------------------------------


def test_the_phone_is_called_on_the_agents_switch_and_hears_once_it_has_parked(bench):
    call, phone = bench.talk(1)
    (called,) = only(CallSupervisor, ask(bench, call))
    assert (called.supervisor_id, called.node, called.phone_address) == (SAM, "n1", "2090")
    assert bench.do(LegAnswered(called.leg_id)) == []
    commands = bench.do(LegParked(called.leg_id))
    assert on_switch(commands) == [OverhearLeg("n1", called.leg_id, phone, Hearers.NOBODY)]
    assert state_of(bench) is SupervisionState.LISTENING


def test_a_park_that_is_not_told_is_assumed(bench):
    call, phone = bench.talk(1)
    (called,) = only(CallSupervisor, ask(bench, call))
    bench.do(LegAnswered(called.leg_id))
    assert only(OverhearLeg, bench.wait(PARK_WAIT_S)) == [
        OverhearLeg("n1", called.leg_id, phone, Hearers.NOBODY)
    ]


@pytest.mark.parametrize("first", HEARD)
@pytest.mark.parametrize("then", HEARD)
def test_ways_of_hearing_change_at_will(bench, first, then):
    call, phone = bench.talk(1)
    leg_id = hear(bench, call, first)
    assert state_of(bench) is STATES[first]
    assert on_switch(ask(bench, call, then)) == [OverhearLeg("n1", leg_id, phone, HEARD[then])]
    assert state_of(bench) is STATES[then]


def test_the_last_wish_counts_while_the_phone_rings(bench):
    call, phone = bench.talk(1)
    (called,) = only(CallSupervisor, ask(bench, call))
    assert on_switch(ask(bench, call, WHISPER)) == []
    commands = pick_up(bench, called.leg_id)
    assert on_switch(commands) == [OverhearLeg("n1", called.leg_id, phone, Hearers.AGENT)]


def test_who_heard_what_is_noted_with_its_call(bench):
    call, _ = bench.talk(1)
    hear(bench, call)
    ask(bench, call, BARGE)
    bench.do(SupervisorStopped(SAM))
    assert periods(bench) == [
        (state, call.attempt_id) for state in ("CALLING", "LISTENING", "BARGED", "ENDED")
    ]


def test_what_is_done_is_in_the_picture(bench):
    call, _ = bench.talk(1)
    hear(bench, call, WHISPER)
    (shown,) = bench.engine.view(bench.now).supervisions
    assert (shown.supervisor_id, shown.name, shown.agent_id) == (SAM, "Sam", 1)
    assert (shown.state, shown.reason) == (SupervisionState.WHISPERING, None)


def test_two_supervisors_may_hear_the_same_agent(bench):
    call, _ = bench.talk(1)
    hear(bench, call)
    (called,) = only(CallSupervisor, ask(bench, call, supervisor_id=SAM + 1))
    pick_up(bench, called.leg_id)
    states = {one.supervisor_id: one.state for one in bench.floor.supervisions}
    assert states == {SAM: SupervisionState.LISTENING, SAM + 1: SupervisionState.LISTENING}


def test_another_agent_is_heard_with_the_same_leg(bench):
    first, _ = bench.talk(1)
    second, other_phone = bench.talk(2)
    leg_id = hear(bench, first)
    commands = ask(bench, second, agent_id=2)
    assert on_switch(commands) == [OverhearLeg("n1", leg_id, other_phone, Hearers.NOBODY)]
    assert [(note.state, note.attempt_id) for note in only(NoteSupervision, commands)] == [
        ("STANDING_BY", first.attempt_id), ("LISTENING", second.attempt_id),
    ]  # fmt: skip


def test_an_agent_on_another_switch_is_heard_with_a_leg_there():
    bench = Bench("n1", "n2")
    calls = {}
    for agent_id in (1, 2):
        call, _ = bench.talk(agent_id)
        calls[bench.agent(agent_id).node] = (agent_id, call)
    assert set(calls) == {"n1", "n2"}
    (first, call), (second, other) = calls.values()
    leg_id = hear(bench, call, agent_id=first)
    commands = on_switch(ask(bench, other, agent_id=second))
    assert [type(command) for command in commands] == [HangUpLeg, CallSupervisor]
    assert commands[0].leg_id == leg_id
    assert commands[1].node == bench.agent(second).node != bench.agent(first).node


def test_a_call_that_is_over_is_refused_with_its_reason(bench):
    call, _ = bench.talk(1)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert on_switch(ask(bench, call)) == []
    assert (work_of(bench).state, work_of(bench).reason) == ("ENDED", "CONVERSATION_OVER")
    bench.wait(TOLD_S)
    assert not bench.floor.supervisions


def test_an_unknown_agent_is_nobodys_to_hear(bench):
    call, _ = bench.talk(1)
    assert ask(bench, call, agent_id=77) == []


# --- hold and mute -------------------------------------------------------------------------------


def test_hold_changes_nothing_for_who_listens(bench):
    call, phone = bench.talk(1)
    hear(bench, call)
    commands = bench.do(AgentAskedHold(1, call.attempt_id, True), LegParked(call.leg_id))
    commands += bench.do(LegParked(phone), AgentAskedHold(1, call.attempt_id, False))
    commands += bench.do(LegsBridged(call.leg_id, phone))
    assert only(OverhearLeg, commands) == only(ParkLeg, commands)[1:] == []
    assert state_of(bench) is SupervisionState.LISTENING


def test_a_mute_does_not_silence_a_supervisor_who_barged(bench):
    """On the switch a mute silences all that was mixed in before it."""
    call, phone = bench.talk(1)
    leg_id = hear(bench, call, BARGE)
    again = OverhearLeg("n1", leg_id, phone, Hearers.EVERYBODY)
    for _ in range(2):
        commands = bench.do(AgentAskedMute(1, call.attempt_id, True))
        assert on_switch(commands) == [MuteLeg("n1", phone, True), again]
        assert only(OverhearLeg, bench.do(AgentAskedMute(1, call.attempt_id, False))) == []


def test_a_mute_is_nothing_to_who_only_whispers(bench):
    call, _ = bench.talk(1)
    hear(bench, call, WHISPER)
    assert only(OverhearLeg, bench.do(AgentAskedMute(1, call.attempt_id, True))) == []


# --- the end of the conversation -----------------------------------------------------------------


def ends(bench, call, phone):
    """Everything that takes an agent out of a conversation."""
    return {
        "the customer hangs up": [LegEnded(call.leg_id, "NORMAL_CLEARING")],
        "the agent hangs up": [AgentHungUp(1), LegEnded(call.leg_id, "NORMAL_CLEARING")],
        "the agent's phone is lost": [LegEnded(phone, "NORMAL_TEMPORARY_FAILURE")],
        "the agent transfers": [AgentTransferred(1, call.attempt_id, 2)],
    }


@pytest.mark.parametrize("end", ends(None, type("", (), {"leg_id": "", "attempt_id": ""}), ""))
@pytest.mark.parametrize("mode", HEARD)
def test_nothing_is_heard_beyond_the_conversation(bench, end, mode):
    call, phone = bench.talk(1)
    bench.seat(2)
    leg_id = hear(bench, call, mode)
    commands = bench.do(*ends(bench, call, phone)[end])
    assert only(ParkLeg, commands) == [ParkLeg("n1", leg_id)]
    assert (work_of(bench).state, work_of(bench).reason) == ("STANDING_BY", "CONVERSATION_OVER")
    assert only(OverhearLeg, bench.do(LegParked(leg_id))) == []


@pytest.mark.parametrize("mode", SupervisionMode)
def test_a_call_that_was_transferred_may_be_followed_to_its_new_agent(bench, mode):
    call, _ = bench.talk(1)
    other = bench.seat(2)
    leg_id = hear(bench, call)
    bench.do(AgentTransferred(1, call.attempt_id, 2))
    bench.bridge()
    commands = on_switch(ask(bench, call, mode, agent_id=2))
    if mode is TAKE_OVER:
        assert commands == [BridgeLegs("n1", call.leg_id, leg_id)]
    else:
        assert commands == [OverhearLeg("n1", leg_id, other, HEARD[mode])]


def test_a_phone_that_stands_by_hears_the_next_call_without_ringing(bench):
    call, phone = bench.talk(1)
    leg_id = hear(bench, call)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"), LegParked(leg_id))
    bench.do(AgentDisposed(1, call.attempt_id, False))
    bench.stock(lead(7))
    following = bench.dial(answered=True)
    bench.bridge()
    assert only(OverhearLeg, bench.sent[-10:]) == []
    commands = ask(bench, following)
    assert on_switch(commands) == [OverhearLeg("n1", leg_id, phone, Hearers.NOBODY)]


def test_a_phone_that_nobody_uses_is_hung_up(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert only(HangUpLeg, bench.wait(STAND_BY_S - 0.1)) == []
    assert only(HangUpLeg, bench.wait(0.2)) == [HangUpLeg("n1", leg_id)]
    assert work_of(bench).reason is Reason.UNUSED


def test_a_phone_that_rings_for_a_call_that_ended_is_let_go(bench):
    call, _ = bench.talk(1)
    (called,) = only(CallSupervisor, ask(bench, call))
    commands = bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert only(HangUpLeg, commands) == [HangUpLeg("n1", called.leg_id)]
    assert work_of(bench).reason is Reason.CONVERSATION_OVER
    assert on_switch(pick_up(bench, called.leg_id)) == []


def test_stop_hangs_the_phone_up(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    commands = bench.do(SupervisorStopped(SAM))
    assert on_switch(commands) == [HangUpLeg("n1", leg_id)]
    bench.do(LegEnded(leg_id, "NORMAL_CLEARING"))
    assert bench.agent(1).state is AgentState.TALKING
    assert bench.do(SupervisorStopped(SAM)) == []


def test_an_ended_leg_is_hung_up_until_it_is_gone(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    bench.do(SupervisorStopped(SAM))
    assert only(HangUpLeg, bench.wait(2 * TOLD_S)) == 2 * [HangUpLeg("n1", leg_id)]
    bench.do(LegEnded(leg_id, "NORMAL_CLEARING"))
    assert only(HangUpLeg, bench.wait(2 * TOLD_S)) == []
    assert not bench.floor.supervisions


def test_a_new_wish_does_not_wait_for_the_old_leg_to_go(bench):
    call, _ = bench.talk(1)
    old = hear(bench, call)
    bench.do(SupervisorStopped(SAM))
    new = hear(bench, call)
    bench.do(LegEnded(old, "NORMAL_CLEARING"))
    assert new != old
    assert state_of(bench) is SupervisionState.LISTENING


# --- the phone -----------------------------------------------------------------------------------


def test_a_phone_that_does_not_answer_is_said_to(bench):
    call, _ = bench.talk(1)
    (called,) = only(CallSupervisor, ask(bench, call))
    bench.do(LegEnded(called.leg_id, "NO_ANSWER"))
    assert (work_of(bench).state, work_of(bench).reason) == ("ENDED", "PHONE_UNREACHABLE")


def test_a_call_to_the_phone_of_which_nothing_is_heard_is_given_up(bench):
    call, _ = bench.talk(1)
    (called,) = only(CallSupervisor, ask(bench, call))
    assert only(HangUpLeg, bench.wait(CALL_LIMIT_S)) == [HangUpLeg("n1", called.leg_id)]
    assert work_of(bench).reason is Reason.PHONE_UNREACHABLE


def test_a_full_switch_is_asked_again_and_left_alone_meanwhile(bench):
    call, _ = bench.talk(1)
    (called,) = only(CallSupervisor, ask(bench, call))
    bench.do(OriginateFailed(called.leg_id, NO_CAPACITY, is_local=True))
    assert bench.floor.nodes.get("n1").room(bench.now.mono) == 0
    assert only(CallSupervisor, ask(bench, call)) == []
    assert len(only(CallSupervisor, bench.wait(1.0))) == 1


def test_a_lost_phone_ends_it_and_the_conversation_goes_on(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call, BARGE)
    assert on_switch(bench.do(LegEnded(leg_id, "MEDIA_TIMEOUT"))) == []
    assert work_of(bench).reason is Reason.PHONE_LOST
    assert bench.agent(1).state is AgentState.TALKING


def test_a_leg_that_the_switch_let_go_of_hears_again_a_few_times(bench):
    call, phone = bench.talk(1)
    leg_id = hear(bench, call)
    for _ in range(MAX_FALLS):
        assert on_switch(bench.do(LegParked(leg_id))) == [
            OverhearLeg("n1", leg_id, phone, Hearers.NOBODY)
        ]
    assert on_switch(bench.do(LegParked(leg_id))) == [HangUpLeg("n1", leg_id)]
    assert work_of(bench).reason is Reason.NOT_HEARD


def test_a_switch_that_refuses_costs_the_leg_that_may_hear_what_it_should_not(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    commands = bench.do(ControlFailed(leg_id, "ParkLeg", "lost"))
    assert on_switch(commands) == [HangUpLeg("n1", leg_id)]


def test_a_restarted_switch_ends_it(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    bench.do(NodeDown("n1"), NodeRestarted("n1"), NodeUp("n1", 1000, 30))
    assert (work_of(bench).state, work_of(bench).reason) == ("ENDED", "PHONE_LOST")
    assert leg_id not in set(bench.dispatcher.legs("n1"))


def test_its_leg_is_asked_for_after_a_gap(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    assert leg_id in set(bench.dispatcher.legs("n1"))
    assert leg_id not in set(bench.dispatcher.legs("n2"))


def test_a_campaign_that_ends_leaves_no_phone_behind(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert HangUpLeg("n1", leg_id) in bench.do(CampaignEnded(1))


OUTSIDE = "+33612345678"


def ask_outside(bench, call, number=OUTSIDE):
    kind = PhoneKind.OUTSIDE
    return bench.do(SupervisorAsked(SAM, 1, call.attempt_id, LISTEN, "Sam", number, kind))


def test_of_an_outside_number_only_the_key_counts(bench):
    """Its leg parks when the key is pressed; who answers may be a voicemail."""
    call, phone = bench.talk(1)
    (called,) = only(CallSupervisor, ask_outside(bench, call))
    assert (called.phone_address, called.phone_kind) == (OUTSIDE, PhoneKind.OUTSIDE)
    assert bench.do(LegAnswered(called.leg_id)) == []
    assert only(OverhearLeg, bench.wait(2 * PARK_WAIT_S)) == []
    commands = bench.do(LegParked(called.leg_id))
    assert on_switch(commands) == [OverhearLeg("n1", called.leg_id, phone, Hearers.NOBODY)]


def test_an_outside_number_takes_a_line_of_its_trunk_and_gives_it_back(bench):
    call, _ = bench.talk(1)
    bench.do(NodeTrunks("n1", (TrunkRules("t1", max_calls=1),)))
    (called,) = only(CallSupervisor, ask_outside(bench, call))
    assert called.trunk == "t1"
    trunk = bench.floor.nodes.get("n1").trunk("t1")
    assert trunk.n_calls == 1
    bench.do(LegEnded(called.leg_id, "NO_ANSWER"))
    assert trunk.n_calls == 0


def test_a_forbidden_destination_is_not_called(bench):
    call, _ = bench.talk(1)
    assert on_switch(ask_outside(bench, call, "+33899123456")) == []
    assert work_of(bench).reason is Reason.PHONE_UNREACHABLE


# --- taking over ---------------------------------------------------------------------------------


def take(bench, call, leg_id):
    commands = ask(bench, call, TAKE_OVER)
    assert on_switch(commands) == [BridgeLegs("n1", call.leg_id, leg_id)]
    return bench.do(LegsBridged(call.leg_id, leg_id))


@pytest.mark.parametrize("mode", HEARD)
def test_taking_over_gives_the_customer_to_the_supervisor_and_the_form_to_the_agent(bench, mode):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call, mode)
    ask(bench, call, TAKE_OVER)
    assert bench.agent(1).state is AgentState.TALKING, "not before the switch has confirmed it"
    bench.do(LegsBridged(call.leg_id, leg_id))
    assert state_of(bench) is SupervisionState.TAKEN_OVER
    assert bench.agent(1).state is AgentState.WRAP_UP
    assert bench.agent(1).attempt_id == call.attempt_id
    assert bench.floor.calls.of_attempt(call.attempt_id).state is CallState.TAKEN_OVER
    assert bench.engine.view(bench.now).n_connected == 1


def test_the_agent_is_free_for_others_while_the_supervisor_talks(bench):
    call, _ = bench.talk(1)
    take(bench, call, hear(bench, call))
    bench.do(AgentDisposed(1, call.attempt_id, False))
    assert bench.agent(1).is_free
    bench.stock(lead(8))
    bench.dial(answered=True)
    bench.bridge()
    assert bench.agent(1).state is AgentState.TALKING
    (close,) = only(CloseAttempt, bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING")))
    assert (close.outcome, close.agent_id) == (Outcome.HANDLED, 1)
    assert bench.agent(1).state is AgentState.TALKING


def test_a_form_sent_before_makes_the_agent_ready_at_once(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    bench.do(AgentDisposed(1, call.attempt_id, False))
    take(bench, call, leg_id)
    assert bench.agent(1).is_free


def test_a_held_customer_may_be_taken_over(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    bench.do(AgentAskedHold(1, call.attempt_id, True), LegParked(call.leg_id))
    take(bench, call, leg_id)
    assert only(BridgeLegs, bench.wait(200.0)) == [], "a hold that is over brings nobody back"


def test_a_customer_may_be_taken_over_unheard(bench):
    call, _ = bench.talk(1)
    (called,) = only(CallSupervisor, ask(bench, call, TAKE_OVER))
    commands = pick_up(bench, called.leg_id)
    assert on_switch(commands) == [BridgeLegs("n1", call.leg_id, called.leg_id)]


def test_after_the_customer_is_gone_the_phone_stands_by(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    take(bench, call, leg_id)
    commands = bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"), LegParked(leg_id))
    assert on_switch(commands) == []
    assert state_of(bench) is SupervisionState.STANDING_BY


def test_stop_hangs_up_the_customer_who_was_taken_over(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    take(bench, call, leg_id)
    assert on_switch(bench.do(SupervisorStopped(SAM))) == [HangUpLeg("n1", call.leg_id)]
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert on_switch(bench.do(SupervisorStopped(SAM))) == [HangUpLeg("n1", leg_id)]


def test_a_customer_survives_the_phone_of_the_supervisor(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    take(bench, call, leg_id)
    other = bench.seat(2)
    bench.do(LegEnded(leg_id, "NORMAL_TEMPORARY_FAILURE"))
    assert only(BridgeLegs, bench.do(LegParked(call.leg_id))) == [
        BridgeLegs("n1", call.leg_id, other)
    ]


def test_a_customer_whom_nobody_takes_after_the_supervisor_hears_the_notice(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    take(bench, call, leg_id)
    bench.do(LegEnded(leg_id, "NORMAL_TEMPORARY_FAILURE"))
    bench.wait(bench.campaign.answer_limit_s + 0.1)
    assert bench.floor.calls.of_attempt(call.attempt_id).state is CallState.PLAYING


def test_a_bridge_that_is_refused_leaves_the_supervisor_listening(bench):
    call, phone = bench.talk(1)
    leg_id = hear(bench, call, BARGE)
    ask(bench, call, TAKE_OVER)
    commands = bench.do(BridgeFailed(call.leg_id, leg_id, "Invalid uuid"))
    assert on_switch(commands) == [OverhearLeg("n1", leg_id, phone, Hearers.NOBODY)]
    assert bench.agent(1).state is AgentState.TALKING


def test_a_bridge_that_is_never_told_brings_agent_and_customer_together(bench):
    call, phone = bench.talk(1)
    leg_id = hear(bench, call)
    ask(bench, call, TAKE_OVER)
    commands = on_switch(bench.wait(TAKE_OVER_LIMIT_S))
    assert commands == [HangUpLeg("n1", leg_id), BridgeLegs("n1", call.leg_id, phone)]
    assert work_of(bench).reason is Reason.NOT_TAKEN_OVER
    bench.do(LegsBridged(call.leg_id, leg_id))
    assert bench.agent(1).state is AgentState.TALKING, "too late"


def test_a_customer_who_leaves_while_being_taken_over_is_closed_as_ever(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    ask(bench, call, TAKE_OVER)
    commands = bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert len(only(CloseAttempt, commands)) == 1
    assert ParkLeg("n1", leg_id) in commands
    assert bench.agent(1).state is AgentState.WRAP_UP
    assert bench.do(LegsBridged(call.leg_id, leg_id)) == []


def test_the_customer_comes_before_any_other_wish(bench):
    call, _ = bench.talk(1)
    other, _ = bench.talk(2)
    leg_id = hear(bench, call)
    ask(bench, call, TAKE_OVER)
    assert ask(bench, call, LISTEN) == bench.do(SupervisorStopped(SAM)) == []
    bench.do(LegsBridged(call.leg_id, leg_id))
    assert ask(bench, other, LISTEN, agent_id=2) == []


def test_an_agent_who_leaves_ends_his_shift_when_he_is_relieved(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    bench.do(AgentLoggedOut(1), AgentDisposed(1, call.attempt_id, False))
    take(bench, call, leg_id)
    assert bench.floor.agents.get(1) is None
    assert state_of(bench) is SupervisionState.TAKEN_OVER


# --- a new run of the controller -----------------------------------------------------------------


def adopt(bench, state=CallState.TAKEN_OVER):
    """What a new run learns of a customer whom a supervisor had."""
    bench.do(
        CallAdopted(
            "t-1", "leg-c", 1, lead(1), "n1", state, is_live=True, dialed_ago_s=60.0,
            answered_ago_s=50.0, bridged_ago_s=49.0, agent_id=1,
        ),
        SupervisionAdopted("s-1", SAM, "Sam", "2090", PhoneKind.SIP, 1, 1, "t-1", "n1", "leg-s"),
    )  # fmt: skip


def test_a_supervisor_keeps_the_customer_over_a_restart_of_the_controller(bench):
    adopt(bench)
    bench.do(LegAnswered("leg-s"), LegsBridged("leg-s", "leg-c"))  # told again by the switch
    assert state_of(bench) is SupervisionState.TAKEN_OVER
    assert on_switch(bench.wait(3600.0)) == []
    assert on_switch(bench.do(SupervisorStopped(SAM))) == [HangUpLeg("n1", "leg-c")]
    (close,) = only(CloseAttempt, bench.do(LegEnded("leg-c", "NORMAL_CLEARING")))
    assert close.outcome is Outcome.HANDLED
    assert state_of(bench) is SupervisionState.STANDING_BY


def test_a_customer_survives_the_phone_of_an_adopted_supervisor(bench):
    adopt(bench)
    phone = bench.seat(2)
    bench.do(LegEnded("leg-s", "LOST"))
    commands = bench.do(LegParked("leg-c"))
    assert only(BridgeLegs, commands) == [BridgeLegs("n1", "leg-c", phone)]


def test_a_supervision_without_its_call_is_not_adopted(bench):
    adopt(bench, CallState.WAITING)
    assert not bench.floor.supervisions


# --- elsewhere -----------------------------------------------------------------------------------


def test_who_listens_to_an_agent_of_another_controller_listens_no_more_here(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    assert on_switch(ask(bench, call, agent_id=99)) == [HangUpLeg("n1", leg_id)]


def test_a_customer_who_was_taken_over_is_not_left_for_another_controllers_agent(bench):
    call, _ = bench.talk(1)
    take(bench, call, hear(bench, call))
    assert ask(bench, call, agent_id=99) == []


def test_one_agent_at_a_time_in_all_campaigns(bench):
    call, _ = bench.talk(1)
    leg_id = hear(bench, call)
    bench.do(CampaignConfigured(replace(bench.campaign, campaign_id=2)))
    bench.do(AgentLoggedIn(5, 2, "A5", "1005"))
    assert on_switch(ask(bench, call, agent_id=5)) == [HangUpLeg("n1", leg_id)]
