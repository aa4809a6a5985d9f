"""Which of a lead's numbers is dialled next: each in its turn, in the order of the list.

A number that the person did not answer passes the turn on; one that is nobody's telephone is left
out for good. What tells nothing about the number (somebody answered; the carrier failed) leaves the
turn where it is.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

from dialer.model.outcome import Outcome


class Turn(StrEnum):
    """What a call does to the turn of the number that was dialled."""

    STAYS = "STAYS"
    PASSES = "PASSES"
    ENDS = "ENDS"
    """The number reaches nobody, ever: the lead is not dialled there again."""


TURNS: dict[Outcome, Turn] = {outcome: Turn.STAYS for outcome in Outcome} | {
    Outcome.NO_ANSWER: Turn.PASSES,
    Outcome.BUSY: Turn.PASSES,
    Outcome.REJECTED: Turn.PASSES,
    Outcome.MACHINE: Turn.PASSES,
    Outcome.MESSAGE_LEFT: Turn.PASSES,
    Outcome.SCREENED: Turn.PASSES,
    Outcome.WRONG_NUMBER: Turn.ENDS,
    Outcome.FAX: Turn.ENDS,
}


def turn_after(*, is_wrong_number: bool, is_machine: bool) -> Turn:
    """What an agent's disposition does to the turn."""
    if is_wrong_number:
        return Turn.ENDS
    return Turn.PASSES if is_machine else Turn.STAYS


def next_number(
    dialled: str, numbers: Sequence[str], left_out: Collection[str], fit: Collection[str]
) -> str | None:
    """Who has the turn after `dialled`: round the lead's `numbers`, but for those left out.

    Of those that are `fit` to be called now; when none is, of all, so that the reason is told.
    `dialled` itself when no other remains; None when it is left out too.
    """
    at = numbers.index(dialled) + 1 if dialled in numbers else 0
    ring = [number for number in (*numbers[at:], *numbers[:at]) if number not in left_out]
    return next((number for number in ring if number in fit), ring[0] if ring else None)
