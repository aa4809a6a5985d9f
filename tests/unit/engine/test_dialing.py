from collections import Counter
from itertools import pairwise

import pytest
from floor import Bench, lead, only

from dialer.engine.dialing import UNREACHABLE_FOR_S
from dialer.engine.placing import REAP_AFTER_S
from dialer.model.agent import AgentState
from dialer.model.campaign import OF_AGENTS, CampaignState, PacingMode
from dialer.model.commands import (
    CloseAttempt,
    FinishCampaign,
    HangUpLeg,
    Originate,
    RaiseAlarm,
    RefillHopper,
    ReleaseLeads,
)
from dialer.model.events import (
    AgentAskedPause,
    AgentAskedReady,
    AgentDisposed,
    AttemptRefused,
    LegAnswered,
    LegEnded,
    LegRinging,
    NodeDown,
    NodeUp,
    OriginateFailed,
)
from dialer.model.outcome import Outcome
from dialer.model.permit import Refusal, RefusalReason
from dialer.policy.picture import Sign


@pytest.fixture
def bench():
    made = Bench()
    made.seat(1)
    return made


# --- permits ------------------------------------------------------------------------------------


def test_each_originate_carries_a_fresh_permit_for_its_own_lead(bench):
    bench.stock(lead(7, n_attempts=2))
    call = bench.dial()
    assert (call.permit.lead_id, call.permit.number) == (call.lead_id, call.number)
    assert (call.lead_id, call.attempt_number, call.at) == (7, 3, bench.now.utc)
    assert call.permit.expires_at > bench.now.utc


def test_a_refused_lead_goes_back_and_the_next_one_is_dialled(bench):
    last = bench.now.utc - 60.0
    bench.stock(
        lead(1, is_do_not_call=True), lead(2, number="0612"), lead(3, n_tries=99),
        lead(4, tries_at=(last,)), lead(5, time_zone="Mars/Base"), lead(6),
    )  # fmt: skip
    assert bench.dial().lead_id == 6
    assert [(back.lead_ids, back.refusal) for back in bench.all(ReleaseLeads)] == [
        ((1,), Refusal(RefusalReason.DO_NOT_CALL)),
        ((2,), Refusal(RefusalReason.BAD_NUMBER)),
        ((3,), Refusal(RefusalReason.TOO_MANY_ATTEMPTS)),
        ((4,), Refusal(RefusalReason.TOO_SOON, last + 600.0)),
        ((5,), Refusal(RefusalReason.BAD_TIME_ZONE)),
    ]


def test_outside_the_hours_leads_go_back_until_the_next_opening():
    bench = Bench(windows=())
    bench.seat(1)
    bench.stock(n=3)
    assert only(Originate, bench.wait(2.0)) == []
    assert {lead_id for release in bench.all(ReleaseLeads) for lead_id in release.lead_ids} == {
        1, 2, 3,
    }  # fmt: skip


# --- how many -----------------------------------------------------------------------------------


def test_without_agents_nothing_is_dialled():
    bench = Bench()
    bench.stock(n=5)
    assert only(Originate, bench.wait(5.0)) == []


@pytest.mark.parametrize("mode", sorted(set(PacingMode) - OF_AGENTS))
def test_never_more_lines_than_the_campaign_has(mode):
    bench = Bench(
        mode=mode, ratio=5.0, max_lines=3, max_calls_per_s=100.0, broadcast_message="hello"
    )  # fmt: skip
    for agent_id in range(1, 7):
        bench.seat(agent_id)
    bench.stock(n=50)
    bench.wait(20.0)
    assert len(bench.floor.calls) == 3


@pytest.mark.parametrize("rate", [4.0, 20.0])
def test_calls_per_second_are_spread_over_each_second(rate):
    bench = Bench(mode=PacingMode.RATIO, ratio=50.0, max_calls_per_s=rate, max_lines=1000)
    for agent_id in range(1, 11):
        bench.seat(agent_id)
    bench.stock(n=400)
    times = []
    for _ in range(200):
        times += [bench.now.mono] * len(only(Originate, bench.wait(0.05)))
    assert rate * 9.5 <= len(times) <= rate * 10.25 + 1.0
    assert max(Counter(times).values()) <= rate * 0.25 + 1.0
    for start in times:
        assert sum(start <= at < start + 1.0 for at in times) <= rate * 1.25 + 2.0


