"""Campaigns: seen with their figures; started, paused and stopped by other programs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select

from dialer.model.campaign import CAMPAIGN_MACHINE, CampaignState, CampaignTrigger
from dialer.model.ids import CampaignId
from dialer.model.scope import Scope
from dialer.reports import queries
from dialer.store import campaigns as store
from dialer.store.leads import lead_counts
from dialer.store.tables import CampaignRow
from web import clock
from web.api import versions
from web.api.cursors import newest_first
from web.api.endpoints import Asked, Endpoint, Reply
from web.api.notes import note
from web.api.problems import missing, unacceptable
from web.api.schemas.campaigns import (
    CallFigures,
    CampaignPage,
    CampaignsAsked,
    CampaignShown,
    FiguresAsked,
    FiguresShown,
    LeadFigures,
    LiveFigures,
)
from web.api.schemas.settings import SettingsSent, SettingsShown
from web.extensions import bus, db

PERIOD = timedelta(hours=24)
OFFERED = (CampaignTrigger.START, CampaignTrigger.PAUSE, CampaignTrigger.STOP)


def index(asked: Asked) -> Reply:
    """Campaigns, newest first."""
    query: CampaignsAsked = asked.query
    wanted = select(CampaignRow)
    if query.state is not None:
        wanted = wanted.where(CampaignRow.state == query.state)
    rows, following = newest_first(wanted, CampaignRow.id, query.limit, query.cursor)
    return Reply(CampaignPage(data=[_shown(row) for row in rows], next_cursor=following))


def show(asked: Asked) -> Reply:
    """One campaign."""
    return Reply(_shown(found(asked)), has_tag=True)


def figures(asked: Asked) -> Reply:
    """What a campaign has done in a period, what its leads are at, and what happens now."""
    query: FiguresAsked = asked.query
    row, now = found(asked), clock.now()
    until = query.until or now
    since = query.since or until - PERIOD
    if since >= until:
        raise unacceptable("must be before `until`", parameter="since")
    session = db.session()
    counts = lead_counts(session, CampaignId(row.id), now.timestamp())
    period = queries.Period(since.timestamp(), until.timestamp(), row.id)
    totals = queries.campaign_totals(session, period)
    picture = bus().snapshot(CampaignId(row.id))
    return Reply(
        FiguresShown(
            campaign_id=row.id, since=since, until=until,
            leads=LeadFigures.model_validate(counts), calls=CallFigures.model_validate(totals),
            live=_live(picture) if picture is not None else None,
        )
    )  # fmt: skip


def settings(asked: Asked) -> Reply:
    """A campaign's settings."""
    return Reply(_settings(found(asked)), has_tag=True)


def change_settings(asked: Asked) -> Reply:
    """Change some of a campaign's settings; a running one follows within seconds.

    The recipients' consent to recorded messages is confirmed by a person, on the campaign's page.
    """
    row = found(asked, is_locked=True)
    versions.check_unchanged(_settings(row))
    given = asked.body.model_dump(mode="json", include=asked.body.model_fields_set)
    store.update_settings(db.session(), row.id, given)
    note(asked.key, "update", f"campaign:{row.id}", ", ".join(sorted(given)))
    return Reply(_settings(row), has_tag=True)


def start(asked: Asked) -> Reply:
    """Start a campaign, or go on after a pause."""
    return _moved(asked, CampaignTrigger.START)


def pause(asked: Asked) -> Reply:
    """Pause a campaign: no new call, those under way go on."""
    return _moved(asked, CampaignTrigger.PAUSE)


def stop(asked: Asked) -> Reply:
    """Stop a campaign: it is finished once its last call has ended."""
    return _moved(asked, CampaignTrigger.STOP)


def found(asked: Asked, *, is_locked: bool = False) -> CampaignRow:
    """The row of the campaign that the address names. Raises Problem."""
    campaign_id = asked.path["campaign_id"]
    row = db.session.get(CampaignRow, campaign_id, with_for_update=is_locked or None)
    if row is None:
        raise missing(f"campaign {campaign_id}")
    return row


def _moved(asked: Asked, trigger: CampaignTrigger) -> Reply:
    row = found(asked, is_locked=True)
    state = store.change_state(db.session(), row.id, trigger)
    note(asked.key, str(trigger), f"campaign:{row.id}", str(state))
    return Reply(_shown(row), has_tag=True)


def _shown(row: CampaignRow) -> CampaignShown:
    state = CampaignState(row.state)
    may = [trigger for trigger in OFFERED if CAMPAIGN_MACHINE.can(state, trigger)]
    known = {name: getattr(row, name) for name in ("id", "name", "state", "mode", "created_at")}
    return CampaignShown.model_validate(known | {"may": may})


def _settings(row: CampaignRow) -> BaseModel:
    return SettingsShown.model_validate(row)


def _live(picture: dict[str, Any]) -> LiveFigures:
    pacing = picture["pacing"]
    known = {name: picture.get(name) for name in LiveFigures.model_fields}
    return LiveFigures.model_validate(
        known
        | {"at": datetime.fromtimestamp(picture["at"], UTC), "limit": pacing["limit"]}
        | {"n_agents": len(picture["agents"]), "n_free": pacing["n_free"]}
    )


_ONE = "/campaigns/{campaign_id}"
ENDPOINTS = (
    Endpoint("GET", "/campaigns", index, Scope.CAMPAIGNS_READ, query=CampaignsAsked,
             answer=CampaignPage),
    Endpoint("GET", _ONE, show, Scope.CAMPAIGNS_READ, answer=CampaignShown),
    Endpoint("GET", f"{_ONE}/figures", figures, Scope.CAMPAIGNS_READ, query=FiguresAsked,
             answer=FiguresShown),
    Endpoint("GET", f"{_ONE}/settings", settings, Scope.CAMPAIGNS_READ, answer=SettingsShown),
    Endpoint("PATCH", f"{_ONE}/settings", change_settings, Scope.CAMPAIGNS_WRITE,
             body=SettingsSent, answer=SettingsShown, max_bytes=1024 * 1024),
    Endpoint("POST", f"{_ONE}/start", start, Scope.CAMPAIGNS_CONTROL, answer=CampaignShown),
    Endpoint("POST", f"{_ONE}/pause", pause, Scope.CAMPAIGNS_CONTROL, answer=CampaignShown),
    Endpoint("POST", f"{_ONE}/stop", stop, Scope.CAMPAIGNS_CONTROL, answer=CampaignShown),
)  # fmt: skip
