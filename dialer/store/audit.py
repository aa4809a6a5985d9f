"""The audit log: who did what to which thing. Rows are added and read, never changed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.store.tables import AuditEntry

DETAIL_LENGTH = 4000


def write_audit(
    session: Session,
    user_id: int | None,
    verb: str,
    subject: str,
    detail: str = "",
    api_key_id: int | None = None,
) -> None:
    """Add one entry in the caller's transaction, e.g. ("pause", "campaign 3")."""
    who = {"user_id": user_id, "api_key_id": api_key_id}
    session.add(AuditEntry(**who, verb=verb, subject=subject, detail=_kept(detail)))


def _kept(detail: str) -> str:
    return detail.replace("\0", "")[:DETAIL_LENGTH]


def recent_audit(
    session: Session, limit: int = 100, before_id: int | None = None
) -> tuple[AuditEntry, ...]:
    """Newest entries first; `before_id` continues after an earlier page."""
    page = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if before_id is not None:
        page = page.where(AuditEntry.id < before_id)
    return tuple(session.scalars(page))
