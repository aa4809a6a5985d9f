import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.model.outcome import TRAITS, Outcome
from dialer.policy.turns import TURNS, Turn, next_number, turn_after

A, B, C = "+33100000001", "+33100000002", "+33600000003"
ALL = (A, B, C)
GOLDEN = {
    Outcome.HANDLED: Turn.STAYS, Outcome.ABANDONED: Turn.STAYS, Outcome.EARLY_HANGUP: Turn.STAYS,
    Outcome.NO_ANSWER: Turn.PASSES, Outcome.BUSY: Turn.PASSES, Outcome.REJECTED: Turn.PASSES,
    Outcome.WRONG_NUMBER: Turn.ENDS, Outcome.FAX: Turn.ENDS,
    Outcome.CONGESTION: Turn.STAYS, Outcome.FAILED: Turn.STAYS, Outcome.LOST: Turn.STAYS,
    Outcome.REFUSED_LOCALLY: Turn.STAYS,
    Outcome.MESSAGE_PLAYED: Turn.STAYS, Outcome.MESSAGE_CUT: Turn.STAYS,
    Outcome.OPTED_OUT: Turn.STAYS,
    Outcome.MACHINE: Turn.PASSES, Outcome.MESSAGE_LEFT: Turn.PASSES, Outcome.SCREENED: Turn.PASSES,
}  # fmt: skip


@pytest.mark.parametrize("outcome", list(Outcome))
def test_each_outcome_moves_the_turn_as_the_table_says(outcome):
    assert TURNS[outcome] is GOLDEN[outcome]


def test_no_fault_of_a_carrier_moves_the_turn():
    faults = [outcome for outcome in Outcome if TRAITS[outcome].is_carrier_fault]
    assert {TURNS[outcome] for outcome in faults} == {Turn.STAYS}


@pytest.mark.parametrize(
    ("is_wrong_number", "is_machine", "turn"),
    [(False, False, Turn.STAYS), (False, True, Turn.PASSES), (True, True, Turn.ENDS)],
)
def test_what_an_agent_says_moves_the_turn(is_wrong_number, is_machine, turn):
    assert turn_after(is_wrong_number=is_wrong_number, is_machine=is_machine) is turn


@pytest.mark.parametrize(
    ("dialled", "left_out", "fit", "expected"),
    [
        (A, [], ALL, B),
        (B, [], ALL, C),
        (C, [], ALL, A),
        (A, [], [A, C], C),  # B may not be called
        (A, [], [A], A),  # nothing else may
        (A, [], [], B),  # nothing at all: the reason of the next is told
        (A, [A], [B, C], B),
        (A, [A, B], [C], C),
        (A, [A, B, C], [], None),
        ("+33199999999", [], ALL, A),  # no number of the lead any more
    ],
)
def test_the_turn_goes_round_in_the_order_of_the_list(dialled, left_out, fit, expected):
    assert next_number(dialled, ALL, left_out, fit) == expected


@given(st.permutations(ALL), st.sets(st.sampled_from(ALL)), st.sets(st.sampled_from(ALL)))
def test_a_number_left_out_never_has_the_turn_and_every_other_one_has_it(numbers, left_out, fit):
    at, seen = numbers[0], set()
    for _ in numbers:
        at = next_number(at, numbers, left_out, fit)
        if at is None:
            break
        seen.add(at)
    assert seen.isdisjoint(left_out)
    assert (fit - left_out) <= seen and (seen or left_out == set(ALL))
