"""Imports as a whole: what happens to the list when one succeeds, fails, is stopped or resumed.

`import_list` does the work of the command line, the worker and other programs alike; `check_list`
does the same without leads. `run`, `run_check` and `run_undo` are the jobs.
"""

from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import func, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dialer.jobs.context import context
from dialer.jobs.imports.course import Course, RedisCourse, Unwatched
from dialer.jobs.imports.options import rules_of
from dialer.jobs.imports.shape import forget, shape_of
from dialer.jobs.imports.undo import undo_list
from dialer.jobs.imports.work import ImportWork, Stopped
from dialer.model.call_list import DedupeScope, ListState, ListTrigger
from dialer.model.errors import BadInput
from dialer.model.import_faults import fault
from dialer.store import import_batches
from dialer.store.call_lists import found_list, has_leads, held, lists_of_file, start, step, stored
from dialer.store.import_batches import ImportCounts
from dialer.store.import_stage import Stage
from dialer.store.session import SessionFactory, transaction
from dialer.store.tables import LeadList

_FAULTS = (BadInput, OSError, DBAPIError, BrokenProcessPool)


def import_list(
    factory: SessionFactory, list_id: int, path: Path, course: Course | None = None
) -> ImportCounts:
    """Import the file into the list, or go on where an import of it stopped.

    Raises BadInput when the file is unfit; nothing of it is kept then, and a list that had leads
    before is READY again. When somebody stops it, what was committed stays, and is counted.
    """
    with held(factory, list_id):
        _begin(factory, list_id)
        try:
            with _work(factory, list_id, path, course) as work:
                work.load(work.bring_in())
        except Stopped:
            return _end(factory, list_id, ListTrigger.STOP)
        except _FAULTS as error:
            _break_off(factory, list_id, _told(error))
            raise
        forget(path)
        return _end(factory, list_id, ListTrigger.FINISH)


def check_list(
    factory: SessionFactory, list_id: int, path: Path, course: Course | None = None
) -> dict[str, int]:
    """What importing the file would count, by count and by fault of a row; no lead is written."""
    with held(factory, list_id):
        with transaction(factory) as session:
            row = found_list(session, list_id)
            if row.state != ListState.CHECKING:
                step(row, ListTrigger.CHECK)
            row.forecast, row.fault = None, {}
        try:
            with _work(factory, list_id, path, course) as work:
                forecast = work.forecast(work.bring_in())
        except _FAULTS as error:
            _break_off(factory, list_id, _told(error))
            raise
        with transaction(factory) as session:
            row = found_list(session, list_id)
            step(row, ListTrigger.CHECKED)
            row.forecast = forecast
        return forecast


def run(list_id: int) -> None:
    """The job of an import."""
    _as_job(import_list, list_id)


def run_check(list_id: int) -> None:
    """The job of a dry run."""
    _as_job(check_list, list_id)


def run_undo(list_id: int) -> None:
    """The job that takes an import back."""
    here = context()
    with suppress(BadInput):  # somebody else is at it
        undo_list(here.session_factory, list_id, RedisCourse(here.redis, list_id, here.now))


def _as_job(work: Callable[[SessionFactory, int, Path, Course], object], list_id: int) -> None:
    """The file lies under the uploads folder by the list's identity."""
    here = context()
    course = RedisCourse(here.redis, list_id, here.now)
    with suppress(BadInput):  # the list says why; trying again would find the same file
        work(here.session_factory, list_id, here.uploads / str(list_id), course)


def _begin(factory: SessionFactory, list_id: int) -> None:
    with transaction(factory) as session:
        row = found_list(session, list_id)
        if row.state not in (ListState.IMPORTING, ListState.STOPPING):
            start(session, row)
        row.fault, row.forecast = {}, None


@contextmanager
def _work(
    factory: SessionFactory, list_id: int, path: Path, course: Course | None
) -> Iterator[ImportWork]:
    """The import of the list's file; what it staged is gone afterwards."""
    shape = shape_of(path)
    with transaction(factory) as session:
        row = found_list(session, list_id)
        rules = rules_of(row, shape)
        is_begun = bool(import_batches.done_batches(session.connection(), list_id))
        if is_begun and row.file_sha256 != shape.sha256:
            raise fault("FILE_CHANGED")
        row.mapping, row.encoding = dict(rules.mapping), shape.encoding
        row.file_sha256 = shape.sha256
        stage, scope = Stage(list_id, row.campaign_id), DedupeScope(row.dedupe)
        needs_consent = row.needs_consent
    work = ImportWork(factory, stage, shape, rules, scope, needs_consent, course or Unwatched())
    try:
        yield work
    finally:
        work.throw_away()


def _end(factory: SessionFactory, list_id: int, trigger: ListTrigger) -> ImportCounts:
    """The list after a whole import, or after a part of one."""
    with transaction(factory) as session:
        row = found_list(session, list_id)
        counts = _count(session, row)
        earlier = lists_of_file(session, row.file_sha256, besides=list_id)
        row.fault = stored(fault("SAME_FILE", lists=", ".join(earlier))) if earlier else {}
        row.finished_at = func.now()
        step(row, trigger)
        session.execute(text("ANALYZE leads"))
        return counts


def _break_off(factory: SessionFactory, list_id: int, error: BadInput) -> None:
    """Committed batches stay, to be gone on with; else the list is what it was before."""
    with transaction(factory) as session:
        row = found_list(session, list_id)
        row.fault, row.finished_at = stored(error), func.now()
        if import_batches.done_batches(session.connection(), list_id):
            _count(session, row)
            step(row, ListTrigger.STOP)
        else:
            step(row, ListTrigger.FINISH if has_leads(session, list_id) else ListTrigger.FAIL)


def _count(session: Session, row: LeadList) -> ImportCounts:
    counts = import_batches.total(session.connection(), row.id)
    for name, n in counts.facts().items():
        setattr(row, name, n)
    return counts


def _told(error: Exception) -> BadInput:
    return (
        error if isinstance(error, BadInput) else fault("IMPORT_BROKEN", why=type(error).__name__)
    )
