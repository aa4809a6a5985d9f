"""Taking an import back: leads that were never dialled go, the others stay, switched off."""

from dialer.jobs.imports.course import Course, Phase, Unwatched
from dialer.model.call_list import ListTrigger
from dialer.store.call_lists import found_list, held, step
from dialer.store.import_undo import count_undialled, remove_undialled
from dialer.store.session import SessionFactory, transaction


def undo_list(factory: SessionFactory, list_id: int, course: Course | None = None) -> int:
    """Remove the list's leads that nobody dialled; how many. Raises BadInput.

    The list is switched off first, so that nothing more of it is claimed meanwhile.
    """
    told = course or Unwatched()
    with held(factory, list_id):
        with transaction(factory) as session:
            row = found_list(session, list_id)
            step(row, ListTrigger.UNDO)
            row.is_active = False
        with transaction(factory) as session:
            n_all = count_undialled(session, list_id)
        n_removed = 0
        while n := _remove_some(factory, list_id):
            n_removed += n
            told.note(Phase.UNDOING, n_removed, n_removed / max(n_all, n_removed))
        with transaction(factory) as session:
            row = found_list(session, list_id)
            step(row, ListTrigger.UNDONE)
        return n_removed


def _remove_some(factory: SessionFactory, list_id: int) -> int:
    with transaction(factory) as session:
        n = remove_undialled(session, list_id)
        found_list(session, list_id).n_undone += n
        return n
