"""Which calls were recorded, and on which switch the file is.

The file is named by the attempt (`<attempt>.wav` of the switch's recordings folder): no name or
number of a person stands in a file's name.
"""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dialer.model.call import RecordingState
from dialer.model.commands import NoteRecording
from dialer.store.instants import instant
from dialer.store.tables import RecordingRow


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
