"""What the law counts of a person, kept up with the attempts (tables/compliance.NumberHistory).

Each number of a contact has the same history: who is called on one was called on all of them.
A call counts from the moment that its row is opened, so that no other list calls the person
meanwhile; one that turns out to have tried nobody is taken back. Each entry is an instant, added
and taken out by value: the order in which calls end changes nothing.
"""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

KEPT_DAYS = 62
"""Longer than the longest window of a law."""

_PERSONS = """
    (SELECT DISTINCT a.id, COALESCE(other.value, own.number) AS number
     FROM attempts a JOIN leads l ON l.id = a.lead_id
     CROSS JOIN unnest(ARRAY[a.number, l.number]) AS own(number)
     LEFT JOIN identities mine ON mine.kind = 'PHONE' AND mine.value = own.number
     LEFT JOIN identities other ON other.kind = 'PHONE' AND other.contact_id = mine.contact_id
     WHERE a.id = ANY(:ids)) person
"""
"""All numbers of those who were called. The first number of a lead is its person's, whichever was
dialled."""

_TRIED = text(f"""
    INSERT INTO number_history (number, tries_at, caller_id)
    SELECT person.number, array_agg(a.started_at ORDER BY a.started_at), min(a.caller_id)
    FROM {_PERSONS} JOIN attempts a ON a.id = person.id
    GROUP BY person.number ORDER BY person.number
    ON CONFLICT (number) DO UPDATE SET
        tries_at = ARRAY(
            SELECT t FROM unnest(number_history.tries_at || excluded.tries_at) t
            WHERE t > excluded.tries_at[1] - interval '{KEPT_DAYS} days' ORDER BY t),
        caller_id = COALESCE(NULLIF(number_history.caller_id, ''), excluded.caller_id)
""")

_NOT_TRIED = text(f"""
    UPDATE number_history h SET tries_at = (
        SELECT COALESCE(array_agg(t ORDER BY t), '{{}}') FROM unnest(h.tries_at) t
        WHERE t <> ALL(gone.started_at))
    FROM (SELECT person.number, array_agg(a.started_at) AS started_at
          FROM {_PERSONS} JOIN attempts a ON a.id = person.id GROUP BY person.number) gone
    WHERE h.number = gone.number
""")

_ABANDONED = text(f"""
    UPDATE number_history h SET abandoned_at = GREATEST(h.abandoned_at, last.ended_at)
    FROM (SELECT person.number, max(a.ended_at) AS ended_at
          FROM {_PERSONS} JOIN attempts a ON a.id = person.id GROUP BY person.number) last
    WHERE h.number = last.number
""")

_REFUSED = text(f"""
    UPDATE number_history h SET refused_at = (
        SELECT max(COALESCE(a.answered_at, a.started_at)) FROM attempts a
        JOIN dispositions d ON d.campaign_id = a.campaign_id AND d.code = a.disposition
        WHERE d.is_refusal AND a.number IN (SELECT person.number FROM {_PERSONS}))
    WHERE h.number IN (SELECT person.number FROM {_PERSONS})
""")

_NUMBERS = text(f"SELECT DISTINCT number FROM {_PERSONS} WHERE number LIKE '+%'")
"""Of somebody who was forgotten meanwhile a row holds none."""


def tried(session: Session, attempt_ids: Collection[str]) -> None:
    """These attempts were opened: their persons are being tried."""
    session.execute(_TRIED, {"ids": list(attempt_ids)})


def not_tried(session: Session, attempt_ids: Collection[str]) -> None:
    """No network tried the persons of these attempts."""
    session.execute(_NOT_TRIED, {"ids": list(attempt_ids)})


def abandoned(session: Session, attempt_ids: Collection[str]) -> None:
    """These attempts were answered to nobody."""
    session.execute(_ABANDONED, {"ids": list(attempt_ids)})


def follow_refusals(session: Session, attempt_id: str) -> None:
    """An agent said, or no longer says, that the person of this attempt refused."""
    session.execute(_REFUSED, {"ids": [attempt_id]})


def numbers_of(session: Session, attempt_ids: Collection[str]) -> tuple[str, ...]:
    """All numbers of those whom the attempts called."""
    return tuple(session.scalars(_NUMBERS, {"ids": list(attempt_ids)}))
