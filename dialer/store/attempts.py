"""Attempts: opened before the dial, noted while the call lives, closed by `closing.close`.

An attempt opens only for a lead that is still claimed, whose number is not on a do-not-call list
at this moment and has no other open attempt; the partial unique indexes decide races.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any

import orjson
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dialer.model.commands import NoteAttempt, Originate
from dialer.model.ids import AgentId, AttemptId, CampaignId, LegId, NodeName
from dialer.model.lead import LEAD_MACHINE, Lead, LeadState, LeadTrigger
from dialer.model.permit import Refusal, RefusalReason
from dialer.store import caller_numbers, number_history
from dialer.store.campaigns import get_campaign
from dialer.store.closing import close
from dialer.store.instants import seconds_of
from dialer.store.leads import CALLBACK_PRIORITY, lead_of, release
from dialer.store.tables import AttemptRow
from dialer.store.turns import HAS_OTHERS
from dialer.store.verdict import DIALLED, parameters, verdict

__all__ = ["OpenAttempt", "close", "move_legs", "note", "open_attempts", "open_ones"]

_DIALING = LEAD_MACHINE.step(LeadState.CLAIMED, LeadTrigger.DIAL)

OF_OTHERS = frozenset(
    {RefusalReason.BEING_CALLED, RefusalReason.DO_NOT_CALL, RefusalReason.NO_CONSENT}
    | {RefusalReason.CONSENT_WITHDRAWN}
    | {RefusalReason.PROMISED_ELSEWHERE, RefusalReason.LATELY_REFUSED}
    | {RefusalReason.CAPPED, RefusalReason.TOO_SOON}
)
"""Reasons that another list, campaign or person may have brought about since the claim."""

_OPEN = text(f"""
    WITH wanted AS (
        SELECT * FROM jsonb_to_recordset(CAST(:batch AS jsonb)) AS w(
            attempt_id text, campaign_id bigint, lead_id bigint, number text,
            attempt_number int, caller_id text, rule_set text, node text, leg_id text, trunk text,
            at float8, agent_id bigint, claim_no bigint)
    ), opened AS (
        INSERT INTO attempts (id, campaign_id, list_id, lead_id, number, attempt_number,
                              caller_id, rule_set, node, leg_id, trunk, started_at, agent_id,
                              contact_id)
        SELECT w.attempt_id, w.campaign_id, l.list_id, w.lead_id, w.number, w.attempt_number,
               w.caller_id, w.rule_set, w.node, w.leg_id, w.trunk, to_timestamp(w.at), w.agent_id,
               COALESCE(i.contact_id, o.contact_id)
        FROM wanted w JOIN leads l ON l.id = w.lead_id AND l.campaign_id = w.campaign_id
        LEFT JOIN identities i ON i.kind = 'PHONE' AND i.value = l.number
        LEFT JOIN identities o ON o.kind = 'PHONE' AND o.value = w.number
        WHERE l.state = 'CLAIMED' AND {DIALLED} = w.number
          AND l.claim_no IS NOT DISTINCT FROM w.claim_no
          AND NOT EXISTS (
              SELECT FROM do_not_call d WHERE d.number = w.number
              AND (d.campaign_id IS NULL OR d.campaign_id = w.campaign_id))
        ORDER BY w.number
        ON CONFLICT DO NOTHING
        RETURNING id, lead_id, started_at
    )
    UPDATE leads l SET state = :dialing, claimed_until = NULL,
        n_attempts = l.n_attempts + 1, last_attempt_at = opened.started_at
    FROM opened WHERE l.id = opened.lead_id
    RETURNING opened.id
""")

_JUDGE = text(
    f"SELECT v.id, v.reason, v.until FROM ({verdict('leads l', OF_OTHERS)}) v"
    " WHERE v.id = ANY(:ids) AND v.reason IS NOT NULL"
)

_MOVE = text("""
    UPDATE attempts a SET leg_id = w.leg_id, trunk = w.trunk
    FROM jsonb_to_recordset(CAST(:batch AS jsonb)) AS w(attempt_id text, leg_id text, trunk text)
    WHERE a.id = w.attempt_id AND a.ended_at IS NULL
    RETURNING a.id
