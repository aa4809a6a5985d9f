"""List import: a file becomes leads whole or not at all, and says what became of every row.

`preview` is for the screen that asks which column is which; `import_list` does the work;
`run` is the job.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import func, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dialer.jobs.columns import check_mapping, guess_mapping
from dialer.jobs.context import context
from dialer.jobs.incoming import RowReader
from dialer.jobs.list_files import FileShape, rows_of, shape_of
from dialer.jobs.progress import note_progress
from dialer.model.errors import BadInput
from dialer.store.lead_import import ImportCounts, IncomingRow, lists_of_file, load_leads
from dialer.store.numbers import check_region
from dialer.store.session import SessionFactory, transaction
from dialer.store.tables import LeadList

PREVIEW_ROWS = 50
PROGRESS_EVERY = 10_000
_LOCK_SPACE = 7_304_613
Progress = Callable[[int], None]
"""Called with the number of rows read so far."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file looks like, before anything is stored."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: dict[str, str]
    encoding: str
    delimiter: str
    sha256: str


def preview(path: Path) -> Preview:
    """Header, first rows and guessed mapping. Raises BadInput when the file is unfit."""
    shape = shape_of(path)
    rows = tuple(tuple(row.cells) for row in islice(rows_of(shape), PREVIEW_ROWS))
    return Preview(
        header=shape.header,
        rows=rows,
        mapping=guess_mapping(shape.header),
        encoding=shape.encoding,
        delimiter=shape.delimiter,
        sha256=shape.sha256,
    )


def import_list(
    factory: SessionFactory, list_id: int, path: Path, progress: Progress
) -> ImportCounts:
    """Import the file into the list. Raises BadInput when the file is unfit; nothing is kept then.

    A list that had leads before is READY again after a failure, with `error` saying why.
    """
    was_ready = _begin(factory, list_id)
    try:
        return _load(factory, list_id, path, progress)
    except BadInput as error:
        _fail(factory, list_id, was_ready, str(error))
        raise
    except (OSError, DBAPIError) as error:
        _fail(factory, list_id, was_ready, f"import: {type(error).__name__}")
        raise


def run(list_id: int) -> None:
    """The job: the file lies under the uploads folder by the list's identity."""
    here = context()
    try:
        import_list(
            here.session_factory,
            list_id,
            here.uploads / str(list_id),
            lambda n_rows: note_progress(here.redis, list_id, n_rows),
        )
    except BadInput:
        return  # the list says why; trying again would find the same file


def _begin(factory: SessionFactory, list_id: int) -> bool:
    with transaction(factory) as session:
        _lock(session, list_id)
        batch = _list(session, list_id)
        was_ready = batch.state == "READY" or (batch.state == "IMPORTING" and batch.n_read > 0)
        batch.state, batch.error = "IMPORTING", ""
        return was_ready


def _load(factory: SessionFactory, list_id: int, path: Path, progress: Progress) -> ImportCounts:
    with transaction(factory) as session:
        _lock(session, list_id)
        batch = _list(session, list_id)
        shape = shape_of(path)
        batch.mapping = check_mapping(batch.mapping, shape.header)
        counts = load_leads(session, batch, _incoming(batch, shape, progress))
        _finish(session, batch, shape, counts)
        return counts


def _incoming(batch: LeadList, shape: FileShape, progress: Progress) -> Iterator[IncomingRow]:
    reader = RowReader(
        shape.header, batch.mapping, check_region(batch.region), batch.has_old_benin_numbers
    )
    n_rows = 0
    for n_rows, row in enumerate(rows_of(shape), 1):
        yield reader.read(row)
        if n_rows % PROGRESS_EVERY == 0:
            progress(n_rows)
    progress(n_rows)


def _finish(session: Session, batch: LeadList, shape: FileShape, counts: ImportCounts) -> None:
    for name in ImportCounts.__dataclass_fields__:
        setattr(batch, name, getattr(counts, name))
    earlier = lists_of_file(session, shape.sha256, besides=batch.id)
    batch.error = f"warning: the same file is in {', '.join(earlier)}" if earlier else ""
    batch.encoding, batch.file_sha256 = shape.encoding, shape.sha256
    batch.state = "READY"
    batch.finished_at = func.now()


def _fail(factory: SessionFactory, list_id: int, was_ready: bool, error: str) -> None:
    with transaction(factory) as session:
        batch = _list(session, list_id)
        batch.state = "READY" if was_ready else "FAILED"
        batch.error, batch.finished_at = error, func.now()


def _list(session: Session, list_id: int) -> LeadList:
    batch = session.get(LeadList, list_id, populate_existing=True)
    if batch is None:
        raise BadInput(f"list {list_id}: there is none")
    return batch


def _lock(session: Session, list_id: int) -> None:
    """One import of a list at a time; the lock goes with the transaction, even by a crash."""
    key = {"space": _LOCK_SPACE, "list_id": list_id}
    lock = text("SELECT pg_try_advisory_xact_lock(:space, CAST(:list_id AS int))")
    if not session.scalar(lock, key):
        raise BadInput(f"list {list_id}: it is being imported already")
