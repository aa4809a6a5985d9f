"""Verdicts checked by agents give the share of people hung up on, and switch a bad detector off."""

import pytest
from scipy.stats import binomtest

from dialer.policy.amd_audit import (
    AuditCount,
    Standing,
    chance_person,
    clopper_pearson,
    false_positives,
    is_bypassed,
    standing,
)


@pytest.mark.parametrize(("k", "n"), [(0, 1), (0, 370), (3, 1000), (19, 3000), (5, 5), (7, 20)])
def test_the_interval_is_the_exact_one(k, n):
    expected = binomtest(k, n).proportion_ci(0.95, "exact")
    interval = clopper_pearson(k, n)
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high))
    assert interval.share == k / n


def test_the_amounts_that_prove_one_per_cent():
    assert clopper_pearson(0, 370).high < 0.01
    assert clopper_pearson(3, 1000).high < 0.01
    assert clopper_pearson(4, 1000).high > 0.01


def test_without_a_case_all_is_possible_and_an_impossible_count_is_refused():
    assert (clopper_pearson(0, 0).low, clopper_pearson(0, 0).high) == (0.0, 1.0)
    with pytest.raises(ValueError, match="3 of 2"):
        clopper_pearson(3, 2)


def test_the_draw_is_of_the_share_and_the_same_each_time():
    drawn = [is_bypassed(f"call-{i}", 0.02) for i in range(20_000)]
    assert 330 < sum(drawn) < 470
    assert drawn == [is_bypassed(f"call-{i}", 0.02) for i in range(20_000)]
    assert not any(is_bypassed(f"call-{i}", 0.0) for i in range(100))
    assert all(is_bypassed(f"call-{i}", 1.0) for i in range(100))


def test_false_positives_are_a_share_of_people_not_of_verdicts():
    count = AuditCount(n_machine=5000, n_checked=100, n_people=2, n_served=4902)
    estimate = false_positives(count)
    assert estimate.share == pytest.approx(100 / (100 + 4900))
    assert estimate.low < estimate.share < estimate.high


def test_before_any_check_the_ledger_counts_the_prior_and_then_what_was_found():
    assert chance_person(AuditCount()) == pytest.approx(0.02)
    assert chance_person(AuditCount(1000, 150, 0)) == pytest.approx(0.005)
    assert chance_person(AuditCount(1000, 150, 29)) == pytest.approx(0.15)


def test_a_detector_with_few_checks_is_on_trial():
    assert standing(AuditCount(50, 1, 0, 50), 0.01) is Standing.ON_TRIAL
    assert standing(AuditCount(), 0.01) is Standing.ON_TRIAL


def test_it_is_switched_off_as_soon_as_the_evidence_is_against_it():
    assert standing(AuditCount(1000, 20, 4, 1000), 0.01) is Standing.SWITCHED_OFF


def test_with_enough_checks_its_bound_must_keep_to_the_budget():
    assert standing(AuditCount(18_500, 370, 0, 18_500), 0.01) is Standing.PROVEN
    assert standing(AuditCount(18_500, 370, 3, 18_500), 0.01) is Standing.SWITCHED_OFF