def test_decisions_that_come_late_lose_no_calls_of_a_slow_campaign():
    bench = Bench(mode=PacingMode.RATIO, ratio=500.0, max_calls_per_s=4.0, max_lines=1000)
    bench.seat()
    bench.stock(n=400)
    sent = []
    for _ in range(40):  # the loop sleeps past each deadline
        bench.now = bench.now.plus(0.27)
        sent += bench.dispatcher.expire(bench.now)
    assert len(only(Originate, sent)) >= 42  # of 43


def test_a_slow_campaign_still_dials(bench):
    bench.configure(max_calls_per_s=0.5)
    bench.stock(n=9)
    for _ in range(3):
        call = bench.dial()
        bench.do(LegEnded(call.leg_id, "USER_BUSY", 486))
    dialled = [call.at for call in bench.all(Originate)]
    assert all(later - sooner >= 1.5 for sooner, later in pairwise(dialled[1:]))


def test_a_paused_agent_gets_no_call_dialled_for_him(bench):
    bench.stock(n=5)
    bench.do(AgentAskedPause(1, "LUNCH"))
    assert only(Originate, bench.wait(3.0)) == []
    bench.do(AgentAskedReady(1))
    assert bench.dial().lead_id == 1


def test_an_agent_who_asked_for_a_pause_counts_as_never_free():
    bench = Bench(mode=PacingMode.PREDICTIVE)
    bench.talk(1)
    assert len(bench.floor.agents.in_state(AgentState.TALKING)) == 1
    bench.do(AgentAskedPause(1, "LUNCH"))
    bench.wait(1.0)
    assert bench.floor.last_decision.n_soon_free == 0.0


# --- nodes --------------------------------------------------------------------------------------


def test_a_node_that_is_down_dials_nothing_and_loses_no_lead(bench):
    bench.stock(n=5)
    bench.do(NodeDown("n1"))
    assert only(Originate, bench.wait(5.0)) == []
    assert len(bench.floor.hopper) == 5
    bench.do(NodeUp("n1", 1000, 30))
    assert len(only(Originate, bench.wait(0.5))) == 1


def test_calls_go_only_where_an_agent_can_take_them():
    """The agent's switch is down; the other one is up but has nobody on it."""
    bench = Bench("n1", "n2")
    bench.seat(1)
    bench.stock(n=5)
    bench.do(NodeDown(bench.agent(1).node))
    assert only(Originate, bench.wait(5.0)) == []
    assert len(bench.floor.hopper) == 5


def test_each_node_gets_calls_in_proportion_to_its_agents():
    """An answer can only go to an agent of its own switch: even halves would abandon."""
    bench = Bench("n1", "n2")
    for agent_id in range(1, 6):
        bench.seat(agent_id)
        bench.agent(agent_id).node = "n2" if agent_id == 5 else "n1"
    bench.stock(n=20)
    bench.wait(1.0)
    assert sorted(call.node for call in bench.floor.calls) == ["n1"] * 4 + ["n2"]


@pytest.mark.parametrize("free", [1, 2])
def test_a_call_for_a_free_agent_is_dialled_on_his_node(free):
    bench = Bench("n1", "n2")
    bench.talk(3 - free)
    busy_on = bench.agent(3 - free).node
    bench.seat(free)
    bench.agent(free).node = "n2" if busy_on == "n1" else "n1"
    bench.stock(lead(9))
    assert bench.dial().node == bench.agent(free).node


def test_a_node_with_paused_agents_only_is_not_dialled_on():
    bench = Bench("n1", "n2")
    bench.seat(1)
    bench.dispatcher.nodes.get("n1").n_placed = 500
    bench.seat(2)
    assert {bench.agent(1).node, bench.agent(2).node} == {"n1", "n2"}
    bench.do(AgentAskedPause(2, "LUNCH"))
    bench.stock(n=5)
    assert bench.dial().node == bench.agent(1).node


# --- calls that nobody answers --------------------------------------------------------------------


def closing(bench):
    (found,) = bench.all(CloseAttempt)
    return found


