"""A list's file, sent in parts that a lost connection does not lose.

The browser says what it will send, and is told how much of that is here already; each part is
appended where the file ends. A form without scripts sends the whole file at once.
"""

from pathlib import Path
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from dialer.jobs.imports.shape import MAX_BYTES
from dialer.model.call_list import ListState, ListTrigger
from dialer.model.import_faults import fault
from dialer.store.call_lists import step
from dialer.store.tables import CampaignRow, LeadList
from web import audit
from web.extensions import db, settings
from web.permissions import Right, needs

bp = Blueprint("uploads", __name__, url_prefix="/lists")

PART_BYTES = 5_000_000
NAME_LENGTH = 200


def file_of(row: LeadList) -> Path:
    """Where the list's whole file is."""
    return settings().var_dir / "uploads" / str(row.id)


def part_of(row: LeadList) -> Path:
    """Where its bytes gather while they come."""
    return file_of(row).with_suffix(".part")


def add_list(campaign_id: int, name: str, file_name: str, size: int, state: ListState) -> LeadList:
    """A list whose file is to come."""
    row = LeadList(
        campaign_id=campaign_id, name=(name.strip() or Path(file_name).stem)[:NAME_LENGTH],
        file_name=file_name[:NAME_LENGTH], file_size=size, state=state,
        created_by=current_user.user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    file_of(row).parent.mkdir(parents=True, exist_ok=True)
    return row


def keep_whole(campaign_id: int, name: str, file: FileStorage) -> LeadList:
    """The list of a file that came with a form."""
    row = add_list(campaign_id, name, file.filename or "", 0, ListState.UPLOADED)
    file.save(file_of(row))
    row.file_size = file_of(row).stat().st_size
    _note(row)
    return row


@bp.post("/uploads")
@needs(Right.MANAGE_LISTS)
def begin() -> ResponseReturnValue:
    """What the browser will send; how much of it is here."""
    told = request.get_json(silent=True) or {}
    facts = _facts(told)
    row = _unfinished(facts) or add_list(
        facts["campaign_id"], str(told.get("name", "")), facts["file_name"], facts["file_size"],
        ListState.RECEIVING,
    )  # fmt: skip
    part_of(row).touch()
    db.session.commit()
    return _standing(row)


@bp.put("/<int:list_id>/part")
@needs(Right.MANAGE_LISTS)
def append(list_id: int) -> ResponseReturnValue:
    """The next part, from `offset` on; 409 with the offset where the file really ends."""
    row = db.session.get(LeadList, list_id, with_for_update=True) or abort(404)
    if row.state != ListState.RECEIVING or row.created_by != current_user.user_id:
        abort(409)
    if (request.content_length or 0) > PART_BYTES:
        abort(413)
    here = part_of(row).stat().st_size
    piece = request.get_data(cache=False)
    if request.args.get("offset", type=int) != here or here + len(piece) > row.file_size:
        db.session.rollback()
        return {"offset": here}, 409
    with part_of(row).open("ab") as file:
        file.write(piece)
    if here + len(piece) == row.file_size:
        part_of(row).rename(file_of(row))
        step(row, ListTrigger.RECEIVE)
        _note(row)
    db.session.commit()
    return _standing(row)


def _facts(told: dict[str, Any]) -> dict[str, Any]:
    size, campaign_id = told.get("size"), told.get("campaign_id")
    if not isinstance(size, int) or not isinstance(campaign_id, int):
        abort(400)
    if size <= 0:
        raise fault("FILE_EMPTY")
    if size > MAX_BYTES:
        raise fault("FILE_TOO_LARGE", size=size, most=MAX_BYTES)
    if db.session.get(CampaignRow, campaign_id) is None:
        abort(400)
    name = str(told.get("file_name", ""))[:NAME_LENGTH]
    return {"campaign_id": campaign_id, "file_name": name, "file_size": size}


def _unfinished(facts: dict[str, Any]) -> LeadList | None:
    """The list of the same file, begun by the same person and cut off."""
    mine = select(LeadList).filter_by(
        **facts, state=ListState.RECEIVING, created_by=current_user.user_id
    )
    row = db.session.scalar(mine.order_by(LeadList.id.desc()).limit(1))
    return row if row is not None and part_of(row).exists() else None


def _standing(row: LeadList) -> dict[str, object]:
    is_whole = row.state != ListState.RECEIVING
    return {
        "list_id": row.id,
        "offset": row.file_size if is_whole else part_of(row).stat().st_size,
        "part_bytes": PART_BYTES,
        "part_url": url_for("uploads.append", list_id=row.id),
        "url": url_for("lists.show", list_id=row.id) if is_whole else "",
    }


def _note(row: LeadList) -> None:
    audit.note("upload", f"list:{row.id}", row.file_name)
