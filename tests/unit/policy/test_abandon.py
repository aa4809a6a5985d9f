from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.policy.abandon import (
    ABANDON_RULES,
    DayCount,
    Ledger,
    Period,
    day_of,
    rule_of,
)
from dialer.policy.rule_sets import RULE_SETS


def counted(target, n_served, n_abandoned, **settings):
    ledger = Ledger(target, **settings)
    ledger.recall(n_served, n_abandoned)
    return ledger


@given(st.lists(st.sampled_from(["serve", "abandon", "machine"])), st.floats(0.0, 0.05))
def test_the_bank_conserves_what_the_law_counts(answers, target):
    """bank = target * L - A: a call abandoned costs 1, each live answer earns `target`."""
    ledger = Ledger(target)
    act = {"serve": ledger.serve, "abandon": ledger.abandon, "machine": ledger.found_machine}
    for answer in answers:
        act[answer]()
    assert ledger.bank == pytest.approx(target * ledger.n_live - ledger.n_abandoned, abs=1e-9)
    assert ledger.n_abandoned == answers.count("abandon")
    assert 0.0 <= ledger.rate <= 1.0


def test_a_machine_leaves_the_denominator_and_never_below_nothing():
    ledger = Ledger(0.03)
    ledger.found_machine()
    assert (ledger.n_live, ledger.bank) == (0, 0.0)
    ledger.serve()
    ledger.abandon()
    ledger.found_machine()
    assert (ledger.n_live, ledger.rate) == (1, 1.0)


def test_a_new_target_reckons_the_bank_again():
    ledger = counted(0.03, 95, 5)
    ledger.retarget(0.01, ledger.rule)
    assert ledger.bank == pytest.approx(0.01 * 100 - 5)
    assert ledger.target == 0.01


def test_an_earlier_runs_counts_are_taken_over_with_their_bank():
    ledger = Ledger(0.02)
    ledger.recall(490, 10)
    assert (ledger.n_live, ledger.rate) == (500, 0.02)
    assert ledger.bank == pytest.approx(0.0)


def test_the_rate_before_the_first_answer_is_nothing():
    assert Ledger(0.03).rate == 0.0


@pytest.mark.parametrize(
    ("n_served", "n_abandoned", "room"), [(0, 0, -0.97), (970, 29, 0.0), (970, 30, -0.97)]
)
def test_headroom_counts_the_next_abandoned_answer_already(n_served, n_abandoned, room):
    assert counted(0.03, n_served, n_abandoned).headroom == pytest.approx(room, abs=1e-9)


# --- periods --------------------------------------------------------------------------------------

MONDAY = 739_000
US, UK, CA = (ABANDON_RULES[name] for name in ("US", "UK", "CA"))


def with_past(rule, *, today=(0, 0), **days_ago):
    """A ledger on MONDAY; `d3=(97, 3)`: three days ago so many were served and abandoned."""
    ledger = Ledger(0.028, rule)
    before = {MONDAY - int(name[1:]): DayCount(*count) for name, count in days_ago.items()}
    ledger.turn(MONDAY)
    ledger.recall(*today, before)
    return ledger


def test_each_law_has_its_own_period():
    past = {"d1": (90, 10), "d29": (95, 5), "d30": (50, 50)}
    assert with_past(US, **past).n_abandoned == 15
    assert with_past(UK, **past).n_abandoned == 0
    first = date.fromordinal(MONDAY).day
    assert with_past(CA, **{f"d{first - 1}": (90, 10), f"d{first}": (1, 99)}).n_abandoned == 10


def test_the_strictest_of_day_and_period_governs():
    good_month = with_past(US, today=(90, 10), d1=(5000, 0))
    assert good_month.bank == pytest.approx(2.8 - 10)
    bad_month = with_past(US, today=(100, 0), d1=(900, 100))
    assert bad_month.bank == pytest.approx(0.028 * 1100 - 100)
    assert with_past(UK, today=(100, 0), d1=(900, 100)).bank == pytest.approx(2.8)


def test_midnight_closes_the_day_and_the_period_keeps_it():
    ledger = with_past(US, today=(97, 3))
    ledger.turn(MONDAY + 1)
    assert (ledger.today.n_live, ledger.n_live, ledger.n_abandoned) == (0, 100, 3)
    ledger.serve()
    ledger.turn(MONDAY + 1)
    assert ledger.today.n_served == 1
    ledger.turn(MONDAY + 40)
    assert (ledger.n_live, ledger.bank, ledger.before) == (0, 0.0, {})


def test_counts_recalled_before_the_first_day_is_known_are_todays():
    ledger = counted(0.03, 97, 3)
    ledger.turn(MONDAY)
    assert (ledger.today.n_served, ledger.n_live) == (97, 100)


def test_a_clock_that_goes_back_over_midnight_finds_the_day_again():
    ledger = with_past(US, today=(10, 1))
    ledger.turn(MONDAY + 1)
    ledger.serve()
    ledger.turn(MONDAY)
    assert (ledger.today.n_served, ledger.today.n_abandoned, ledger.n_served) == (10, 1, 11)


def test_a_hang_up_on_what_may_be_a_person_counts_by_its_chance():
    ledger = Ledger(0.03)
    ledger.abandon(0.25)
    assert (ledger.n_abandoned, ledger.bank) == (0.25, pytest.approx(0.03 * 0.25 - 0.25))


def test_days_change_at_the_rules_own_midnight():
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=UTC).timestamp()
    assert day_of(UK, noon) == day_of(US, noon) == date(2026, 11, 22).toordinal()
    late = datetime(2026, 11, 23, 3, 0, tzinfo=UTC).timestamp()
    assert day_of(US, late) == day_of(UK, late) - 1


def test_rules_that_are_not_known_are_the_strictest():
    assert rule_of("XX").most == 0.03
    assert rule_of("XX").period is Period.DAY


def test_every_rule_set_of_calling_hours_has_a_rule():
    assert set(ABANDON_RULES) == set(RULE_SETS)