@pytest.mark.parametrize(
    ("cause", "status", "outcome"),
    [
        ("USER_BUSY", 486, Outcome.BUSY),
        ("NO_ANSWER", None, Outcome.NO_ANSWER),
        ("UNALLOCATED_NUMBER", 404, Outcome.WRONG_NUMBER),
        ("NORMAL_TEMPORARY_FAILURE", 503, Outcome.CONGESTION),
    ],
)
def test_the_end_of_a_call_closes_its_attempt(bench, cause, status, outcome):
    bench.stock(lead(3))
    call = bench.dial(ringing=True)
    bench.do(LegEnded(call.leg_id, cause, status))
    close = closing(bench)
    assert (close.attempt_id, close.lead_id, close.outcome) == (call.attempt_id, 3, outcome)
    assert (close.cause, close.sip_status, close.ended_at) == (cause, status, bench.now.utc)
    assert (close.is_live_answer, close.is_abandoned, close.agent_id) == (False, False, None)
    assert len(bench.floor.calls) == 0


def test_a_message_is_sent_to_the_silent_when_the_campaign_has_one(bench):
    bench.configure(message_template="Bonjour")
    bench.stock(n=1)
    bench.do(LegEnded(bench.dial().leg_id, "NO_ANSWER"))
    assert closing(bench).sends_message


def test_a_local_refusal_charges_nothing_and_comes_back_soon(bench):
    bench.stock(n=1)
    call = bench.dial()
    bench.do(OriginateFailed(call.leg_id, "DESTINATION_OUT_OF_ORDER", is_local=True))
    assert closing(bench).outcome is Outcome.REFUSED_LOCALLY
    assert closing(bench).retry_at == bench.now.utc + 60.0


def test_the_job_of_a_call_that_never_rang_closes_it_once(bench):
    bench.stock(n=1)
    call = bench.dial()
    bench.do(OriginateFailed(call.leg_id, "USER_BUSY", is_local=False))
    bench.do(LegEnded(call.leg_id, "USER_BUSY", 486))
    assert closing(bench).outcome is Outcome.BUSY


def test_the_job_of_a_call_that_rang_leaves_its_end_to_the_leg(bench):
    bench.stock(n=1)
    call = bench.dial(ringing=True)
    bench.do(OriginateFailed(call.leg_id, "NO_ANSWER", is_local=False))
    assert bench.all(CloseAttempt) == []
    bench.do(LegEnded(call.leg_id, "NO_ANSWER", None))
    assert closing(bench).outcome is Outcome.NO_ANSWER


def test_an_attempt_that_the_store_refuses_is_forgotten_without_a_trace(bench):
    bench.stock(n=2)
    call = bench.dial()
    bench.do(AttemptRefused(call.attempt_id, "do_not_call"))
    assert bench.all(CloseAttempt) == []
    assert (len(bench.floor.calls), bench.floor.tally.n_attempts) == (0, 0)
    assert bench.dial().lead_id == 2


def test_refusals_of_the_store_are_no_outage_of_the_carrier(bench):
    bench.stock(n=40)
    for _ in range(25):
        bench.do(AttemptRefused(bench.dial().attempt_id, "do_not_call"))
    assert bench.floor.pacing.learned.carrier.fault_share == 0.0


@pytest.mark.parametrize(("has_early_media", "sign"), [(False, "RINGING"), (True, "EARLY_MEDIA")])
def test_pacing_learns_what_the_network_said_of_a_call(bench, has_early_media, sign):
    bench.stock(n=1)
    call = bench.dial()
    bench.do(LegRinging(call.leg_id, has_early_media=has_early_media))
    assert Sign(bench.floor.trials[call.attempt_id].sign).name == sign


def test_a_ring_after_the_ring_is_late_news(bench):
    bench.stock(n=1)
    call = bench.dial(ringing=True)
    bench.do(LegRinging(call.leg_id, has_early_media=True))
    assert bench.floor.tally.n_stale_events == 1


# --- the reaper -----------------------------------------------------------------------------------


def test_a_call_without_a_word_is_hung_up_and_then_given_up(bench):
    bench.stock(n=1)
    call = bench.dial()
    assert only(HangUpLeg, bench.wait(25.0 + REAP_AFTER_S - 0.1)) == []
    assert only(HangUpLeg, bench.wait(0.2)) == [HangUpLeg("n1", call.leg_id, "NO_ANSWER")]
    assert bench.all(CloseAttempt) == []
    bench.wait(REAP_AFTER_S)
    assert closing(bench).outcome is Outcome.LOST