""")

_NOTE = text("""
    UPDATE attempts a SET
        ringing_at = COALESCE(to_timestamp(w.ringing_at), a.ringing_at),
        answered_at = COALESCE(to_timestamp(w.answered_at), a.answered_at),
        bridged_at = COALESCE(to_timestamp(w.bridged_at), a.bridged_at),
        agent_id = COALESCE(w.agent_id, a.agent_id),
        entrusted_at = COALESCE(to_timestamp(w.entrusted_at), a.entrusted_at)
    FROM jsonb_to_recordset(CAST(:batch AS jsonb)) AS w(
        attempt_id text, ringing_at float8, answered_at float8, bridged_at float8,
        agent_id bigint, entrusted_at float8)
    WHERE a.id = w.attempt_id
""")

_OPEN_ONES = text(f"""
    SELECT a.id AS attempt_id, a.leg_id, a.trunk, a.campaign_id, a.node, a.started_at, a.ringing_at,
           a.answered_at, a.bridged_at, a.agent_id, a.lead_id, a.number, a.list_id,
           {HAS_OTHERS} AS has_other_numbers, l.time_zone, l.n_tries,
           l.n_attempts - 1 AS n_attempts,  -- before this one, as when it was claimed
           l.last_outcome, l.name, l.fields,
           h.tries_at, h.refused_at, h.abandoned_at, h.caller_id, true AS has_consent,
           l.priority, l.priority <= :callback_priority AS is_callback,
           a.entrusted_at, s.leg_id AS outside_leg_id, s.other_name AS outside_name
    FROM attempts a JOIN leads l ON l.id = a.lead_id
    LEFT JOIN number_history h ON h.number = a.number
    LEFT JOIN LATERAL (
        SELECT last.leg_id, last.other_name, last.step FROM call_steps last
        WHERE last.attempt_id = a.id ORDER BY last.id DESC LIMIT 1
    ) s ON s.step = 'OUTSIDE' AND a.entrusted_at IS NOT NULL
    WHERE a.ended_at IS NULL AND a.campaign_id = ANY(:campaign_ids)
    ORDER BY a.started_at, a.id
""")


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt that an earlier run left open. Times are UTC seconds."""

    attempt_id: AttemptId
    leg_id: LegId
    campaign_id: CampaignId
    lead: Lead
    node: NodeName
    started_at: float
    ringing_at: float | None
    answered_at: float | None
    bridged_at: float | None
    agent_id: AgentId | None
    trunk: str = ""
    entrusted_at: float | None = None
    outside_leg_id: LegId | None = None
    """The customer was talking with an outside party, by the last step written."""
    outside_name: str = ""


def open_attempts(session: Session, originates: Sequence[Originate]) -> set[AttemptId]:
    """Write attempt rows for `originates`; the identities of those that may now be dialled.

    What is missing from the answer must not be dialled: another attempt is open for the number
    or the lead, the number may not be called, or the claim was lost.
    """
    refused = _refuse(session, originates)
    shown = _choose_numbers(session, [one for one in originates if one.attempt_id not in refused])
    batch = [
        _opening(one) | {"caller_id": shown[one.attempt_id]}
        for one in originates
        if one.attempt_id in shown
    ]
    rows = session.execute(_OPEN, {"batch": _json(batch), "dialing": _DIALING})
    opened = {AttemptId(row.id) for row in rows}
    number_history.tried(session, opened)
    return opened


def caller_ids_of(session: Session, attempt_ids: Collection[AttemptId]) -> dict[AttemptId, str]:
    """The number that each of these attempts shows."""
    known = select(AttemptRow.id, AttemptRow.caller_id).where(AttemptRow.id.in_(attempt_ids))
    return {AttemptId(row.id): row.caller_id for row in session.execute(known)}


def _choose_numbers(session: Session, originates: Sequence[Originate]) -> dict[AttemptId, str]:
    """What each call shows. One for which its pool has no number left today is given back until
    tomorrow, and missing."""
    shown = {one.attempt_id: one.caller_id for one in originates}
    for campaign_id in {one.campaign_id for one in originates}:
        campaign = get_campaign(session, campaign_id)
        if not campaign.caller_pool:
            continue
        mine = [one for one in originates if one.campaign_id == campaign_id]
        now = max(one.at for one in mine)
        chosen = caller_numbers.assign(session, campaign, mine, now)
        shown |= chosen
        refusal = Refusal(RefusalReason.NO_CALLER_ID, caller_numbers.day_of(campaign, now)[1])
        for one in mine:
            if one.attempt_id not in chosen:
                del shown[one.attempt_id]
                release(session, [one.lead_id], now, refusal=refusal)
    return shown


