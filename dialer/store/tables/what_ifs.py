"""Questions about an hour that was: what if its abandon target had been another."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dialer.store.tables.base import Base, BigId, CreatedAt, Instant, one_of


class WhatIfState(StrEnum):
    WAITING = "WAITING"
    DONE = "DONE"
    FAILED = "FAILED"


class WhatIfRow(Base):
    """One question, and its answer once a worker has played the hour."""

    __tablename__ = "what_ifs"
    __table_args__ = (
        one_of("state", WhatIfState, "state"),
        Index(None, "campaign_id", "asked_at"),
    )

    id: Mapped[BigId]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    since: Mapped[Instant]
    """Start of the hour."""
    target: Mapped[float]
    """The abandon target asked about."""
    asked_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[CreatedAt]
    state: Mapped[str] = mapped_column(default=WhatIfState.WAITING)
    error: Mapped[str] = mapped_column(default="")
    answer: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    """As jobs/what_if.py writes it."""
