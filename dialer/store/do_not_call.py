"""Numbers that must not be called: by every campaign, or by one.

It is a fact of the number, not a state of its leads: a claim holds them when it meets them, and
the row of the attempt asks once more. Taking an entry out lets them be called again, but not by
consent: an entry that is a person's wish takes back all consents that were given before it.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.model.events import NumberBlocked
from dialer.store import consents, holds
from dialer.store.numbers import checked_number
from dialer.store.tables import DoNotCall

SOURCES = frozenset({"AGENT", "ADMIN", "IMPORT", "REPLY", "ERASURE"})
FOREIGN = frozenset({"IMPORT"})
"""Lists of others, such as a national register: no word of the person to us."""
BATCH = 5000


def add(
    session: Session,
    number: str,
    *,
    source: str,
    campaign_id: int | None = None,
    user_id: int | None = None,
) -> bool:
    """Enter a number (E.164), for one campaign or (None) for all; False when it was there.

    The caller tells the dialer NumberBlocked once the transaction is committed.
    """
    return bool(add_many(session, [number], source, campaign_id, user_id))


def add_many(
    session: Session,
    numbers: Iterable[str],
    source: str,
    campaign_id: int | None = None,
    user_id: int | None = None,
) -> int:
    """Enter many numbers; how many were new. Raises BadInput at the first that is not E.164."""
    if source not in SOURCES:
        raise BadInput(f"source: must be one of {', '.join(sorted(SOURCES))}")
    wanted = sorted({checked_number(number) for number in numbers})
    slices = (wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH))
    return sum(_add(session, some, source, campaign_id, user_id) for some in slices)


def block_person(
    session: Session, numbers: Iterable[str], source: str, user_id: int | None = None
) -> tuple[NumberBlocked, ...]:
    """Somebody asks never to be called again: no campaign calls any of his numbers. What to tell
    the dialer once the transaction is committed."""
    his = tuple(numbers)
    add_many(session, his, source, user_id=user_id)
    return tuple(NumberBlocked(number) for number in his)


def remove(session: Session, number: str, campaign_id: int | None = None) -> bool:
    """Take an entry out; False when there was none."""
    entry = (
        DoNotCall.number == checked_number(number),
        DoNotCall.campaign_id.is_not_distinct_from(campaign_id),
    )
    gone = session.scalars(delete(DoNotCall).where(*entry).returning(DoNotCall.id)).all()
    holds.free_numbers(session, [number])
    return bool(gone)


def is_listed(session: Session, number: str, campaign_id: int | None = None) -> bool:
    """Whether the number is blocked for every campaign, or for `campaign_id`."""
    entry = exists().where(DoNotCall.number == checked_number(number), _holds_for(campaign_id))
    return bool(session.scalar(select(entry)))


def listed_among(
    session: Session, numbers: Collection[str], campaign_id: int | None = None
) -> frozenset[str]:
    """Those of the numbers that are blocked for every campaign, or for `campaign_id`."""
    wanted = DoNotCall.number.in_(numbers)
    return frozenset(
        session.scalars(select(DoNotCall.number).where(wanted, _holds_for(campaign_id)))
    )


def _holds_for(campaign_id: int | None) -> ColumnElement[bool]:
    return or_(DoNotCall.campaign_id.is_(None), DoNotCall.campaign_id == campaign_id)


def _add(
    session: Session,
    numbers: Sequence[str],
    source: str,
    campaign_id: int | None,
    user_id: int | None,
) -> int:
    rows = [
        {"number": n, "campaign_id": campaign_id, "source": source, "created_by": user_id}
        for n in numbers
    ]
    if source not in FOREIGN:
        consents.withdraw(session, numbers, source=source, campaign_id=campaign_id, user_id=user_id)
    entered = insert(DoNotCall).values(rows).on_conflict_do_nothing().returning(DoNotCall.id)
    return len(session.execute(entered).all())
