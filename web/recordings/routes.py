"""Recorded calls: the list, the sound, its download, and its end."""

from typing import BinaryIO

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from dialer.model.errors import BadInput
from dialer.reports.recordings import recordings_page
from dialer.store.recording_files import FileState, NoRecordingFile, RecordingFiles
from dialer.store.recordings import delete_recording, note_erased, recording_of
from dialer.store.tables import AttemptRow, RecordingRow
from web import audit, clock
from web.extensions import db, settings
from web.permissions import Right, needs
from web.recordings import audio, listening
from web.reports.filters import choices, filters_asked, words

bp = Blueprint("recordings", __name__, url_prefix="/recordings")


@bp.get("")
@needs(Right.LISTEN_RECORDINGS)
def index() -> ResponseReturnValue:
    page = recordings_page(db.session(), filters_asked(), after=request.args.get("after") or None)
    asked = request.args.to_dict()
    asked.pop("after", None)
    return render_template(
        "recordings/index.html", page=page, asked=asked, choices=choices(), words=words(),
        states={item.line.attempt_id: _state(item.recording) for item in page.lines},
        default_days=settings().recording_days,
    )  # fmt: skip


@bp.get("/<attempt_id>/audio")
@needs(Right.LISTEN_RECORDINGS)
def listen(attempt_id: str) -> Response:
    file = _open(attempt_id)
    if listening.begins(current_user.user_id, attempt_id):
        audit.note("listen", f"recording:{attempt_id}")
        db.session.commit()
    return audio.answer(file)


@bp.get("/<attempt_id>.wav")
@needs(Right.DOWNLOAD_RECORDINGS)
def download(attempt_id: str) -> Response:
    file = _open(attempt_id)
    audit.note("download", f"recording:{attempt_id}")
    db.session.commit()
    return audio.answer(file, download_name=f"{attempt_id}.wav")


@bp.post("/<attempt_id>/delete")
@needs(Right.DELETE_RECORDINGS)
def delete(attempt_id: str) -> ResponseReturnValue:
    if recording_of(db.session(), attempt_id) is None:
        abort(404)
    now = clock.now().timestamp()
    row = delete_recording(db.session(), attempt_id, current_user.user_id, now)
    audit.note("delete", f"recording:{attempt_id}", f"started_at={row.started_at.isoformat()}")
    db.session.commit()
    _erase(row)
    return redirect(url_for("reports.attempt", attempt_id=attempt_id))


def _state(row: RecordingRow) -> FileState:
    return _files().state(row.node, row.attempt_id)


def _files() -> RecordingFiles:
    return RecordingFiles(settings().recordings)


def _open(attempt_id: str) -> BinaryIO:
    """The file of a recording that may be heard. Raises BadInput, NoRecordingFile, or is 404."""
    row = recording_of(db.session(), attempt_id)
    if row is None or row.deleted_at is not None:
        abort(404)
    if db.session.get_one(AttemptRow, attempt_id).ended_at is None:
        raise BadInput("recording: its call has not ended")
    return _files().open(row.node, row.attempt_id)


def _erase(row: RecordingRow) -> None:
    try:
        _files().erase(row.node, row.attempt_id)
    except NoRecordingFile:
        flash(_("Supprimé : plus personne ne l’entend. Son fichier sera effacé cette nuit."), "ok")
        return
    note_erased(db.session(), [row.attempt_id], clock.now().timestamp())
    db.session.commit()
    flash(_("Supprimé, fichier compris."), "ok")
