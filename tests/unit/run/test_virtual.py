from dataclasses import replace

import pytest

from dialer.model.agent import AgentState
from dialer.model.campaign import Campaign, CampaignState
from dialer.model.events import CampaignConfigured
from dialer.model.moment import Moment
from dialer.run import virtual
from dialer.run.clocks import VirtualClock
from dialer.run.virtual import START_UTC, EndlessSupply, VirtualWorld
from dialer.sim.desks import Desks
from dialer.sim.population import DEMO, Population
from dialer.sim.scenarios import scenario
from dialer.sim.typed import TypedSwitch

START = Moment(0.0, START_UTC)


def world(seed=1, **parts):
    people = Population(seed, DEMO)
    played = replace(scenario("demo"), n_agents=4)
    campaign = Campaign(1, "c", state=CampaignState.RUNNING, rule_set="ANY")
    desks = Desks(people, played.agents(1), START, habits=played.habits)
    return VirtualWorld(campaign, TypedSwitch("n1", people, START), desks, seed, **parts)


def test_an_endless_supply_never_gives_a_lead_or_a_number_twice():
    supply = EndlessSupply()
    leads = [lead for _ in range(5) for lead in supply.claim(7, START)]
    assert len({lead.lead_id for lead in leads}) == len({lead.number for lead in leads}) == 35


def test_the_clock_ends_where_it_was_told_and_both_hands_agree():
    run = world()
    run.run(90.25)
    assert run.clock.now() == Moment(90.25, START_UTC + 90.25)


def test_many_small_steps_are_one_long_run():
    long, short = world(), world()
    long.run(300.0)
    for step in range(1, 301):
        short.run(float(step))
    assert long.tally == short.tally
    assert long.n_messages == short.n_messages > 100


def test_each_attempt_is_told_to_who_listens_when_it_closes():
    closed = []
    run = world(on_close=lambda close, now: closed.append((close.attempt_id, now.mono)))
    run.run(120.0)
    assert len(closed) == len({attempt for attempt, _ in closed}) == run.tally.outcomes.total() > 10
    assert [at for _, at in closed] == sorted(at for _, at in closed)


def test_the_forms_that_agents_save_are_kept():
    run = world()
    run.run(120.0)
    assert 0 < len(run.disposals) <= run.tally.n_bridged


def test_messages_without_end_are_a_fault_and_not_a_hang(monkeypatch):
    monkeypatch.setattr(virtual, "BUSY_LIMIT", 3)
    with pytest.raises(RuntimeError, match="no end of messages"):
        world().run(60.0)


def test_the_virtual_clock_stands_still_until_it_is_moved():
    clock = VirtualClock(START_UTC)
    assert clock.now() == clock.now() == START
    clock.move_to(3.5)
    assert clock.now() == START.plus(3.5)


def test_campaigns_that_share_agents_share_their_time_by_weight():
    people = Population(3, DEMO)
    played = replace(scenario("demo"), n_agents=10)
    first = Campaign(1, "a", state=CampaignState.RUNNING, rule_set="ANY", pool="both")
    desks = Desks(people, played.agents(1), START, habits=played.habits)
    run = VirtualWorld(first, TypedSwitch("n1", people, START), desks, 3)
    run.tell([CampaignConfigured(replace(first, campaign_id=2, name="b", pool_weight=3.0))])
    run.run(900.0)
    floors = [engine.floor for engine in run.dispatcher.campaigns.values()]
    n_bridged = [floor.tally.n_bridged for floor in floors]
    assert 1.8 < n_bridged[1] / n_bridged[0] < 5.0
    assert sum(n_bridged) > 60
    talking = [a for a in run.dispatcher.agents() if a.state is AgentState.TALKING]
    assert all(run.dispatcher.campaigns[a.campaign_id].floor.calls.of_attempt(a.attempt_id)
               for a in talking)  # fmt: skip
    assert all(floor.ledger.rate < 0.06 for floor in floors)
