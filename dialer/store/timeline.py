"""What happened with a contact on every list and channel, newest first.

One line for each call, message, call or message of theirs, wish to be called no more, and note,
whichever of the contact's leads it belongs to: the leads are those with its numbers. Each kind
reads its own newest lines by an index, so a page costs the same however long the history is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from dialer.store.contacts import family, numbers_of, of_number
from dialer.store.tables import LeadRow

PAGE_LENGTH = 30
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


class LineKind(StrEnum):
    CALL = "CALL"
    MESSAGE = "MESSAGE"
    INCOMING = "INCOMING"
    ARRIVAL = "ARRIVAL"
    NOTE = "NOTE"
    WITHDRAWAL = "WITHDRAWAL"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `word`: of the kind's own vocabulary (outcome, state, kind of note);
    `text`: what somebody wrote."""

    at: datetime
    kind: LineKind
    word: str
    text: str
    who: str
    campaign: str
    number: str
    attempt_id: str
    talk_s: float | None
    label_fr: str
    label_en: str
    """Of the agent's disposition."""


_NONE = "'' AS attempt_id, CAST(NULL AS numeric) AS talk_s, '' AS label_fr, '' AS label_en"
_LINES = text(f"""
    WITH mine AS (SELECT id, campaign_id, number FROM leads WHERE number = ANY(:numbers)),
    calls AS (
        SELECT a.started_at AS at, 'CALL' AS kind, COALESCE(a.outcome, '') AS word,
            a.note AS text, a.agent_id AS user_id, a.campaign_id, a.number, a.id AS attempt_id,
            extract(epoch FROM COALESCE(a.entrusted_at, a.ended_at) - a.bridged_at) AS talk_s,
            COALESCE(d.label_fr, '') AS label_fr, COALESCE(d.label_en, '') AS label_en
        FROM mine JOIN attempts a ON a.lead_id = mine.id
        LEFT JOIN dispositions d ON d.campaign_id = a.campaign_id AND d.code = a.disposition
        WHERE a.started_at < :before AND a.id <> :besides ORDER BY a.started_at DESC LIMIT :n
    ), messages_sent AS (
        SELECT m.created_at AS at, 'MESSAGE' AS kind, m.state AS word, m.text,
            CAST(NULL AS bigint) AS user_id, m.campaign_id, m.number, {_NONE}
        FROM mine JOIN messages m ON m.lead_id = mine.id
        WHERE m.created_at < :before ORDER BY m.created_at DESC LIMIT :n
    ), written AS (
        SELECT i.received_at AS at, 'INCOMING' AS kind,
            CASE WHEN i.is_opt_out THEN 'OPT_OUT' ELSE '' END AS word, i.text,
            CAST(NULL AS bigint) AS user_id, m.campaign_id, i.number, {_NONE}
        FROM incoming_messages i LEFT JOIN messages m ON m.id = i.answers_id
        WHERE i.number = ANY(:numbers) AND i.received_at < :before
        ORDER BY i.received_at DESC LIMIT :n
    ), arrived AS (
        SELECT v.at, 'ARRIVAL' AS kind, '' AS word, '' AS text,
            CAST(NULL AS bigint) AS user_id, v.campaign_id, mine.number, {_NONE}
        FROM mine JOIN arrivals v ON v.lead_id = mine.id
        WHERE v.at < :before ORDER BY v.at DESC LIMIT :n
    ), withdrawn AS (
        SELECT w.at, 'WITHDRAWAL' AS kind, w.source AS word, '' AS text, w.created_by AS user_id,
            w.campaign_id, min(w.number) AS number, {_NONE}
        FROM withdrawals w WHERE w.number = ANY(:numbers) AND w.at < :before
        GROUP BY w.at, w.source, w.created_by, w.campaign_id  -- of all numbers at once
        ORDER BY w.at DESC LIMIT :n
    ), noted AS (
        SELECT n.at, 'NOTE' AS kind, n.kind AS word, n.text, n.written_by AS user_id,
            CAST(NULL AS bigint) AS campaign_id, '' AS number, {_NONE}
        FROM contact_notes n
        WHERE n.contact_id = ANY(:ids) AND n.at < :before ORDER BY n.at DESC LIMIT :n
    )
    SELECT x.*, COALESCE(u.name, '') AS who, COALESCE(c.name, '') AS campaign
    FROM (SELECT * FROM calls UNION ALL SELECT * FROM messages_sent UNION ALL SELECT * FROM written
          UNION ALL SELECT * FROM arrived UNION ALL SELECT * FROM withdrawn
          UNION ALL SELECT * FROM noted) x
    LEFT JOIN users u ON u.id = x.user_id LEFT JOIN campaigns c ON c.id = x.campaign_id
    ORDER BY x.at DESC, x.kind, x.attempt_id LIMIT :n
""")


def timeline(
    session: Session, contact_id: int, *, before: datetime = END_OF_TIME, n: int = PAGE_LENGTH
) -> tuple[Line, ...]:
    """The newest `n` lines before an instant."""
    numbers, ids = numbers_of(session, contact_id), family(session, contact_id)
    return _lines(session, numbers, ids, before=before, n=n)


def timeline_of_lead(session: Session, lead: LeadRow, *, besides: str = "") -> tuple[Line, ...]:
    """The newest lines of the lead's person, but for the attempt `besides`. A lead that was not
    brought to a contact yet has its own numbers' only."""
    contact_id = of_number(session, lead.number)
    if contact_id is None:
        return _lines(session, (lead.number, *lead.other_numbers), (), besides=besides)
    numbers, ids = numbers_of(session, contact_id), family(session, contact_id)
    return _lines(session, numbers, ids, besides=besides)


def _lines(
    session: Session, numbers: Collection[str], ids: Collection[int], *,
    before: datetime = END_OF_TIME, n: int = PAGE_LENGTH, besides: str = "",
) -> tuple[Line, ...]:  # fmt: skip
    facts = {
        "numbers": list(numbers), "ids": list(ids), "before": before, "n": n, "besides": besides,
    }  # fmt: skip
    return tuple(_line(row) for row in session.execute(_LINES, facts).mappings())


def _line(row: Mapping[Any, Any]) -> Line:
    facts = {name: row[name] for name in Line.__dataclass_fields__}
    talk_s = None if row["talk_s"] is None else float(row["talk_s"])
    return Line(**{**facts, "kind": LineKind(row["kind"]), "talk_s": talk_s})
