"""The same seed is the same run, byte for byte; and no run dials outside the hours."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dialer.bus.codec import encode
from dialer.engine.journal import Journal
from dialer.model.campaign import Campaign, CampaignState, PacingMode, Window
from dialer.model.commands import Originate
from dialer.model.events import CampaignConfigured
from dialer.model.moment import Moment
from dialer.run import virtual
from dialer.run.clocks import VirtualClock
from dialer.run.virtual import START_UTC, EndlessSupply, VirtualWorld
from dialer.sim.desks import Desks
from dialer.sim.population import BENCHMARK, Population
from dialer.sim.scenarios import scenario
from dialer.sim.typed import TypedSwitch

FIVE_MINUTES = 300.0
PARIS = ZoneInfo("Europe/Paris")


def world(seed, *, n_agents=20, start_utc=START_UTC, journal=None, **settings):
    start = Moment(0.0, start_utc)
    played = replace(scenario("benchmark"), n_agents=n_agents)
    people = Population(seed, BENCHMARK)
    campaign = Campaign(
        1, "c", state=CampaignState.RUNNING, rule_set="ANY", broadcast_message="hello"
    )
    return VirtualWorld(
        replace(campaign, **settings), TypedSwitch("n1", people, start),
        Desks(people, played.agents(1), start, habits=played.habits), seed,
        supply=EndlessSupply(), journal=journal, clock=VirtualClock(start_utc),
    )  # fmt: skip


def journal_of(seed, mode):
    lines = []
    world(seed, journal=Journal(lines.append, encode), mode=mode).run(FIVE_MINUTES)
    return b"".join(lines)


@pytest.mark.parametrize("mode", sorted(set(PacingMode) - {PacingMode.MANUAL}))
def test_two_runs_of_one_seed_write_the_same_bytes(mode):
    first, second = journal_of(5, mode), journal_of(5, mode)
    assert first == second
    assert first.count(b'"type":"Originate"') > 50


def summary(seed):
    run = world(seed)
    run.run(FIVE_MINUTES)
    tally = run.tally
    return (tally.n_attempts, tally.n_answered, tally.n_bridged, round(tally.ready_waits_s, 3))


def test_two_seeds_are_two_days():
    days = [summary(5), summary(6), summary(5)]
    assert days[0] == days[2]
    assert days[0] != days[1]
    for n_attempts, n_answered, n_bridged, _ in days:
        assert n_attempts > n_answered > 0.8 * n_bridged > 0


def test_settings_read_again_change_nothing():
    plain, reread = world(5), world(5)
    plain.run(FIVE_MINUTES)
    for minute in range(1, 6):
        reread.run(60.0 * minute)
        reread.tell([CampaignConfigured(reread.campaign)])
    assert plain.tally.n_attempts == reread.tally.n_attempts


class Dials:
    """Keeps the local time of each originate."""

    def __init__(self):
        self.at = []

    def note(self, now, event, commands):
        self.at += [
            datetime.fromtimestamp(now.utc, PARIS) for c in commands if isinstance(c, Originate)
        ]


@pytest.mark.parametrize(
    ("date", "hours"),
    [
        ((2026, 3, 29), 1.75),  # 02:00 to 03:00 does not exist
        ((2026, 10, 25), 3.75),  # 02:00 to 03:00 comes twice
    ],
)
def test_no_call_outside_the_hours_on_the_day_the_clock_changes(date, hours):
    opens, closes = (1, 30), (3, 30)
    window = Window(frozenset(range(7)), 90, 210)
    begin = datetime(*date, 1, 20, tzinfo=PARIS)
    dials = Dials()
    run = world(
        3, n_agents=1, start_utc=begin.timestamp(), journal=dials, mode=PacingMode.PROGRESSIVE,
        windows=(window,), hopper_size=1,
    )  # fmt: skip
    run.run(hours * 3600.0)
    clock = [(at.hour, at.minute) for at in dials.at]
    assert min(clock) == opens
    assert max(clock) < closes
    assert max(clock) >= (3, 20)
    held = {at.fold for at in dials.at if at.hour == 2}
    assert held == (set() if date[1] == 3 else {0, 1})


def test_the_virtual_day_begins_when_it_says():
    assert datetime.fromtimestamp(virtual.START_UTC, PARIS).weekday() == 0
