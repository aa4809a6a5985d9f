"""Alarms that the dialer raised, kept for the supervisor's list."""

from collections.abc import Sequence

from sqlalchemy import select
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
    session: Session, limit: int = 50, campaign_id: int | None = None
) -> tuple[AlarmRow, ...]:
    """Newest alarms first, of one campaign or of all."""
    newest = select(AlarmRow).order_by(AlarmRow.at.desc(), AlarmRow.id.desc()).limit(limit)
    if campaign_id is not None:
        newest = newest.where(AlarmRow.campaign_id == campaign_id)
    return tuple(session.scalars(newest))