def test_a_call_that_ends_by_the_reapers_hand_is_closed_once(bench):
    bench.stock(n=1)
    call = bench.dial()
    bench.wait(25.0 + REAP_AFTER_S + 0.1)
    bench.do(LegEnded(call.leg_id, "NO_ANSWER"))
    bench.wait(60.0)
    assert closing(bench).outcome is Outcome.NO_ANSWER


def test_a_call_answered_under_the_reapers_hand_is_not_buried_alive(bench):
    bench.stock(n=1)
    call = bench.dial(ringing=True)
    bench.wait(25.0 + REAP_AFTER_S + 0.1)
    bench.do(LegAnswered(call.leg_id))
    bench.bridge()
    bench.wait(2 * REAP_AFTER_S)
    assert bench.all(CloseAttempt) == []
    assert bench.agent(1).state is AgentState.TALKING


def test_while_its_switch_is_out_of_reach_a_call_is_not_given_up():
    """Its person may have answered: the news comes when the links are back."""
    bench = Bench()
    bench.seat(1)
    bench.stock(lead(3))
    call = bench.dial(ringing=True)
    bench.do(NodeDown("n1"))
    bench.wait(120.0)
    assert bench.all(CloseAttempt) == []
    bench.do(LegAnswered(call.leg_id), NodeUp("n1", 1000, 30))
    bench.bridge()
    assert bench.agent(1).state is AgentState.TALKING


def test_a_switch_that_stays_out_of_reach_keeps_no_lead_for_ever():
    bench = Bench()
    bench.seat(1)
    bench.stock(lead(3))
    bench.dial(ringing=True)
    bench.do(NodeDown("n1"))
    bench.wait(UNREACHABLE_FOR_S + 60.0)
    assert closing(bench).outcome is Outcome.LOST


def test_a_call_that_was_answered_in_time_is_not_reaped(bench):
    bench.stock(n=1)
    bench.dial(answered=True)
    bench.bridge()
    assert only(HangUpLeg, bench.wait(120.0)) == []


# --- campaign states ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state", [CampaignState.PAUSED, CampaignState.DRAINING, CampaignState.FINISHED]
)
def test_a_campaign_that_stops_gives_its_leads_back_and_dials_no_more(bench, state):
    bench.stock(n=5)
    call = bench.dial()
    commands = bench.configure(state=state)
    assert only(ReleaseLeads, commands) == [ReleaseLeads(1, (2, 3, 4, 5), bench.now.utc)]
    bench.do(LegEnded(call.leg_id, "USER_BUSY", 486))
    assert only(Originate, bench.wait(5.0)) == []
    assert only(RefillHopper, bench.wait(5.0)) == []


def test_a_call_in_flight_is_served_after_the_pause(bench):
    bench.stock(n=1)
    call = bench.dial(ringing=True)
    bench.configure(state=CampaignState.PAUSED)
    bench.do(LegAnswered(call.leg_id))
    bench.bridge()
    assert bench.agent(1).state is AgentState.TALKING


def test_a_draining_campaign_finishes_when_its_last_call_ends(bench):
    bench.stock(n=1)
    call = bench.dial(ringing=True)
    bench.configure(state=CampaignState.DRAINING)
    assert only(FinishCampaign, bench.wait(5.0)) == []
    bench.do(LegEnded(call.leg_id, "NO_ANSWER"))
    assert FinishCampaign(1) in bench.wait(0.6)


@pytest.mark.parametrize("is_written", [True, False])
def test_a_draining_campaign_waits_for_the_last_wrap_up(bench, is_written):
    bench.stock(n=1)
    call = bench.dial(answered=True)
    bench.bridge()
    bench.configure(state=CampaignState.DRAINING)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING", 200))
    assert only(FinishCampaign, bench.wait(5.0)) == []
    if is_written:
        bench.do(AgentDisposed(1, call.attempt_id, False))
        assert FinishCampaign(1) in bench.wait(0.6)
    else:  # it lasts no longer than a wrap-up may
        assert FinishCampaign(1) in bench.wait(bench.campaign.wrap_up_limit_s)


def test_a_campaign_started_again_dials_again(bench):
    bench.configure(state=CampaignState.PAUSED)
    bench.wait(5.0)
    bench.configure(state=CampaignState.RUNNING)
    bench.stock(n=1)
    assert bench.dial().lead_id == 1


