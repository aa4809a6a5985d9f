"""Consents to be called: recorded with their evidence, and withdrawn; never changed otherwise."""

from collections.abc import Iterable

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.store import holds
from dialer.store.instants import instant
from dialer.store.numbers import checked_number
from dialer.store.tables import Consent

SOURCES = ("FORM", "PAPER", "CALL", "IMPORT")
EVIDENCE_LENGTH = 1000
BATCH = 5000

_OF_LIST = text("""
    INSERT INTO consents (number, given_at, expires_at, source, evidence, created_by)
    SELECT p.number, :given_at, :expires_at, :source, :evidence, :user_id
    FROM (SELECT unnest(number || other_numbers) AS number FROM leads
          WHERE list_id = :list_id) p
    WHERE NOT EXISTS (
        SELECT FROM consents c WHERE c.number = p.number AND c.campaign_id IS NULL
        AND c.withdrawn_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > :given_at))
    RETURNING number
""")


def record(
    session: Session, numbers: Iterable[str], *, given_at: float, source: str, evidence: str,
    expires_at: float | None = None, campaign_id: int | None = None, user_id: int | None = None,
) -> int:  # fmt: skip
    """Record the same consent for numbers (E.164), for one campaign or (None) for all; how many.

    Raises BadInput naming the field.
    """
    facts = _checked(given_at, source, evidence, expires_at)
    wanted = sorted({checked_number(number) for number in numbers})
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        rows = [
            {"number": number, "campaign_id": campaign_id, "created_by": user_id, **facts}
            for number in some
        ]
        session.execute(insert(Consent), rows)
        holds.free_numbers(session, some)
    return len(wanted)


def record_for_list(
    session: Session, list_id: int, *, given_at: float, source: str, evidence: str,
    expires_at: float | None = None, user_id: int | None = None,
) -> int:  # fmt: skip
    """Record a consent for each number of a list's persons that has none yet; how many."""
    facts = _checked(given_at, source, evidence, expires_at)
    asked = {**facts, "list_id": list_id, "user_id": user_id}
    numbers = session.scalars(_OF_LIST, asked).all()
    holds.free_numbers(session, numbers)
    return len(numbers)


def withdraw(session: Session, number: str, now: float) -> int:
    """The person agrees no longer: all consents of the number end; how many did."""
    open_ones = (Consent.number == checked_number(number), Consent.withdrawn_at.is_(None))
    ended = update(Consent).where(*open_ones).values(withdrawn_at=instant(now))
    return len(session.scalars(ended.returning(Consent.id)).all())


def consents_of(session: Session, number: str) -> tuple[Consent, ...]:
    """What is on record of the number, newest first."""
    mine = select(Consent).where(Consent.number == number)
    return tuple(session.scalars(mine.order_by(Consent.given_at.desc(), Consent.id.desc())))


def _checked(
    given_at: float, source: str, evidence: str, expires_at: float | None
) -> dict[str, object]:
    if source not in SOURCES:
        raise BadInput(f"source: must be one of {', '.join(SOURCES)}")
    evidence = evidence.replace("\0", "").strip()
    if not 0 < len(evidence) <= EVIDENCE_LENGTH:
        raise BadInput(f"evidence: must be 1 to {EVIDENCE_LENGTH} characters")
    if expires_at is not None and expires_at <= given_at:
        raise BadInput("expires_at: must be after the consent was given")
    return {
        "given_at": instant(given_at), "expires_at": instant(expires_at), "source": source,
        "evidence": evidence,
    }  # fmt: skip
