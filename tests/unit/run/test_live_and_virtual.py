"""The engine in real time, under gevent, does what it does in virtual time, within noise."""

from dataclasses import replace
from itertools import count

import gevent
import pytest

from dialer.engine.dispatcher import Dispatcher
from dialer.model.campaign import Campaign, CampaignState
from dialer.model.commands import (
    BridgeLegs,
    CallAgent,
    HangUpLeg,
    NoteAgent,
    Originate,
    PlayNotice,
    PopLead,
    RefillHopper,
)
from dialer.model.events import CampaignConfigured, LeadsClaimed
from dialer.run.clocks import SystemClock
from dialer.run.engine_loop import EngineLoop
from dialer.run.virtual import EndlessSupply, VirtualWorld
from dialer.sim.desks import Desks, Disposal
from dialer.sim.population import Population
from dialer.sim.scenarios import scenario
from dialer.sim.typed import TypedSwitch

SECONDS = 60.0
TO_SWITCH = (Originate, CallAgent, BridgeLegs, PlayNotice, HangUpLeg)
CAMPAIGN = Campaign(
    1, "rush", state=CampaignState.RUNNING, rule_set="ANY", max_calls_per_s=100.0,
    answer_limit_s=2.0,
)  # fmt: skip


def parts(now, seed):
    """Switch and desks of the scenario whose seconds are like minutes."""
    played = replace(scenario("rush"), n_agents=12)
    people = Population(seed, played.profile)
    desks = Desks(people, played.agents(1), now, habits=played.habits)
    return TypedSwitch("n1", people, now), desks


class LiveWorld:
    """Switch and desks beside the engine's greenlet, in real time."""

    def __init__(self, seed):
        self.clock = SystemClock()
        self.switch, self.desks = parts(self.clock.now(), seed)
        self.supply, ids = EndlessSupply(), count(1)
        self.loop = EngineLoop(Dispatcher(lambda: f"id-{next(ids)}"), self.perform, self.clock)

    def perform(self, command):
        now = self.clock.now()
        if isinstance(command, TO_SWITCH):
            self.tell(self.switch.handle(command, now))
        elif isinstance(command, (NoteAgent, PopLead)):
            self.tell(self.desks.handle(command, now))
        elif isinstance(command, RefillHopper):
            claimed = self.supply.claim(command.n_leads, now)
            self.tell([LeadsClaimed(command.campaign_id, claimed)])

    def tell(self, happened):
        for item in happened:
            if not isinstance(item, Disposal):
                self.loop.emit(item)

    def run(self, seconds):
        self.tell([self.switch.up(), CampaignConfigured(CAMPAIGN)])
        engine, end = gevent.spawn(self.loop.run), self.clock.now().mono + seconds
        while (now := self.clock.now()).mono < end:
            self.tell(self.switch.expire(now))
            self.tell(self.desks.expire(now))
            gevent.sleep(0.005)
        self.loop.stop()
        engine.join(5.0)
        return self.loop.dispatcher.campaigns[1].floor, now.mono


def figures(floor, now):
    """Answers, abandoned ones, and occupancy."""
    ledger = floor.ledger
    return ledger.n_live, ledger.n_abandoned, floor.tally.occupancy(list(floor.agents), now)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_real_time_and_virtual_time_agree_on_abandons_and_occupancy():
    """Each draws its calls alike, but the order of dialling differs: noise, not bias."""
    live = LiveWorld(seed=5)
    n_live, n_abandoned, occupancy = figures(*live.run(SECONDS))
    assert live.loop.n_failures == 0
    virtual = []
    for seed in range(5, 9):
        start = SystemClock().now()
        world = VirtualWorld(CAMPAIGN, *parts(replace(start, mono=0.0), seed), seed)
        world.run(SECONDS)
        virtual.append(figures(world.dispatcher.campaigns[1].floor, SECONDS))
    expected = sum(occupied for _, _, occupied in virtual) / len(virtual)
    assert n_live > 25
    assert occupancy == pytest.approx(expected, abs=0.08)
    share = sum(found[1] for found in virtual) / sum(found[0] for found in virtual)
    deviation = (max(share, 0.02) / n_live) ** 0.5
    assert n_abandoned / n_live == pytest.approx(share, abs=3.0 * deviation)
