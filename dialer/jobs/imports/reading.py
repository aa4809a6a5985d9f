"""A file's rows as staged lines, read by several processes where it is large.

The blocks go out in order and their lines come back in order; a few are under way at a time, so
that neither a large file nor a slow database fills the memory.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from dialer.jobs.imports.records import Block
from dialer.jobs.imports.rows import RowReader, RowRules
from dialer.jobs.imports.shape import FileShape, blocks, data_rows

N_PROCESSES = 2
WORTH_BYTES = 8_000_000
"""A smaller file is read here, before processes would have started."""
UNDER_WAY = 4
"""Blocks given out before the first is asked for."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Staged lines, and how many rows and bytes of the file they are."""

    lines: str
    n_rows: int
    n_bytes: int


def staged_pieces(shape: FileShape, rules: RowRules) -> Iterator[Piece]:
    """The whole file. Raises BadInput at a record that does not end."""
    if shape.path.stat().st_size < WORTH_BYTES:
        reader = RowReader(rules)
        return (_piece(shape, reader, block) for block in blocks(shape))
    return _by_processes(shape, rules)


def _by_processes(shape: FileShape, rules: RowRules) -> Iterator[Piece]:
    pool = ProcessPoolExecutor(
        N_PROCESSES, mp_context=get_context("spawn"), initializer=_prepare, initargs=(shape, rules)
    )
    waiting: deque[Future[Piece]] = deque()
    try:
        for block in blocks(shape):
            waiting.append(pool.submit(_read, block))
            if len(waiting) > UNDER_WAY:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


_shape: FileShape
_reader: RowReader


def _prepare(shape: FileShape, rules: RowRules) -> None:
    """What a reading process holds for its life."""
    global _shape, _reader
    _shape, _reader = shape, RowReader(rules)


def _read(block: Block) -> Piece:
    return _piece(_shape, _reader, block)


def _piece(shape: FileShape, reader: RowReader, block: Block) -> Piece:
    lines = reader.read(data_rows(shape, block))
    return Piece(lines, lines.count("\n"), len(block.data))
