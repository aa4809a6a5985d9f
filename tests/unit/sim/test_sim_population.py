import math
from collections import Counter
from dataclasses import replace
from statistics import fmean, pstdev

import pytest

from dialer.sim.numbers import far_end
from dialer.sim.person import Answer
from dialer.sim.population import BENCHMARK, DEMO, LAB, Population, Shift

N = 20_000


def people(population):
    return [population.person(str(lead), 1) for lead in range(N)]


@pytest.fixture(scope="module")
def crowd():
    return people(Population(7, BENCHMARK))


def test_shares_of_the_benchmark_population(crowd):
    shares = Counter(person.outcome for person in crowd)
    expected = {"LIVE": 0.25, "VOICEMAIL": 0.30, "NO_ANSWER": 0.35, "BUSY": 0.05, "FAIL": 0.05}
    for outcome, share in expected.items():
        assert shares[Answer(outcome)] / N == pytest.approx(share, abs=0.01)


def test_times_of_live_persons_follow_the_workload(crowd):
    live = [person for person in crowd if person.outcome is Answer.LIVE]
    rings = [person.answer_after_s for person in live]
    talks = [person.talk_s for person in live]
    assert fmean(rings) == pytest.approx(9.0, rel=0.03)
    assert pstdev(rings) / fmean(rings) == pytest.approx(1 / math.sqrt(3), rel=0.05)
    assert fmean(talks) == pytest.approx(120.0, rel=0.04)
    assert pstdev(talks) / fmean(talks) == pytest.approx(0.8, rel=0.08)
    assert fmean(person.hangs_up_first for person in live) == pytest.approx(0.5, abs=0.03)


def test_times_of_everybody_else(crowd):
    machines = [person.answer_after_s for person in crowd if person.is_machine]
    assert fmean(after < 8 for after in machines) == pytest.approx(0.35, abs=0.02)
    assert fmean(after for after in machines if after < 8) == pytest.approx(4.0, rel=0.02)
    assert fmean(after for after in machines if after > 8) == pytest.approx(19.0, rel=0.02)
    for person in crowd:
        if person.outcome is Answer.BUSY:
            assert 1.0 <= person.answer_after_s <= 3.0
            assert person.sip_status == 486
        elif person.outcome is Answer.FAIL:
            assert 0.5 <= person.answer_after_s <= 3.0
            assert person.sip_status >= 400
        elif person.outcome is Answer.NO_ANSWER:
            assert person.answer_after_s == math.inf
        assert person.ring_delay_s is None or person.ring_delay_s < person.answer_after_s


def test_wrap_up_is_gamma_of_shape_two():
    population = Population(7, BENCHMARK)
    wraps = [population.wrap_up_s(str(lead), 1) for lead in range(N)]
    assert fmean(wraps) == pytest.approx(20.0, rel=0.03)
    assert pstdev(wraps) / fmean(wraps) == pytest.approx(1 / math.sqrt(2), rel=0.05)


def test_a_person_hangs_on_seed_lead_and_attempt_only():
    one, other = Population(1, DEMO), Population(1, DEMO)
    other.person("5", 1)
    assert one.person("9", 2) == other.person("9", 2)
    assert one.person("9", 2, number="+33612345601") == one.person("9", 2)
    assert one.person("9", 2) != one.person("9", 1)
    assert people(Population(1, DEMO)) != people(Population(2, DEMO))


def test_the_number_decides_in_the_lab_only():
    lab = Population(1, LAB)
    assert lab.person("1", 1, "+33612345603").sip_status == 486
    assert lab.person("2", 9, "+33612345603") == far_end("22997000103")
    assert far_end("33612345699").sip_status == 404


def test_a_shift_changes_shares_from_its_second_on():
    rich = replace(BENCHMARK, live=1.0)
    population = Population(1, BENCHMARK, (Shift(100.0, rich),))
    before = [population.person(str(lead), 1, at_s=99.0).outcome for lead in range(2000)]
    after = [population.person(str(lead), 1, at_s=100.0).outcome for lead in range(2000)]
    assert 0.2 < fmean(outcome is Answer.LIVE for outcome in before) < 0.3
    assert set(after) == {Answer.LIVE}


def test_a_failing_carrier_stands_between_but_changes_nobody():
    bad = replace(BENCHMARK, carrier_failure=0.9)
    population = Population(1, bad)
    reached = [population.reached(str(lead), 1) for lead in range(2000)]
    lost = [person for person in reached if person.sip_status == 503]
    assert 0.88 < len(lost) / 2000 < 0.95
    for lead, person in enumerate(reached):
        assert person.sip_status == 503 or person == population.person(str(lead), 1)


def test_shares_of_every_profile_sum_to_one():
    for profile in (BENCHMARK, DEMO):
        total = profile.live + profile.voicemail + profile.no_answer + profile.busy + profile.fail
        assert total == pytest.approx(1.0)
