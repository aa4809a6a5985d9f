"""Recordings whose term has passed are deleted, and files of deleted ones erased."""

import logging

from dialer.jobs.context import JobContext
from dialer.store.recording_files import NoRecordingFile
from dialer.store.recordings import delete_overdue, note_erased, to_erase
from dialer.store.session import transaction
from dialer.store.tables import RecordingRow

log = logging.getLogger(__name__)

BATCH = 500


def delete_overdue_recordings(here: JobContext) -> int:
    """Decide on those whose term has passed; how many."""
    total, decided = 0, BATCH
    while decided == BATCH:
        with transaction(here.session_factory) as session:
            decided = delete_overdue(session, here.recording_days, here.now(), BATCH)
        total += decided
    return total


def erase_deleted_recordings(here: JobContext) -> int:
    """Have no file left of deleted recordings; how many. What is out of reach waits a night."""
    total, after = 0, ""
    while True:
        with transaction(here.session_factory) as session:
            rows = to_erase(session, BATCH, after)
        erased = [row.attempt_id for row in rows if _erase(here, row)]
        with transaction(here.session_factory) as session:
            note_erased(session, erased, here.now())
        total += len(erased)
        if len(rows) < BATCH:
            return total
        after = rows[-1].attempt_id


def _erase(here: JobContext, row: RecordingRow) -> bool:
    try:
        here.recordings.erase(row.node, row.attempt_id)
    except NoRecordingFile as fault:
        log.warning("not erased: %s of node=%s", fault, row.node)
        return False
    return True
