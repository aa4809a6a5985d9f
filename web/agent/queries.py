"""What the desk reads: campaigns to choose from, my recent attempts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from dialer.store.campaigns import ACTIVE_STATES
from dialer.store.tables import AttemptRow, CampaignRow, DispositionRow, LeadRow, User

RECENT_LENGTH = 20
RECENT_AGE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """One attempt as the desk lists it; `disposition` is None before the agent gave one."""

    attempt: AttemptRow
    lead_name: str
    agent_name: str
    disposition: DispositionRow | None


def open_campaigns(session: Session) -> list[CampaignRow]:
    """Campaigns that an agent may log in to."""
    rows = select(CampaignRow).where(CampaignRow.state.in_(ACTIVE_STATES))
    return list(session.scalars(rows.order_by(CampaignRow.name)))


def recent(session: Session, agent_id: int, now: datetime) -> list[PastAttempt]:
    """The agent's own conversations of the last hours, newest first."""
    mine = (AttemptRow.agent_id == agent_id) & (AttemptRow.started_at > now - RECENT_AGE)
    rows = _past().where(mine).order_by(AttemptRow.started_at.desc()).limit(RECENT_LENGTH)
    return [PastAttempt(a, name, agent or "", d) for a, name, agent, d in session.execute(rows)]


def count_today(session: Session, agent_id: int, now: datetime) -> tuple[int, int]:
    """Conversations and successes of the agent in the last hours."""
    successes = func.count().filter(DispositionRow.is_success)
    row = session.execute(
        select(func.count(), successes)
        .select_from(AttemptRow)
        .join(DispositionRow, _said(), isouter=True)
        .where(AttemptRow.agent_id == agent_id, AttemptRow.bridged_at.is_not(None))
        .where(AttemptRow.started_at > now - RECENT_AGE)
    ).one()
    return row[0], row[1]


def _past() -> Select[AttemptRow, str, str | None, DispositionRow | None]:
    found: Any = (
        select(AttemptRow, LeadRow.name, User.name, DispositionRow)
        .join(LeadRow, LeadRow.id == AttemptRow.lead_id)
        .join(User, User.id == AttemptRow.agent_id, isouter=True)
        .join(DispositionRow, _said(), isouter=True)
    )
    return cast("Select[AttemptRow, str, str | None, DispositionRow | None]", found)


def _said() -> ColumnElement[bool]:
    return (DispositionRow.campaign_id == AttemptRow.campaign_id) & (
        DispositionRow.code == AttemptRow.disposition
    )
