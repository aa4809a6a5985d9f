"""The whole engine in virtual time, as benchmarks drive it: one switch, one campaign, no hours."""

from dataclasses import replace

from dialer.model.campaign import Campaign, CampaignState, PacingMode
from dialer.model.ids import CampaignId
from dialer.model.moment import Moment
from dialer.run.virtual import START_UTC, VirtualWorld
from dialer.sim.desks import Desks
from dialer.sim.dialing import Limits
from dialer.sim.population import BENCHMARK, Population
from dialer.sim.scenarios import scenario
from dialer.sim.typed import TypedSwitch

NODE = "n1"
ONE = CampaignId(1)
LIVE_ONLY = replace(BENCHMARK, voicemail=0.0, no_answer=0.65)
"""Nobody's voicemail answers: what reaches agents is a person."""


def world(mode: PacingMode, n_agents: int, seed: int) -> VirtualWorld:
    """A campaign that runs from a cold start, with neither hours nor pauses nor scarce lines."""
    start = Moment(0.0, START_UTC)
    population = Population(seed, LIVE_ONLY)
    played = replace(scenario("benchmark"), n_agents=n_agents)
    campaign = Campaign(
        ONE, "benchmark", state=CampaignState.RUNNING, mode=mode, rule_set="ANY",
        max_lines=100_000, max_calls_per_s=1000.0, hopper_size=max(400, 20 * n_agents),
    )  # fmt: skip
    switch = TypedSwitch(NODE, population, start, limits=Limits(100_000, 100_000))
    desks = Desks(population, played.agents(ONE), start, habits=played.habits)
    return VirtualWorld(campaign, switch, desks, seed)
