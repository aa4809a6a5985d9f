"""Incoming leads to the tables: COPY to a temporary table, then set-based statements.

All in the caller's transaction: a list is imported whole or not at all. Every row read ends in
exactly one count: inserted, updated (the list had the number), duplicate (of a row above, or of
another list of the campaign), or rejected. COPY needs an unpatched psycopg2: green connections
refuse it.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dialer.store.leads import LIST_PRIORITY
from dialer.store.tables import LeadList

IncomingRow = tuple[int, str, str, str, str, str, str, str]
"""row number, number, time zone, name, fields (JSON), reject code, detail, line."""
_ROWS_PER_CHUNK = 2000
_LINE_KEPT = 2000
"""Characters of a rejected line that are kept."""

_STAGE = text("""
    CREATE TEMPORARY TABLE incoming (
        row_number int, number text, time_zone text, name text, fields jsonb,
        code text, detail text, line text
    ) ON COMMIT DROP
""")
_COPY = """
    COPY incoming FROM STDIN
    WITH (FORMAT csv, FORCE_NOT_NULL (number, name, code, detail, line))
"""

_REFUSE_BLOCKED = text("""
    UPDATE incoming i SET code = 'DO_NOT_CALL', detail = i.number FROM do_not_call d
    WHERE i.code = '' AND d.number = i.number
      AND (d.campaign_id IS NULL OR d.campaign_id = :campaign_id)
""")

_UPSERT = text("""
    WITH firsts AS (
        SELECT min(row_number) AS row_number FROM incoming WHERE code = '' GROUP BY number
    ), fresh AS (
        SELECT i.* FROM incoming i JOIN firsts USING (row_number)
        WHERE NOT EXISTS (
            SELECT FROM leads l WHERE l.number = i.number
            AND l.campaign_id = :campaign_id AND l.list_id <> :list_id)
    ), written AS (
        INSERT INTO leads (list_id, campaign_id, number, time_zone, name, fields, state,
                           priority, due_at, n_attempts, n_tries)
        SELECT :list_id, :campaign_id, number, time_zone, name, fields, 'NEW', :priority, now(),
               0, 0
        FROM fresh ORDER BY row_number
        ON CONFLICT (list_id, number) DO UPDATE SET
            name = excluded.name, fields = excluded.fields, time_zone = excluded.time_zone
        RETURNING xmax = 0 AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new) AS n_inserted,
           count(*) FILTER (WHERE NOT is_new) AS n_updated FROM written
""")

_KEEP_REJECTED = text("""
    INSERT INTO rejected_rows (list_id, row_number, code, detail, line)
    SELECT :list_id, row_number, code, detail, left(line, :kept) FROM incoming WHERE code <> ''
""")


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """n_read = n_inserted + n_updated + n_duplicate + n_rejected, always."""

    n_read: int
    n_inserted: int
    n_updated: int
    n_duplicate: int
    n_rejected: int


def load_leads(session: Session, batch: LeadList, rows: Iterable[IncomingRow]) -> ImportCounts:
    """Import `rows` into the list; leads that the list had keep their state."""
    session.execute(text("SET LOCAL statement_timeout = '30min'; SET LOCAL work_mem = '128MB'"))
    session.execute(_STAGE)
    _copy(session, rows)
    session.execute(text("ANALYZE incoming"))
    mine = {"list_id": batch.id, "campaign_id": batch.campaign_id}
    session.execute(_REFUSE_BLOCKED, mine)
    written = session.execute(_UPSERT, {**mine, "priority": LIST_PRIORITY}).one()
    session.execute(text("DELETE FROM rejected_rows WHERE list_id = :list_id"), mine)
    session.execute(_KEEP_REJECTED, {**mine, "kept": _LINE_KEPT})
    session.execute(text("ANALYZE leads"))
    return _counts(session, written.n_inserted, written.n_updated)


def lists_of_file(session: Session, sha256: str, besides: int | None = None) -> tuple[str, ...]:
    """Names of the lists that the same file was imported to before: a warning, not a fault."""
    same = select(LeadList.name).where(LeadList.file_sha256 == sha256, LeadList.state == "READY")
    return tuple(session.scalars(same.where(LeadList.id != (besides or 0)).order_by(LeadList.id)))


def _counts(session: Session, n_inserted: int, n_updated: int) -> ImportCounts:
    staged = session.execute(
        text("SELECT count(*) AS n_read, count(*) FILTER (WHERE code <> '') AS n_rejected"
             " FROM incoming")
    ).one()  # fmt: skip
    n_duplicate = staged.n_read - staged.n_rejected - n_inserted - n_updated
    return ImportCounts(staged.n_read, n_inserted, n_updated, n_duplicate, staged.n_rejected)


def _copy(session: Session, rows: Iterable[IncomingRow]) -> None:
    connection = session.connection().connection.dbapi_connection
    assert connection is not None, "the session is in a transaction"
    stream = _CsvStream(rows)
    with closing(connection.cursor()) as cursor:
        try:
            cursor.copy_expert(_COPY, stream, size=1 << 20)
        except Exception:
            if stream.fault is not None:  # psycopg2 hides what went wrong in read()
                raise stream.fault from None
            raise


class _CsvStream(io.TextIOBase):
    """Rows as a file that COPY reads; never more than one chunk of them in memory."""

    def __init__(self, rows: Iterable[IncomingRow]) -> None:
        self._chunks = _chunks(iter(rows))
        self.fault: Exception | None = None

    def read(self, size: int | None = -1, /) -> str:
        """The next chunk, whatever `size`; empty at the end."""
        try:
            return next(self._chunks, "")
        except Exception as fault:
            self.fault = fault
            raise


def _chunks(rows: Iterator[IncomingRow]) -> Iterator[str]:
    while some := list(islice(rows, _ROWS_PER_CHUNK)):
        out = io.StringIO()
        csv.writer(out).writerows(some)
        yield out.getvalue()
