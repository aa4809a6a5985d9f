"""Leads going out to the controller under a lease, and coming back undialled.

A claim is one statement: for each active list it walks the head of `ix_leads_due`, so its cost
depends on how many are asked for and not on how many there are. A lead whose number may not be
called, or is being called, is passed over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from dialer.model.ids import CampaignId, LeadId, ListId
from dialer.model.lead import LEAD_MACHINE, Lead, LeadState, LeadTrigger
from dialer.store.instants import instant, seconds_of
from dialer.store.tables import LeadList, LeadRow

CALLBACK_PRIORITY = 10
LIST_PRIORITY = 50
DUE_STATES = (LeadState.NEW, LeadState.WAITING_RETRY, LeadState.CALLBACK)
_RELEASED = LEAD_MACHINE.step(LeadState.CLAIMED, LeadTrigger.RELEASE)
_BLOCKED = LEAD_MACHINE.step(LeadState.CLAIMED, LeadTrigger.BLOCK)

_CLAIM = text("""
    WITH due AS (
        SELECT head.* FROM lists
        CROSS JOIN LATERAL (
            SELECT l.id, l.priority, l.due_at, l.state AS was FROM leads l
            WHERE l.list_id = lists.id
              AND l.state IN ('NEW', 'WAITING_RETRY', 'CALLBACK')
              AND l.due_at <= :now
              AND NOT EXISTS (
                  SELECT FROM do_not_call d WHERE d.number = l.number
                  AND (d.campaign_id IS NULL OR d.campaign_id = l.campaign_id))
              AND NOT EXISTS (
                  SELECT FROM attempts a WHERE a.number = l.number AND a.ended_at IS NULL)
            ORDER BY l.priority, l.due_at, l.id LIMIT :n
            FOR UPDATE OF l SKIP LOCKED
        ) AS head
        WHERE lists.campaign_id = :campaign_id AND lists.is_active
          AND lists.state IN ('READY', 'IMPORTING')
        ORDER BY head.priority, head.due_at, head.id LIMIT :n
    ), claimed AS (
        UPDATE leads l SET state = 'CLAIMED', claimed_until = :until
        FROM due WHERE l.id = due.id
        RETURNING l.id AS lead_id, l.list_id, l.number, l.time_zone, l.n_attempts, l.n_tries,
                  l.last_attempt_at, l.last_outcome,
                  l.abandoned_at, l.name, l.fields, l.priority, due.due_at,
                  (due.was = 'CALLBACK' OR l.priority <= :callback_priority) AS is_callback
    )
    SELECT * FROM claimed ORDER BY priority, due_at, lead_id
""")

_STEADY_OFF = ("sort", "hashjoin", "mergejoin", "bitmapscan", "seqscan", "material")
_STEADY = text("; ".join(f"SET LOCAL enable_{way} = off" for way in _STEADY_OFF))
_AS_BEFORE = text("; ".join(f"SET LOCAL enable_{way} TO DEFAULT" for way in _STEADY_OFF))
"""Without statistics (a list just imported) the planner would sort the whole list: seconds in
place of milliseconds. With every other way closed it walks the index and stops after `n`."""

_RECLAIM = text("""
    UPDATE leads l SET state = :released, claimed_until = NULL
    WHERE l.state = 'CLAIMED' AND l.claimed_until < :now
      AND NOT EXISTS (SELECT FROM attempts a WHERE a.lead_id = l.id AND a.ended_at IS NULL)
""")


@dataclass(frozen=True, slots=True)
class LeadCounts:
    """Leads of a campaign. `n_due`: could be claimed now, of active lists."""

    by_state: Mapping[LeadState, int]
    n_total: int
    n_due: int


def claim(
    session: Session, campaign_id: CampaignId, n: int, lease_s: float, now: float
) -> tuple[Lead, ...]:
    """Up to `n` due leads, first by priority and due time, leased until `now + lease_s`."""
    wanted = {
        "campaign_id": campaign_id,
        "n": n,
        "now": instant(now),
        "until": instant(now + lease_s),
        "callback_priority": CALLBACK_PRIORITY,
    }
    session.execute(_STEADY)
    rows = session.execute(_CLAIM, wanted).mappings().all()
    session.execute(_AS_BEFORE)
    return tuple(lead_of(row) for row in rows)


def lead_of(row: Mapping[Any, Any]) -> Lead:
    """The model's Lead from a row of leads (`lead_id` and `is_callback` among its columns)."""
    return Lead(
        lead_id=LeadId(row["lead_id"]),
        list_id=ListId(row["list_id"]),
        number=row["number"],
        time_zone=row["time_zone"],
        n_attempts=row["n_attempts"],
        n_tries=row["n_tries"],
        last_attempt_at=seconds_of(row["last_attempt_at"]),
        last_outcome=row["last_outcome"] or "",
        abandoned_at=seconds_of(row["abandoned_at"]),
        is_callback=row["is_callback"],
        name=row["name"],
        fields=row["fields"],
    )


def release(
    session: Session, lead_ids: Collection[LeadId], due_at: float, blocked: bool = False
) -> int:
    """Give claimed leads back, not before `due_at` (UTC seconds), or block them; how many."""
    gone = session.execute(
        text("""
            UPDATE leads SET state = :state, due_at = :due_at, claimed_until = NULL
            WHERE id = ANY(:ids) AND state = 'CLAIMED' RETURNING id
        """),
        {
            "ids": list(lead_ids),
            "state": _BLOCKED if blocked else _RELEASED,
            "due_at": instant(due_at),
        },
    )
    return len(gone.all())


def reclaim_expired(session: Session, now: float) -> int:
    """Give back leads whose lease ended while no attempt is open; how many.

    Their due time stays: they were due already.
    """
    reclaimed = session.execute(
        text(f"{_RECLAIM.text} RETURNING l.id"), {"now": instant(now), "released": _RELEASED}
    )
    return len(reclaimed.all())


def release_all(session: Session, campaign_id: CampaignId) -> int:
    """Give back every lead that an earlier controller of the campaign held; how many."""
    released = session.execute(
        text("""
            UPDATE leads SET state = :released, claimed_until = NULL
            WHERE campaign_id = :campaign_id AND state = 'CLAIMED' RETURNING id
        """),
        {"campaign_id": campaign_id, "released": _RELEASED},
    )
    return len(released.all())


def lead_counts(session: Session, campaign_id: CampaignId, now: float) -> LeadCounts:
    """Leads by state and those due; reads all leads of the campaign, so not for every second."""
    mine = LeadRow.campaign_id == campaign_id
    groups = select(LeadRow.state, func.count()).where(mine).group_by(LeadRow.state)
    by_state = {LeadState(state): count for state, count in session.execute(groups)}
    due = select(func.count()).select_from(LeadRow).join(LeadList, LeadList.id == LeadRow.list_id)
    n_due = session.scalar(
        due.where(
            mine, LeadList.is_active, LeadRow.state.in_(DUE_STATES), LeadRow.due_at <= instant(now)
        )
    )
    return LeadCounts(by_state, sum(by_state.values()), n_due or 0)
