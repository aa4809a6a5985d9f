"""What is known of a number whichever list it is on: its tries, its refusals, its consents."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from dialer.store.tables.base import Base, BigId, CreatedAt, Instant


class NumberHistory(Base):
    """What the law counts of a number, over all lists and campaigns.

    Written in the transaction that opens, closes or disposes of an attempt; what is here could be
    read from the attempts, but not by a claim that must look at a thousand numbers.
    """

    __tablename__ = "number_history"

    number: Mapped[str] = mapped_column(primary_key=True)
    """E.164 with plus."""
    tries_at: Mapped[list[datetime]] = mapped_column(
        ARRAY(DateTime(timezone=True)), server_default=text("'{}'")
    )
    """When its person was tried, the longest window of a law back, in order; a call under way is
    among them."""
    refused_at: Mapped[Instant | None]
    """When an agent was last told no."""
    abandoned_at: Mapped[Instant | None]
    """When it was last answered to nobody."""
    caller_id: Mapped[str] = mapped_column(default="", server_default="")
    """The number that was shown first, and is shown again."""


class Consent(Base):
    """That a person agreed to be called: evidence, never changed but for its withdrawal."""

    __tablename__ = "consents"
    __table_args__ = (Index(None, "number"),)

    id: Mapped[BigId]
    number: Mapped[str]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    """Null: any campaign may call."""
    given_at: Mapped[Instant]
    expires_at: Mapped[Instant | None]
    withdrawn_at: Mapped[Instant | None]
    source: Mapped[str]
    """FORM, PAPER, CALL, CONTRACT or IMPORT."""
    evidence: Mapped[str]
    """What proves it: the form's address and version, the paper's place, the recording."""
    way: Mapped[str | None]
    """By what channel it was given, in the words of the list it came with."""
    created_at: Mapped[CreatedAt]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Withdrawal(Base):
    """That a person asked to be called no more: consents given before are taken back. Nobody
    updates or deletes these rows."""

    __tablename__ = "withdrawals"
    __table_args__ = (Index("ix_withdrawals_number", "number", "at"),)

    id: Mapped[BigId]
    number: Mapped[str]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    """Null: by whichever campaign."""
    at: Mapped[CreatedAt]
    source: Mapped[str]
    """As the do-not-call entry's."""
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


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
    """AGENT, ADMIN, IMPORT, REPLY or ERASURE."""
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
