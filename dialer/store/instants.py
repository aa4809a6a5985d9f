"""Stored times are aware datetimes; commands and model objects speak UTC seconds."""

from datetime import UTC, datetime
from typing import overload


@overload
def instant(seconds: float) -> datetime: ...
@overload
def instant(seconds: None) -> None: ...
@overload
def instant(seconds: float | None) -> datetime | None: ...
def instant(seconds: float | None) -> datetime | None:
    """The stored form of UTC `seconds`."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


@overload
def seconds_of(at: datetime) -> float: ...
@overload
def seconds_of(at: None) -> None: ...
@overload
def seconds_of(at: datetime | None) -> float | None: ...
def seconds_of(at: datetime | None) -> float | None:
    """UTC seconds of a stored time."""
    return None if at is None else at.timestamp()
