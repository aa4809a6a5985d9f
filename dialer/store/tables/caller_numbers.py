"""Numbers that campaigns show, in pools, and how often each was shown."""

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from dialer.store.tables.base import Base, BigId, CreatedAt, Instant


class CallerNumberRow(Base):
    """A number of a pool. It is retired, never deleted: whom it was shown to may call it back."""

    __tablename__ = "caller_numbers"
    __table_args__ = (Index(None, "pool"),)

    id: Mapped[BigId]
    number: Mapped[str] = mapped_column(unique=True)
    """E.164 with plus."""
    pool: Mapped[str]
    region: Mapped[str] = mapped_column(default="", server_default="")
    """Beginning of the numbers to which it is a neighbour's; empty: of no region."""
    most_a_day: Mapped[int] = mapped_column(default=100, server_default="100")
    """Calls that show it in a day at most; 0: no limit."""
    retired_at: Mapped[Instant | None]
    created_at: Mapped[CreatedAt]


class CallerNumberDay(Base):
    """Calls that showed a number on one day, of the country whose rules the campaign follows."""

    __tablename__ = "caller_number_days"

    number: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    n_calls: Mapped[int]
