"""Alarms of the last day as the supervisor reads them: when, what, whose, in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from dialer.store.alarms import recent_alarms
from dialer.store.tables import AlarmRow, CampaignRow, User
from web import clock, labels
from web.extensions import db

SHOWN = 10
KEPT = timedelta(hours=24)
_OF_AGENT = re.compile(r"agent ([0-9]+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ShownAlarm:
    at: datetime
    words: str
    detail: str
    campaign: str


def shown_alarms(campaign_id: int | None = None) -> list[ShownAlarm]:
    """Newest first, of one campaign or of all."""
    since = clock.now() - KEPT
    rows = [row for row in recent_alarms(db.session(), SHOWN, campaign_id) if row.at >= since]
    campaigns = _names(CampaignRow, {row.campaign_id for row in rows if row.campaign_id})
    found = {row.id: _OF_AGENT.fullmatch(row.detail) for row in rows}
    agents = _names(User, {int(match[1]) for match in found.values() if match})
    return [_shown(row, found[row.id], agents, campaigns) for row in rows]


def _shown(
    row: AlarmRow, of_agent: re.Match[str] | None, agents: dict[int, str], campaigns: dict[int, str]
) -> ShownAlarm:
    detail = row.detail
    if of_agent:
        detail = f"{agents.get(int(of_agent[1]), of_agent[1])} · {of_agent[2]}"
    return ShownAlarm(
        row.at, str(labels.supervision.ALARMS.get(row.code, row.code)), detail,
        campaigns.get(row.campaign_id or 0, ""),
    )  # fmt: skip


def _names(table: type[User] | type[CampaignRow], ids: Iterable[int]) -> dict[int, str]:
    return dict(db.session.execute(select(table.id, table.name).where(table.id.in_(ids))).all())
