"""CSV as blocks of whole records, and a block's records one by one.

A file is cut into blocks that several processes read at once. Nearly every list is plain: no
quotes, so that lines are records and a split finds the cells. Where a quote occurs, the csv module
decides where records end; both ways find the same rows.
"""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dialer.model.import_faults import fault

BLOCK_BYTES = 1 << 20
MAX_RECORD = 65_536
"""Bytes of one record: a longer one is a quote that was never closed."""
SURROGATES = "surrogateescape"


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records. `first_row`: the number of its first, as a spreadsheet counts."""

    first_row: int
    data: bytes


class FileRow(NamedTuple):
    """One row. `number`: as a spreadsheet counts. `line`: as in the file, without its end.

    `is_cut`: the row is too long to be read.
    """

    number: int
    line: str
    cells: list[str]
    is_cut: bool = False


def blocks_of(path: Path, codec: str, delimiter: str) -> Iterator[Block]:
    """The file in order. Raises BadInput at a record that does not end."""
    number, rest = 1, b""
    with path.open("rb") as file:
        if file.read(len(BOM_UTF8)) != BOM_UTF8:
            file.seek(0)
        while chunk := file.read(BLOCK_BYTES):
            data = rest + chunk
            end, n_records = _whole(data, number, codec, delimiter)
            if end:
                yield Block(number, data[:end])
            number, rest = number + n_records, data[end:]
            if len(rest) > BLOCK_BYTES:
                raise fault("FILE_RECORD_TOO_LONG", row=number - 1, most=MAX_RECORD)
    if rest:
        yield Block(number, rest)


def rows_in(block: Block, codec: str, delimiter: str) -> Iterator[FileRow]:
    """The records of a block, blank ones too."""
    text = block.data.decode(codec, SURROGATES)
    if not _is_plain(block.data):
        yield from _quoted_rows(text, block.first_row, delimiter)
        return
    for number, line in enumerate(_plain_lines(text), block.first_row):
        is_cut = len(line) > MAX_RECORD
        yield FileRow(number, line, [] if is_cut else line.split(delimiter), is_cut)


def _plain_lines(text: str) -> list[str]:
    lines = (text.replace("\r\n", "\n") if "\r" in text else text).split("\n")
    if lines[-1] == "":
        lines.pop()
    return lines


def _is_plain(data: bytes) -> bool:
    """Whether each line is a record."""
    return b'"' not in data and data.count(b"\r") == data.count(b"\r\n")


def _whole(data: bytes, number: int, codec: str, delimiter: str) -> tuple[int, int]:
    """How many bytes of `data` hold whole records, and how many records those are."""
    if _is_plain(data):
        return data.rfind(b"\n") + 1, data.count(b"\n")
    lines = _Lines(data.decode(codec, SURROGATES))
    n_records, n_lines = 0, 0
    for _cells in _records(lines, delimiter):
        _check_end(lines.lines[n_lines : lines.n_taken], number + n_records - 1)
        if lines.may_go_on():
            break
        n_records, n_lines = n_records + 1, lines.n_taken
    return len("".join(lines.lines[:n_lines]).encode(codec, SURROGATES)), n_records


def _check_end(record: list[str], row: int) -> None:
    """One long line is a bad row; many lines in one record are a quote that was never closed."""
    if len(record) > 1 and sum(map(len, record)) > MAX_RECORD:
        raise fault("FILE_RECORD_TOO_LONG", row=row, most=MAX_RECORD)


def _quoted_rows(text: str, first_row: int, delimiter: str) -> Iterator[FileRow]:
    lines = _Lines(text)
    begun = 0
    for number, cells in enumerate(_records(lines, delimiter), first_row):
        line = "".join(lines.lines[begun : lines.n_taken]).rstrip("\r\n")
        begun = lines.n_taken
        is_cut = cells is None or len(line) > MAX_RECORD
        yield FileRow(number, line, [] if cells is None or is_cut else cells, is_cut)


def _records(lines: "_Lines", delimiter: str) -> Iterator[list[str] | None]:
    """Cells of each record; None for one that the csv module refuses."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield None
            continue
        if cells is None:
            return
        yield cells


class _Lines:
    """Lines with their ends, as the csv module takes them; knows how many were taken."""

    def __init__(self, text: str) -> None:
        self.lines = list(io.StringIO(text, newline=""))
        self.n_taken = 0
        self._is_dry = False

    def may_go_on(self) -> bool:
        """Whether what follows the text could belong to the record taken last."""
        last = self.n_taken == len(self.lines)
        return self._is_dry or (last and not self.lines[-1].endswith("\n"))

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.n_taken == len(self.lines):
            self._is_dry = True
            raise StopIteration
        self.n_taken += 1
        return self.lines[self.n_taken - 1]
