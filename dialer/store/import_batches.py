"""From the staging tables to leads, one committed batch after another.

A batch is a range of the file's rows. Its leads, the rows that became none, and its counts are one
transaction: a cancelled import, or one whose worker died, goes on with the batches that have no
row in `import_batches`. Every row ends in exactly one count.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields

from sqlalchemy import Connection, text

from dialer.model.call_list import BLOCKED, DUPLICATES
from dialer.model.lead import LIST_PRIORITY
from dialer.store.import_stage import Stage, consent_taken_back

BATCH_ROWS = 25_000
_IN_RANGE = "r.row_number > :after AND r.row_number <= :upto"
_SOUND = f"""
    FROM {{rows}} r WHERE {_IN_RANGE} AND r.code = ''
    AND NOT EXISTS (SELECT FROM {{verdicts}} v WHERE v.row_number = r.row_number)
"""
_KNOWN = "EXISTS (SELECT FROM leads l WHERE l.list_id = :list_id AND l.number = r.number)"
_OTHERS = """
    CASE WHEN r.other_numbers = '{{}}' THEN r.other_numbers ELSE ARRAY(
        SELECT o FROM unnest(r.other_numbers) WITH ORDINALITY AS u (o, place) WHERE NOT EXISTS (
            SELECT FROM do_not_call d WHERE d.number = o
            AND (d.campaign_id IS NULL OR d.campaign_id = :campaign_id))
        ORDER BY place) END
"""
_UPDATE = f"""
    UPDATE leads l SET name = i.name, fields = i.fields, other_numbers = i.others,
        next_number = CASE WHEN l.next_number = ANY(i.others) THEN l.next_number END,
        time_zone = CASE WHEN l.next_number = ANY(i.others) THEN l.time_zone ELSE i.time_zone END,
        place = NULLIF(i.place, '')
    FROM (SELECT r.number, r.name, r.fields, r.time_zone, r.place, {_OTHERS} AS others {_SOUND}) i
    WHERE l.list_id = :list_id AND l.number = i.number
"""
_INSERT = f"""
    INSERT INTO leads (list_id, campaign_id, number, other_numbers, time_zone, place, name, fields,
                       state, priority, due_at, n_attempts, n_tries)
    SELECT :list_id, :campaign_id, r.number, {_OTHERS}, r.time_zone, NULLIF(r.place, ''), r.name,
           r.fields, 'NEW', :priority, now(), 0, 0
    {_SOUND} {{unknown}} ORDER BY r.row_number
"""
_KEEP_CONSENTS = f"""
    INSERT INTO consents (number, campaign_id, given_at, source, evidence, way)
    SELECT given.number, :campaign_id, COALESCE(NULLIF(given.consent_at, '')::timestamptz, now()),
           'IMPORT', given.consent, NULLIF(given.consent_way, '')
    FROM (SELECT unnest(r.number || r.other_numbers) AS number, r.consent, r.consent_at,
              r.consent_way
          {_SOUND} AND r.consent <> '') given
    WHERE NOT EXISTS (
        SELECT FROM consents c WHERE c.number = given.number AND c.campaign_id = :campaign_id
        AND c.source = 'IMPORT' AND c.evidence = given.consent AND c.withdrawn_at IS NULL)
      AND NOT {consent_taken_back("given")}
"""
_KEEP_REJECTED = f"""
    INSERT INTO rejected_rows (list_id, row_number, code, detail, line)
    SELECT :list_id, r.row_number, COALESCE(v.code, r.code), COALESCE(v.detail, r.detail), r.line
    FROM {{rows}} r LEFT JOIN {{verdicts}} v USING (row_number)
    WHERE {_IN_RANGE} AND (r.code <> '' OR v.code IS NOT NULL)
"""
_TALLY = f"""
    SELECT COALESCE(v.code, r.code) AS code, count(*) AS n
    FROM {{rows}} r LEFT JOIN {{verdicts}} v USING (row_number)
    WHERE {_IN_RANGE} GROUP BY 1
"""
_NOTE = text("""
    INSERT INTO import_batches (list_id, upto_row, n_read, n_inserted, n_updated, n_duplicate,
                                n_blocked, n_rejected)
    VALUES (:list_id, :upto, :n_read, :n_inserted, :n_updated, :n_duplicate, :n_blocked,
            :n_rejected)
