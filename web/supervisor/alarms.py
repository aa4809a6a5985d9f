"""Alarms of the last day as the supervisor reads them: when, what, whose, in words.

The dialer writes an alarm's detail for logs and for people alike; what is known of its form is
put in the visitor's words here, and what is not is shown as it was written.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from dialer.model.outcome import CAUSES
from dialer.store.alarms import recent_alarms
from dialer.store.tables import AlarmRow, CampaignRow, User
from web import clock, labels
from web.extensions import db
from web.rendering import number, percent

SHOWN = 10
KEPT = timedelta(hours=24)
_OF_AGENT = re.compile(r"agent ([0-9]{1,18})(?:: (.*))?", re.DOTALL)
_OF_ATTEMPT = re.compile(r"attempt ([0-9a-f-]{36})")


@dataclass(frozen=True, slots=True)
class ShownAlarm:
    """`attempt_id`: the call that it is about. `seen_by`: who acknowledged it, or nobody yet."""

    alarm_id: int
    at: datetime
    words: str
    detail: str
    campaign: str
    attempt_id: str | None
    seen_by: str | None
    seen_at: datetime | None


def shown_alarms(campaign_id: int | None = None) -> list[ShownAlarm]:
    """What waits for somebody first, then newest first; of one campaign or of all."""
    rows = recent_alarms(db.session(), SHOWN, campaign_id, clock.now() - KEPT)
    campaigns = _names(CampaignRow, {row.campaign_id for row in rows if row.campaign_id})
    people = _names(User, {id_ for row in rows for id_ in _people_of(row)})
    return [
        ShownAlarm(
            row.id, row.at, word(row.code), _detail(row.detail, people),
            campaigns.get(row.campaign_id or 0, ""), _attempt(row.detail),
            people.get(row.acknowledged_by or 0), row.acknowledged_at,
        )
        for row in rows
    ]  # fmt: skip


def word(code: str) -> str:
    """An alarm's code in words; that of a version to come stays as it is."""
    return str(labels.supervision.ALARMS.get(code, code))


def _people_of(row: AlarmRow) -> Iterable[int]:
    if found := _OF_AGENT.fullmatch(row.detail):
        yield int(found[1])
    if row.acknowledged_by is not None:
        yield row.acknowledged_by


def _attempt(detail: str) -> str | None:
    found = _OF_ATTEMPT.fullmatch(detail)
    return found[1] if found else None


def _detail(detail: str, people: dict[int, str]) -> str:
    if found := _OF_AGENT.fullmatch(detail):
        parts = (people.get(int(found[1]), found[1]), _cause(found[2]))
        return " · ".join(str(part) for part in parts if part)
    for form, say in _DETAILS:
        if found := form.fullmatch(detail):
            return say(found)
    return "" if _attempt(detail) else detail


def _cause(cause: str | None) -> str:
    """Why a phone was not reached: the switch's cause in words, or as the switch says it."""
    outcome = CAUSES.get(cause or "")
    return str(labels.calls.OUTCOMES[outcome].word) if outcome else cause or ""


_DETAILS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(r"bank \S+, abandoned ([0-9.]{1,9})% of ([0-9.e+]{1,12})"),
        lambda found: _(
            "%(rate)s d’abandon sur %(n)s réponses",
            rate=percent(float(found[1]) / 100, 2), n=number(float(found[2])),
        ),
    ),
    (
        re.compile(r"([0-9]{1,9}) people in ([0-9]{1,9}) checked machines"),
        lambda found: _(
            "%(people)s personnes parmi %(checked)s répondeurs vérifiés",
            people=number(int(found[1])), checked=number(int(found[2])),
        ),
    ),
)  # fmt: skip


def _names(table: type[User] | type[CampaignRow], ids: Iterable[int]) -> dict[int, str]:
    return dict(db.session.execute(select(table.id, table.name).where(table.id.in_(ids))).all())
