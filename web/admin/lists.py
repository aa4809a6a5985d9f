"""Lists: upload a file, say which column is which, import it, see what became of each row."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from dialer.jobs.imports import Preview, preview
from dialer.jobs.progress import progress_of
from dialer.jobs.queues import enqueue_import
from dialer.model.errors import BadInput
from dialer.store.tables import CampaignRow, LeadList, RejectedRow
from web import audit, csvfile, labels
from web.aside import aside
from web.extensions import bus, db, settings
from web.faults import in_words
from web.permissions import Right, needs

bp = Blueprint("lists", __name__, url_prefix="/lists")

SHOWN_ROWS = 8
REJECTED_SHOWN = 20
FIELDS = ("number", "name", "first_name")
UNFINISHED = ("UPLOADED", "FAILED")


@bp.get("")
@needs(Right.MANAGE_LISTS)
def index() -> ResponseReturnValue:
    lists = db.session.scalars(select(LeadList).order_by(LeadList.id.desc()).limit(200)).all()
    return render_template("admin/lists.html", lists=lists, campaign_names=_campaigns())


@bp.route("/new", methods=["GET", "POST"])
@needs(Right.MANAGE_LISTS)
def create() -> ResponseReturnValue:
    if request.method == "POST":
        faults = _upload_faults()
        if not faults:
            return redirect(url_for(".show", list_id=_store_upload().id))
        for sentence in faults:
            flash(sentence, "fault")
    return render_template(
        "admin/list_new.html", campaigns=_campaigns(), asked=request.values
    ), 422 if request.method == "POST" else 200


@bp.get("/<int:list_id>")
@needs(Right.MANAGE_LISTS)
def show(list_id: int) -> ResponseReturnValue:
    row = _found(list_id)
    if row.state in UNFINISHED and _path(row).exists():
        return _mapping_page(row)
    return render_template("admin/list.html", campaign_names=_campaigns(), **_body(row))


@bp.post("/<int:list_id>/import")
@needs(Right.MANAGE_LISTS)
def start_import(list_id: int) -> ResponseReturnValue:
    row = _found(list_id)
    if row.state not in UNFINISHED:
        abort(409)
    columns = {field: request.form.get(f"column_{field}", "") for field in FIELDS}
    row.mapping = {field: column for field, column in columns.items() if column}
    region = request.form.get("region", "")
    if "number" not in row.mapping or region not in labels.REGIONS:
        db.session.rollback()
        flash(_("Dites quelle colonne contient le numéro, et de quel pays."), "fault")
        return redirect(url_for(".show", list_id=list_id))
    row.region = region
    row.has_old_benin_numbers = region == "BJ" and bool(request.form.get("has_old_benin_numbers"))
    row.state, row.error = "IMPORTING", ""
    audit.note("import", f"list:{row.id}", row.name)
    db.session.commit()
    enqueue_import(bus().redis, list_id)
    return redirect(url_for(".show", list_id=list_id))


@bp.get("/<int:list_id>/progress")
@needs(Right.MANAGE_LISTS)
def progress(list_id: int) -> ResponseReturnValue:
    """The page below its crumbs: it refreshes itself until the import has ended."""
    return render_template("admin/_list_body.html", **_body(_found(list_id)))


@bp.get("/<int:list_id>/rejects.csv")
@needs(Right.MANAGE_LISTS)
def rejects(list_id: int) -> Response:
    row = _found(list_id)
    header = (_("Ligne n°"), _("Code"), _("Raison"), _("Ligne du fichier"))
    return csvfile.table(header, partial(_rejected_lines, row.id), f"rejets-{row.id}")


@bp.post("/<int:list_id>/active")
@needs(Right.MANAGE_LISTS)
def set_active(list_id: int) -> ResponseReturnValue:
    row = _found(list_id)
    row.is_active = request.form.get("is_active") == "1"
    audit.note("activate" if row.is_active else "deactivate", f"list:{row.id}", row.name)
    db.session.commit()
    return redirect(url_for(".show", list_id=list_id))


def _found(list_id: int) -> LeadList:
    return db.session.get(LeadList, list_id) or abort(404)


def _body(row: LeadList) -> dict[str, Any]:
    rejected = (
        select(RejectedRow)
        .where(RejectedRow.list_id == row.id)
        .order_by(RejectedRow.row_number)
        .limit(REJECTED_SHOWN)
    )
    is_over = row.state != "IMPORTING"
    return {
        "row": row,
        "rejected": db.session.scalars(rejected).all() if is_over else (),
        "n_read": progress_of(bus().redis, row.id),
        "may_retry": row.state == "FAILED" and _path(row).exists(),
    }


def _path(row: LeadList) -> Path:
    return settings().var_dir / "uploads" / str(row.id)


def _campaigns() -> dict[int, str]:
    rows = db.session.execute(select(CampaignRow.id, CampaignRow.name).order_by(CampaignRow.name))
    return {campaign_id: name for campaign_id, name in rows}


def _upload_faults() -> list[str]:
    file = request.files.get("file")
    faults = []
    if file is None or not file.filename:
        faults.append(_("Choisissez un fichier."))
    if request.form.get("campaign_id", type=int) not in _campaigns():
        faults.append(_("Choisissez une campagne."))
    return faults


def _store_upload() -> LeadList:
    file = request.files["file"]
    name = request.form.get("name", "").strip() or Path(file.filename or "").stem
    row = LeadList(
        campaign_id=request.form.get("campaign_id", type=int), name=name[:200],
        file_name=(file.filename or "")[:200], created_by=current_user.user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    path = _path(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save(path)
    audit.note("upload", f"list:{row.id}", row.file_name)
    db.session.commit()
    return row


def _mapping_page(row: LeadList) -> ResponseReturnValue:
    seen: Preview | None = None
    try:
        seen = aside(preview, _path(row))  # it reads the whole file once
    except BadInput as fault:
        flash(_("Ce fichier ne peut pas être lu : %(why)s", why=in_words(fault)), "fault")
    chosen: dict[str, Any] = dict(row.mapping) or (seen.mapping if seen else {})
    return render_template(
        "admin/list_mapping.html", row=row, seen=seen, chosen=chosen, fields=FIELDS,
        n_shown=SHOWN_ROWS, campaign_names=_campaigns(),
    )  # fmt: skip


def _rejected_lines(list_id: int) -> Iterator[tuple[object, ...]]:
    query = select(RejectedRow).where(RejectedRow.list_id == list_id)
    ordered = query.order_by(RejectedRow.row_number).execution_options(yield_per=1000)
    for row in db.session.scalars(ordered):
        yield row.row_number, row.code, labels.rejection(row.code, row.detail), row.line
