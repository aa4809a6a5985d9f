"""The transactional outbox of fallback messages, what became of each, and what people answer."""

from datetime import date

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from dialer.model.message import ChannelKind, MessageState
from dialer.store.tables.base import Base, BigId, CreatedAt, Instant, one_of


class MessageRow(Base):
    """Inserted in the transaction that closes the attempt; sent by a worker afterwards.

    `uq_messages_lead_day` holds the rule of one message per lead and day whatever is retried.
    """

    __tablename__ = "messages"
    __table_args__ = (
        one_of("channel", ChannelKind, "channel"),
        one_of("state", MessageState, "state"),
        Index("uq_messages_lead_day", "lead_id", "day", unique=True),
        Index("ix_messages_state", "state", "send_at"),
        Index("ix_messages_attempt", "attempt_id"),
        Index("ix_messages_provider", "provider_id"),
        Index("ix_messages_number", "number", "id"),
    )

    id: Mapped[BigId]
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"))
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    channel: Mapped[str] = mapped_column(default=ChannelKind.SMS)
    day: Mapped[date]
    number: Mapped[str]
    text: Mapped[str]
    state: Mapped[str] = mapped_column(default=MessageState.QUEUED)
    n_sends: Mapped[int] = mapped_column(default=0)
    provider_id: Mapped[str | None]
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[CreatedAt]
    send_at: Mapped[Instant] = mapped_column(server_default=func.now())
    """Not before; moved on after a send that failed for a while."""
    sent_at: Mapped[Instant | None]
    delivered_at: Mapped[Instant | None]


class IncomingMessageRow(Base):
    """What somebody wrote to us; stored once, however often the provider hands it over.

    Whose it is follows from its number, as with leads: contacts are merged and taken apart.
    """

    __tablename__ = "incoming_messages"
    __table_args__ = (
        one_of("channel", ChannelKind, "channel"),
        Index("uq_incoming_messages_provider", "channel", "provider_id", unique=True),
        Index("ix_incoming_messages_number", "number", "received_at"),
    )

    id: Mapped[BigId]
    channel: Mapped[str] = mapped_column(default=ChannelKind.SMS)
    provider_id: Mapped[str]
    number: Mapped[str]
    """Of the sender, E.164 with plus."""
    text: Mapped[str]
    received_at: Mapped[Instant]
    is_opt_out: Mapped[bool]
    """It asked never to be called or written to again, and was obeyed."""
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    """The last message that was sent to the number before."""
