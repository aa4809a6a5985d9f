"""What a person may ask a list of calls for, and the words its choices are shown in."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import request
from sqlalchemy import func, select

from dialer.model.outcome import Outcome
from dialer.reports import history
from dialer.store.numbers import normalised
from dialer.store.tables import CampaignRow, DispositionRow, Role, User
from web.extensions import db
from web.i18n import language, zone

DEFAULT_REGION = "FR"
"""Whose national form a number without country code is read in, when one searches for it."""


def filters_asked() -> history.Filters:
    """The filters of the request; what cannot be read does not filter."""
    asked = request.args
    since, until = day_of(asked.get("since", "")), day_of(asked.get("until", ""))
    number = asked.get("number", "").strip()
    return history.Filters(
        campaign_id=asked.get("campaign", type=int),
        since=midnight(since) if since else None,
        until=midnight(until + timedelta(days=1)) if until else None,
        outcome=asked.get("outcome", ""),
        disposition=asked.get("disposition", ""),
        agent_id=asked.get("agent", type=int),
        number=(normalised(number, DEFAULT_REGION) or number) if number else "",
    )


def day_of(text: str) -> date | None:
    """The day of an ISO date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def midnight(day: date) -> float:
    """UTC seconds of the visitor's local midnight."""
    return datetime.combine(day, time(), zone()).timestamp()


def words() -> dict[tuple[int, str], str]:
    """Dispositions in the visitor's language, by campaign and code."""
    rows = db.session.execute(select(DispositionRow.campaign_id, DispositionRow.code, _label()))
    return {(campaign_id, code): word for campaign_id, code, word in rows}


def choices() -> dict[str, list[Any]]:
    """What each filter may be set to."""
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
