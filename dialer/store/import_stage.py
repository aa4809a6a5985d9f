"""The staging of one import: its rows as COPY brought them, and the verdicts on sound ones.

Two unlogged tables for each import, so that several connections can load from them at once; they
go with the import. COPY needs an unpatched psycopg2: green connections refuse it.
"""

import io
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import Connection, text

from dialer.model.call_list import DedupeScope, RowFault
from dialer.store import consents

_CREATE = """
    CREATE UNLOGGED TABLE {rows} (
        row_number int, number text COLLATE "C", time_zone text, place text, name text,
        fields jsonb, other_numbers text[], consent text, consent_at text, consent_way text,
        code text, detail text, line text
    ) WITH (autovacuum_enabled = off);
    CREATE UNLOGGED TABLE {verdicts} (
        row_number int PRIMARY KEY, code text NOT NULL, detail text NOT NULL
    ) WITH (autovacuum_enabled = off)
"""
_DROP = "DROP TABLE IF EXISTS {rows}; DROP TABLE IF EXISTS {verdicts}"
_COPY = "COPY {rows} FROM STDIN WITH (FORMAT text, DELIMITER E'\\x1f', NULL E'\\x01')"
_SETTLE = """
    CREATE INDEX ON {rows} USING brin (row_number) WITH (pages_per_range = 16);
    ANALYZE {rows} (row_number, number, code)
"""


def consent_taken_back(row: str) -> str:
    """SQL: whether the person of a staged row withdrew the consent in it. Of one without a date
    nobody knows that it came after."""
    given_at = f"COALESCE(NULLIF({row}.consent_at, '')::timestamptz, '-infinity')"
    return consents.withdrew(f"{row}.number", ":campaign_id", given_at)


_NO_CONSENT = """
    UPDATE {{rows}} r SET code = '{{code}}'
    WHERE r.code = '' AND (r.consent = '' OR {withdrew}) AND NOT {holds}
""".format(
    withdrew=consent_taken_back("r"),
    holds=consents.holds_for("r.number", ":campaign_id", "now()"),
)
_BLOCKED = """
    INSERT INTO {verdicts}
    SELECT DISTINCT r.row_number, '{code}', r.number FROM {rows} r JOIN do_not_call d USING (number)
    WHERE r.code = '' AND (d.campaign_id IS NULL OR d.campaign_id = :campaign_id)
"""
_ABOVE = """
    INSERT INTO {verdicts}
    SELECT r.row_number, '{code}', first.row_number::text FROM (
        SELECT number, min(row_number) AS row_number FROM {rows} WHERE code = ''
        GROUP BY number HAVING count(*) > 1
    ) first JOIN {rows} r USING (number)
    WHERE r.code = '' AND r.row_number > first.row_number
    ON CONFLICT DO NOTHING
"""
_ELSEWHERE = """
    INSERT INTO {verdicts}
    SELECT DISTINCT ON (r.row_number) r.row_number, '{code}', lists.name
    FROM {rows} r JOIN leads l USING (number) JOIN lists ON lists.id = l.list_id
    WHERE r.code = '' AND l.list_id <> :list_id AND ({everywhere} OR l.campaign_id = :campaign_id)
    ORDER BY r.row_number, lists.id
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """The tables of a list's import, which hold while it runs."""

    list_id: int
    campaign_id: int

    def sql(self, statement: str, **words: str) -> str:
        """`statement` with the names of the tables; no word of a user goes this way."""
        names = {"rows": f"import_rows_{self.list_id:d}",
                 "verdicts": f"import_verdicts_{self.list_id:d}"}  # fmt: skip
        return statement.format(**names, **words)

    @property
    def mine(self) -> dict[str, int]:
        """Parameters of the statements."""
        return {"list_id": self.list_id, "campaign_id": self.campaign_id}


def create(connection: Connection, stage: Stage) -> None:
    """Empty tables; those of an import that broke off are thrown away."""
    drop(connection, stage)
    connection.execute(text(stage.sql(_CREATE)))


def drop(connection: Connection, stage: Stage) -> None:
    """Throw the tables away."""
    connection.execute(text(stage.sql(_DROP)))


def copy(connection: Connection, stage: Stage, pieces: Iterable[str]) -> None:
    """Bring staged lines into the table; what `pieces` raises comes through."""
    stream = _Pieces(pieces)
    raw = connection.connection.dbapi_connection
    assert raw is not None, "the connection is open"
    with closing(raw.cursor()) as cursor:
        try:
            cursor.copy_expert(stage.sql(_COPY), stream, size=1 << 20)
        except Exception:
            if stream.fault is not None:  # psycopg2 hides what went wrong in read()
                raise stream.fault from None
            raise


def judge(connection: Connection, stage: Stage, scope: DedupeScope, *, needs_consent: bool) -> None:
    """Verdicts on sound rows, of several the first: blocked, known above, known elsewhere.

    `needs_consent`: a row is sound only with evidence in it, or with a consent on record.
    """
    if needs_consent:
        missing = stage.sql(_NO_CONSENT, code=RowFault.NO_CONSENT)
        connection.execute(text(missing), stage.mine)
    connection.execute(text(stage.sql(_SETTLE)))
    blocked = stage.sql(_BLOCKED, code=RowFault.DO_NOT_CALL)
    connection.execute(text(blocked), stage.mine)
    connection.execute(text(stage.sql(_ABOVE, code=RowFault.NUMBER_ABOVE)))
    if scope is not DedupeScope.LIST:
        everywhere = str(scope is DedupeScope.EVERYWHERE).lower()
        known = stage.sql(_ELSEWHERE, code=RowFault.NUMBER_ELSEWHERE, everywhere=everywhere)
        connection.execute(text(known), stage.mine)
    connection.execute(text(stage.sql("ANALYZE {verdicts}")))


def last_row(connection: Connection, stage: Stage) -> int:
    """Number of the last staged row; 0 when there is none."""
    return connection.scalar(text(stage.sql("SELECT max(row_number) FROM {rows}"))) or 0


class _Pieces(io.TextIOBase):
    """Pieces of text as a file that COPY reads; one of them in memory."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces: Iterator[str] = iter(pieces)
        self.fault: Exception | None = None

    def read(self, size: int | None = -1, /) -> str:
        """The next piece that holds anything, whatever `size`; empty at the end."""
        try:
            return next((piece for piece in self._pieces if piece), "")
        except Exception as fault:
            self.fault = fault
            raise
