"""Campaigns of one pool: one book of agents, and every conversation with its own campaign."""

import pytest
from floor import Bench, lead, only

from dialer.model.agent import AgentState
from dialer.model.campaign import Campaign, CampaignState, PacingMode
from dialer.model.commands import BridgeLegs, HangUpLeg, NoteAgent, Originate, PopLead
from dialer.model.events import (
    AgentAskedReady,
    AgentDisposed,
    AgentLoggedIn,
    CampaignConfigured,
    CampaignEnded,
    LeadsClaimed,
    LegAnswered,
    LegEnded,
    LegsBridged,
    NodeRestarted,
    NodeUp,
)

SHARED = {"state": CampaignState.RUNNING, "mode": PacingMode.PROGRESSIVE, "rule_set": "ANY"}


def other(bench, campaign_id=2, pool="both", **settings):
    """A second campaign; its floor."""
    campaign = Campaign(campaign_id, f"c{campaign_id}", pool=pool, **SHARED | settings)
    bench.do(CampaignConfigured(campaign))
    return bench.dispatcher.campaigns[campaign_id].floor


@pytest.fixture
def bench():
    return Bench(pool="both")


def answered_call(bench, campaign_id=2):
    """A call of that campaign which a person has just answered."""
    bench.do(LeadsClaimed(campaign_id, (lead(500 + campaign_id, list_id=campaign_id),)))
    for _ in range(6):
        calls = [c for c in only(Originate, bench.wait(0.5)) if c.campaign_id == campaign_id]
        if calls:
            bench.do(LegAnswered(calls[0].leg_id))
            return calls[0]
    raise AssertionError(f"campaign {campaign_id} dials nothing")


def test_an_agent_of_one_campaign_takes_the_call_of_another(bench):
    second = other(bench)
    bench.seat(1)
    call = answered_call(bench)
    (asked,) = bench.all(BridgeLegs)
    assert asked.customer_leg_id == call.leg_id
    assert bench.all(PopLead)[-1].campaign_id == 2
    assert bench.agent(1).campaign_id == 2
    assert second.seated() == [bench.agent(1)]


def test_the_conversation_counts_for_the_campaign_that_dialled(bench):
    second = other(bench)
    bench.seat(1)
    call = answered_call(bench)
    bench.bridge()
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    bench.do(AgentDisposed(1, call.attempt_id, is_machine=False))
    assert bench.agent(1).state is AgentState.READY
    assert (second.tally.n_bridged, bench.floor.tally.n_bridged) == (1, 0)
    assert (second.ledger.n_live, bench.floor.ledger.n_live) == (1, 0)
    assert second.pacing.learned.n_talks == 1
    assert {note.campaign_id for note in bench.all(NoteAgent)[-3:]} == {2}


def test_the_longest_waiting_caller_of_either_campaign_is_served_first():
    bench = Bench(pool="both", answer_limit_s=10.0)
    other(bench, answer_limit_s=10.0)
    bench.seat(1), bench.seat(2)
    early, late = answered_call(bench, 2), None
    bench.bridge()
    bench.do(LeadsClaimed(1, (lead(1), lead(2))))
    late = bench.dial()
    bench.do(LegEnded(early.leg_id, "NORMAL_CLEARING"))
    second = bench.dispatcher.campaigns[2].floor
    assert bench.agent(1).state is AgentState.WRAP_UP
    bench.do(LegAnswered(late.leg_id))  # the other agent takes it
    assert bench.all(BridgeLegs)[-1].customer_leg_id == late.leg_id
    assert bench.agent(2).campaign_id == 1
    assert second.seated() == [bench.agent(1)]


def test_free_agents_are_counted_once_for_all_campaigns(bench):
    other(bench)
    bench.seat(1)
    bench.do(LeadsClaimed(1, (lead(1), lead(2))), LeadsClaimed(2, (lead(3, list_id=2),)))
    assert len(only(Originate, bench.wait(5.0))) == 1, "one free agent, one line"


def test_each_campaign_gets_its_weight_of_the_calls():
    bench = Bench(pool="both", mode=PacingMode.PREDICTIVE)
    second = other(bench, mode=PacingMode.PREDICTIVE, pool_weight=3.0)
    for agent_id in range(1, 13):
        bench.seat(agent_id)
    bench.do(LeadsClaimed(1, tuple(lead(i) for i in range(1, 200))))
    bench.do(LeadsClaimed(2, tuple(lead(i, list_id=2) for i in range(201, 400))))
    bench.wait(10.0)
    assert len(second.calls) == pytest.approx(3 * len(bench.floor.calls), abs=3)


