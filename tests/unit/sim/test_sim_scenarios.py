import pytest

from dialer.sim.person import Answer
from dialer.sim.scenarios import SCENARIOS, scenario


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_every_scenario_is_whole(name):
    played = scenario(name)
    assert played.purpose.endswith(".")
    assert [shift.at_s for shift in played.shifts] == sorted(s.at_s for s in played.shifts)
    assert all(0 < shift.at_s < played.duration_s for shift in played.shifts)
    agents = played.agents(9)
    assert len({agent.phone_address for agent in agents}) == played.n_agents
    assert played.population(1).person("1", 1, "+33612345601") is not None
    for profile in (played.profile, *(shift.profile for shift in played.shifts)):
        shares = profile.live + profile.voicemail + profile.no_answer + profile.busy + profile.fail
        assert shares == pytest.approx(1.0)


def test_limits_are_not_shared_between_switches():
    played = scenario("narrow")
    played.limits().is_outbound_paused = True
    assert not played.limits().is_outbound_paused
    assert played.limits().max_sessions == 30


def test_the_burst_begins_and_ends():
    population = scenario("burst").population(1)

    def failures(at_s):
        reached = [population.reached(str(lead), 1, at_s=at_s) for lead in range(500)]
        return sum(person.outcome is Answer.FAIL for person in reached) / 500

    assert failures(0.0) < 0.1 < 0.85 < failures(1300.0)
    assert failures(1600.0) < 0.1


def test_an_unknown_name_says_which_there_are():
    with pytest.raises(KeyError, match="demo"):
        scenario("nosuch")
