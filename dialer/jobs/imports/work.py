"""The work of an import on a list that is held: read, stage, judge, load batch by batch.

Nothing becomes a lead before the whole file was read and staged: a file that turns out to be unfit
leaves nothing behind. From then on each batch is committed by itself, and may be dialled.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import cast

from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from dialer.jobs.imports.course import Course, Phase
from dialer.jobs.imports.reading import staged_pieces
from dialer.jobs.imports.rows import RowRules
from dialer.jobs.imports.shape import FileShape
from dialer.model.call_list import DedupeScope
from dialer.store import import_batches, import_stage
from dialer.store.call_lists import has_leads, is_stopping
from dialer.store.import_stage import Stage
from dialer.store.session import SessionFactory, transaction

N_LOADERS = 2
_GENEROUS = text("""
    SET LOCAL statement_timeout = '30min'; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off
""")


class Stopped(Exception):
    """Somebody asked the import to stop."""


@dataclass(frozen=True, slots=True)
class ImportWork:
    """One import: its list, its file, and who is told how far it is."""

    factory: SessionFactory
    stage: Stage
    shape: FileShape
    rules: RowRules
    scope: DedupeScope
    needs_consent: bool
    course: Course

    def bring_in(self) -> int:
        """Stage and judge the whole file; number of its last row."""
        with self._engine.begin() as connection:
            import_stage.create(connection, self.stage)
        with self._engine.begin() as connection:
            connection.execute(_GENEROUS)
            import_stage.copy(connection, self.stage, self._lines())
        self.course.note(Phase.COMPARING, 0, 0.0)
        with self._engine.begin() as connection:
            connection.execute(_GENEROUS)
            import_stage.judge(connection, self.stage, self.scope, needs_consent=self.needs_consent)
            return import_stage.last_row(connection, self.stage)

    def load(self, last_row: int) -> None:
        """Load the batches that are not committed yet. Raises Stopped between two of them."""
        with transaction(self.factory) as session:
            done = import_batches.done_batches(session.connection(), self.stage.list_id)
            is_known = has_leads(session, self.stage.list_id)
            if not done:
                import_batches.forget_rejected(session.connection(), self.stage.list_id)
        size = import_batches.BATCH_ROWS
        left = [upto for upto in range(size, last_row + size, size) if upto not in done]
        n_rows = 0
        with ThreadPoolExecutor(N_LOADERS) as pool:
            loads = (pool.submit(self._load_batch, upto, is_known) for upto in left)
            for n, load in enumerate(_in_turn(loads, N_LOADERS), 1):
                n_rows += load.result()
                self.course.note(Phase.LOADING, n_rows, n / len(left))
                self._check()

    def forecast(self, last_row: int) -> dict[str, int]:
        """What an import would count, and how many rows have which fault."""
        with self._engine.begin() as connection:
            connection.execute(_GENEROUS)
            import_batches.forget_rejected(connection, self.stage.list_id)
            counts, faults = import_batches.forecast(connection, self.stage, last_row)
        return {**counts.facts(), **faults}

    def throw_away(self) -> None:
        """Drop what was staged."""
        with self._engine.begin() as connection:
            import_stage.drop(connection, self.stage)

    @property
    def _engine(self) -> Engine:
        return cast(Engine, self.factory.kw["bind"])

    def _lines(self) -> Iterator[str]:
        n_rows = n_bytes = 0
        size = self.shape.path.stat().st_size
        for piece in staged_pieces(self.shape, self.rules):
            n_rows, n_bytes = n_rows + piece.n_rows, n_bytes + piece.n_bytes
            self.course.note(Phase.READING, n_rows, n_bytes / size)
            self._check()
            yield piece.lines

    def _check(self) -> None:
        if is_stopping(self.factory, self.stage.list_id):
            raise Stopped

    def _load_batch(self, upto: int, is_known: bool) -> int:
        """Rows of the batch. One that meets numbers nobody expected is loaded once more."""
        after = upto - import_batches.BATCH_ROWS
        for is_last in (False, False, True):
            try:
                with self._engine.begin() as connection:
                    return import_batches.load_batch(
                        connection, self.stage, after, upto, has_leads=is_known
                    ).n_read
            except IntegrityError:
                if is_last:
                    raise
                is_known = True
        raise AssertionError("the last try returns or raises")


def _in_turn(loads: Iterator[Future[int]], n_ahead: int) -> Iterator[Future[int]]:
    """Each future in order; `n_ahead` of them are under way, and no more once the caller stops."""
    waiting = deque(islice(loads, n_ahead))
    while waiting:
        yield waiting.popleft()
        waiting.extend(islice(loads, 1))
