"""A campaign that listens, in virtual time: agents talk to people, machines are hung up."""

from collections import Counter

from dialer.model.amd import AmdProfile, Verdict
from dialer.model.campaign import Campaign, CampaignState, PacingMode
from dialer.model.moment import Moment
from dialer.model.outcome import Outcome
from dialer.run.virtual import START_UTC, VirtualWorld
from dialer.sim.desks import DeskAgent, Desks
from dialer.sim.population import BENCHMARK, Population
from dialer.sim.typed import TypedSwitch

START = Moment(0.0, START_UTC)


def played(profile, seconds=300.0, seed=5):
    """One campaign's calls as they were closed."""
    closed = []
    people = Population(seed, BENCHMARK)
    agents = [DeskAgent(i, 1, f"A{i}", f"10{i:02d}") for i in range(1, 9)]
    campaign = Campaign(
        1, "c", CampaignState.RUNNING, PacingMode.PREDICTIVE, rule_set="ANY", amd=profile,
        amd_check_share=0.05,
    )  # fmt: skip
    world = VirtualWorld(
        campaign, TypedSwitch("n1", people, START), Desks(people, agents, START), seed,
        on_close=lambda command, now: closed.append(command),
    )  # fmt: skip
    world.run(seconds)
    return world, closed


def test_machines_are_hung_up_and_agents_talk_to_people():
    world, closed = played(AmdProfile.CONSUMER)
    heard = [one for one in closed if one.screening is not None]
    verdicts = Counter(one.screening.verdict for one in heard)
    assert verdicts[Verdict.HUMAN] > 5 and verdicts[Verdict.MACHINE] > 5
    assert {one.outcome for one in heard if one.screening.is_machine} == {Outcome.MACHINE}
    assert world.tally.verdicts[Verdict.MACHINE] >= verdicts[Verdict.MACHINE]
    assert world.ledger.rate < 0.03


def test_without_it_nobody_is_listened_to():
    _, closed = played(AmdProfile.OFF, 60.0)
    assert closed and all(one.screening is None for one in closed)


def test_a_run_is_the_same_each_time():
    first, second = (played(AmdProfile.CONSUMER, 60.0)[1] for _ in range(2))
    assert first == second
