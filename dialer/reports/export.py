"""Streamed CSV that no spreadsheet takes for a formula.

A cell that begins with a sign of a formula gets an apostrophe before it; a telephone number with
its plus sign is left alone, but only if it is nothing else.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, fields
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.reports.history import AttemptLine, Filters, line_of, select_attempts
from dialer.store.tables import RejectedRow

BOM = "\ufeff"
"""Makes Excel read UTF-8."""
ROWS_PER_CHUNK = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"\+?[0-9]+", re.ASCII)
_TIMES = frozenset(f.name for f in fields(AttemptLine) if f.name.endswith("_at"))


def safe_cell(value: object) -> str:
    """`value` as the text of a cell that is only text."""
    text = "" if value is None else str(value)
    is_formula = text.lstrip(" \u00a0").startswith(_FORMULA)
    return f"'{text}" if is_formula and not _is_plain_number(value, text) else text


def _is_plain_number(value: object, text: str) -> bool:
    return isinstance(value, (int, float)) or bool(_NUMBER.fullmatch(text))


def csv_chunks(
    header: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ";"
) -> Iterator[str]:
    """The file in pieces of some hundred rows, byte order mark first."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    out.write(BOM)
    writer.writerow([safe_cell(name) for name in header])
    for n, row in enumerate(rows, 1):
        writer.writerow([safe_cell(cell) for cell in row])
        if n % ROWS_PER_CHUNK == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def attempts_csv(session: Session, filters: Filters) -> Iterator[str]:
    """The whole history under the filters; the session must live until the end."""
    found = session.execute(select_attempts(filters).execution_options(yield_per=ROWS_PER_CHUNK))
    names = [f.name for f in fields(AttemptLine)]
    return csv_chunks(names, (_cells(line_of(row)) for row in found))


def rejected_csv(session: Session, list_id: int) -> Iterator[str]:
    """Rows of a list that were not imported: row number, reason, and the line as it was."""
    mine = select(RejectedRow).where(RejectedRow.list_id == list_id)
    found = session.scalars(
        mine.order_by(RejectedRow.row_number).execution_options(yield_per=ROWS_PER_CHUNK)
    )
    header = ("row", "reason", "detail", "line")
    return csv_chunks(header, ((r.row_number, r.code, r.detail, r.line) for r in found))


def _cells(line: AttemptLine) -> tuple[object, ...]:
    names = [f.name for f in fields(AttemptLine)]
    pairs = zip(names, astuple(line), strict=True)
    return tuple(_time(value) if name in _TIMES else value for name, value in pairs)


def _time(seconds: float | None) -> str:
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(" ", "seconds")
