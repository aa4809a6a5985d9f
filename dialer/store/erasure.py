"""The right to be forgotten: a person's data go, the figures stay.

Rows keep their place, so that no total changes; what names the person is overwritten, for all
numbers of the contact. The numbers stay on the do-not-call list, alone, so that a later list does
not bring the person back.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.store import contacts, do_not_call
from dialer.store.instants import instant
from dialer.store.numbers import checked_number

_IN_CALL = text(
    "SELECT EXISTS (SELECT FROM attempts WHERE number = ANY(:numbers) AND ended_at IS NULL)"
)
_ERASE = tuple(
    text(statement)
    for statement in (
        "UPDATE recordings r SET deleted_at = COALESCE(r.deleted_at, :now) FROM attempts a"
        " WHERE r.attempt_id = a.id AND a.number = ANY(:numbers)",
        "UPDATE arrivals SET caller = 'forgotten:' || leg_id WHERE lead_id IN"
        " (SELECT id FROM leads WHERE number = ANY(:numbers))",
        "UPDATE messages SET number = 'forgotten:' || id, text = '' WHERE number = ANY(:numbers)",
        "UPDATE incoming_messages SET number = 'forgotten:' || id, text = ''"
        " WHERE number = ANY(:numbers)",
        "UPDATE attempts SET number = 'forgotten:' || id, note = '' WHERE number = ANY(:numbers)",
        "UPDATE leads SET other_numbers = ARRAY(SELECT o FROM unnest(other_numbers)"
        " WITH ORDINALITY AS u (o, place) WHERE o <> ALL(:numbers) ORDER BY place)"
        " WHERE other_numbers && CAST(:numbers AS varchar[])",
        "UPDATE leads SET next_number = NULL WHERE next_number = ANY(:numbers)",
        "UPDATE leads SET number = 'forgotten:' || id, name = '', fields = '{}',"
        " other_numbers = '{}', next_number = NULL, left_out = NULL,"
        " state = 'BLOCKED', claimed_until = NULL, held_for = NULL, held_until = NULL"
        " WHERE number = ANY(:numbers)",
        "DELETE FROM number_history WHERE number = ANY(:numbers)",
        "DELETE FROM consents WHERE number = ANY(:numbers)",
    )
)
"""One for each table, in an order in which each still finds its rows."""


def forget(session: Session, number: str, now: float, user_id: int | None) -> tuple[str, ...]:
    """Erase all that is known of the person of a number (E.164); the person's numbers.

    Raises BadInput while one of them is in a call: what that writes at its end must find its rows.
    """
    numbers = contacts.persons_numbers(session, checked_number(number))
    asked = {"numbers": list(numbers), "now": instant(now)}
    if session.scalar(_IN_CALL, asked):
        raise BadInput("number: it is in a call; ask again when that is over")
    for statement in _ERASE:
        session.execute(statement, asked)
    if (contact_id := contacts.of_number(session, number)) is not None:
        contacts.erase(session, contact_id)
    do_not_call.add_many(session, numbers, source="ERASURE", user_id=user_id)
    return numbers
