"""Why nobody is called: the panel of a campaign, and the page of a lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ColumnElement, or_, select

from dialer.jobs.why_not import last_count
from dialer.model.errors import BadInput
from dialer.model.events import NumberBlocked
from dialer.store import consents, contacts, do_not_call, erasure, why_not
from dialer.store.tables import AttemptRow, CampaignRow, LeadList, LeadRow, NumberHistory
from dialer.store.turns import number_of
from dialer.store.why_not import ReasonCount
from web import audit, clock
from web.admin.compliance import e164
from web.extensions import bus, db
from web.faults import in_words
from web.permissions import Right, needs
from web.reports.filters import words

bp = Blueprint("why_not", __name__)

MOST_FOUND = 50
MONTH = timedelta(days=30)
ATTEMPTS_SHOWN = 20
COUNTED_AT_ONCE = 50_000
"""Leads that are counted while the page waits."""


@bp.get("/campaigns/<int:campaign_id>/why-not")
@needs(Right.WATCH_LIVE)
def campaign(campaign_id: int) -> ResponseReturnValue:
    """The panel alone: it asks for itself again while it is looked at."""
    row = db.session.get(CampaignRow, campaign_id) or abort(404)
    return render_template("admin/_why_not.html", row=row, why_not=reasons(row.id))


@bp.get("/leads")
@needs(Right.MANAGE_LISTS)
def leads() -> ResponseReturnValue:
    """Leads of a number, whichever list they are on."""
    asked = request.args.get("number", "").strip()
    number = e164(asked)
    of_number = select(LeadRow).where(_is_of(number)).order_by(LeadRow.id.desc())
    rows = db.session.scalars(of_number.limit(MOST_FOUND)).all() if number else ()
    if len(rows) == 1:
        return redirect(url_for(".lead", lead_id=rows[0].id))
    return render_template(
        "admin/leads.html", rows=rows, asked=asked, number=number, campaigns=_names(rows)
    )


@bp.get("/leads/<int:lead_id>")
@needs(Right.MANAGE_LISTS)
def lead(lead_id: int) -> ResponseReturnValue:
    row = db.session.get(LeadRow, lead_id) or abort(404)
    history = db.session.get(NumberHistory, row.number)
    its = or_(AttemptRow.number == row.number, AttemptRow.lead_id == row.id)
    attempts = select(AttemptRow).where(its)
    newest = attempts.order_by(AttemptRow.started_at.desc()).limit(ATTEMPTS_SHOWN)
    twins = select(LeadRow).where(LeadRow.number == row.number, LeadRow.id != row.id)
    others = db.session.scalars(twins.order_by(LeadRow.id).limit(MOST_FOUND)).all()
    return render_template(
        "admin/lead.html",
        row=row,
        list=db.session.get_one(LeadList, row.list_id),
        campaign=db.session.get_one(CampaignRow, row.campaign_id),
        refusal=why_not.reason_of_lead(db.session(), row, _now()),
        history=history,
        words=words(),
        n_month=sum(at > clock.now() - MONTH for at in (history.tries_at if history else ())),
        attempts=db.session.scalars(newest).all(),
        others=others,
        campaigns=_names(others),
        consents=consents.consents_of(db.session(), row.number),
        numbers=[row.number, *row.other_numbers],
        next_number=number_of(row),
        blocked=do_not_call.listed_among(
            db.session(), [row.number, *row.other_numbers], row.campaign_id
        ),
        is_forgotten=_is_forgotten(row),
    )


@bp.post("/leads/<int:lead_id>/forget")
@needs(Right.FORGET_PEOPLE)
def forget(lead_id: int) -> ResponseReturnValue:
    """The person asked to be forgotten."""
    row = db.session.get(LeadRow, lead_id) or abort(404)
    if _is_forgotten(row):
        return redirect(url_for(".lead", lead_id=lead_id))
    try:
        numbers = erasure.forget(db.session(), row.number, _now(), current_user.user_id)
    except BadInput as fault:
        db.session.rollback()
        flash(in_words(fault), "fault")
    else:
        audit.note("forget", f"lead:{lead_id}")
        db.session.commit()
        for number in numbers:
            bus().tell(NumberBlocked(number))
        flash(_("Les données de cette personne sont effacées."), "ok")
    return redirect(url_for(".lead", lead_id=lead_id))


@dataclass(frozen=True, slots=True)
class Shown:
    """Why leads are not called, and when that was so; `at` None: they are being counted."""

    reasons: tuple[ReasonCount, ...]
    at: float | None


def reasons(campaign_id: int) -> Shown:
    """Why the campaign's leads are not called: at this moment, or of many leads a while ago."""
    now = _now()
    if not why_not.has_more_than(db.session(), campaign_id, COUNTED_AT_ONCE):
        return Shown(why_not.reasons_of_campaign(db.session(), campaign_id, now), now)
    kept = last_count(bus().redis, campaign_id, now)
    return Shown((), None) if kept is None else Shown(kept.reasons, kept.at)


def _is_of(number: str) -> ColumnElement[bool]:
    """Leads that have the number first, or have its turn, or are its contact's."""
    contact_id = contacts.of_number(db.session(), number)
    known = () if contact_id is None else contacts.numbers_of(db.session(), contact_id)
    return or_(LeadRow.number.in_({number, *known}), LeadRow.next_number == number)


def _now() -> float:
    return clock.now().timestamp()


def _is_forgotten(row: LeadRow) -> bool:
    return not row.number.startswith("+")


def _names(rows: Sequence[LeadRow]) -> dict[int, str]:
    ids = {row.campaign_id for row in rows}
    found = select(CampaignRow.id, CampaignRow.name).where(CampaignRow.id.in_(ids))
    return {campaign_id: name for campaign_id, name in db.session.execute(found)}
