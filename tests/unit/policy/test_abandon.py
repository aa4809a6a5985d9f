import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.policy.abandon import Ledger


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
    ledger = Ledger(0.03, n_served=95, n_abandoned=5)
    ledger.retarget(0.01)
    assert ledger.bank == pytest.approx(0.01 * 100 - 5)
    assert ledger.target == 0.01


def test_an_earlier_runs_counts_are_taken_over_with_their_bank():
    ledger = Ledger(0.02)
    ledger.recall(490, 10)
    assert (ledger.n_live, ledger.rate) == (500, 0.02)
    assert ledger.bank == pytest.approx(0.0)


def test_the_rate_before_the_first_answer_is_nothing_and_with_one_more_everything():
    assert (Ledger(0.03).rate, Ledger(0.03).rate_with_one_more()) == (0.0, 1.0)
    assert Ledger(0.03, n_served=98, n_abandoned=1).rate_with_one_more() == 0.02