""")
_TOTAL = text("""
    SELECT COALESCE(sum(n_read), 0) AS n_read, COALESCE(sum(n_inserted), 0) AS n_inserted,
           COALESCE(sum(n_updated), 0) AS n_updated, COALESCE(sum(n_duplicate), 0) AS n_duplicate,
           COALESCE(sum(n_blocked), 0) AS n_blocked, COALESCE(sum(n_rejected), 0) AS n_rejected
    FROM import_batches WHERE list_id = :list_id
""")


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """n_read is the sum of the others, always.

    `n_updated`: the list had the number. `n_duplicate`: a row above has it, or another list.
    `n_blocked`: it must not be called, or there is no consent. `n_rejected`: the row is unfit.
    """

    n_read: int = 0
    n_inserted: int = 0
    n_updated: int = 0
    n_duplicate: int = 0
    n_blocked: int = 0
    n_rejected: int = 0

    def __post_init__(self) -> None:
        n_read, *parts = astuple(self)
        if n_read != sum(parts):
            raise ValueError(f"rows are lost: {self}")

    def facts(self) -> dict[str, int]:
        """The counts by name."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def load_batch(
    connection: Connection, stage: Stage, after: int, upto: int, *, has_leads: bool
) -> ImportCounts:
    """Rows from `after` (not included) to `upto` become leads; in the caller's transaction.

    `has_leads`: whether the list may know some of the numbers. Without it, and when it does,
    PostgreSQL refuses the batch (IntegrityError) and nothing of it stays.
    """
    here = {**stage.mine, "after": after, "upto": upto, "priority": LIST_PRIORITY}
    connection.execute(text("SET LOCAL statement_timeout = '10min'; SET LOCAL jit = off"))
    n_updated, unknown = 0, ""
    if has_leads:
        n_updated = connection.execute(text(stage.sql(_UPDATE)), here).rowcount
        unknown = f"AND NOT {_KNOWN}"
    n_inserted = connection.execute(text(stage.sql(_INSERT, unknown=unknown)), here).rowcount
    connection.execute(text(stage.sql(_KEEP_CONSENTS)), here)
    connection.execute(text(stage.sql(_KEEP_REJECTED)), here)
    counts = _counts(tally(connection, stage, after, upto), n_inserted, n_updated)
    connection.execute(_NOTE, {**here, **counts.facts()})
    return counts


def tally(connection: Connection, stage: Stage, after: int, upto: int) -> dict[str, int]:
    """How many rows of the range have which fault; those without one under the empty word."""
    rows = connection.execute(text(stage.sql(_TALLY)), {"after": after, "upto": upto})
    return {code: n for code, n in rows}


def forecast(
    connection: Connection, stage: Stage, upto: int
) -> tuple[ImportCounts, dict[str, int]]:
    """What an import would count, and how many rows have which fault; the faulty rows are kept."""
    here = {**stage.mine, "after": 0, "upto": upto}
    known = f"SELECT count(*) {_SOUND} AND {_KNOWN}"
    n_known = connection.scalar(text(stage.sql(known)), here) or 0
    found = tally(connection, stage, 0, upto)
    connection.execute(text(stage.sql(_KEEP_REJECTED)), here)
    counts = _counts(found, found.get("", 0) - n_known, n_known)
    return counts, {code: n for code, n in found.items() if code}


def done_batches(connection: Connection, list_id: int) -> frozenset[int]:
    """Last rows of the batches that were committed."""
    rows = connection.scalars(
        text("SELECT upto_row FROM import_batches WHERE list_id = :list_id"), {"list_id": list_id}
    )
    return frozenset(rows)


def total(connection: Connection, list_id: int) -> ImportCounts:
    """The counts of all committed batches."""
    return ImportCounts(**connection.execute(_TOTAL, {"list_id": list_id}).mappings().one())


def forget_batches(connection: Connection, list_id: int) -> None:
    """An import that starts anew has committed nothing."""
    connection.execute(
        text("DELETE FROM import_batches WHERE list_id = :list_id"), {"list_id": list_id}
    )


def forget_rejected(connection: Connection, list_id: int) -> None:
    """The rows that an earlier import or dry run kept."""
    connection.execute(
        text("DELETE FROM rejected_rows WHERE list_id = :list_id"), {"list_id": list_id}
    )


def _counts(found: Mapping[str, int], n_inserted: int, n_updated: int) -> ImportCounts:
    n_duplicate = sum(found.get(code, 0) for code in DUPLICATES)
    n_blocked = sum(found.get(code, 0) for code in BLOCKED)
    n_read = sum(found.values())
    n_rejected = n_read - found.get("", 0) - n_duplicate - n_blocked
    return ImportCounts(n_read, n_inserted, n_updated, n_duplicate, n_blocked, n_rejected)
