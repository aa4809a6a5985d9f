"""Recorded calls, newest first: which call, whose, how long, and what became of the recording."""

from dataclasses import dataclass

from sqlalchemy import tuple_
from sqlalchemy.orm import Session, aliased

from dialer.reports.history import (
    PAGE_LIMIT,
    AttemptLine,
    Filters,
    key_of,
    line_of,
    place_of,
    select_attempts,
)
from dialer.store.tables import AttemptRow, CampaignRow, RecordingRow, User


@dataclass(frozen=True, slots=True)
class RecordingLine:
    """One recording with its call. Times are UTC seconds."""

    line: AttemptLine
    recording: RecordingRow
    keep_days: int | None
    """The campaign's own number of days; None: the installation's."""
    deleted_by: str
    """Name of who deleted it; empty when its term had passed."""

    @property
    def length_s(self) -> float | None:
        """Seconds from its start to the end of the call; None while the call lives."""
        if self.line.ended_at is None:
            return None
        return max(self.line.ended_at - self.recording.started_at.timestamp(), 0.0)


@dataclass(frozen=True, slots=True)
class RecordingPage:
    """`next_key` asks for the following page; None at the end."""

    lines: tuple[RecordingLine, ...]
    next_key: str | None


def recordings_page(
    session: Session, filters: Filters, limit: int = 50, after: str | None = None
) -> RecordingPage:
    """A page of recordings under the filters of the history, newest first.

    Raises BadInput for a key that no page gave.
    """
    limit = max(1, min(limit, PAGE_LIMIT))
    key = tuple_(RecordingRow.started_at, RecordingRow.attempt_id)
    eraser = aliased(User)
    wanted = (
        select_attempts(filters)
        .join(RecordingRow, RecordingRow.attempt_id == AttemptRow.id)
        .outerjoin(eraser, eraser.id == RecordingRow.deleted_by)
        .add_columns(RecordingRow, CampaignRow.recording_days, eraser.name)
        .order_by(None)
        .order_by(RecordingRow.started_at.desc(), RecordingRow.attempt_id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        wanted = wanted.where(key < tuple_(*place_of(after)))
    rows = session.execute(wanted).all()
    lines = tuple(RecordingLine(line_of(row[:4]), row[4], row[5], row[6] or "") for row in rows)
    if len(lines) <= limit:
        return RecordingPage(lines, None)
    last = lines[limit - 1].recording
    return RecordingPage(lines[:limit], key_of(last.started_at, last.attempt_id))
