"""Which calls were recorded, on which switch the file is, and what became of it.

The file is named by the attempt (`<attempt>.wav` of the switch's recordings folder): no name or
number of a person stands in a file's name. Deleting has two steps, so that a crash or a folder
that is not mounted loses neither: the decision (`deleted_at`, from when nobody may hear it) and
the fact that no file is left (`erased_at`), for which a nightly job tries again.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dialer.model.call import RecordingState
from dialer.model.commands import NoteRecording
from dialer.model.errors import BadInput
from dialer.store.instants import instant
from dialer.store.tables import AttemptRow, CampaignRow, RecordingRow


def note_recordings(session: Session, notes: Sequence[NoteRecording]) -> None:
    """Store the notes in their order; the first of an attempt is its beginning."""
    for note in notes:
        added = int(note.state is RecordingState.PAUSED)
        row = insert(RecordingRow).values(
            attempt_id=note.attempt_id, node=note.node, state=note.state,
            started_at=instant(note.at), n_pauses=added,
        )  # fmt: skip
        session.execute(
            row.on_conflict_do_update(
                index_elements=[RecordingRow.attempt_id],
                set_={"state": note.state, "n_pauses": RecordingRow.n_pauses + added},
            )
        )


def recording_of(session: Session, attempt_id: str) -> RecordingRow | None:
    """The recording of an attempt, or None."""
    return session.get(RecordingRow, attempt_id)


def recorded_among(session: Session, attempt_ids: Collection[str]) -> frozenset[str]:
    """Those of the attempts whose recording may still be heard."""
    kept = RecordingRow.attempt_id.in_(attempt_ids) & RecordingRow.deleted_at.is_(None)
    return frozenset(session.scalars(select(RecordingRow.attempt_id).where(kept)))


def delete_recording(session: Session, attempt_id: str, user_id: int, now: float) -> RecordingRow:
    """Decide that the recording goes; its file is erased afterwards. Raises BadInput."""
    row = session.get(RecordingRow, attempt_id, with_for_update=True)
    if row is None:
        raise BadInput("recording: there is none")
    if session.get_one(AttemptRow, attempt_id).ended_at is None:
        raise BadInput("recording: its call has not ended")
    if row.deleted_at is None:
        row.deleted_at, row.deleted_by = instant(now), user_id
    return row


def delete_overdue(session: Session, default_days: int, now: float, limit: int) -> int:
    """Decide on recordings whose term has passed, the oldest first, `limit` at most; how many."""
    days = func.coalesce(CampaignRow.recording_days, default_days)
    overdue = (
        select(RecordingRow.attempt_id)
        .join(AttemptRow, AttemptRow.id == RecordingRow.attempt_id)
        .join(CampaignRow, CampaignRow.id == AttemptRow.campaign_id)
        .where(RecordingRow.deleted_at.is_(None), AttemptRow.ended_at.is_not(None))
        .where(RecordingRow.started_at < instant(now) - func.make_interval(0, 0, 0, days))
        .order_by(RecordingRow.started_at)
        .limit(limit)
    )
    decided = (
        update(RecordingRow)
        .where(RecordingRow.attempt_id.in_(overdue))
        .values(deleted_at=instant(now))
        .returning(RecordingRow.attempt_id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(decided).all())


def to_erase(session: Session, limit: int, after: str = "") -> tuple[RecordingRow, ...]:
    """Deleted recordings whose file may still lie there, by identity, from `after` on."""
    left = RecordingRow.deleted_at.is_not(None) & RecordingRow.erased_at.is_(None)
    rows = select(RecordingRow).where(left, RecordingRow.attempt_id > after)
    return tuple(session.scalars(rows.order_by(RecordingRow.attempt_id).limit(limit)))


def note_erased(session: Session, attempt_ids: Collection[str], now: float) -> None:
    """No file is left of these."""
    session.execute(
        update(RecordingRow)
        .where(RecordingRow.attempt_id.in_(attempt_ids))
        .values(erased_at=instant(now))
        .execution_options(synchronize_session=False)
    )
