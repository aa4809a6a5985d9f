"""Keys of other programs, and the answers they were given, for those who ask twice."""

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dialer.store.tables.base import Base, BigId, CreatedAt, Instant


class ApiKey(Base):
    """What a program shows instead of a login. The key itself is kept nowhere: only its hash."""

    __tablename__ = "api_keys"

    id: Mapped[BigId]
    name: Mapped[str]
    prefix: Mapped[str] = mapped_column(unique=True)
    """The part of the key that may be seen: tells one key from another."""
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    scopes: Mapped[list[str]] = mapped_column(JSONB)
    """Words of model.scope.Scope."""
    max_per_min: Mapped[int]
    """Requests."""
    created_at: Mapped[CreatedAt]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[Instant | None]
    last_used_at: Mapped[Instant | None]
    """To the minute."""
    revoked_at: Mapped[Instant | None]


class ApiAnswer(Base):
    """What a request with an Idempotency-Key changed, by its answer: given again, not done again.

    Written in the transaction of the change.
    """

    __tablename__ = "api_answers"
    __table_args__ = (Index(None, "answered_at"),)

    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    request_key: Mapped[str] = mapped_column(primary_key=True)
    """The Idempotency-Key, as it was sent."""
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """Of method, address and body."""
    answered_at: Mapped[CreatedAt]
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(JSONB)
    body: Mapped[bytes] = mapped_column(LargeBinary)
