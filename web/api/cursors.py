"""Pages by position, never by number: rows that come meanwhile shift nothing.

A cursor names the last row of a page. It is opaque so that nobody builds on its form; a forged one
names another position, which gives away nothing that the key may not see.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from web.api.problems import unacceptable
from web.extensions import db

_BIGGEST = 2**63 - 1


def packed(place: str) -> str:
    """The cursor of a position."""
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def unpacked(cursor: str) -> str:
    """The position of a cursor. Raises Problem."""
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (ValueError, UnicodeError):
        raise alien() from None


def alien() -> Exception:
    """No page gave this cursor."""
    return unacceptable("no page gave this cursor", parameter="cursor")


def newest_first(
    rows: Select[Any], column: InstrumentedAttribute[int], limit: int, cursor: str | None
) -> tuple[Sequence[Any], str | None]:
    """A page of rows by falling identity, and the cursor of the following one."""
    if cursor is not None:
        rows = rows.where(column < _identity(cursor))
    found = db.session.scalars(rows.order_by(column.desc()).limit(limit + 1)).all()
    if len(found) <= limit:
        return found, None
    return found[:limit], packed(str(getattr(found[limit - 1], column.key)))


def _identity(cursor: str) -> int:
    place = unpacked(cursor)
    if not place.isdecimal() or not 0 < int(place) <= _BIGGEST:
        raise alien()
    return int(place)
