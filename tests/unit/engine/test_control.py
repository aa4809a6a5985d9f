"""Hold, mute, keys, recordings and messages: acts of an agent on the call in progress."""

import pytest
from floor import Bench, lead, only

from dialer.engine.control import HOLD_LIMIT_S, HOLD_MUSIC, RESUME_RETRY_S
from dialer.model.agent import AgentState
from dialer.model.call import CallState, RecordingState
from dialer.model.campaign import RecordingMode
from dialer.model.commands import (
    BridgeLegs,
    CloseAttempt,
    HangUpLeg,
    MuteLeg,
    NoteAgent,
    NoteRecording,
    ParkLeg,
    PlaySound,
    RaiseAlarm,
    RecordLeg,
    SendDigits,
    SwitchCommand,
)
from dialer.model.events import (
    AgentAskedHold,
    AgentAskedMute,
    AgentAskedRecording,
    AgentDisposed,
    AgentDroppedMessage,
    AgentLoggedOut,
    AgentPlayed,
    AgentSentDigits,
    BridgeFailed,
    ControlFailed,
    LegEnded,
    LegParked,
    LegPlayed,
    LegsBridged,
)
from dialer.model.outcome import Outcome


@pytest.fixture
def bench():
    return Bench(machine_message="message_fr", sounds=("tarif_fr",))


def on_switch(commands):
    return [command for command in commands if isinstance(command, SwitchCommand)]


def shown(commands):
    return only(NoteAgent, commands)[-1]


def call_of(bench, call):
    return bench.floor.calls.of_attempt(call.attempt_id)


def acts(attempt_id):
    """Every act that an agent may do to a call."""
    return [
        AgentAskedHold(1, attempt_id, True), AgentAskedHold(1, attempt_id, False),
        AgentAskedMute(1, attempt_id, True), AgentSentDigits(1, attempt_id, "1"),
        AgentPlayed(1, attempt_id, "tarif_fr"), AgentAskedRecording(1, attempt_id, True),
        AgentDroppedMessage(1, attempt_id),
    ]  # fmt: skip


# --- stale acts ----------------------------------------------------------------------------------


def test_an_act_for_another_call_or_none_does_nothing(bench):
    call, _ = bench.talk(1)
    assert bench.do(*acts("another")) == []
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert bench.do(*acts(call.attempt_id)) == []


def test_an_act_of_another_agent_does_nothing(bench):
    call, _ = bench.talk(1)
    bench.seat(2)
    assert bench.do(AgentAskedHold(2, call.attempt_id, True)) == []
    assert bench.do(AgentDroppedMessage(2, call.attempt_id)) == []


# --- hold ----------------------------------------------------------------------------------------


def hold(bench, call):
    commands = bench.do(AgentAskedHold(1, call.attempt_id, True))
    return commands + bench.do(LegParked(call.leg_id))


def test_hold_parks_the_customer_and_plays_music_once_alone(bench):
    call, _ = bench.talk(1)
    commands = bench.do(AgentAskedHold(1, call.attempt_id, True))
    assert on_switch(commands) == [ParkLeg("n1", call.leg_id)]
    assert shown(commands).is_held
    assert bench.do(LegParked(call.leg_id)) == [
        PlaySound("n1", call.leg_id, HOLD_MUSIC, is_endless=True)
    ]
    assert bench.agent(1).state is AgentState.TALKING


def test_coming_back_is_shown_when_the_switch_confirms_it(bench):
    call, phone = bench.talk(1)
    hold(bench, call)
    commands = bench.do(AgentAskedHold(1, call.attempt_id, False))
    assert on_switch(commands) == [BridgeLegs("n1", call.leg_id, phone)]
    assert call_of(bench, call).state is CallState.HELD
    assert not shown(bench.do(LegsBridged(call.leg_id, phone))).is_held
    assert bench.floor.tally.n_handled[1] == 1


def test_no_music_over_a_conversation_that_is_being_resumed(bench):
    call, _ = bench.talk(1)
    bench.do(AgentAskedHold(1, call.attempt_id, True), AgentAskedHold(1, call.attempt_id, False))
    assert bench.do(LegParked(call.leg_id)) == []


def test_a_bridge_back_that_is_not_confirmed_is_asked_for_again(bench):
    call, phone = bench.talk(1)
    hold(bench, call)
    bench.do(AgentAskedHold(1, call.attempt_id, False), BridgeFailed(call.leg_id, phone, "no"))
    assert only(BridgeLegs, bench.wait(RESUME_RETRY_S)) == [BridgeLegs("n1", call.leg_id, phone)]


