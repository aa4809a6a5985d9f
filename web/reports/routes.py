"""History of attempts, one attempt in detail, its CSV; and the totals of campaigns and agents."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dialer.reports import history, queries
from dialer.reports.export import attempts_csv as csv_of_attempts
from dialer.reports.screening import screening_days
from dialer.store.recording_files import RecordingFiles
from dialer.store.recordings import recorded_among
from dialer.store.tables import CampaignRow, LeadList
from web import audit, clock
from web.csvfile import download
from web.extensions import db, settings
from web.i18n import zone, zone_name
from web.permissions import Right, may, needs
from web.reports.filters import choices, day_of, filters_asked, midnight, words

bp = Blueprint("reports", __name__)

DEFAULT_DAYS = 7
OTHERS_SHOWN = 30
"""Calls to the same person, besides the one looked at."""


@bp.get("/attempts")
@needs(Right.READ_ATTEMPTS)
def attempts() -> ResponseReturnValue:
    after = request.args.get("after") or None
    page = history.attempts_page(db.session(), filters_asked(), after=after)
    asked = request.args.to_dict()
    asked.pop("after", None)
    return render_template(
        "reports/attempts.html", page=page, asked=asked, choices=choices(), words=words(),
        recorded=_recorded(page),
    )  # fmt: skip


@bp.get("/attempts/<attempt_id>")
@needs(Right.READ_ATTEMPTS)
def attempt(attempt_id: str) -> ResponseReturnValue:
    details = history.attempt_details(db.session(), attempt_id) or abort(404)
    list_name = db.session.get_one(LeadList, details.line.list_id).name
    of_lead = history.Filters(lead_id=details.line.lead_id)
    calls = history.attempts_page(db.session(), of_lead, OTHERS_SHOWN)
    return render_template(
        "reports/attempt.html", details=details, line=details.line, list_name=list_name,
        words=words(), others=calls.lines, recorded=_recorded(calls), file_state=_file(details),
    )  # fmt: skip


@bp.get("/attempts.csv")
@needs(Right.EXPORT_ATTEMPTS)
def attempts_csv() -> Response:
    audit.note("export", "attempts", request.query_string.decode()[:500])
    db.session.commit()
    filters = filters_asked()
    return download(lambda: csv_of_attempts(db.session(), filters), "attempts")


@bp.get("/totals")
@needs(Right.READ_TOTALS)
def totals() -> ResponseReturnValue:
    now = clock.now()
    first, last, period = _days_asked()
    return render_template(
        "reports/totals.html", first=first, last=last, rows=_campaign_totals(period),
        outcomes=queries.outcome_counts(db.session(), period),
        agents=queries.agent_reports(db.session(), period, now.timestamp()),
    )  # fmt: skip


@bp.get("/machines")
@needs(Right.READ_TOTALS)
def machines() -> ResponseReturnValue:
    first, last, period = _days_asked()
    rows = screening_days(db.session(), period, zone_name())
    return render_template("reports/machines.html", first=first, last=last, rows=rows)


def _days_asked() -> tuple[date, date, queries.Period]:
    """First and last day of the request, by default the last week, and their period."""
    today = clock.now().astimezone(zone()).date()
    first = day_of(request.args.get("since", "")) or today - timedelta(days=DEFAULT_DAYS - 1)
    last = day_of(request.args.get("until", "")) or today
    return first, last, queries.Period(midnight(first), midnight(last + timedelta(days=1)))


def _recorded(page: history.Page) -> frozenset[str]:
    """Calls of the page that the visitor may listen to."""
    if not may(Right.LISTEN_RECORDINGS):
        return frozenset()
    return recorded_among(db.session(), [line.attempt_id for line in page.lines])


def _file(details: history.AttemptDetails) -> str:
    """What this host can say of the recording's file, for those who may hear it."""
    row = details.recording
    if row is None or not may(Right.LISTEN_RECORDINGS):
        return ""
    return RecordingFiles(settings().recordings).state(row.node, row.attempt_id)


def _campaign_totals(period: queries.Period) -> list[tuple[str, Any]]:
    """Name and totals of each campaign that dialled in the period."""
    named = db.session.execute(
        select(CampaignRow.id, CampaignRow.name).order_by(CampaignRow.name)
    ).all()
    rows = [(name, queries.campaign_totals(db.session(), _of(period, key))) for key, name in named]
    return [(name, row) for name, row in rows if row.n_attempts]


def _of(period: queries.Period, campaign_id: int) -> queries.Period:
    return queries.Period(period.since, period.until, campaign_id)
