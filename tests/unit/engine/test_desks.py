import pytest
from floor import Bench, only

from dialer.model.agent import AgentState
from dialer.model.alarm import AlarmCode
from dialer.model.campaign import Campaign, CampaignState
from dialer.model.commands import CallAgent, HangUpLeg, NoteAgent, Originate, RaiseAlarm
from dialer.model.events import (
    AgentAskedPause,
    AgentAskedReady,
    AgentDisposed,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
    CampaignConfigured,
    DeskFellSilent,
    LegAnswered,
    LegEnded,
)


@pytest.fixture
def bench():
    return Bench()


def shown(commands):
    """(state, pause code, phone up) of the last note."""
    note = only(NoteAgent, commands)[-1]
    return note.state, note.pause_code, note.is_phone_up


# --- coming --------------------------------------------------------------------------------------


def test_a_login_is_a_pause_and_calls_the_phone(bench):
    commands = bench.do(AgentLoggedIn(1, 1, "Awa", "1001"))
    (call,) = only(CallAgent, commands)
    assert (call.agent_id, call.node, call.phone_address) == (1, "n1", "1001")
    assert shown(commands) == (AgentState.PAUSED, "", False)


def test_ready_counts_only_with_a_phone_that_is_up(bench):
    leg = bench.log_in(1)
    bench.do(AgentAskedReady(1))
    assert (bench.agent(1).state, bench.agent(1).is_free) == (AgentState.READY, False)
    bench.stock(n=1)
    assert only(Originate, bench.wait(2.0)) == []
    bench.do(LegAnswered(leg))
    assert bench.agent(1).is_free
    assert bench.dial().lead_id == 1


def test_readiness_counts_from_the_phones_answer(bench):
    leg = bench.log_in(1)
    bench.do(AgentAskedReady(1))
    bench.wait(7.0)
    bench.do(LegAnswered(leg))
    assert bench.agent(1).ready_since == bench.now.mono


def test_a_second_login_only_shows_the_state(bench):
    bench.seat(1)
    commands = bench.do(AgentLoggedIn(1, 1, "Awa", "1001"))
    assert only(CallAgent, commands) == []
    assert shown(commands) == (AgentState.READY, "", True)


def test_a_login_takes_back_a_log_out_that_waits_for_the_end_of_a_call(bench):
    call, _ = bench.talk(1)
    bench.do(AgentLoggedOut(1), AgentLoggedIn(1, 1, "Awa", "1001"))
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"), AgentDisposed(1, call.attempt_id, False))
    assert bench.agent(1).state is AgentState.READY


def test_an_agent_is_seated_on_the_switch_with_most_lines_left():
    bench = Bench("n1", "n2")
    bench.dispatcher.nodes.get("n1").n_placed = 10
    bench.log_in(1)
    assert bench.agent(1).node == "n2"


def test_a_login_elsewhere_ends_the_earlier_one(bench):
    phone = bench.seat(1)
    bench.do(CampaignConfigured(Campaign(2, "other", state=CampaignState.RUNNING)))
    commands = bench.do(AgentLoggedIn(1, 2, "Awa", "1001"))
    assert HangUpLeg("n1", phone) in commands
    assert len(bench.floor.agents) == 0
    assert len(list(bench.dispatcher.agents())) == 1


def test_a_login_elsewhere_during_a_conversation_seats_nobody_twice(bench):
    call, _ = bench.talk(1)
    bench.do(CampaignConfigured(Campaign(2, "other", state=CampaignState.RUNNING)))
    bench.do(AgentLoggedIn(1, 2, "Awa", "1001"))
    assert [agent.campaign_id for agent in bench.dispatcher.agents()] == [1]
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"), AgentDisposed(1, call.attempt_id, False))
    assert list(bench.dispatcher.agents()) == []


# --- ready and pause -----------------------------------------------------------------------------


def test_a_pause_when_idle_is_at_once(bench):
    bench.seat(1)
    assert shown(bench.do(AgentAskedPause(1, "LUNCH"))) == (AgentState.PAUSED, "LUNCH", True)
    assert shown(bench.do(AgentAskedPause(1, "TRAINING")))[1] == "TRAINING"
    assert shown(bench.do(AgentAskedReady(1)))[:2] == (AgentState.READY, "")


