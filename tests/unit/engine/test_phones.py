import pytest
from floor import Bench, lead, only

from dialer.engine.phones import REDIAL_OUTSIDE_S, REDIAL_PHONE_S
from dialer.model.agent import AgentState, PhoneState
from dialer.model.commands import CallAgent, CloseAttempt, HangUpLeg, NoteAgent, RaiseAlarm
from dialer.model.events import (
    AgentAskedPause,
    AgentAskedPhone,
    AgentAskedReady,
    AgentDisposed,
    AgentLoggedIn,
    AgentLoggedOut,
    LegAnswered,
    LegEnded,
    LegParked,
    NodeDown,
    NodeRestarted,
    NodeTrunks,
    NodeUp,
    OriginateFailed,
)
from dialer.model.phone import PhoneKind
from dialer.model.trunk import TrunkRules

NUMBER = "+33612345678"


@pytest.fixture
def bench():
    return Bench()


def shown(commands):
    """(state, pause code, phone up) of the last note."""
    note = only(NoteAgent, commands)[-1]
    return note.state, note.pause_code, note.is_phone_up


def outside(bench, number=NUMBER):
    """An agent logs in with an outside number; what is sent for it."""
    commands = bench.do(AgentLoggedIn(1, 1, "Awa", number, PhoneKind.OUTSIDE))
    return only(CallAgent, commands)


def test_a_lost_phone_is_called_back_after_a_second_and_the_agent_stays_ready(bench):
    phone = bench.seat(1)
    commands = bench.do(LegEnded(phone, "NETWORK_OUT_OF_ORDER"))
    assert shown(commands) == (AgentState.READY, "", False)
    assert not bench.agent(1).is_free
    assert only(CallAgent, bench.wait(0.9)) == []
    (again,) = only(CallAgent, bench.wait(0.2))
    assert again.leg_id != phone
    bench.do(LegAnswered(again.leg_id))
    assert bench.agent(1).is_free


def test_a_phone_that_does_not_answer_is_called_less_and_less_often_with_one_alarm(bench):
    leg = bench.log_in(1)
    waits = []
    for _ in range(7):
        bench.do(OriginateFailed(leg, "USER_NOT_REGISTERED", is_local=True))
        since = bench.now.mono
        while not (calls := only(CallAgent, bench.wait(0.5))):
            pass
        waits.append(bench.now.mono - since)
        leg = calls[0].leg_id
    assert waits == [*REDIAL_PHONE_S[1:], REDIAL_PHONE_S[-1], REDIAL_PHONE_S[-1], 30.0]
    assert [alarm.code for alarm in bench.all(RaiseAlarm)] == ["PHONE_UNREACHABLE"]


def test_a_phone_lost_while_talking_owes_no_disposition_yet_and_comes_back(bench):
    call, phone = bench.talk(1)
    bench.do(LegEnded(phone, "NETWORK_OUT_OF_ORDER"))
    agent = bench.agent(1)
    assert (agent.state, agent.attempt_id, agent.phone) == (
        AgentState.READY, None, PhoneState.DOWN,
    )  # fmt: skip
    assert bench.floor.calls.of_attempt(call.attempt_id).agent_id is None


def test_a_customer_who_hangs_up_before_anybody_else_came_is_disposed_of_by_who_talked(bench):
    """The switch that goes down ends both legs, the phone's perhaps first."""
    call, phone = bench.talk(1)
    bench.do(LegEnded(phone, "SYSTEM_SHUTDOWN"), LegEnded(call.leg_id, "SYSTEM_SHUTDOWN"))
    assert (bench.agent(1).state, bench.agent(1).attempt_id) == (
        AgentState.WRAP_UP, call.attempt_id,
    )  # fmt: skip
    bench.do(AgentDisposed(1, call.attempt_id, False))
    assert (bench.agent(1).state, bench.agent(1).attempt_id) == (AgentState.READY, None)


def test_an_attempt_is_his_who_talked_and_not_his_who_was_about_to(bench):
    call, phone = bench.talk(1)
    bench.seat(2)
    bench.do(LegEnded(phone, "SYSTEM_SHUTDOWN"))
    bench.wait(0.4)
    assert bench.agent(2).state is AgentState.RESERVED
    bench.do(LegEnded(call.leg_id, "SYSTEM_SHUTDOWN"))
    (close,) = bench.all(CloseAttempt)
    assert close.agent_id == 1
    assert bench.agent(1).state is AgentState.WRAP_UP
    assert bench.agent(2).state is AgentState.READY