def _refuse(session: Session, originates: Sequence[Originate]) -> set[AttemptId]:
    """The law asked once more, of what others may have changed since the claim; those refused are
    given back and held."""
    refused: set[AttemptId] = set()
    for campaign_id in {originate.campaign_id for originate in originates}:
        mine = {one.lead_id: one for one in originates if one.campaign_id == campaign_id}
        campaign, now = get_campaign(session, campaign_id), max(one.at for one in mine.values())
        asked = parameters(campaign, (), now, has_own_agent=True) | {"ids": list(mine)}
        for row in session.execute(_JUDGE, asked):
            refusal = Refusal(RefusalReason(row.reason), seconds_of(row.until))
            release(session, [row.id], now, refusal=refusal)
            refused.add(mine[row.id].attempt_id)
    return refused


def move_legs(session: Session, originates: Sequence[Originate]) -> set[AttemptId]:
    """Open attempts go on under another leg; the identities of those that are still open."""
    batch = [
        {"attempt_id": one.attempt_id, "leg_id": one.leg_id, "trunk": one.trunk}
        for one in originates
    ]
    rows = session.execute(_MOVE, {"batch": _json(batch)}) if batch else ()
    return {AttemptId(row.id) for row in rows}


def note(session: Session, notes: Sequence[NoteAttempt]) -> None:
    """Add facts to attempts; of several facts of one name, the last is kept."""
    merged: dict[AttemptId, dict[str, Any]] = {}
    for fact in notes:
        given = {f.name: getattr(fact, f.name) for f in fields(fact)}
        known = {name: value for name, value in given.items() if value is not None}
        merged.setdefault(fact.attempt_id, {}).update(known)
    session.execute(_NOTE, {"batch": _json(list(merged.values()))})


def open_ones(session: Session, campaign_ids: Collection[CampaignId]) -> tuple[OpenAttempt, ...]:
    """Attempts still open in these campaigns, oldest first: recovery asks the switches for them."""
    rows = session.execute(
        _OPEN_ONES,
        {"campaign_ids": list(campaign_ids), "callback_priority": CALLBACK_PRIORITY},
    )
    return tuple(_open_attempt(row) for row in rows.mappings())


def _opening(originate: Originate) -> dict[str, object]:
    return {
        "attempt_id": originate.attempt_id,
        "campaign_id": originate.campaign_id,
        "lead_id": originate.lead_id,
        "number": originate.number,
        "attempt_number": originate.attempt_number,
        "caller_id": originate.caller_id,
        "rule_set": originate.permit.rule_set,
        "node": originate.node,
        "leg_id": originate.leg_id,
        "trunk": originate.trunk,
        "at": originate.at,
        "agent_id": originate.agent_id,
        "claim_no": originate.claim_no,
    }


def _open_attempt(row: Any) -> OpenAttempt:
    return OpenAttempt(
        attempt_id=AttemptId(row["attempt_id"]),
        leg_id=LegId(row["leg_id"]),
        campaign_id=CampaignId(row["campaign_id"]),
        lead=lead_of(row),
        node=NodeName(row["node"]),
        started_at=seconds_of(row["started_at"]),
        ringing_at=seconds_of(row["ringing_at"]),
        answered_at=seconds_of(row["answered_at"]),
        bridged_at=seconds_of(row["bridged_at"]),
        agent_id=None if row["agent_id"] is None else AgentId(row["agent_id"]),
        trunk=row["trunk"],
        entrusted_at=seconds_of(row["entrusted_at"]),
        outside_leg_id=LegId(row["outside_leg_id"]) if row["outside_leg_id"] else None,
        outside_name=row["outside_name"] or "",
    )


def _json(batch: Sequence[object]) -> str:
    return orjson.dumps(batch).decode()
