"""Numbers that must not be called, and who decided so."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dialer.store.tables.base import Base, BigId, CreatedAt


class DoNotCall(Base):
    """`campaign_id` null: no campaign may call the number."""

    __tablename__ = "do_not_call"
    __table_args__ = (
        Index(
            "uq_do_not_call_number", "number", "campaign_id", unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip

    id: Mapped[BigId]
    number: Mapped[str]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    source: Mapped[str]
    """AGENT, ADMIN, IMPORT or REPLY."""
    created_at: Mapped[CreatedAt]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class AuditEntry(Base):
    """Who did what to which thing; nobody updates or deletes these rows."""

    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[BigId]
    at: Mapped[CreatedAt]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    api_key_id: Mapped[int | None] = mapped_column(ForeignKey("api_keys.id"))
    """A program did it, with this key."""
    verb: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