def test_a_customer_whom_another_took_is_disposed_of_by_the_other(bench):
    call, phone = bench.talk(1)
    bench.seat(2)
    bench.do(LegEnded(phone, "NETWORK_OUT_OF_ORDER"))
    bench.wait(0.5)
    bench.bridge()
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert (bench.agent(1).state, bench.agent(1).attempt_id) == (AgentState.READY, None)
    assert bench.agent(2).state is AgentState.WRAP_UP


def test_a_disposition_given_during_the_talk_is_not_asked_for_again(bench):
    call, phone = bench.talk(1)
    bench.do(AgentDisposed(1, call.attempt_id, False))
    bench.do(LegEnded(phone, "SYSTEM_SHUTDOWN"), LegEnded(call.leg_id, "SYSTEM_SHUTDOWN"))
    assert (bench.agent(1).state, bench.agent(1).attempt_id) == (AgentState.READY, None)


def test_an_agent_on_a_pause_since_finds_the_form_open(bench):
    call, phone = bench.talk(1)
    bench.do(AgentAskedPause(1, "LUNCH"), LegEnded(phone, "NETWORK_OUT_OF_ORDER"))
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    agent = bench.agent(1)
    assert (agent.state, agent.pause_code) == (AgentState.PAUSED, "LUNCH")
    assert agent.attempt_id == call.attempt_id


def test_an_agent_who_was_leaving_leaves_when_the_phone_is_lost_under_the_talk(bench):
    _, phone = bench.talk(1)
    bench.do(AgentLoggedOut(1), LegEnded(phone, "NETWORK_OUT_OF_ORDER"))
    assert len(bench.floor.agents) == 0
    assert only(CallAgent, bench.wait(60.0)) == []


def test_a_phone_lost_in_wrap_up_leaves_the_form_open(bench):
    call, phone = bench.talk(1)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"), LegEnded(phone, "NORMAL_CLEARING"))
    assert bench.agent(1).state is AgentState.WRAP_UP
    bench.do(AgentDisposed(1, call.attempt_id, False))
    assert (bench.agent(1).state, bench.agent(1).is_free) == (AgentState.READY, False)


def test_a_phone_is_called_on_another_switch_when_its_own_is_down():
    bench = Bench("n1", "n2")
    phone = bench.seat(1)
    home = bench.agent(1).node
    bench.do(NodeDown(home), LegEnded(phone, "NETWORK_OUT_OF_ORDER"))
    (again,) = only(CallAgent, bench.wait(1.1))
    assert again.node == bench.agent(1).node != home


def test_a_phone_waits_while_no_switch_is_up(bench):
    phone = bench.seat(1)
    bench.do(NodeDown("n1"), LegEnded(phone, "NETWORK_OUT_OF_ORDER"))
    assert only(CallAgent, bench.wait(20.0)) == []
    bench.do(NodeUp("n1", 1000, 30))
    assert len(only(CallAgent, bench.wait(1.1))) == 1


def test_after_a_restart_of_the_switch_calls_are_closed_and_phones_called_back(bench):
    call, _ = bench.talk(1)
    bench.stock(lead(7))
    bench.seat(2)
    ringing = bench.dial(ringing=True)
    bench.do(NodeDown("n1"), NodeRestarted("n1"), NodeUp("n1", 1000, 30))
    assert len(bench.floor.calls) == 0
    assert bench.agent(1).state is AgentState.WRAP_UP
    assert {bench.agent(i).phone for i in (1, 2)} == {PhoneState.DOWN}
    assert {close.attempt_id for close in bench.sent if hasattr(close, "outcome")} == {
        call.attempt_id, ringing.attempt_id,
    }  # fmt: skip
    assert len(only(CallAgent, bench.wait(1.1))) == 2


# --- asked for by the agent's page ----------------------------------------------------------------


