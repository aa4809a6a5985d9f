"""Attempts: what became of each call, and its sound."""

from datetime import UTC, datetime
from typing import Any

from flask import Response

from dialer.model.errors import BadInput
from dialer.model.scope import Scope
from dialer.reports import history
from dialer.store.recording_files import NoRecordingFile, RecordingFiles
from dialer.store.recordings import recorded_among, recording_of
from dialer.store.tables import AttemptRow
from web.api.cursors import alien, packed, unpacked
from web.api.endpoints import Asked, Endpoint, Reply
from web.api.notes import note
from web.api.problems import Problem, missing
from web.api.schemas.attempts import AttemptPage, AttemptsAsked, AttemptShown, AttemptWhole
from web.extensions import db, settings
from web.recordings import audio, listening

_TIMES = ("started_at", "ringing_at", "answered_at", "bridged_at", "ended_at")


def index(asked: Asked) -> Reply:
    """Attempts, newest first."""
    query: AttemptsAsked = asked.query
    after = unpacked(query.cursor) if query.cursor is not None else None
    try:
        page = history.attempts_page(db.session(), _filters(query), query.limit, after)
    except BadInput:
        raise alien() from None
    following = packed(page.next_key) if page.next_key is not None else None
    lines = [AttemptShown.model_validate(_plain(line)) for line in page.lines]
    return Reply(AttemptPage(data=lines, next_cursor=following))


def show(asked: Asked) -> Reply:
    """One attempt."""
    attempt_id = asked.path["attempt_id"]
    details = history.attempt_details(db.session(), attempt_id)
    if details is None:
        raise missing("attempt")
    more = {name: getattr(details, name) for name in ("caller_id", "rule_set", "node", "trunk")}
    more["disposed_at"] = _instant(details.disposed_at)
    more["recording_url"] = _recording_url(asked, attempt_id)
    return Reply(AttemptWhole.model_validate(_plain(details.line) | more))


def recording(asked: Asked) -> Reply:
    """The sound of an attempt, whole or the range asked for.

    Each listening is written to the audit log.
    """
    attempt_id = asked.path["attempt_id"]
    row = recording_of(db.session(), attempt_id)
    if row is None or row.deleted_at is not None:
        raise missing("recording")
    if db.session.get_one(AttemptRow, attempt_id).ended_at is None:
        raise Problem("wrong_state", "its call has not ended")
    try:
        file = RecordingFiles(settings().recordings).open(row.node, attempt_id)
    except NoRecordingFile:
        raise missing("recording") from None
    if listening.begins(f"key:{asked.key.id}", attempt_id):
        note(asked.key, "download", f"recording:{attempt_id}")
    return Reply(_sound(file, attempt_id))


def _sound(file: Any, attempt_id: str) -> Response:
    return audio.answer(file, download_name=f"{attempt_id}.wav")


def _recording_url(asked: Asked, attempt_id: str) -> str | None:
    may_hear = Scope.RECORDINGS_READ in asked.key.scopes
    is_there = may_hear and recorded_among(db.session(), [attempt_id])
    return f"/api/v1/attempts/{attempt_id}/recording" if is_there else None


def _filters(query: AttemptsAsked) -> history.Filters:
    return history.Filters(
        campaign_id=query.campaign_id,
        list_id=query.list_id,
        lead_id=query.lead_id,
        agent_id=query.agent_id,
        outcome=query.outcome or "",
        disposition=query.disposition or "",
        number=query.number or "",
        since=query.since.timestamp() if query.since else None,
        until=query.until.timestamp() if query.until else None,
    )


def _plain(line: history.AttemptLine) -> dict[str, Any]:
    found = {name: getattr(line, name) for name in AttemptShown.model_fields if name != "id"}
    return found | {"id": line.attempt_id} | {n: _instant(getattr(line, n)) for n in _TIMES}


def _instant(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)


_ONE = "/attempts/{attempt_id}"
ENDPOINTS = (
    Endpoint("GET", "/attempts", index, Scope.ATTEMPTS_READ, query=AttemptsAsked,
             answer=AttemptPage),
    Endpoint("GET", _ONE, show, Scope.ATTEMPTS_READ, answer=AttemptWhole),
    Endpoint("GET", f"{_ONE}/recording", recording, Scope.RECORDINGS_READ, gives="audio/wav",
             refuses=(409, 416)),
)  # fmt: skip
