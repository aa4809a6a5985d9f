"""Leads as the controller has them, and how they come back undialled."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from dialer.model.commands import NoteSkip
from dialer.model.ids import CampaignId, LeadId, ListId
from dialer.model.lead import LEAD_MACHINE, Lead, LeadState, LeadTrigger
from dialer.model.permit import Refusal
from dialer.store import holds
from dialer.store.instants import instant, seconds_of
from dialer.store.tables import LeadList, LeadRow, LeadSkip

CALLBACK_PRIORITY = 10
DUE_STATES = (LeadState.NEW, LeadState.WAITING_RETRY, LeadState.CALLBACK)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_RELEASED = LEAD_MACHINE.step(LeadState.CLAIMED, LeadTrigger.RELEASE)
_FINISHED = LEAD_MACHINE.step(_RELEASED, LeadTrigger.FINISH)

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


def lead_of(row: Mapping[Any, Any]) -> Lead:
    """The model's Lead from a row of leads (`lead_id` and `is_callback` among its columns)."""
    return Lead(
        lead_id=LeadId(row["lead_id"]),
        list_id=ListId(row["list_id"]),
        number=row["number"],
        time_zone=row["time_zone"],
        has_other_numbers=row["has_other_numbers"],
        n_attempts=row["n_attempts"],
        n_tries=row["n_tries"],
        last_outcome=row["last_outcome"] or "",
        tries_at=tuple(at.timestamp() for at in row["tries_at"] or ()),
        refused_at=seconds_of(row["refused_at"]),
        abandoned_at=seconds_of(row["abandoned_at"]),
        has_consent=row["has_consent"],
        is_withdrawn=row.get("is_withdrawn", False),
        is_do_not_call=row.get("is_do_not_call", False),
        caller_id=row["caller_id"] or "",
        is_callback=row["is_callback"],
        is_finished=row.get("is_finished", False),
        callback_agent_id=row.get("callback_agent_id"),
        due_at=seconds_of(row.get("due_at")),
        priority=row["priority"],
        claim_no=row.get("claim_no"),
        name=row["name"],
        fields=row["fields"],
    )


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
    session: Session, lead_ids: Collection[LeadId], due_at: float, *,
    refusal: Refusal | None = None, finished: bool = False,
) -> int:  # fmt: skip
    """Give claimed leads back, not before `due_at` (UTC seconds), or let them be done as they
    were; how many. With a refusal they are held until it ends, reckoned from `due_at`."""
    gone = session.scalars(
        text("""
            UPDATE leads SET state = :state, claimed_until = NULL,
                due_at = GREATEST(due_at, CAST(:due_at AS timestamptz))
            WHERE id = ANY(:ids) AND state = 'CLAIMED' RETURNING id
        """),
        {
            "ids": list(lead_ids),
            "state": _FINISHED if finished else _RELEASED,
            "due_at": None if refusal else instant(due_at),
        },
    ).all()
    if gone and refusal is not None:
        holds.hold(session, gone, refusal, due_at)
    return len(gone)


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
