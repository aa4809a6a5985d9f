import pytest

from dialer.model.outcome import CAUSES, LOCAL_REFUSALS, TRAITS, Outcome, outcome_of_cause


def test_every_outcome_has_traits():
    assert set(TRAITS) == set(Outcome)


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        ("USER_BUSY", Outcome.BUSY),
        ("NO_ANSWER", Outcome.NO_ANSWER),
        ("ORIGINATOR_CANCEL", Outcome.NO_ANSWER),
        ("CALL_REJECTED", Outcome.REJECTED),
        ("UNALLOCATED_NUMBER", Outcome.WRONG_NUMBER),
        ("NORMAL_TEMPORARY_FAILURE", Outcome.CONGESTION),
        ("NETWORK_OUT_OF_ORDER", Outcome.CONGESTION),
    ],
)
def test_a_known_cause_says_what_became_of_an_unanswered_call(cause, outcome):
    assert outcome_of_cause(cause) is outcome


@pytest.mark.parametrize("cause", ["NORMAL_CLEARING", "", "MARS_ATTACKS"])
def test_an_unknown_cause_is_a_failure_and_no_evidence_on_the_person(cause):
    assert outcome_of_cause(cause) is Outcome.FAILED
    assert TRAITS[Outcome.FAILED].is_carrier_fault


def test_no_cause_of_an_unanswered_call_counts_as_an_answer():
    assert not any(TRAITS[outcome].is_answered for outcome in CAUSES.values())


def test_a_local_refusal_is_not_also_a_carriers_cause():
    assert not LOCAL_REFUSALS & set(CAUSES)


def test_only_the_persons_silence_or_line_sends_a_message():
    senders = {outcome for outcome, traits in TRAITS.items() if traits.wants_message}
    assert senders == {Outcome.NO_ANSWER, Outcome.BUSY}


def test_a_fault_of_carrier_or_switch_charges_no_try_except_a_lost_call():
    """A call that we lost sight of may have rung: it is charged, to be on the safe side."""
    uncharged = {outcome for outcome, traits in TRAITS.items() if not traits.counts_as_try}
    assert uncharged == {Outcome.CONGESTION, Outcome.FAILED, Outcome.REFUSED_LOCALLY}
    assert all(TRAITS[outcome].is_carrier_fault for outcome in uncharged)
    assert TRAITS[Outcome.LOST].counts_as_try
