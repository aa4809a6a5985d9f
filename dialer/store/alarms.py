"""Alarms that the dialer raised, kept for the supervisor's list."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dialer.model.commands import RaiseAlarm
from dialer.store.instants import instant
from dialer.store.tables import AlarmRow


def write_alarms(session: Session, alarms: Sequence[RaiseAlarm]) -> None:
    """Add the alarms."""
    session.add_all(
        AlarmRow(campaign_id=a.campaign_id, at=instant(a.at), code=a.code, detail=a.detail)
        for a in alarms
    )


def recent_alarms(
    session: Session,
    limit: int = 50,
    campaign_id: int | None = None,
    since: datetime | None = None,
) -> tuple[AlarmRow, ...]:
    """Those that nobody acknowledged, then the others; newest first, of one campaign or of all."""
    newest = select(AlarmRow).order_by(
        AlarmRow.acknowledged_at.is_not(None), AlarmRow.at.desc(), AlarmRow.id.desc()
    )
    if campaign_id is not None:
        newest = newest.where(AlarmRow.campaign_id == campaign_id)
    if since is not None:
        newest = newest.where(AlarmRow.at >= since)
    return tuple(session.scalars(newest.limit(limit)))


def acknowledge(session: Session, alarm_id: int, user_id: int, at: datetime) -> AlarmRow | None:
    """The alarm, when this user is the first to acknowledge it; None when another was, or no
    such alarm was raised. What is raised later is an alarm of its own."""
    first = (
        update(AlarmRow)
        .where(AlarmRow.id == alarm_id, AlarmRow.acknowledged_at.is_(None))
        .values(acknowledged_at=at, acknowledged_by=user_id)
        .returning(AlarmRow)
    )
    return session.scalars(first).one_or_none()
