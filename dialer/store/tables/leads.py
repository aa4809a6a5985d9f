"""Leads. The claim reads `ix_leads_due` once per active list and open zone.

Its cost does not grow with the table: a list that is switched off, and a zone where it is night,
are not read at all; leads that a rule keeps back are `held_until` its end, and stand behind.
"""

from sqlalchemy import (
    BigInteger,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Sequence,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dialer.model.lead import LeadState
from dialer.model.preview import SkipReason
from dialer.store.tables.base import Base, BigId, CreatedAt, Instant, one_of

LEAD_CLAIMS = Sequence("lead_claims", metadata=Base.metadata)
"""Numbers of claims, ever rising."""
_DUE = text("state IN ('NEW', 'WAITING_RETRY', 'CALLBACK')")


class LeadRow(Base):
    __tablename__ = "leads"
    __table_args__ = (
        one_of("state", LeadState, "state"),
        ForeignKeyConstraint(["list_id", "campaign_id"], ["lists.id", "lists.campaign_id"]),
        Index(
            "ix_leads_due", "list_id", "time_zone", "priority", "dialable_at", "id",
            postgresql_where=_DUE,
        ),
        Index("ix_leads_promised", "number", postgresql_where=text("state = 'CALLBACK'")),
        Index(
            "ix_leads_callback_agent", "callback_agent_id",
            postgresql_where=text("callback_agent_id IS NOT NULL"),
        ),
        Index("ix_leads_number", "number"),
        Index(
            "ix_leads_next_number", "next_number",
            postgresql_where=text("next_number IS NOT NULL"),
        ),
        Index("uq_leads_list_number", "list_id", "number", unique=True),
        Index(
            "ix_leads_leased", "claimed_until", postgresql_where=text("state = 'CLAIMED'")
        ),
    )  # fmt: skip

    id: Mapped[BigId]
    list_id: Mapped[int] = mapped_column(BigInteger)
    campaign_id: Mapped[int] = mapped_column(BigInteger)
    """Same as the list's (one foreign key holds both); repeated so that reports need no join."""
    number: Mapped[str]
    """E.164 with plus."""
    other_numbers: Mapped[list[str]] = mapped_column(
        ARRAY(String), default=list, server_default=text("'{}'")
    )
    """Where it may be reached too, in the order of the file."""
    next_number: Mapped[str | None]
    """The other number whose turn it is; null: that of `number`. See store/turns.py."""
    left_out: Mapped[list[str] | None] = mapped_column(ARRAY(String))
    """Of its numbers those that reach nobody."""
    time_zone: Mapped[str]
    """Candidate places (policy/places.py): of the number whose turn it is, and `place`."""
    place: Mapped[str | None]
    """Candidate places by the list's postcode and time zone columns; null: it has none."""
    name: Mapped[str] = mapped_column(default="")
    fields: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(default=LeadState.NEW)
    priority: Mapped[int] = mapped_column(default=50)
    """Lower is dialled first: 10 callback, 20 fresh API lead, 50 list."""
    due_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    n_attempts: Mapped[int] = mapped_column(default=0)
    n_tries: Mapped[int] = mapped_column(default=0)
    last_attempt_at: Mapped[Instant | None]
    last_outcome: Mapped[str | None]
    held_for: Mapped[str | None]
    """The rule that keeps it back, a word of RefusalReason."""
    held_until: Mapped[Instant | None]
    dialable_at: Mapped[Instant] = mapped_column(
        Computed("GREATEST(due_at, held_until)", persisted=True)
    )
    disposition: Mapped[str | None]
    claimed_until: Mapped[Instant | None]
    claim_no: Mapped[int | None] = mapped_column(BigInteger)
    """Of the last claim: an attempt opens by that one only."""
    callback_agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Only this agent should take the callback; null: anyone."""
    created_at: Mapped[CreatedAt]


class LeadSkip(Base):
    """An agent looked at a lead and passed it over."""

    __tablename__ = "lead_skips"
    __table_args__ = (
        one_of("reason", SkipReason, "reason"),
        Index("ix_lead_skips_campaign", "campaign_id", "at"),
        Index("ix_lead_skips_lead", "lead_id"),
    )

    id: Mapped[BigId]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str]
    at: Mapped[Instant]
