"""Segments: made from conditions, counted, and followed by lists of campaigns."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dialer.jobs.queues import enqueue_segment
from dialer.model.errors import BadInput
from dialer.model.lead_filter import parsed
from dialer.store import segments
from dialer.store.tables import CampaignRow, LeadList, SegmentRow
from web import audit, clock
from web.admin import criteria
from web.extensions import bus, db
from web.faults import in_words
from web.permissions import Right, needs

bp = Blueprint("segments", __name__, url_prefix="/segments")

NAME_LENGTH = 200


@bp.get("")
@needs(Right.MANAGE_LISTS)
def index() -> ResponseReturnValue:
    rows = db.session.scalars(select(SegmentRow).order_by(SegmentRow.name)).all()
    lists = select(LeadList).where(LeadList.segment_id.is_not(None)).order_by(LeadList.id)
    followers: dict[int, list[LeadList]] = {}
    for batch in db.session.scalars(lists):
        followers.setdefault(batch.segment_id or 0, []).append(batch)
    return render_template(
        "admin/segments.html", rows=rows, followers=followers, campaign_names=_campaigns()
    )


@bp.route("/new", methods=["GET", "POST"])
@needs(Right.MANAGE_LISTS)
def create() -> ResponseReturnValue:
    return _form(None)


@bp.route("/<int:segment_id>", methods=["GET", "POST"])
@needs(Right.MANAGE_LISTS)
def edit(segment_id: int) -> ResponseReturnValue:
    return _form(db.session.get(SegmentRow, segment_id) or abort(404))


@bp.post("/<int:segment_id>/lists")
@needs(Right.MANAGE_LISTS)
def follow(segment_id: int) -> ResponseReturnValue:
    """A list of a campaign follows the segment from now on."""
    row = db.session.get(SegmentRow, segment_id) or abort(404)
    campaign_id = request.form.get("campaign_id", 0, type=int)
    if campaign_id not in _campaigns():
        abort(400)
    try:
        batch = segments.make_list(db.session(), row, campaign_id, current_user.user_id)
    except BadInput as fault:
        db.session.rollback()
        flash(in_words(fault), "fault")
        return redirect(url_for(".edit", segment_id=segment_id))
    audit.note("follow", f"segment:{row.id}", f"list:{batch.id}")
    db.session.commit()
    enqueue_segment(bus().redis, batch.id)
    flash(_("La liste suit le segment ; elle se remplit en quelques instants."), "ok")
    return redirect(url_for("lists.show", list_id=batch.id))


@bp.post("/<int:segment_id>/delete")
@needs(Right.MANAGE_LISTS)
def delete(segment_id: int) -> ResponseReturnValue:
    row = db.session.get(SegmentRow, segment_id) or abort(404)
    used = select(LeadList.id).where(LeadList.segment_id == segment_id).limit(1)
    if db.session.scalar(used) is not None:
        flash(_("Une liste suit ce segment ; il ne peut pas être supprimé."), "fault")
        return redirect(url_for(".edit", segment_id=segment_id))
    audit.note("delete", f"segment:{row.id}", row.name)
    db.session.delete(row)
    db.session.commit()
    flash(_("Supprimé."), "ok")
    return redirect(url_for(".index"))


def _form(row: SegmentRow | None) -> ResponseReturnValue:
    """One page: asked with GET it shows, sent with `save` it stores, else it counts."""
    if request.method == "GET":
        return _page(row, _start(row), row.criteria if row else None), 200
    session = db.session()
    sent = criteria.Form(request.form.get("joined", "all"), tuple(criteria.lines_of(request.form)))
    try:
        asked = criteria.read(session, request.form)
        parsed(asked)
        if "save" not in request.form:
            return _page(row, sent, asked), 200
        return redirect(url_for(".edit", segment_id=_store(row, asked).id))
    except BadInput as fault:
        session.rollback()
        flash(in_words(fault), "fault")
    return _page(row, sent, None), 422


def _store(row: SegmentRow | None, asked: dict[str, Any]) -> SegmentRow:
    name = request.form.get("name", "").strip()
    if not 0 < len(name) <= NAME_LENGTH:
        raise BadInput(_("Donnez un nom au segment."))
    target = row or SegmentRow(created_by=current_user.user_id)
    detail = audit.changes(row, {"name": name, "criteria": asked})
    target.name, target.criteria = name, asked
    db.session.add(target)
    try:
        db.session.flush()
    except IntegrityError:
        raise BadInput(_("Une autre ligne porte déjà cette valeur.")) from None
    audit.note("update" if row else "create", f"segment:{target.id}", detail)
    db.session.commit()
    flash(_("Enregistré."), "ok")
    return target


def _start(row: SegmentRow | None) -> criteria.Form | None:
    return criteria.Form("all", ()) if row is None else criteria.shown(db.session(), row.criteria)


def _page(row: SegmentRow | None, form: criteria.Form | None, asked: dict[str, Any] | None) -> str:
    session, now = db.session(), datetime.fromtimestamp(clock.now().timestamp(), UTC)
    wanted = parsed(asked) if asked else None
    return render_template(
        "admin/segment.html", row=row, form=form, n_lines=criteria.LINES,
        questions=criteria.questions(session, form), words=criteria.words_of(session),
        is_asked=wanted is not None, campaigns=_campaigns(),
        n_found=segments.count(session, wanted, now) if wanted else None,
        sample=segments.sample(session, wanted, now) if wanted else (),
        lists=_lists(row), name=request.form.get("name", row.name if row else ""),
    )  # fmt: skip


def _lists(row: SegmentRow | None) -> list[LeadList]:
    if row is None:
        return []
    mine = select(LeadList).where(LeadList.segment_id == row.id).order_by(LeadList.id)
    return list(db.session.scalars(mine))


def _campaigns() -> dict[int, str]:
    rows = db.session.execute(select(CampaignRow.id, CampaignRow.name).order_by(CampaignRow.name))
    return {campaign_id: name for campaign_id, name in rows}
