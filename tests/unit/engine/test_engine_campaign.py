import pytest
from floor import START, Bench, lead, only

from dialer.engine.campaign import DEADLINES, HANDLERS
from dialer.engine.deadlines import Deadlines
from dialer.model import events
from dialer.model.agent import AgentState, AgentTrigger
from dialer.model.campaign import Campaign, CampaignState
from dialer.model.commands import Originate
from dialer.model.errors import IllegalTransition
from dialer.model.events import (
    AgentAskedReady,
    CampaignConfigured,
    HistoryRead,
    LegAnswered,
    LegRinging,
    NumberBlocked,
)
from dialer.policy.memory import remember
from dialer.policy.statistics import Learned

OF_ALL_CAMPAIGNS = {
    events.CampaignEnded,
    events.ListenerStarts,
    events.ListenerReady,
    events.NodeTrunks,
    events.NodeDraining,
    events.NodeUp,
    events.NodeDown,
    events.NodeBeat,
    events.NodeRestarted,
}


def test_every_event_has_a_handler_or_is_the_dispatchers():
    every = set(events.Event.__args__)
    assert set(HANDLERS) == every - OF_ALL_CAMPAIGNS


def test_every_deadline_that_is_asked_for_has_a_rule(monkeypatch):
    """A day with everything in it: no deadline of an unknown kind is ever asked for."""
    asked = set()
    plain = Deadlines.ask

    def ask(self, when, kind, key=""):
        asked.add(kind)
        plain(self, when, kind, key)

    monkeypatch.setattr(Deadlines, "ask", ask)
    bench = Bench()
    call, phone = bench.talk(1)
    bench.do(events.LegEnded(phone, "X"), events.LegEnded(call.leg_id, "Y"))
    bench.wait(200.0)
    assert {"tick", "reap", "wait", "bridge", "settle", "phone"} <= asked <= set(DEADLINES)


def test_campaigns_share_the_switch_but_neither_agents_nor_calls():
    bench = Bench()
    bench.do(CampaignConfigured(Campaign(2, "b", state=CampaignState.RUNNING, rule_set="ANY")))
    bench.seat(1)
    bench.stock(lead(1))
    call = bench.dial(ringing=True)
    other = bench.dispatcher.campaigns[2].floor
    assert (len(other.agents), len(other.calls), len(other.hopper)) == (0, 0, 0)
    assert set(bench.dispatcher.legs()) == {call.leg_id, bench.agent(1).leg_id}
    assert [agent.agent_id for agent in bench.dispatcher.agents()] == [1]


def test_a_blocked_number_reaches_every_campaign():
    bench = Bench()
    bench.do(CampaignConfigured(Campaign(2, "b", state=CampaignState.RUNNING, rule_set="ANY")))
    bench.do(events.LeadsClaimed(1, (lead(1),)), events.LeadsClaimed(2, (lead(1, list_id=2),)))
    released = bench.do(NumberBlocked(lead(1).number))
    assert [release.campaign_id for release in released] == [1, 2]


def test_a_campaign_that_was_given_up_hears_nothing_more():
    bench = Bench()
    bench.seat(1)
    bench.dispatcher.forget(1)
    assert bench.do(AgentAskedReady(1), LegAnswered("id-1")) == []
    assert bench.wait(10.0) == []
    assert bench.dispatcher.next_deadline() is None


def test_events_for_a_campaign_that_is_not_here_are_dropped():
    bench = Bench()
    assert bench.do(events.LeadsClaimed(9, (lead(1),)), events.AgentLoggedIn(1, 9, "A", "1")) == []


def test_what_the_law_counted_before_is_taken_over():
    bench = Bench()
    bench.do(HistoryRead(1, n_served=970, n_abandoned=30))
    assert (bench.floor.ledger.n_live, bench.floor.ledger.rate) == (1000, 0.03)


def test_what_was_learnt_before_is_taken_over_and_given_back():
    learned = Learned.prior(25.0, answer_rate=0.6)
    bench = Bench()
    bench.do(HistoryRead(1, 0, 0, memory=remember(learned)))
    assert bench.floor.pacing.learned.rate.slow == pytest.approx(0.6)
    assert bench.engine.memory()["rate"] == pytest.approx(0.6)


def test_late_news_is_counted_and_a_fault_of_ours_is_raised():
    bench = Bench()
    call, _ = bench.talk(1)
    bench.do(LegRinging(call.leg_id))
    assert bench.floor.tally.n_stale_events == 1
    bench.agent(1).state = AgentState.WRAP_UP
    with pytest.raises(IllegalTransition, match="agent: reserve"):
        bench.floor.move_agent(bench.agent(1), AgentTrigger.RESERVE, bench.now)


def test_identities_come_from_the_mint_so_that_a_replay_has_the_same():
    runs = []
    for _ in range(2):
        bench = Bench()
        bench.seat(1)
        bench.stock(n=3)
        runs.append(only(Originate, bench.wait(3.0)))
    assert runs[0] == runs[1]
    assert START.mono == 1000.0
