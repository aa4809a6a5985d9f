"""The clocks of the web, in one place: views take `now` from here, tests replace it."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Aware UTC datetime of this moment."""
    return datetime.now(UTC)  # noqa: TID251


def mono() -> float:
    """Seconds that only ever grow."""
    return time.monotonic()  # noqa: TID251
