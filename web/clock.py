"""The wall clock of the web, in one place: views take `now` from here, tests replace it."""

from datetime import UTC, datetime


def now() -> datetime:
    """Aware UTC datetime of this moment."""
    return datetime.now(UTC)  # noqa: TID251
