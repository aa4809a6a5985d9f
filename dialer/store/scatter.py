"""Random order: due times of new leads scattered, so that the head of the index is a fair draw.

A claim then costs what it costs in any order, and a list sorted by what decides whether people
answer is mixed as a whole, not only among the few leads that one claim brings.
"""

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from dialer.store.tables import LeadList

_SCATTER = text("""
    UPDATE leads l SET due_at = LEAST(l.due_at, now()) - random() * interval '1 hour'
    FROM lists JOIN campaigns c ON c.id = lists.campaign_id
    WHERE lists.id = :list_id AND l.list_id = lists.id AND c.lead_order = 'RANDOM'
      AND l.number > :after AND l.number <= :upto AND l.state = 'NEW' AND l.due_at <= now()
""")


def scatter(session: Session, list_id: int, after: str, upto: str) -> None:
    """Mix the list's new leads with numbers in these bounds, when its campaign wants it so."""
    session.execute(_SCATTER, {"list_id": list_id, "after": after, "upto": upto})


def scatter_again(session: Session, campaign_id: int) -> None:
    """The campaign's order has become random: the worker goes over its lists once more."""
    mine = update(LeadList).where(LeadList.campaign_id == campaign_id)
    session.execute(mine.values(attached_at=None))