def test_nobody_is_forgotten_on_hold(bench):
    call, phone = bench.talk(1)
    hold(bench, call)
    assert only(BridgeLegs, bench.wait(HOLD_LIMIT_S - 0.1)) == []
    assert only(BridgeLegs, bench.wait(0.2)) == [BridgeLegs("n1", call.leg_id, phone)]


def test_a_held_customer_survives_the_agents_phone(bench):
    call, phone = bench.talk(1)
    hold(bench, call)
    other = bench.seat(2)
    assert call_of(bench, call).state is CallState.HELD
    bench.do(LegEnded(phone, "NORMAL_TEMPORARY_FAILURE"))
    commands = bench.wait(0.4)
    assert only(BridgeLegs, commands) == [BridgeLegs("n1", call.leg_id, other)]


def test_a_customer_who_leaves_while_on_hold_was_served(bench):
    call, _ = bench.talk(1)
    hold(bench, call)
    (close,) = only(CloseAttempt, bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING")))
    assert (close.outcome, close.agent_id) == (Outcome.HANDLED, 1)
    assert bench.agent(1).state is AgentState.WRAP_UP


def test_a_log_out_during_hold_waits_for_the_end(bench):
    call, _phone = bench.talk(1)
    hold(bench, call)
    assert on_switch(bench.do(AgentLoggedOut(1))) == []
    assert call_of(bench, call).state is CallState.HELD


# --- mute and keys -------------------------------------------------------------------------------


def test_mute_is_of_the_agents_leg_and_ends_with_the_conversation(bench):
    call, phone = bench.talk(1)
    commands = bench.do(AgentAskedMute(1, call.attempt_id, True))
    assert on_switch(commands) == [MuteLeg("n1", phone, True)]
    assert shown(commands).is_muted
    assert bench.do(AgentAskedMute(1, call.attempt_id, True)) == []
    commands = bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert only(MuteLeg, commands) == [MuteLeg("n1", phone, False)]
    assert not shown(commands).is_muted


def test_a_mute_that_the_switch_refused_is_not_shown(bench):
    call, phone = bench.talk(1)
    bench.do(AgentAskedMute(1, call.attempt_id, True))
    assert not shown(bench.do(ControlFailed(phone, "MuteLeg", "no"))).is_muted


def test_a_new_phone_is_not_muted(bench):
    call, phone = bench.talk(1)
    bench.do(AgentAskedMute(1, call.attempt_id, True), LegEnded(phone, "X"))
    assert not bench.agent(1).is_muted


def test_keys_go_to_the_customers_end(bench):
    call, _ = bench.talk(1)
    assert bench.do(AgentSentDigits(1, call.attempt_id, "12*#")) == [
        SendDigits("n1", call.leg_id, "12*#")
    ]
    for keys in ("", "x", "1 2", "1\n", "1" * 33):
        assert bench.do(AgentSentDigits(1, call.attempt_id, keys)) == []


# --- recordings that are played ------------------------------------------------------------------


def test_only_the_campaigns_recordings_are_played(bench):
    call, _ = bench.talk(1)
    assert bench.do(AgentPlayed(1, call.attempt_id, "tarif_fr")) == [
        PlaySound("n1", call.leg_id, "tarif_fr")
    ]
    assert bench.do(AgentPlayed(1, call.attempt_id, "")) == [PlaySound("n1", call.leg_id, "")]
    assert bench.do(AgentPlayed(1, call.attempt_id, "../etc/passwd")) == []
    assert bench.do(LegPlayed(call.leg_id)) == []


def test_the_agent_is_free_while_the_message_plays(bench):
    call, _ = bench.talk(1)
    commands = bench.do(AgentDroppedMessage(1, call.attempt_id))
    assert on_switch(commands) == [ParkLeg("n1", call.leg_id)]
    assert (shown(commands).state, shown(commands).met_machine) == (AgentState.WRAP_UP, True)
    bench.do(AgentDisposed(1, call.attempt_id, is_machine=True))
    assert bench.agent(1).is_free and not bench.agent(1).met_machine
    assert bench.do(LegParked(call.leg_id)) == [PlaySound("n1", call.leg_id, "message_fr")]
    assert bench.do(LegPlayed(call.leg_id)) == [HangUpLeg("n1", call.leg_id)]
    (close,) = only(CloseAttempt, bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING")))
    assert (close.outcome, close.agent_id, close.is_abandoned) == (Outcome.HANDLED, 1, False)
    assert bench.agent(1).state is AgentState.READY


def test_a_message_dropped_during_hold_waits_for_the_end_of_the_music(bench):
    call, _ = bench.talk(1)
    hold(bench, call)
    commands = bench.do(AgentDroppedMessage(1, call.attempt_id))
    assert on_switch(commands) == [PlaySound("n1", call.leg_id, "")]
    message = PlaySound("n1", call.leg_id, "message_fr")
    assert bench.do(LegPlayed(call.leg_id)) == [message]  # what ended was the music
    assert on_switch(bench.wait(3.0)) == []
    assert bench.do(LegPlayed(call.leg_id)) == [HangUpLeg("n1", call.leg_id)]


def test_a_message_plays_also_where_there_was_no_music(bench):
    call, _ = bench.talk(1)
    hold(bench, call)
    bench.do(AgentDroppedMessage(1, call.attempt_id))
    assert only(PlaySound, bench.wait(2.0)) == [PlaySound("n1", call.leg_id, "message_fr")]


def test_a_message_of_which_nothing_is_heard_is_hung_up(bench):
    call, _ = bench.talk(1)
    bench.do(AgentDroppedMessage(1, call.attempt_id))
    assert only(HangUpLeg, bench.wait(81.0)) == [HangUpLeg("n1", call.leg_id)]


def test_the_phone_lost_after_a_dropped_message_is_called_back(bench):
    call, phone = bench.talk(1)
    bench.do(AgentDroppedMessage(1, call.attempt_id), LegEnded(phone, "X"))
    assert call_of(bench, call).state is CallState.PLAYING
    bench.wait(2.0)
    assert bench.agent(1).leg_id not in (None, phone)


def test_no_message_is_dropped_by_a_campaign_without_one():
    bench = Bench()
    call, _ = bench.talk(1)
    assert bench.do(AgentDroppedMessage(1, call.attempt_id)) == []
    assert bench.agent(1).state is AgentState.TALKING


def test_the_next_call_meets_no_preset(bench):
    call, _ = bench.talk(1)
    bench.do(AgentDroppedMessage(1, call.attempt_id), AgentDisposed(1, call.attempt_id, True))
    bench.stock(lead(7))
    bench.dial(answered=True)
    bench.bridge()
    assert not bench.agent(1).met_machine


# --- recordings that are made --------------------------------------------------------------------


def recorded(commands):
    return [command.action for command in only(RecordLeg, commands)]


def test_a_campaign_that_records_always_begins_with_the_first_bridge():
    bench = Bench(recording=RecordingMode.ALWAYS)
    call, phone = bench.talk(1)
    assert bench.all(RecordLeg) == [RecordLeg("n1", call.leg_id, call.attempt_id, "start")]
    bench.do(LegEnded(phone, "X"))
    bench.seat(2)
    bench.wait(0.4)
    bench.bridge()
    assert len(bench.all(RecordLeg)) == 1


def test_a_recording_pauses_and_goes_on():
    bench = Bench(recording=RecordingMode.ON_DEMAND)
    call, _ = bench.talk(1)
    assert bench.all(RecordLeg) == []
    stories = []
    for is_on in (True, True, False, False, True):
        commands = bench.do(AgentAskedRecording(1, call.attempt_id, is_on))
        states = [note.state for note in only(NoteRecording, commands)]
        stories.append((recorded(commands), states, shown(commands).recording))
    on, paused = RecordingState.ON, RecordingState.PAUSED
    assert stories == [
        (["start"], [on], on), ([], [], on), (["mask"], [paused], paused), ([], [], paused),
        (["unmask"], [on], on),
    ]  # fmt: skip


def test_a_campaign_without_recordings_makes_none(bench):
    call, _ = bench.talk(1)
    assert bench.do(AgentAskedRecording(1, call.attempt_id, True)) == []


def test_a_recording_that_fails_is_shown_and_raises_an_alarm():
    bench = Bench(recording=RecordingMode.ALWAYS)
    call, _ = bench.talk(1)
    commands = bench.do(ControlFailed(call.leg_id, "RecordLeg", "disk"))
    assert only(RaiseAlarm, commands)[0].code == "RECORDING_FAILED"
    assert shown(commands).recording is RecordingState.OFF
