"""Campaigns: list, create, edit, and start / pause / stop as the campaign machine allows."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select

from dialer.model.campaign import CAMPAIGN_MACHINE, CampaignState, CampaignTrigger
from dialer.model.errors import BadInput, IllegalTransition, StaleEvent
from dialer.model.ids import CampaignId
from dialer.store import campaigns, leads
from dialer.store.tables import CampaignRow, DispositionRow, LeadList, User
from web import audit, clock
from web.admin import why_not
from web.admin.campaign_form import FIELDS, GROUPS
from web.extensions import db
from web.faults import blame, in_words
from web.forms import Filled, from_row, parse
from web.permissions import Right, needs

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns")

OFFERED = (CampaignTrigger.START, CampaignTrigger.PAUSE, CampaignTrigger.STOP)


def triggers_of(row: CampaignRow) -> list[CampaignTrigger]:
    """What a person may do with the campaign now, by the campaign machine."""
    return [t for t in OFFERED if CAMPAIGN_MACHINE.can(CampaignState(row.state), t)]


@bp.get("")
@needs(Right.MANAGE_CAMPAIGNS)
def index() -> ResponseReturnValue:
    rows = db.session.scalars(select(CampaignRow).order_by(CampaignRow.name)).all()
    counted = select(LeadList.campaign_id, func.count(), func.sum(LeadList.n_inserted))
    lists = {r[0]: (r[1], r[2]) for r in db.session.execute(counted.group_by(LeadList.campaign_id))}
    return render_template("admin/campaigns.html", rows=rows, lists=lists, triggers_of=triggers_of)


@bp.route("/new", methods=["GET", "POST"])
@needs(Right.MANAGE_CAMPAIGNS)
def create() -> ResponseReturnValue:
    if request.method == "GET":
        return _form(None, from_row(FIELDS, _defaults()))
    filled = parse(FIELDS, request.form)
    if filled.is_valid:
        try:
            row = campaigns.create_campaign(db.session(), **filled.values)
            _keep_consent(row.id)
            audit.note("create", f"campaign:{row.id}", row.name)
            db.session.commit()
        except BadInput as fault:
            db.session.rollback()
            blame(filled, fault)
        else:
            flash(_("Campagne créée. Ajoutez-lui une liste."), "ok")
            return redirect(url_for(".show", campaign_id=row.id))
    return _form(None, filled)


@bp.get("/<int:campaign_id>")
@needs(Right.MANAGE_CAMPAIGNS)
def show(campaign_id: int) -> ResponseReturnValue:
    row = found(campaign_id)
    counts = leads.lead_counts(db.session(), CampaignId(row.id), clock.now().timestamp())
    lists = db.session.scalars(
        select(LeadList).where(LeadList.campaign_id == row.id).order_by(LeadList.id.desc())
    ).all()
    dispositions = db.session.scalars(
        select(DispositionRow)
        .where(DispositionRow.campaign_id == row.id)
        .order_by(DispositionRow.position)
    ).all()
    return render_template(
        "admin/campaign.html", row=row, counts=counts, lists=lists, groups=GROUPS,
        dispositions=dispositions, triggers=triggers_of(row), form=from_row(FIELDS, row),
        why_not=why_not.reasons(row.id),
        consent_by=db.session.scalar(select(User.name).where(User.id == row.consent_by)),
    )  # fmt: skip


@bp.route("/<int:campaign_id>/edit", methods=["GET", "POST"])
@needs(Right.MANAGE_CAMPAIGNS)
def edit(campaign_id: int) -> ResponseReturnValue:
    row = found(campaign_id)
    if request.method == "GET":
        return _form(row, from_row(FIELDS, row))
    filled = parse(FIELDS, request.form)
    if filled.is_valid:
        try:
            change_settings(row, filled.values)
        except BadInput as fault:
            db.session.rollback()
            blame(filled, fault)
        else:
            flash(_("Enregistré. La campagne en tient compte en quelques secondes."), "ok")
            return redirect(url_for(".show", campaign_id=campaign_id))
    return _form(found(campaign_id), filled)


@bp.post("/<int:campaign_id>/state")
@needs(Right.RUN_CAMPAIGNS)
def change_state(campaign_id: int) -> ResponseReturnValue:
    found(campaign_id)
    trigger = _trigger(request.form.get("trigger", ""))
    try:
        state = campaigns.change_state(db.session(), campaign_id, trigger)
    except (IllegalTransition, StaleEvent):
        db.session.rollback()
        flash(_("La campagne n’est plus dans cet état ; rien n’a changé."), "warn")
    except BadInput as fault:
        db.session.rollback()
        flash(in_words(fault, FIELDS), "fault")
    else:
        audit.note(str(trigger), f"campaign:{campaign_id}", str(state))
        db.session.commit()
    home = "supervisor.campaign" if request.form.get("from") == "live" else "campaigns.show"
    return redirect(url_for(home, campaign_id=campaign_id))


def change_settings(row: CampaignRow, values: dict[str, object]) -> None:
    """Store settings through the store's checks, with what changed in the audit trail."""
    detail = audit.changes(row, values)
    campaigns.update_settings(db.session(), row.id, values)
    _keep_consent(row.id)
    audit.note("update", f"campaign:{row.id}", detail)
    db.session.commit()


def _keep_consent(campaign_id: int) -> None:
    """Who says that the recipients consented, and when: kept as evidence."""
    at = clock.now().timestamp()
    campaigns.confirm_consent(db.session(), campaign_id, current_user.user_id, at)


def found(campaign_id: int) -> CampaignRow:
    """The campaign's row, or 404."""
    return db.session.get(CampaignRow, campaign_id) or abort(404)


def _trigger(word: str) -> CampaignTrigger:
    if word not in {str(trigger) for trigger in OFFERED}:
        abort(400)
    return CampaignTrigger(word)


def _defaults() -> CampaignRow:
    """Start values: the table's own defaults, which SQLAlchemy applies only when it inserts."""
    row = CampaignRow()
    for name, column in CampaignRow.__table__.columns.items():
        if column.default is not None and column.default.is_scalar:
            setattr(row, name, column.default.arg)
    row.caller_ids, row.opened_destinations = [], []
    return row


def _form(row: CampaignRow | None, filled: Filled) -> ResponseReturnValue:
    page = render_template("admin/campaign_form.html", row=row, groups=GROUPS, form=filled)
    return page, 422 if filled.faults else 200