def test_a_paused_campaigns_calls_still_want_agents(bench):
    other(bench)
    bench.seat(1)
    bench.do(LeadsClaimed(2, (lead(3, list_id=2),)))
    assert only(Originate, bench.wait(1.0))
    bench.do(
        CampaignConfigured(
            Campaign(2, "c2", pool="both", **SHARED | {"state": CampaignState.PAUSED})
        )
    )
    bench.stock(lead(1))
    assert only(Originate, bench.wait(3.0)) == [], "the one free agent is spoken for"


def test_a_campaign_without_a_pool_keeps_its_agents_to_itself(bench):
    alone = other(bench, campaign_id=3, pool="")
    bench.seat(1)
    bench.do(LeadsClaimed(3, (lead(1, list_id=3),)))
    assert only(Originate, bench.wait(5.0)) == []
    assert len(alone.agents) == 0


def test_a_campaign_that_leaves_its_pool_takes_those_who_work_for_it_along(bench):
    second = other(bench)
    bench.seat(1)
    bench.seat(2)
    answered_call(bench)
    worker = next(a for a in bench.floor.agents if a.campaign_id == 2)
    other(bench, pool="")
    assert list(second.agents) == [worker]
    assert worker.leg_id and second.agents.of_leg(worker.leg_id) is worker
    assert worker not in list(bench.floor.agents)


def test_a_login_to_another_campaign_of_the_pool_moves_the_agent_without_a_new_leg(bench):
    other(bench)
    leg_id = bench.seat(1)
    commands = bench.do(AgentLoggedIn(1, 2, "A1", "1001"))
    assert only(HangUpLeg, commands) == []
    assert (bench.agent(1).campaign_id, bench.agent(1).leg_id) == (2, leg_id)


def test_a_login_to_a_campaign_of_no_common_pool_ends_the_earlier_one(bench):
    other(bench, campaign_id=3, pool="")
    leg_id = bench.seat(1)
    commands = bench.do(AgentLoggedIn(1, 3, "A1", "1001"))
    assert [hang_up.leg_id for hang_up in only(HangUpLeg, commands)] == [leg_id]
    assert bench.floor.agents.get(1) is None


def test_a_lost_phone_is_called_back_for_the_campaign_that_the_agent_works_for(bench):
    other(bench)
    leg_id = bench.seat(1)
    bench.do(AgentLoggedIn(1, 2, "A1", "1001"), LegEnded(leg_id, "MEDIA_TIMEOUT"))
    bench.wait(2.0)
    assert bench.all(NoteAgent)[-1].campaign_id == 2
    assert bench.agent(1).leg_id not in (None, leg_id)


def test_a_restarted_switch_loses_each_conversation_once(bench):
    second = other(bench)
    bench.seat(1)
    answered_call(bench)
    bench.bridge()
    bench.do(NodeRestarted("n1"), NodeUp("n1", 1000, 30))
    assert len(second.calls) == 0
    assert bench.agent(1).leg_id is None or bench.wait(3.0)
    assert bench.agent(1).campaign_id == 2


def test_when_a_campaign_ends_its_agents_go_on_for_the_others(bench):
    other(bench)
    bench.seat(1)
    bench.do(AgentLoggedIn(1, 2, "A1", "1001"), CampaignEnded(2))
    assert bench.agent(1).campaign_id == 1
    assert 2 not in bench.dispatcher.campaigns
    bench.stock(lead(1))
    assert bench.dial(answered=True).campaign_id == 1


def test_when_the_last_campaign_ends_its_agents_go_home(bench):
    leg_id = bench.seat(1)
    commands = bench.do(CampaignEnded(1))
    assert [hang_up.leg_id for hang_up in only(HangUpLeg, commands)] == [leg_id]
    assert only(NoteAgent, commands)[-1].state is AgentState.OFFLINE
    assert list(bench.dispatcher.agents()) == []


def test_a_dispositions_late_arrival_finds_its_agent_wherever_he_went(bench):
    other(bench)
    bench.seat(1)
    call = answered_call(bench)
    bench.bridge()
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"), CampaignEnded(2))
    bench.do(AgentDisposed(1, call.attempt_id, is_machine=False))
    assert bench.agent(1).state is AgentState.READY


def test_events_of_a_shared_agents_leg_reach_the_campaign_that_has_him(bench):
    second = other(bench)
    leg_id = bench.log_in(1)
    bench.do(AgentLoggedIn(1, 2, "A1", "1001"), LegAnswered(leg_id), AgentAskedReady(1))
    assert bench.agent(1).is_free
    assert set(bench.dispatcher.legs()) == {leg_id}
    call = answered_call(bench)
    asked = bench.all(BridgeLegs)[-1]
    bench.do(LegsBridged(asked.agent_leg_id, asked.customer_leg_id))
    assert second.calls.of_attempt(call.attempt_id).state.name == "CONNECTED"
