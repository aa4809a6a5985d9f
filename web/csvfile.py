"""CSV answers: streamed, and safe to open in a spreadsheet.

A cell that a spreadsheet would read as a formula gets an apostrophe (OWASP, CSV injection).
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flask import Response, stream_with_context

_RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe(value: Any) -> str:
    """The cell's text; numbers of our own stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = str(value)
    return "'" + text if text.startswith(_RISKY) else text


def encoded(lines: Iterable[list[Any]]) -> Iterator[str]:
    """CSV text, line by line, semicolons between (what spreadsheets of both languages open)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield "\ufeff"
    for line in lines:
        writer.writerow([safe(value) for value in line])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def csv_response(lines: Iterable[list[Any]], name: str) -> Response:
    """A download named `name`.csv; the database session stays open while it streams."""
    return Response(
        stream_with_context(encoded(lines)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
