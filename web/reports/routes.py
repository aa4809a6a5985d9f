"""History of attempts, one attempt in detail, its CSV; and the totals of campaigns and agents."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from dialer.model.outcome import Outcome
from dialer.reports import history, queries
from dialer.reports.export import attempts_csv as csv_of_attempts
from dialer.store.numbers import normalised
from dialer.store.tables import CampaignRow, DispositionRow, LeadList, Role, User
from web import audit, clock
from web.csvfile import download
from web.extensions import db
from web.i18n import language, zone
from web.permissions import Right, needs

bp = Blueprint("reports", __name__)

DEFAULT_DAYS = 7
DEFAULT_REGION = "FR"
"""Whose national form a number without country code is read in, when one searches for it."""


@bp.get("/attempts")
@needs(Right.READ_ATTEMPTS)
def attempts() -> ResponseReturnValue:
    page = history.attempts_page(db.session(), _filters(), after=request.args.get("after") or None)
    asked = request.args.to_dict()
    asked.pop("after", None)
    return render_template(
        "reports/attempts.html", page=page, asked=asked, choices=_choices(), words=_words()
    )


@bp.get("/attempts/<attempt_id>")
@needs(Right.READ_ATTEMPTS)
def attempt(attempt_id: str) -> ResponseReturnValue:
    details = history.attempt_details(db.session(), attempt_id) or abort(404)
    list_name = db.session.get_one(LeadList, details.line.list_id).name
    return render_template(
        "reports/attempt.html", details=details, line=details.line, list_name=list_name,
        words=_words(),
    )  # fmt: skip


@bp.get("/attempts.csv")
@needs(Right.EXPORT_ATTEMPTS)
def attempts_csv() -> Response:
    audit.note("export", "attempts", request.query_string.decode()[:500])
    db.session.commit()
    filters = _filters()
    return download(lambda: csv_of_attempts(db.session(), filters), "attempts")


@bp.get("/totals")
@needs(Right.READ_TOTALS)
def totals() -> ResponseReturnValue:
    now = clock.now()
    today = now.astimezone(zone()).date()
    first = _day(request.args.get("since", "")) or today - timedelta(days=DEFAULT_DAYS - 1)
    last = _day(request.args.get("until", "")) or today
    period = queries.Period(_midnight(first), _midnight(last + timedelta(days=1)))
    return render_template(
        "reports/totals.html", first=first, last=last, rows=_campaign_totals(period),
        outcomes=queries.outcome_counts(db.session(), period),
        agents=queries.agent_reports(db.session(), period, now.timestamp()),
    )  # fmt: skip


def _campaign_totals(period: queries.Period) -> list[tuple[str, Any]]:
    """Name and totals of each campaign that dialled in the period."""
    named = db.session.execute(
        select(CampaignRow.id, CampaignRow.name).order_by(CampaignRow.name)
    ).all()
    rows = [(name, queries.campaign_totals(db.session(), _of(period, key))) for key, name in named]
    return [(name, row) for name, row in rows if row.n_attempts]


def _of(period: queries.Period, campaign_id: int) -> queries.Period:
    return queries.Period(period.since, period.until, campaign_id)


def _filters() -> history.Filters:
    asked = request.args
    since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
    number = asked.get("number", "").strip()
    return history.Filters(
        campaign_id=asked.get("campaign", type=int),
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
        outcome=asked.get("outcome", ""),
        disposition=asked.get("disposition", ""),
        agent_id=asked.get("agent", type=int),
        number=(normalised(number, DEFAULT_REGION) or number) if number else "",
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> float:
    """UTC seconds of the visitor's local midnight."""
    return datetime.combine(day, time(), zone()).timestamp()


def _words() -> dict[tuple[int, str], str]:
    """Dispositions in the visitor's language, by campaign and code."""
    rows = db.session.execute(select(DispositionRow.campaign_id, DispositionRow.code, _label()))
    return {(campaign_id, code): word for campaign_id, code, word in rows}


def _choices() -> dict[str, list[Any]]:
    said = select(DispositionRow.code, func.min(_label())).group_by(DispositionRow.code)
    agents = select(User.id, User.name).where(User.role == Role.AGENT).order_by(User.name)
    campaigns = select(CampaignRow.id, CampaignRow.name).order_by(CampaignRow.name)
    return {
        "campaigns": list(db.session.execute(campaigns)),
        "agents": list(db.session.execute(agents)),
        "dispositions": list(db.session.execute(said.order_by(DispositionRow.code))),
        "outcomes": [str(outcome) for outcome in Outcome],
    }


def _label() -> Any:
    return DispositionRow.label_fr if language() == "fr" else DispositionRow.label_en
