"""Where the risk of a day begins: u0, which the day before hands on."""

import pytest

from dialer.policy.abandon import Ledger
from dialer.policy.theta import (
    START_HIGH,
    U_START,
    Footing,
    is_at_legal_limit,
    is_past_legal_limit,
    steered,
    theta_of,
)

TODAY, TOMORROW = 739_000, 739_001
N_AGENTS = 50


def day_of(n_answers, every):
    """A day's answers, one in `every` of them abandoned, each after a decision."""
    footing, ledger = Footing(), Ledger(0.028)
    ledger.turn(TODAY)
    for number in range(n_answers):
        steered(footing, ledger, N_AGENTS)
        if number % every == every - 1:
            ledger.abandon()
        else:
            ledger.serve()
    return footing, ledger


def with_bank(bank):
    """A day on target but for a bank that stands where it does, all the time."""
    footing, ledger = Footing(), Ledger(0.028)
    ledger.turn(TODAY)
    for _ in range(4000):
        steered(footing, ledger, N_AGENTS, bank)
        ledger.serve()
    ledger.today.n_abandoned = 0.028 / 0.972 * ledger.today.n_served
    return footing, ledger


@pytest.mark.parametrize(
    ("n_agents", "n_abandoned", "share"),
    [
        (50, 20, 1.0), (50, 27, 1.0), (50, 28, 5 / 6), (50, 29, 0.5), (50, 30, 1 / 6),
        (50, 31, 0.05), (50, 40, 0.05), (10, 28, 1.0), (10, 29, 0.5), (10, 30, 0.05),
    ],
)  # fmt: skip
def test_about_the_laws_limit_the_risk_falls_with_what_room_is_left(n_agents, n_abandoned, share):
    ledger = Ledger(0.028)
    ledger.recall(999 - n_abandoned, n_abandoned)  # the limit allows thirty of a thousand
    free = theta_of(Ledger(0.028), n_agents, 0.0)
    assert theta_of(ledger, n_agents, 0.0) == pytest.approx(share * free)


def test_of_two_hundred_answers_the_rate_is_no_evidence_yet():
    ledger = Ledger(0.028)
    ledger.recall(180, 19)
    assert not is_at_legal_limit(ledger)
    assert theta_of(ledger, N_AGENTS, 0.0) == theta_of(Ledger(0.028), N_AGENTS, 0.0)
    ledger.serve()
    assert is_at_legal_limit(ledger) and is_past_legal_limit(ledger)


def test_a_limit_is_passed_when_a_lower_risk_may_not_mend_it():
    ledger = Ledger(0.028)
    ledger.recall(966, 33)
    assert is_at_legal_limit(ledger) and is_past_legal_limit(ledger)
    ledger.recall(968, 31)
    assert is_at_legal_limit(ledger) and not is_past_legal_limit(ledger)


def test_a_first_day_begins_where_the_study_found_the_optimum():
    ledger = Ledger(0.028)
    assert steered(Footing(), ledger, N_AGENTS) == theta_of(ledger, N_AGENTS)
    assert Footing().start == U_START


def test_a_day_that_came_to_its_target_hands_on_where_u_stood():
    footing, ledger = with_bank(25.0)
    assert footing.start == U_START
    ledger.turn(TOMORROW)
    with_empty_bank = steered(footing, ledger, N_AGENTS, 0.0)
    assert footing.start == pytest.approx(U_START + 0.02 * 25.0, abs=1e-3)
    assert with_empty_bank == pytest.approx(theta_of(Ledger(0.028), N_AGENTS, 25.0), rel=1e-3)


def test_what_is_handed_on_has_bounds():
    footing, ledger = with_bank(1e6)
    ledger.turn(TOMORROW)
    footing.begin(ledger)
    assert footing.start == START_HIGH


@pytest.mark.parametrize(
    ("n_answers", "every"),
    [(350, 36), (4000, 400), (4000, 20)],
    ids=["too few answers", "held back by something else", "over its target"],
)
def test_a_day_that_did_not_come_to_its_target_hands_nothing_on(n_answers, every):
    footing, ledger = day_of(n_answers, every)
    ledger.turn(TOMORROW)
    footing.begin(ledger)
    assert footing.start == U_START


def test_within_a_day_the_start_stays():
    footing, ledger = day_of(4000, 36)
    settled = footing.settled
    again = Footing(footing.start, footing.settled, footing.day)  # as after a restart
    steered(again, ledger, N_AGENTS)
    assert (again.start, again.settled) == (U_START, settled)


def test_answers_counted_by_an_earlier_run_do_not_move_what_is_settled():
    """After a restart the ledger jumps from none to the day's count."""
    footing, ledger = Footing(U_START, -3.0, TODAY), Ledger(0.028)
    ledger.turn(TODAY)
    ledger.recall(2000, 0)
    steered(footing, ledger, N_AGENTS)
    assert footing.settled == -3.0