def test_a_pause_during_a_call_is_taken_after_wrap_up(bench):
    call, _ = bench.talk(1)
    commands = bench.do(AgentAskedPause(1, "LUNCH"))
    assert only(NoteAgent, commands)[-1].wants_pause == "LUNCH"
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert bench.agent(1).state is AgentState.WRAP_UP
    commands = bench.do(AgentDisposed(1, call.attempt_id, False))
    assert shown(commands)[:2] == (AgentState.PAUSED, "LUNCH")


def test_a_pause_during_a_call_can_be_taken_back(bench):
    call, _ = bench.talk(1)
    bench.do(AgentAskedPause(1, "LUNCH"), AgentAskedReady(1))
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"), AgentDisposed(1, call.attempt_id, False))
    assert bench.agent(1).state is AgentState.READY


def test_ready_during_a_call_changes_nothing_but_is_answered(bench):
    bench.talk(1)
    assert shown(bench.do(AgentAskedReady(1)))[0] is AgentState.TALKING


def test_a_silent_desk_is_paused_and_told_to_supervisors(bench):
    bench.seat(1)
    commands = bench.do(DeskFellSilent(1))
    assert shown(commands)[:2] == (AgentState.PAUSED, "DESK_SILENT")
    (alarm,) = only(RaiseAlarm, commands)
    assert (alarm.campaign_id, alarm.code) == (1, AlarmCode.DESK_SILENT)
    bench.stock(n=1)
    assert only(Originate, bench.wait(2.0)) == [], "no call for a page that nobody sees"


def test_a_silent_desk_keeps_its_customer_and_is_paused_after_him(bench):
    call, _ = bench.talk(1)
    commands = bench.do(DeskFellSilent(1))
    assert only(HangUpLeg, commands) == []
    assert bench.agent(1).wants_pause == "DESK_SILENT"
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"), AgentDisposed(1, call.attempt_id, False))
    assert bench.agent(1).pause_code == "DESK_SILENT"


def test_a_silent_desk_in_a_pause_is_no_news(bench):
    bench.seat(1)
    bench.do(AgentAskedPause(1, "LUNCH"))
    assert bench.do(DeskFellSilent(1), DeskFellSilent(9)) == []
    assert bench.agent(1).pause_code == "LUNCH"


def test_requests_of_unknown_agents_are_nobodys(bench):
    events = [AgentAskedReady(9), AgentAskedPause(9, "X"), AgentHungUp(9), AgentLoggedOut(9),
              AgentDisposed(9, "t", False)]  # fmt: skip
    assert bench.do(*events) == []


def test_hanging_up_ends_the_customers_leg_only(bench):
    call, _ = bench.talk(1)
    assert bench.do(AgentHungUp(1)) == [HangUpLeg("n1", call.leg_id)]


def test_there_is_nothing_to_hang_up_without_a_conversation(bench):
    bench.seat(1)
    assert bench.do(AgentHungUp(1)) == []


# --- leaving -------------------------------------------------------------------------------------


@pytest.mark.parametrize("ready", [True, False])
def test_an_idle_agent_leaves_at_once_and_the_phone_is_hung_up(bench, ready):
    phone = bench.seat(1)
    if not ready:
        bench.do(AgentAskedPause(1, "LUNCH"))
    commands = bench.do(AgentLoggedOut(1))
    assert HangUpLeg("n1", phone) in commands
    assert shown(commands)[0] is AgentState.OFFLINE
    assert len(bench.floor.agents) == 0


def test_an_agent_in_conversation_leaves_after_the_disposition(bench):
    call, phone = bench.talk(1)
    assert only(HangUpLeg, bench.do(AgentLoggedOut(1))) == []
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert bench.agent(1).state is AgentState.WRAP_UP
    assert HangUpLeg("n1", phone) in bench.do(AgentDisposed(1, call.attempt_id, False))
    assert len(bench.floor.agents) == 0


def test_a_leaving_agent_whose_wrap_up_lasts_too_long_leaves(bench):
    call, _ = bench.talk(1)
    bench.do(AgentLoggedOut(1), LegEnded(call.leg_id, "NORMAL_CLEARING"))
    bench.wait(60.1)
    assert len(bench.floor.agents) == 0


def test_the_end_of_a_phone_that_left_is_nobodys(bench):
    phone = bench.seat(1)
    bench.do(AgentLoggedOut(1))
    assert bench.do(LegEnded(phone, "NORMAL_CLEARING")) == []
