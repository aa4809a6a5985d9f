"""A list file as rows of cells: which encoding, which delimiter, which limits; CSV or XLSX.

Reads a stranger's file: nothing is trusted to be short, text, or rectangular. Knows neither
leads nor the database. Every fault of the file as a whole is a BadInput that says what to do.
"""

import csv
import hashlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from dialer.jobs import xlsx_files
from dialer.model.errors import BadInput

MAX_BYTES = 500_000_000
MAX_COLUMNS = 200
MAX_LINE = 65_536
"""Characters of one line; also the longest cell."""
DELIMITERS = ";,\t|"
"""In order of preference where a file fits several."""
SAMPLE_LINES = 10
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileShape:
    """How to read a file. `encoding` is "xlsx" for a workbook, which has no delimiter."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row. `number`: as a spreadsheet counts, the header being 1. `line`: as in the file."""

    number: int
    line: str
    cells: list[str]


def shape_of(path: Path) -> FileShape:
    """Look at the whole file once. Raises BadInput when it cannot be read as a list."""
    size = path.stat().st_size
    if size == 0:
        raise BadInput("file: it is empty")
    if size > MAX_BYTES:
        raise BadInput(f"file: {size:,} bytes; at most {MAX_BYTES:,} are taken")
    digest, encoding = _scan(path)
    delimiter = "" if encoding == xlsx_files.ENCODING else _delimiter(path, encoding)
    first = next(_raw_rows(path, encoding, delimiter), None)
    if first is None:
        raise BadInput("file: it holds no header row")
    return FileShape(path, encoding, delimiter, _header(first.cells), digest)


def rows_of(shape: FileShape) -> Iterator[FileRow]:
    """Rows after the header."""
    rows = _raw_rows(shape.path, shape.encoding, shape.delimiter)
    next(rows, None)
    return rows


def _scan(path: Path) -> tuple[str, str]:
    """Digest and encoding, in one pass over the bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(0)
        known = _marked_encoding(head)
        decoder = None if known else getincrementaldecoder("utf-8")()
        is_utf8 = True
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if not known and b"\0" in chunk:
                raise BadInput("file: it holds NUL bytes; save it as CSV in UTF-8")
            if decoder and is_utf8:
                is_utf8 = _decodes(decoder, chunk, len(chunk) < _CHUNK)
    return digest.hexdigest(), known or ("utf-8" if is_utf8 else "cp1252")


def _marked_encoding(head: bytes) -> str:
    if head.startswith(BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    return xlsx_files.ENCODING if head.startswith(b"PK\x03\x04") else ""


def _decodes(decoder: object, chunk: bytes, is_last: bool) -> bool:
    try:
        decoder.decode(chunk, is_last)  # type: ignore[attr-defined]
    except UnicodeDecodeError:
        return False
    return True


def _raw_rows(path: Path, encoding: str, delimiter: str) -> Iterator[FileRow]:
    """Rows that hold anything at all; the header is the first of them."""
    rows = _all_rows(path, encoding, delimiter)
    return (row for row in rows if "".join(row.cells).strip())


def _all_rows(path: Path, encoding: str, delimiter: str) -> Iterator[FileRow]:
    if encoding == xlsx_files.ENCODING:
        rows = xlsx_files.cell_rows(path)
        return (FileRow(n, ";".join(cells), cells) for n, cells in enumerate(rows, 1))
    return _csv_rows(path.open(encoding=encoding, newline=""), encoding, delimiter)


def _csv_rows(file: TextIO, encoding: str, delimiter: str) -> Iterator[FileRow]:
    with file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=delimiter)
        number = 0
        try:
            for cells in reader:
                number += 1
                yield FileRow(number, lines.taken(), cells)
        except UnicodeDecodeError as error:
            raise BadInput(f"file: after row {number}: not readable as {encoding}") from error
        except csv.Error as error:
            raise BadInput(f"file: after row {number}: {error}") from error


class _Lines:
    """Lines of a file under the limits, remembering those taken since last asked."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._file.readline(MAX_LINE + 1)
        if not line:
            raise StopIteration
        if len(line) > MAX_LINE:
            raise csv.Error(f"a line is longer than {MAX_LINE} characters")
        if "\0" in line:
            raise csv.Error("a line holds a NUL character")
        self._taken.append(line)
        return line

    def taken(self) -> str:
        """The lines of the row just read, without the last line's end."""
        taken = self._taken[0] if len(self._taken) == 1 else "".join(self._taken)
        self._taken = []
        return taken.rstrip("\r\n")


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        try:
            lines = [line for line, _ in zip(_Lines(file), range(SAMPLE_LINES), strict=False)]
        except UnicodeDecodeError as error:
            raise BadInput(f"file: its first lines are not readable as {encoding}") from error
        except csv.Error as error:
            raise BadInput(f"file: in its first lines: {error}") from error
    return max(DELIMITERS, key=lambda delimiter: _fitness(lines, delimiter))


def _fitness(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many lines agree with the header's number of cells, and that number."""
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:
        return 0, 0
    if not widths or widths[0] < 2:
        return 0, 0
    return widths.count(widths[0]), widths[0]


def _header(cells: list[str]) -> tuple[str, ...]:
    """Column names, each once, none empty."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise BadInput(f"file: {len(cells)} columns; at most {MAX_COLUMNS} are taken")
    names: list[str] = []
    for position, cell in enumerate(cells, 1):
        name = " ".join(cell.split())[:100] or f"column {position}"
        names.append(name if name not in names else f"{name} ({position})")
    return tuple(names)
