"""What the law counts of a number, kept up with its attempts (tables/compliance.NumberHistory).

A call counts from the moment that its row is opened, so that no other list calls the person
meanwhile; one that turns out to have tried nobody is taken back. Each entry is an instant, added
and taken out by value: the order in which calls end changes nothing.
"""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

KEPT_DAYS = 62
"""Longer than the longest window of a law."""

_TRIED = text(f"""
    INSERT INTO number_history (number, tries_at, caller_id)
    SELECT a.number, ARRAY[a.started_at], a.caller_id FROM attempts a WHERE a.id = ANY(:ids)
    ORDER BY a.number
    ON CONFLICT (number) DO UPDATE SET
        tries_at = ARRAY(
            SELECT t FROM unnest(number_history.tries_at || excluded.tries_at) t
            WHERE t > excluded.tries_at[1] - interval '{KEPT_DAYS} days' ORDER BY t),
        caller_id = COALESCE(NULLIF(number_history.caller_id, ''), excluded.caller_id)
""")

_NOT_TRIED = text("""
    UPDATE number_history h SET tries_at = array_remove(h.tries_at, a.started_at)
    FROM attempts a WHERE a.id = ANY(:ids) AND h.number = a.number
""")

_ABANDONED = text("""
    UPDATE number_history h SET abandoned_at = GREATEST(h.abandoned_at, a.ended_at)
    FROM attempts a WHERE a.id = ANY(:ids) AND h.number = a.number
""")

_REFUSED = text("""
    UPDATE number_history h SET refused_at = (
        SELECT max(COALESCE(a.answered_at, a.started_at)) FROM attempts a
        JOIN dispositions d ON d.campaign_id = a.campaign_id AND d.code = a.disposition
        WHERE a.number = h.number AND d.is_refusal)
    WHERE h.number = :number
""")

_NUMBERS = text("SELECT DISTINCT number FROM attempts WHERE id = ANY(:ids)")


def tried(session: Session, attempt_ids: Collection[str]) -> None:
    """These attempts were opened: their persons are being tried."""
    session.execute(_TRIED, {"ids": list(attempt_ids)})


def not_tried(session: Session, attempt_ids: Collection[str]) -> None:
    """No network tried the persons of these attempts."""
    session.execute(_NOT_TRIED, {"ids": list(attempt_ids)})


def abandoned(session: Session, attempt_ids: Collection[str]) -> None:
    """These attempts were answered to nobody."""
    session.execute(_ABANDONED, {"ids": list(attempt_ids)})


def follow_refusals(session: Session, number: str) -> None:
    """An agent said, or no longer says, that the person refused."""
    session.execute(_REFUSED, {"number": number})


def numbers_of(session: Session, attempt_ids: Collection[str]) -> tuple[str, ...]:
    """The numbers that the attempts called."""
    return tuple(session.scalars(_NUMBERS, {"ids": list(attempt_ids)}))
