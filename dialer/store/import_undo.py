"""Leads of a list that nothing refers to yet go; those that were dialled stay."""

from sqlalchemy import text
from sqlalchemy.orm import Session

ROWS_AT_ONCE = 20_000
REFERRING = ("attempts", "lead_skips", "messages", "arrivals")
"""Tables that name a lead: one that they name has a history, and stays."""
_UNTOUCHED = "".join(
    f" AND NOT EXISTS (SELECT FROM {table} x WHERE x.lead_id = l.id)" for table in REFERRING
)
_UNDIALLED = f"""
    FROM leads l WHERE l.list_id = :list_id AND l.n_attempts = 0
    AND l.state NOT IN ('CLAIMED', 'DIALING') {_UNTOUCHED}
"""
_REMOVE = text(f"""
    DELETE FROM leads WHERE id IN (
        SELECT l.id {_UNDIALLED} ORDER BY l.id LIMIT {ROWS_AT_ONCE} FOR UPDATE OF l SKIP LOCKED)
""")


def count_undialled(session: Session, list_id: int) -> int:
    """How many leads of the list would go."""
    return session.scalar(text(f"SELECT count(*) {_UNDIALLED}"), {"list_id": list_id}) or 0


def remove_undialled(session: Session, list_id: int) -> int:
    """Remove some of them; how many, 0 when none is left."""
    session.execute(text("SET LOCAL statement_timeout = '10min'"))
    return int(session.execute(_REMOVE, {"list_id": list_id}).rowcount)  # type: ignore[attr-defined]
