"""Leads that come one by one or by the hundred, from other programs: judged as an import judges
rows, but each gets its answer at once.

A number that a campaign knows already makes no second lead. Additions to one campaign take turns,
so that two programs which send the same person at the same moment make one lead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import orjson
from sqlalchemy import func, text
from sqlalchemy.orm import Session

from dialer.model.errors import StaleEvent
from dialer.model.lead import LEAD_MACHINE, LeadState, LeadTrigger
from dialer.policy.places import joined, zone_written
from dialer.policy.postcodes import places_of_postcode
from dialer.store.numbers import normalised, zone_of
from dialer.store.tables import LeadList, LeadRow

MAX_OTHER_NUMBERS = 5
_LOCK_SPACE = 7_304_614


class Verdict(StrEnum):
    """What became of one lead that was sent."""

    ADDED = "ADDED"
    DUPLICATE = "DUPLICATE"
    """The campaign has the number already, or it stood above in the same batch."""
    DO_NOT_CALL = "DO_NOT_CALL"
    BAD_NUMBER = "BAD_NUMBER"


@dataclass(frozen=True, slots=True)
class NewLead:
    """`written`: the number as people write it. `due_at` None: now."""

    written: str
    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    priority: int = 50
    due_at: datetime | None = None
    others: tuple[str, ...] = ()
    """More numbers as people write them; those that do not exist count for nothing."""
    postcode: str = ""
    """As people write it in the list's country."""
    time_zone: str = ""
    """What policy/places.zone_written knows."""


@dataclass(frozen=True, slots=True)
class Judged:
    """`lead_id`: of the lead that was added, or that has the number already."""

    verdict: Verdict
    lead_id: int | None = None


_ADD = text("""
    WITH sent AS (
        SELECT * FROM jsonb_to_recordset(CAST(:batch AS jsonb)) AS s(
            n int, number text, other_numbers text[], time_zone text, place text, name text,
            fields jsonb, priority int, due_at timestamptz)
    ), judged AS (
        SELECT s.*, blocked.is_it AS is_blocked, known.id AS known_id,
            row_number() OVER (PARTITION BY s.number ORDER BY s.n) AS nth
        FROM sent s
        CROSS JOIN LATERAL (SELECT EXISTS (
            SELECT FROM do_not_call d WHERE d.number = s.number
            AND (d.campaign_id IS NULL OR d.campaign_id = :campaign_id)) AS is_it) blocked
        LEFT JOIN LATERAL (
            SELECT l.id FROM leads l
            WHERE l.number = s.number AND l.campaign_id = :campaign_id
            ORDER BY l.list_id = :list_id DESC, l.id LIMIT 1) known ON true
    ), added AS (
        INSERT INTO leads (list_id, campaign_id, number, other_numbers, time_zone, place, name,
                           fields, state, priority, due_at, n_attempts, n_tries)
        SELECT :list_id, :campaign_id, number, other_numbers, time_zone,
               NULLIF(place, ''), name, fields, :new, priority, COALESCE(due_at, now()), 0, 0
        FROM judged WHERE NOT is_blocked AND known_id IS NULL AND nth = 1 ORDER BY n
        RETURNING id, number
    )
    SELECT j.n, COALESCE(j.known_id, a.id) AS lead_id, CASE
        WHEN j.is_blocked THEN 'DO_NOT_CALL'
        WHEN j.known_id IS NOT NULL OR j.nth > 1 THEN 'DUPLICATE' ELSE 'ADDED' END AS verdict
    FROM judged j LEFT JOIN added a ON a.number = j.number AND NOT j.is_blocked
""")


def add(session: Session, batch: LeadList, sent: Sequence[NewLead]) -> tuple[Judged, ...]:
    """Add leads to the list; what became of each, in the order sent."""
    found: dict[int, Judged] = {}
    rows = []
    for n, lead in enumerate(sent):
        number = normalised(lead.written, batch.region, batch.has_old_benin_numbers)
        if number is None:
            found[n] = Judged(Verdict.BAD_NUMBER)
        else:
            rows.append(_row(n, lead, number, batch))
    _take_turns(session, batch.campaign_id)
    known = {"list_id": batch.id, "campaign_id": batch.campaign_id, "new": LeadState.NEW}
    for row in session.execute(_ADD, known | {"batch": orjson.dumps(rows).decode()}):
        found[row.n] = Judged(Verdict(row.verdict), row.lead_id)
    if any(judged.verdict is Verdict.ADDED for judged in found.values()):
        batch.finished_at = func.now()  # the list is behind: its new persons want contacts
    return tuple(found[n] for n in range(len(sent)))


def withdraw(lead: LeadRow) -> bool:
    """Nothing dials the lead any more, unless an agent chooses it; whether a controller may be
    about to, and is to be told. Raises IllegalTransition while it is being called."""
    was = LeadState(lead.state)
    try:
        lead.state = LEAD_MACHINE.step(was, LeadTrigger.WITHDRAW)
    except StaleEvent:
        return False  # it is over already
    lead.claimed_until = None
    return was is LeadState.CLAIMED


def _row(n: int, lead: NewLead, number: str, batch: LeadList) -> dict[str, object]:
    read = (normalised(one, batch.region, batch.has_old_benin_numbers) for one in lead.others)
    others = list(dict.fromkeys(one for one in read if one and one != number))
    place = joined(
        places_of_postcode(batch.region, lead.postcode), zone_written(lead.time_zone) or ""
    )
    return {
        "n": n, "number": number, "other_numbers": others, "place": place,
        "time_zone": joined(zone_of(number, batch.region), place), "name": lead.name,
        "fields": lead.fields, "priority": lead.priority, "due_at": lead.due_at,
    }  # fmt: skip


def _take_turns(session: Session, campaign_id: int) -> None:
    lock = text("SELECT pg_advisory_xact_lock(:space, CAST(:campaign_id AS int))")
    session.execute(lock, {"space": _LOCK_SPACE, "campaign_id": campaign_id})
