"""The turn among a lead's numbers, kept up with its calls; what it depends on is in policy/turns.

The lead keeps the number whose turn it is with the places of that number, so that a claim finds it
where its hours are. Whether a number is fit to be called is asked of the rules as ever, for each of
the lead's numbers in its place.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from dialer.model.campaign import Campaign
from dialer.model.ids import AttemptId
from dialer.model.lead import LEAD_MACHINE, LeadState, LeadTrigger
from dialer.model.permit import RefusalReason
from dialer.policy.places import joined
from dialer.policy.turns import Turn, next_number
from dialer.store.campaigns import get_campaign
from dialer.store.numbers import zone_of
from dialer.store.tables import LeadList, LeadRow
from dialer.store.verdict import DIALLED, parameters, verdict

OF_NUMBER = frozenset(
    {RefusalReason.BAD_NUMBER, RefusalReason.FORBIDDEN_DESTINATION}
    | {RefusalReason.DO_NOT_CALL, RefusalReason.NO_CONSENT, RefusalReason.CONSENT_WITHDRAWN}
)
"""Reasons against one number of a lead, which another of its numbers may be free of."""
HAS_OTHERS = "cardinality(l.other_numbers) > COALESCE(cardinality(l.left_out), 0)"
"""Whether a lead `l` may be reached at another number than the one whose turn it is."""
_DONE = LEAD_MACHINE.step(LeadState.WAITING_RETRY, LeadTrigger.FINISH)

_CALLED = text(f"""
    SELECT a.id AS attempt_id, a.number AS dialled, l.id AS lead_id, l.campaign_id
    FROM attempts a JOIN leads l ON l.id = a.lead_id
    WHERE a.id = ANY(:ids) AND (l.other_numbers <> '{{}}' OR a.id = ANY(:ended))
      AND a.number = {DIALLED}
    ORDER BY l.id
""")
_NUMBERED = """(
    SELECT l.id, l.list_id, l.campaign_id, l.number, every.number AS next_number, l.state,
        l.time_zone, l.due_at, l.n_tries, l.n_attempts, l.callback_agent_id, l.held_for,
        l.held_until, l.priority, l.dialable_at
    FROM leads l CROSS JOIN unnest(l.number || l.other_numbers) AS every(number)
    WHERE l.id = ANY(:ids)
) l"""
"""Each lead as often as it has numbers, as if it were the turn of each."""
_FIT = text(
    f"SELECT v.id, v.number FROM ({verdict(_NUMBERED, OF_NUMBER)}) v WHERE v.reason IS NULL"
)
_STANDING = text(f"""
    SELECT l.id, l.number || l.other_numbers AS numbers, COALESCE(l.left_out, '{{}}') AS left_out,
        {DIALLED} AS dialled, l.place, lists.region
    FROM leads l JOIN lists ON lists.id = l.list_id
    WHERE l.id = ANY(:ids) ORDER BY l.id FOR UPDATE OF l
""")
_GIVE = text("""
    UPDATE leads l SET
        next_number = NULLIF(g.number, l.number), time_zone = COALESCE(g.time_zone, l.time_zone),
        left_out = NULLIF(g.left_out, '{}'), held_for = NULL, held_until = NULL,
        state = CASE WHEN g.number IS NULL AND l.state = 'WAITING_RETRY' THEN :done
                ELSE l.state END
    FROM jsonb_to_recordset(CAST(:batch AS jsonb)) AS g(
        id bigint, number text, time_zone text, left_out text[])
    WHERE l.id = g.id
""")


def pass_on(session: Session, calls: Mapping[AttemptId, Turn], now: float) -> None:
    """After these attempts the turn goes on to other numbers of their leads.

    A lead whose last number was left out, and which was to be called again, is done.
    """
    moving = [attempt_id for attempt_id, turn in calls.items() if turn is not Turn.STAYS]
    ended = [attempt_id for attempt_id, turn in calls.items() if turn is Turn.ENDS]
    if not moving:
        return
    leads: dict[int, dict[int, str]] = defaultdict(dict)
    for row in session.execute(_CALLED, {"ids": moving, "ended": ended}):
        gone = row.dialled if calls[row.attempt_id] is Turn.ENDS else ""
        leads[row.campaign_id][row.lead_id] = gone
    for campaign_id, gone_by_lead in leads.items():
        _give(session, get_campaign(session, campaign_id), gone_by_lead, now)


def reconsider(session: Session, campaign: Campaign, lead_ids: Collection[int], now: float) -> None:
    """A rule keeps these leads of the campaign back for the number whose turn it is: another of
    theirs may be free of it."""
    fit = _fit(session, campaign, lead_ids, now)
    if movable := {lead_id: "" for lead_id in lead_ids if fit.get(lead_id)}:
        _give(session, campaign, movable, now)


def number_of(row: LeadRow) -> str:
    """The number of the lead that is dialled next."""
    return row.next_number or row.number


def others_than(row: LeadRow, number: str) -> tuple[str, ...]:
    """The numbers at which the lead may be called, but for `number`."""
    gone = {number, *(row.left_out or ())}
    return tuple(one for one in (row.number, *row.other_numbers) if one not in gone)


def stay(session: Session, row: LeadRow, number: str) -> None:
    """The lead's person was met at `number`: it has the turn, whatever was said of it before. One
    that is the lead's no more (a new list, an erased person) changes nothing."""
    if number == number_of(row) or number not in (row.number, *row.other_numbers):
        return
    region = session.get_one(LeadList, row.list_id).region
    row.next_number = None if number == row.number else number
    row.time_zone = joined(zone_of(number, region), row.place or "")
    row.left_out = [one for one in row.left_out or () if one != number] or None


def _give(session: Session, campaign: Campaign, gone: Mapping[int, str], now: float) -> None:
    """The turn to the next of each lead; `gone`: by lead, the number to be left out, or empty."""
    fit = _fit(session, campaign, gone, now)
    rows = session.execute(_STANDING, {"ids": list(gone)})
    batch = [_turned(row, gone[row.id], fit[row.id]) for row in rows]
    session.execute(_GIVE, {"batch": orjson.dumps(batch).decode(), "done": _DONE})


def _turned(row: Any, gone: str, fit: Collection[str]) -> dict[str, Any]:
    left_out = [*row.left_out, *({gone} - {"", *row.left_out})]
    number = next_number(row.dialled, row.numbers, left_out, fit)
    places = None
    if number is not None and number != row.dialled:
        places = joined(zone_of(number, row.region), row.place or "")
    return {"id": row.id, "number": number, "time_zone": places, "left_out": left_out}


def _fit(
    session: Session, campaign: Campaign, lead_ids: Collection[int], now: float
) -> dict[int, set[str]]:
    """Of each lead the numbers that no rule of its own forbids."""
    found: dict[int, set[str]] = defaultdict(set)
    asked = parameters(campaign, (), now, has_own_agent=True) | {"ids": list(lead_ids)}
    for row in session.execute(_FIT, asked):
        found[row.id].add(row.number)
    return found
