"""Consents to be called: recorded with their evidence, and withdrawn; never changed otherwise.

Who asks to be called no more (STOP, the key 9, an agent's click, the API) takes back what he agreed
to before: no older consent counts again, not even one that a list brings later. A newer one does.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.store import holds
from dialer.store.instants import instant
from dialer.store.numbers import checked_number
from dialer.store.tables import Consent, Withdrawal

SOURCES = ("FORM", "PAPER", "CALL", "IMPORT")
EVIDENCE_LENGTH = 1000
BATCH = 5000


def withdrew(number: str, campaign: str, since: str = "'-infinity'") -> str:
    """SQL: whether the number's person took consents back at `since` or later."""
    return f"""EXISTS (
        SELECT FROM withdrawals w WHERE w.number = {number} AND w.at >= {since}
        AND (w.campaign_id IS NULL OR w.campaign_id = {campaign}))"""


def holds_for(number: str, campaign: str, now: str) -> str:
    """SQL: whether a consent of the number lets the campaign call it."""
    return f"""EXISTS (
        SELECT FROM consents c
        WHERE c.number = {number} AND (c.campaign_id IS NULL OR c.campaign_id = {campaign})
          AND c.given_at <= {now} AND (c.withdrawn_at IS NULL OR c.withdrawn_at > {now})
          AND (c.expires_at IS NULL OR c.expires_at > {now})
          AND NOT {withdrew("c.number", campaign, "c.given_at")})"""


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


def withdraw(
    session: Session, numbers: Collection[str], *, source: str, at: float | None = None,
    campaign_id: int | None = None, user_id: int | None = None,
) -> int:  # fmt: skip
    """Their persons ask to be called no more, by one campaign or (None) by all, `at` an instant or
    (None) now: what they agreed to until then ends; how many consents did."""
    moment = func.now() if at is None else instant(at)
    facts = {"campaign_id": campaign_id, "at": moment, "source": source, "created_by": user_id}
    wanted = [{"number": number, **facts} for number in numbers]
    session.execute(insert(Withdrawal).values(wanted))
    scope = () if campaign_id is None else (Consent.campaign_id == campaign_id,)
    open_ones = (
        Consent.number.in_(numbers), Consent.withdrawn_at.is_(None), Consent.given_at <= moment,
    )  # fmt: skip
    ended = update(Consent).where(*open_ones, *scope).values(withdrawn_at=moment)
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
