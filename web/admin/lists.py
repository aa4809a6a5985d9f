"""Lists: say which column is which, try it out, import, stop, resume, take back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from dialer.jobs.imports import (
    FileShape,
    ImportOptions,
    choose,
    law_asks_consent,
    progress_of,
    shape_of,
    suggested,
)  # fmt: skip
from dialer.jobs.imports.columns import FIELD_NAMED, ColumnRole, guess_mapping
from dialer.jobs.imports.course import forget_progress
from dialer.jobs.imports.shape import forget
from dialer.jobs.queues import enqueue_import
from dialer.model.call_list import ListState, ListTrigger, RowFault
from dialer.model.errors import BadInput
from dialer.store.call_lists import AT_WORK, may, start, step
from dialer.store.tables import CampaignRow, LeadList, LeadRow, RejectedRow
from web import audit, clock, labels
from web.admin.uploads import PART_BYTES, file_of, keep_whole, part_of
from web.aside import aside
from web.extensions import bus, db
from web.faults import in_words
from web.import_words import SCOPES
from web.permissions import Right, needs

bp = Blueprint("lists", __name__, url_prefix="/lists")

SHOWN_ROWS = 8
SHOWN_CELLS = 3
REJECTED_SHOWN = 20
TO_MAP = frozenset({ListState.UPLOADED, ListState.FAILED})
"""States in which the columns are chosen."""
DISCARDABLE = frozenset({ListState.RECEIVING, ListState.UPLOADED, ListState.FAILED})


@bp.get("")
@needs(Right.MANAGE_LISTS)
def index() -> ResponseReturnValue:
    lists = db.session.scalars(select(LeadList).order_by(LeadList.id.desc()).limit(200)).all()
    return render_template("admin/lists.html", lists=lists, campaign_names=campaign_names())


@bp.route("/new", methods=["GET", "POST"])
@needs(Right.MANAGE_LISTS)
def create() -> ResponseReturnValue:
    if request.method == "POST":
        faults = _upload_faults()
        if not faults:
            campaign_id = request.form.get("campaign_id", 0, type=int)
            row = keep_whole(campaign_id, request.form.get("name", ""), request.files["file"])
            db.session.commit()
            return redirect(url_for(".show", list_id=row.id))
        for sentence in faults:
            flash(sentence, "fault")
    return render_template(
        "admin/list_new.html", campaigns=campaign_names(), asked=request.values,
        part_bytes=PART_BYTES,
    ), 422 if request.method == "POST" else 200  # fmt: skip


@bp.get("/<int:list_id>")
@needs(Right.MANAGE_LISTS)
def show(list_id: int) -> ResponseReturnValue:
    row = found(list_id)
    if ListState(row.state) in TO_MAP and file_of(row).exists():
        return _mapping_page(row)
    return render_template("admin/list.html", campaign_names=campaign_names(), **body(row))


@bp.post("/<int:list_id>/import")
@needs(Right.MANAGE_LISTS)
def start_import(list_id: int) -> ResponseReturnValue:
    return _begin(list_id, "run", "import", lambda row: start(db.session(), row))


@bp.post("/<int:list_id>/check")
@needs(Right.MANAGE_LISTS)
def start_check(list_id: int) -> ResponseReturnValue:
    return _begin(list_id, "run_check", "check", lambda row: step(row, ListTrigger.CHECK))


@bp.post("/<int:list_id>/resume")
@needs(Right.MANAGE_LISTS)
def resume(list_id: int) -> ResponseReturnValue:
    row = found(list_id)
    _refuse_unless(row, row.state == ListState.STOPPED)
    start(db.session(), row)
    return _queue(row, "run", "resume")


@bp.post("/<int:list_id>/undo")
@needs(Right.MANAGE_LISTS)
def undo(list_id: int) -> ResponseReturnValue:
    row = found(list_id)
    _refuse_unless(row, may(row, ListTrigger.UNDO))
    step(row, ListTrigger.UNDO)
    return _queue(row, "run_undo", "undo")


@bp.post("/<int:list_id>/stop")
@needs(Right.MANAGE_LISTS)
def stop(list_id: int) -> ResponseReturnValue:
    row = found(list_id)
    if may(row, ListTrigger.ASK_STOP):  # else it was over meanwhile
        step(row, ListTrigger.ASK_STOP)
        audit.note("stop", f"list:{row.id}", row.name)
        db.session.commit()
    return redirect(url_for(".show", list_id=list_id))


@bp.post("/<int:list_id>/discard")
@needs(Right.MANAGE_LISTS)
def discard(list_id: int) -> ResponseReturnValue:
    """A list that never had a lead goes, with its file."""
    row = found(list_id)
    has_leads = select(LeadRow.id).where(LeadRow.list_id == list_id).limit(1)
    is_empty = db.session.scalar(has_leads) is None
    _refuse_unless(row, ListState(row.state) in DISCARDABLE and is_empty)
    for path in (file_of(row), part_of(row)):
        path.unlink(missing_ok=True)
    forget(file_of(row))
    audit.note("discard", f"list:{row.id}", row.name)
    db.session.delete(row)
    db.session.commit()
    flash(_("La liste « %(name)s » est supprimée.", name=row.name), "ok")
    return redirect(url_for(".index"))


@bp.post("/<int:list_id>/active")
@needs(Right.MANAGE_LISTS)
def set_active(list_id: int) -> ResponseReturnValue:
    row = found(list_id)
    row.is_active = request.form.get("is_active") == "1"
    audit.note("activate" if row.is_active else "deactivate", f"list:{row.id}", row.name)
    db.session.commit()
    return redirect(url_for(".show", list_id=list_id))


def found(list_id: int) -> LeadList:
    return db.session.get(LeadList, list_id) or abort(404)


def body(row: LeadList) -> dict[str, Any]:
    """What the page of a list below its crumbs shows."""
    state = ListState(row.state)
    rejected = select(RejectedRow).where(RejectedRow.list_id == row.id)
    shown = rejected.order_by(RejectedRow.row_number).limit(REJECTED_SHOWN)
    leads = select(func.count()).select_from(LeadRow).where(LeadRow.list_id == row.id)
    return {
        "row": row,
        "is_at_work": state in AT_WORK,
        "progress": progress_of(bus().redis, row.id) if state in AT_WORK else None,
        "rejected": () if state in AT_WORK else db.session.scalars(shown).all(),
        "n_kept": db.session.scalar(leads) if state is ListState.UNDONE else 0,
        "may_stop": may(row, ListTrigger.ASK_STOP),
        "may_undo": may(row, ListTrigger.UNDO) and state not in AT_WORK,
        "is_discardable": state in DISCARDABLE,
    }


def campaign_names() -> dict[int, str]:
    rows = db.session.execute(select(CampaignRow.id, CampaignRow.name).order_by(CampaignRow.name))
    return {campaign_id: name for campaign_id, name in rows}


def _begin(
    list_id: int, task: str, verb: str, take: Callable[[LeadList], None]
) -> ResponseReturnValue:
    """Check what was chosen, keep it, and give the list to the workers."""
    row = found(list_id)
    _refuse_unless(row, ListState(row.state) in TO_MAP)
    try:
        shape = shape_of(file_of(row), aside)
        choose(row, shape, _chosen(shape), law_asks=_law_asks(row))
        take(row)
    except BadInput as error:
        db.session.rollback()
        flash(in_words(error), "fault")
        return redirect(url_for(".show", list_id=list_id))
    row.fault, row.forecast = {}, None
    return _queue(row, task, verb)


def _queue(row: LeadList, task: str, verb: str) -> ResponseReturnValue:
    audit.note(verb, f"list:{row.id}", row.name)
    db.session.commit()
    forget_progress(bus().redis, row.id)
    enqueue_import(bus().redis, row.id, task)
    return redirect(url_for(".show", list_id=row.id))


def _refuse_unless(row: LeadList, is_possible: bool) -> None:
    if not is_possible:
        abort(409)


def _chosen(shape: FileShape) -> ImportOptions:
    """The options as the form sent them; columns by their place."""
    mapping = {}
    for place, column in enumerate(shape.header):
        role = request.form.get(f"role-{place}", ColumnRole.FIELD)
        name = request.form.get(f"name-{place}", "").strip()
        is_renamed = role == ColumnRole.FIELD and name not in ("", column)
        mapping[column] = f"{FIELD_NAMED}{name}" if is_renamed else role
    return ImportOptions(
        mapping=mapping,
        region=request.form.get("region", ""),
        has_old_benin_numbers=bool(request.form.get("has_old_benin_numbers")),
        needs_consent=bool(request.form.get("needs_consent")),
        dedupe=request.form.get("dedupe", ""),
    )


def _upload_faults() -> list[str]:
    file = request.files.get("file")
    faults = []
    if file is None or not file.filename:
        faults.append(_("Choisissez un fichier."))
    if request.form.get("campaign_id", type=int) not in campaign_names():
        faults.append(_("Choisissez une campagne."))
    return faults


def _law_asks(row: LeadList) -> bool:
    return law_asks_consent(db.session(), row.campaign_id, clock.now().timestamp())


def _mapping_page(row: LeadList) -> ResponseReturnValue:
    try:
        shape = shape_of(file_of(row), aside)
    except BadInput as error:
        flash(_("Ce fichier ne peut pas être lu : %(why)s", why=in_words(error)), "fault")
        return render_template(
            "admin/list_mapping.html", row=row, shape=None, campaign_names=campaign_names()
        )
    remembered = suggested(db.session(), row, shape)
    guessed = ImportOptions(guess_mapping(shape.header, shape.sample), row.region)
    chosen = remembered or replace(guessed, needs_consent=_law_asks(row))
    samples = [
        [cells[place] for cells in shape.sample if len(cells) > place and cells[place].strip()]
        for place in range(len(shape.header))
    ]
    rejected = select(RejectedRow).where(RejectedRow.list_id == row.id)
    return render_template(
        "admin/list_mapping.html", row=row, shape=shape, chosen=chosen, scopes=SCOPES,
        is_remembered=remembered is not None and not row.mapping, roles=labels.lists.COLUMN_ROLES,
        samples=[cells[:SHOWN_CELLS] for cells in samples], n_shown=SHOWN_ROWS,
        row_faults=[(fault, row.forecast[fault]) for fault in RowFault
                    if row.forecast and fault in row.forecast],
        rejected=db.session.scalars(rejected.order_by(RejectedRow.row_number).limit(5)).all(),
        campaign_names=campaign_names(), named=FIELD_NAMED,
    )  # fmt: skip
