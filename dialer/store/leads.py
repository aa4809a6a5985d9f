"""Leads going out to the controller under a lease, and coming back undialled.

A claim is one statement: for each active list it walks the head of `ix_leads_due`, so its cost
depends on how many are asked for and not on how many there are. A lead whose number may not be
called, or is being called, is passed over.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session

from dialer.model.commands import NoteSkip
from dialer.model.ids import CampaignId, LeadId, ListId
from dialer.model.lead import LEAD_MACHINE, Lead, LeadState, LeadTrigger
from dialer.store.do_not_call import is_listed
from dialer.store.instants import instant, seconds_of
from dialer.store.tables import AttemptRow, LeadList, LeadRow, LeadSkip

CALLBACK_PRIORITY = 10
LIST_PRIORITY = 50
CHOOSABLE = frozenset({LeadState.NEW, LeadState.WAITING_RETRY, LeadState.CALLBACK, LeadState.DONE})
"""States of a lead that an agent may choose to call."""
DUE_STATES = (LeadState.NEW, LeadState.WAITING_RETRY, LeadState.CALLBACK)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_RELEASED = LEAD_MACHINE.step(LeadState.CLAIMED, LeadTrigger.RELEASE)
_FINISHED = LEAD_MACHINE.step(_RELEASED, LeadTrigger.FINISH)
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
                  l.last_attempt_at, l.last_outcome, l.abandoned_at, l.name, l.fields,
                  l.priority, due.due_at, l.callback_agent_id,
                  (due.was = 'CALLBACK' OR l.priority <= :callback_priority) AS is_callback
    )
    SELECT * FROM claimed ORDER BY priority, due_at, hashint8(lead_id)
""")
"""Leads of equal standing come mixed: lists are often sorted by what decides whether people answer
(region, segment, source), and pacing holds neighbours for independent. A lab list of 40 numbers
that all answer, then 40 of which none does, and so on, brought 15 % abandoned in ten minutes."""

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
        callback_agent_id=row.get("callback_agent_id"),
        due_at=seconds_of(row.get("due_at")),
        name=row["name"],
        fields=row["fields"],
    )


def claim_one(
    session: Session, campaign_id: CampaignId, lead_id: LeadId, lease_s: float, now: float
) -> Lead | None:
    """This very lead for an agent who chose it, due or not, finished or not.

    None when somebody has it, it may never be called, or its number is being called.
    """
    known = select(LeadRow).where(LeadRow.id == lead_id, LeadRow.campaign_id == campaign_id)
    row = session.scalar(known.with_for_update(skip_locked=True))
    if row is None or row.state not in CHOOSABLE or _is_being_called(session, row.number):
        return None
    was = LeadState(row.state)
    resting = LEAD_MACHINE.step(was, LeadTrigger.RECYCLE) if was is LeadState.DONE else was
    row.state = LEAD_MACHINE.step(resting, LeadTrigger.CLAIM)
    row.claimed_until = instant(now + lease_s)
    due_at = seconds_of(row.due_at)
    if was is LeadState.DONE:
        row.due_at = NEVER  # whatever becomes of this claim, nothing dials it by itself
    return Lead(
        lead_id=LeadId(row.id),
        list_id=ListId(row.list_id),
        number=row.number,
        time_zone=row.time_zone,
        n_attempts=row.n_attempts,
        n_tries=row.n_tries,
        last_attempt_at=seconds_of(row.last_attempt_at),
        last_outcome=row.last_outcome or "",
        is_do_not_call=is_listed(session, row.number, campaign_id),
        is_callback=was is LeadState.CALLBACK,
        due_at=due_at,
        is_finished=was is LeadState.DONE,
        name=row.name,
        fields=row.fields,
    )


def _is_being_called(session: Session, number: str) -> bool:
    live = exists().where(AttemptRow.number == number, AttemptRow.ended_at.is_(None))
    return bool(session.scalar(select(live)))


def hold(session: Session, lead_id: LeadId, until: float) -> None:
    """A claimed lead lies on a desk: its lease lasts until `until` (UTC seconds)."""
    session.execute(
        text("UPDATE leads SET claimed_until = :until WHERE id = :id AND state = 'CLAIMED'"),
        {"id": lead_id, "until": instant(until)},
    )


def note_skips(session: Session, skips: Sequence[NoteSkip]) -> None:
    """Keep who passed which lead over, and why."""
    session.add_all(
        LeadSkip(
            campaign_id=skip.campaign_id, lead_id=skip.lead_id, agent_id=skip.agent_id,
            reason=skip.reason, at=instant(skip.at),
        )
        for skip in skips
    )  # fmt: skip
    session.flush()


def release(
    session: Session, lead_ids: Collection[LeadId], due_at: float, *, blocked: bool = False,
    finished: bool = False,
) -> int:  # fmt: skip
    """Give claimed leads back, not before `due_at` (UTC seconds), or block them, or let them be
    done as they were; how many."""
    gone = session.execute(
        text("""
            UPDATE leads SET state = :state, claimed_until = NULL,
                due_at = GREATEST(due_at, :due_at)
            WHERE id = ANY(:ids) AND state = 'CLAIMED' RETURNING id
        """),
        {
            "ids": list(lead_ids),
            "state": _BLOCKED if blocked else _FINISHED if finished else _RELEASED,
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
