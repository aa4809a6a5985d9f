"""The rehearsal and the real engine in virtual time: the same floor, the same people, one answer.

Differences that remain are chance: the simulated switch ends an unanswered call on a whole second.
"""

from dataclasses import dataclass, replace
from statistics import fmean

import pytest

from dialer.model.agent import AgentState
from dialer.model.campaign import Campaign, CampaignState, PacingMode
from dialer.model.ids import CampaignId
from dialer.model.moment import Moment
from dialer.run.virtual import START_UTC, VirtualWorld
from dialer.sim.desks import Desks
from dialer.sim.dialing import Limits
from dialer.sim.own_pacing import OwnPacing
from dialer.sim.population import BENCHMARK, Population
from dialer.sim.rehearsal import Rehearsal, Work
from dialer.sim.scenarios import scenario
from dialer.sim.typed import TypedSwitch

LIVE_ONLY = replace(BENCHMARK, voicemail=0.0, no_answer=0.65)
ONE = CampaignId(1)
READY_AFTER_S, STAGGER_S = 1.0, 0.5
"""When simulated agents begin: see dialer.sim.desks.Habits."""
RING_TIMEOUT_S = 25.0
SWITCH_RINGS_S = 25.5
"""The switch is told a second more and counts changes of the wall clock's second."""


@dataclass(frozen=True)
class Day:
    wait_s: float
    abandon_rate: float
    talk_share: float
    n_dialed: int


def by_engine(mode, n_agents, seconds, seed):
    start = Moment(0.0, START_UTC)
    population = Population(seed, LIVE_ONLY)
    played = replace(scenario("benchmark"), n_agents=n_agents)
    campaign = Campaign(
        ONE, "agreement", state=CampaignState.RUNNING, mode=mode, rule_set="ANY",
        max_lines=100_000, max_calls_per_s=1000.0, hopper_size=20 * n_agents, claim_lease_s=1e6,
        ring_timeout_s=RING_TIMEOUT_S,
    )  # fmt: skip
    switch = TypedSwitch("n1", population, start, limits=Limits(100_000, 100_000))
    world = VirtualWorld(
        campaign, switch, Desks(population, played.agents(ONE), start, habits=played.habits), seed
    )
    world.run(seconds)
    agents = world.dispatcher.campaigns[ONE].floor.agents
    spent = dict(world.tally.seconds)
    for agent in agents:
        spent[agent.state] = spent.get(agent.state, 0.0) + seconds - agent.since
    worked = sum(spent[state] for state in AgentState if state in spent) - spent.get(
        AgentState.PAUSED, 0.0
    )
    talk_share = spent[AgentState.TALKING] / worked
    return Day(world.tally.mean_ready_wait_s, world.ledger.rate, talk_share, world.tally.n_attempts)


def by_rehearsal(mode, n_agents, seconds, seed):
    shifts = tuple((READY_AFTER_S + STAGGER_S * i, i + 1) for i in range(n_agents))
    work = Work(shifts, ring_timeout_s=SWITCH_RINGS_S)
    pacer = OwnPacing.cold(mode=mode, ring_timeout_s=RING_TIMEOUT_S)
    takings = Rehearsal(Population(seed, LIVE_ONLY), work, pacer).run(seconds)
    return Day(takings.wait_s, takings.abandon_rate, takings.talk_share, takings.n_dialed)


def compare(mode, n_agents, seconds, seeds, wait, share, abandoned, dialed):
    """Means over the seeds: wait and dials relative, shares in points."""
    engine = [by_engine(mode, n_agents, seconds, seed) for seed in seeds]
    lean = [by_rehearsal(mode, n_agents, seconds, seed) for seed in seeds]

    def mean(days, name):
        return fmean(getattr(day, name) for day in days)

    assert mean(lean, "wait_s") == pytest.approx(mean(engine, "wait_s"), rel=wait)
    assert mean(lean, "talk_share") == pytest.approx(mean(engine, "talk_share"), abs=share)
    assert mean(lean, "abandon_rate") == pytest.approx(mean(engine, "abandon_rate"), abs=abandoned)
    assert mean(lean, "n_dialed") == pytest.approx(mean(engine, "n_dialed"), rel=dialed)


@pytest.mark.parametrize("n_agents", [10, pytest.param(20, marks=pytest.mark.slow)])
def test_a_while_of_progressive_dialling_is_the_same_to_the_engine(n_agents):
    compare(
        PacingMode.PROGRESSIVE, n_agents, 3000.0, (401, 402),
        wait=0.03, share=0.01, abandoned=0.0, dialed=0.015,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("n_agents", "seconds"), [(10, 1800.0), pytest.param(20, 900.0, marks=pytest.mark.slow)]
)
def test_the_first_minutes_of_predictive_dialling_are_the_same_to_the_engine(n_agents, seconds):
    compare(
        PacingMode.PREDICTIVE, n_agents, seconds, (401, 402),
        wait=0.05, share=0.015, abandoned=0.01, dialed=0.03,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("n_agents", [10, 20])
def test_days_of_predictive_dialling_are_the_same_to_the_engine(n_agents):
    compare(
        PacingMode.PREDICTIVE, n_agents, 4 * 3600.0, range(401, 404),
        wait=0.03, share=0.005, abandoned=0.003, dialed=0.01,
    )  # fmt: skip