def test_a_new_target_reaches_the_bank(bench):
    bench.floor.ledger.recall(99, 1)
    bench.configure(abandon_target=0.01)
    assert bench.floor.ledger.bank == pytest.approx(0.0)


def test_a_new_ring_timeout_reaches_the_estimates(bench):
    bench.configure(ring_timeout_s=40.0)
    assert bench.floor.pacing.learned.ring_timeout_s == 40.0


# --- guards -------------------------------------------------------------------------------------


def test_a_late_beat_dials_nothing_until_beats_are_in_time_again(bench):
    """The loop stood still for three seconds: what happened meanwhile is not known yet."""
    bench.stock(n=5)
    bench.now = bench.now.plus(3.0)
    assert only(Originate, bench.wait(0.0)) == []
    assert bench.floor.last_decision.limit == "late"
    assert only(Originate, bench.wait(0.9)) == []
    assert len(only(Originate, bench.wait(0.6))) == 1


def test_events_that_waited_stop_the_dialling_of_every_campaign(bench):
    bench.stock(n=5)
    bench.dispatcher.fall_behind(bench.now)
    assert only(Originate, bench.wait(0.9)) == []
    assert len(only(Originate, bench.wait(0.6))) == 1


def test_a_switch_out_of_reach_is_not_dialled_on_until_its_calls_are_known_again(bench):
    bench.stock(n=5)
    bench.do(NodeDown("n1"))
    assert only(Originate, bench.wait(5.0)) == []
    bench.do(NodeUp("n1", 1000, 30))
    assert len(only(Originate, bench.wait(0.5))) == 1


def test_over_the_legal_limit_pacing_is_progressive_and_the_alarm_is_not_repeated_each_beat():
    bench = Bench(mode=PacingMode.PREDICTIVE)
    for agent_id in range(1, 9):
        bench.seat(agent_id)
    bench.floor.ledger.recall(190, 10)
    bench.stock(n=50)
    bench.wait(20.0)
    assert len(bench.all(Originate)) == 8
    (alarm,) = bench.all(RaiseAlarm)
    assert (alarm.code, alarm.campaign_id) == ("ABANDON_LIMIT", 1)
    assert "5.00%" in alarm.detail


def test_an_abandoned_number_is_dialled_by_one_call_per_agent_and_by_no_risk():
    def dialled(mode):
        bench = Bench(mode=mode)
        for agent_id in range(1, 9):
            bench.seat(agent_id)
        bench.stock(lead(1, abandoned_at=bench.now.utc - 3600.0), lead(2))
        bench.wait(3.0)
        return {call.lead_id for call in bench.all(Originate)}

    assert dialled(PacingMode.PROGRESSIVE) == {1, 2}
    assert dialled(PacingMode.PREDICTIVE) == {2}
    assert dialled(PacingMode.RATIO) == {2}


# --- promised callbacks ---------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [PacingMode.PROGRESSIVE, PacingMode.PREDICTIVE, PacingMode.RATIO])
def test_a_personal_callback_waits_for_its_agent_and_rings_for_him_alone(mode):
    bench = Bench(mode=mode, claim_lease_s=10_000.0)
    bench.seat(1)
    bench.stock(lead(5, is_callback=True, callback_agent_id=2, due_at=bench.now.utc))
    assert only(Originate, bench.wait(60.0)) == [], "the agent who promised it is not there"
    bench.seat(2)
    (order,) = only(Originate, bench.wait(1.0))
    assert (order.lead_id, order.agent_id) == (5, 2)
    assert bench.agent(2).state is AgentState.RESERVED
    assert bench.agent(1).state is AgentState.READY


def test_a_personal_callback_is_anybodys_when_it_is_overdue():
    bench = Bench(claim_lease_s=10_000.0, callback_wait_s=300.0)
    bench.seat(1)
    bench.stock(lead(5, is_callback=True, callback_agent_id=2, due_at=bench.now.utc), lead(6))
    (first,) = only(Originate, bench.wait(1.0))
    assert first.lead_id == 6, "it keeps nobody else back"
    bench.seat(3)
    assert only(Originate, bench.wait(290.0)) == []
    (late,) = only(Originate, bench.wait(20.0))
    assert (late.lead_id, late.agent_id) == (5, None)
