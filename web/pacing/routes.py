"""The audit log of pacing: an hour by minutes, a minute by decisions, and both as CSV."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dialer.reports import pacing_log
from dialer.store.tables import CampaignRow, PacingMinute
from web import audit, clock
from web.csvfile import download
from web.extensions import db
from web.i18n import zone
from web.pacing import words
from web.pacing.explain import sentence
from web.permissions import Right, needs
from web.reports.filters import day_of

bp = Blueprint("pacing", __name__, url_prefix="/pacing")

HOUR = timedelta(hours=1)
MICROSECONDS = 1_000_000
"""A minute's address is its first instant in these."""


@bp.get("")
@needs(Right.READ_PACING)
def index() -> ResponseReturnValue:
    campaigns = db.session.scalars(select(CampaignRow).order_by(CampaignRow.name)).all()
    asked = request.args.get("campaign", type=int)
    row = next((c for c in campaigns if c.id == asked), None)
    if asked is not None and row is None:
        abort(404)
    row = row or next(iter(campaigns), None)
    hour = _hour_asked(row)
    minutes = pacing_log.hour_of(db.session(), row.id, hour.timestamp()) if row else ()
    return render_template(
        "pacing/index.html", campaigns=campaigns, row=row, hour=hour, minutes=minutes,
        curves=_curves(minutes), main_limit=pacing_log.main_limit, address_of=address_of,
        guards=words.GUARDS,
        before=_asking(hour - HOUR), after=_asking(hour + HOUR), this=_asking(hour),
    )  # fmt: skip


@bp.get("/<int:campaign_id>.csv")
@needs(Right.READ_PACING)
def hour_csv(campaign_id: int) -> Response:
    row = db.session.get(CampaignRow, campaign_id) or abort(404)
    hour = _hour_asked(row).timestamp()
    audit.note("export", f"pacing:{campaign_id}", request.query_string.decode()[:500])
    db.session.commit()
    minutes = pacing_log.hour_of(db.session(), campaign_id, hour)
    return download(lambda: pacing_log.minutes_csv(minutes), f"pacing-{campaign_id}")


@bp.get("/<int:campaign_id>/<int:address>")
@needs(Right.READ_PACING)
def minute(campaign_id: int, address: int) -> ResponseReturnValue:
    row, found = _minute(campaign_id, address)
    return render_template(
        "pacing/minute.html", row=row, minute=found, this=_asking(_hour_of(found.begins_at)),
        decisions=[(one, sentence(one)) for one in pacing_log.decisions_of(found)],
        address=address, facts=words.FACTS, guards=words.GUARDS,
    )  # fmt: skip


@bp.get("/<int:campaign_id>/<int:address>.csv")
@needs(Right.READ_PACING)
def minute_csv(campaign_id: int, address: int) -> Response:
    _row, found = _minute(campaign_id, address)
    decisions = pacing_log.decisions_of(found)
    audit.note("export", f"pacing:{campaign_id}", found.begins_at.isoformat())
    db.session.commit()
    return download(lambda: pacing_log.decisions_csv(decisions), f"pacing-{campaign_id}-{address}")


def address_of(found: PacingMinute) -> int:
    """What names a minute in an address."""
    return round(found.begins_at.timestamp() * MICROSECONDS)


def _minute(campaign_id: int, address: int) -> tuple[CampaignRow, PacingMinute]:
    row = db.session.get(CampaignRow, campaign_id) or abort(404)
    if address > 4_000_000_000 * MICROSECONDS:
        abort(404)
    at = address / MICROSECONDS
    return row, pacing_log.minute_at(db.session(), campaign_id, at) or abort(404)


def _hour_asked(row: CampaignRow | None) -> datetime:
    """The hour that was asked for, in the visitor's zone; else the last one with decisions."""
    day, hour = day_of(request.args.get("day", "")), request.args.get("hour", type=int)
    if day is not None and hour is not None and 0 <= hour <= 23:
        return datetime.combine(day, time(hour), zone())
    newest = pacing_log.last_minute(db.session(), row.id) if row else None
    return _hour_of(newest.begins_at if newest else clock.now())


def _hour_of(at: datetime) -> datetime:
    return at.astimezone(zone()).replace(minute=0, second=0, microsecond=0)


def _asking(hour: datetime) -> dict[str, Any]:
    """The hour as an address asks for it. An hour more or less counts in real time."""
    local = hour.astimezone(UTC).astimezone(zone())
    return {"day": local.date().isoformat(), "hour": local.hour}


def _curves(minutes: tuple[PacingMinute, ...]) -> dict[str, list[float]]:
    """The chart's lines; shares in percent."""
    return {
        "at": [one.begins_at.timestamp() for one in minutes],
        "abandon": [one.abandon_rate * 100 for one in minutes],
        "target": [one.abandon_target * 100 for one in minutes],
        "theta": [one.mean_theta * 100 for one in minutes],
        "dialed": [one.n_dialed for one in minutes],
        "free": [one.mean_free for one in minutes],
    }
