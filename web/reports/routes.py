"""History of attempts, one attempt in detail, its CSV; and the totals of campaigns."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from dialer.model.outcome import Outcome
from dialer.store.tables import CampaignRow, DispositionRow, Role, User
from web import audit, clock
from web.csvfile import csv_response
from web.extensions import db
from web.i18n import language, zone
from web.permissions import Right, needs
from web.rendering import seconds_between
from web.reports import queries

bp = Blueprint("reports", __name__)

DEFAULT_DAYS = 7


@bp.get("/attempts")
@needs(Right.READ_ATTEMPTS)
def attempts() -> ResponseReturnValue:
    lines = queries.page(db.session(), _filters(), _key(request.args.get("before", "")))
    following = None
    if len(lines) > queries.PAGE_SIZE:
        last = lines[queries.PAGE_SIZE - 1].attempt
        following = f"{last.started_at.isoformat()}~{last.id}"
    return render_template(
        "reports/attempts.html", lines=lines[: queries.PAGE_SIZE], following=following,
        asked=request.args.to_dict(), choices=_choices(),
    )  # fmt: skip


@bp.get("/attempts/<attempt_id>")
@needs(Right.READ_ATTEMPTS)
def attempt(attempt_id: str) -> ResponseReturnValue:
    line = queries.one(db.session(), attempt_id) or abort(404)
    messages = queries.messages_of(db.session(), attempt_id)
    return render_template("reports/attempt.html", line=line, messages=messages)


@bp.get("/attempts.csv")
@needs(Right.EXPORT_ATTEMPTS)
def attempts_csv() -> Response:
    audit.note("export", "attempts", request.query_string.decode()[:500])
    db.session.commit()
    return csv_response(_csv_lines(_filters()), "attempts")


@bp.get("/totals")
@needs(Right.READ_TOTALS)
def totals() -> ResponseReturnValue:
    today = clock.now().astimezone(zone()).date()
    first = _day(request.args.get("since", "")) or today - timedelta(days=DEFAULT_DAYS - 1)
    last = _day(request.args.get("until", "")) or today
    since, until = _midnight(first), _midnight(last + timedelta(days=1))
    return render_template(
        "reports/totals.html", first=first, last=last,
        rows=queries.totals(db.session(), since, until),
        outcomes=queries.by_outcome(db.session(), since, until),
    )  # fmt: skip


def _filters() -> queries.Filters:
    asked = request.args
    since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
    return queries.Filters(
        campaign_id=asked.get("campaign", type=int),
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
        outcome=asked.get("outcome", ""),
        disposition=asked.get("disposition", ""),
        agent_id=asked.get("agent", type=int),
        number="".join(sign for sign in asked.get("number", "") if sign in "+0123456789"),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), zone())


def _key(text: str) -> queries.Key | None:
    at, _tilde, identity = text.partition("~")
    try:
        return (datetime.fromisoformat(at), identity) if identity else None
    except ValueError:
        return None


def _choices() -> dict[str, list[Any]]:
    word = DispositionRow.label_fr if language() == "fr" else DispositionRow.label_en
    said = select(DispositionRow.code, func.min(word)).group_by(DispositionRow.code)
    agents = select(User.id, User.name).where(User.role == Role.AGENT).order_by(User.name)
    campaigns = select(CampaignRow.id, CampaignRow.name).order_by(CampaignRow.name)
    return {
        "campaigns": list(db.session.execute(campaigns)),
        "agents": list(db.session.execute(agents)),
        "dispositions": list(db.session.execute(said.order_by(DispositionRow.code))),
        "outcomes": [str(outcome) for outcome in Outcome],
    }


def _csv_lines(filters: queries.Filters) -> Iterator[list[Any]]:
    yield [
        _("Début"), _("Campagne"), _("Liste"), _("Nom"), _("Numéro"), _("Tentative"),
        _("Résultat"), _("Statut"), _("Agent"), _("Sonnerie (s)"), _("Conversation (s)"),
        _("Cause"), _("Note"), _("Identité"),
    ]  # fmt: skip
    words, local = language(), zone()
    for line in queries.stream(db.session(), filters):
        a = line.attempt
        yield [
            a.started_at.astimezone(local), line.campaign, line.list_name, line.lead_name,
            a.number, a.attempt_number, a.outcome, line.disposition_word(words), line.agent,
            seconds_between(a.started_at, a.answered_at or a.ended_at),
            seconds_between(a.bridged_at, a.ended_at), a.cause, a.note, a.id,
        ]  # fmt: skip