def test_a_page_that_has_registered_is_called_at_once(bench):
    leg = bench.log_in(1)
    for _ in range(4):
        bench.do(OriginateFailed(leg, "USER_NOT_REGISTERED", is_local=True))
        (call,) = only(CallAgent, bench.do(AgentAskedPhone(1, "")))
        leg = call.leg_id
    assert only(CallAgent, bench.wait(60.0)) == []  # the waits that it has forestalled call nobody


def test_a_page_loaded_anew_has_its_lost_leg_ended_and_is_called_back(bench):
    phone = bench.seat(1)
    assert bench.do(AgentAskedPhone(1, phone)) == [HangUpLeg("n1", phone)]
    bench.do(LegEnded(phone, "NORMAL_CLEARING"))
    assert len(only(CallAgent, bench.wait(1.1))) == 1


@pytest.mark.parametrize("lost", ["", "another"])
def test_a_page_that_knows_of_no_lost_leg_leaves_the_standing_one_alone(bench, lost):
    bench.seat(1)
    assert bench.do(AgentAskedPhone(1, lost)) == []


def test_who_is_not_seated_is_not_called(bench):
    assert bench.do(AgentAskedPhone(9, "")) == []


# --- an outside number ----------------------------------------------------------------------------


def test_an_outside_number_is_called_on_a_trunk_with_a_number_of_the_campaign():
    bench = Bench(caller_ids=("+33100000001",))
    bench.do(NodeTrunks("n1", (TrunkRules("a"),)))
    (call,) = outside(bench)
    assert (call.phone_kind, call.phone_address) == (PhoneKind.OUTSIDE, NUMBER)
    assert (call.trunk, call.caller_id) == ("a", "+33100000001")


def test_a_voicemail_that_answers_an_outside_number_is_no_agent(bench):
    (call,) = outside(bench)
    bench.do(AgentAskedReady(1), LegAnswered(call.leg_id))
    assert bench.agent(1).phone is PhoneState.CALLING
    assert not bench.agent(1).is_free
    bench.do(LegParked(call.leg_id))  # the key was pressed
    assert bench.agent(1).is_free


def test_an_outside_number_is_not_rung_for_ever_but_again_when_the_agent_asks(bench):
    (call,) = outside(bench)
    n_calls = 1
    for _ in range(10):
        bench.do(LegEnded(call.leg_id, "ALLOTTED_TIMEOUT"))
        calls = only(CallAgent, bench.wait(600.0))
        if not calls:
            break
        (call,), n_calls = calls, n_calls + 1
    assert n_calls == len(REDIAL_OUTSIDE_S)
    assert [alarm.code for alarm in bench.all(RaiseAlarm)] == ["PHONE_UNREACHABLE"]
    assert len(only(CallAgent, bench.do(AgentAskedPhone(1, "")))) == 1


def test_a_premium_number_is_never_called_whatever_was_stored(bench):
    assert outside(bench, "+33899123456") == []
    assert [alarm.code for alarm in bench.all(RaiseAlarm)] == ["PHONE_FORBIDDEN"]
    assert only(CallAgent, bench.wait(60.0)) == []


def test_an_outside_phone_counts_among_the_calls_of_its_trunk_for_the_whole_login(bench):
    bench.do(NodeTrunks("n1", (TrunkRules("a", max_calls=1.0),)))
    (call,) = outside(bench)
    assert bench.do(AgentLoggedIn(2, 1, "Ben", "+33612345679", PhoneKind.OUTSIDE)) == [
        only(NoteAgent, bench.sent)[-2], only(NoteAgent, bench.sent)[-1],
    ]  # fmt: skip
    assert only(CallAgent, bench.wait(5.0)) == []
    bench.do(LegAnswered(call.leg_id), LegParked(call.leg_id), AgentLoggedOut(1))
    (second,) = only(CallAgent, bench.wait(1.0))
    assert second.agent_id == 2


def test_a_trunk_that_fails_an_agents_phone_is_told_so(bench):
    bench.do(NodeTrunks("n1", (TrunkRules("a", max_failures=1), TrunkRules("b"))))
    (call,) = outside(bench)
    bench.do(LegEnded(call.leg_id, "NORMAL_TEMPORARY_FAILURE", 503))
    (again,) = only(CallAgent, bench.wait(20.0))
    assert (call.trunk, again.trunk) == ("a", "b")
