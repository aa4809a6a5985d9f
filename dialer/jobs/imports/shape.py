"""A list's file as one kind of thing: plain CSV, with its header found.

Workbooks, archives and UTF-16 are written out as plain CSV beside the file (`forget` removes it).
A stranger's file: nothing is trusted to be short, text, or rectangular. Knows neither leads nor
the database. Every fault of the file as a whole is a BadInput that says what to do.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from dialer.jobs.imports import archives, workbooks
from dialer.jobs.imports.columns import NUMBER_LIKE, names_number
from dialer.jobs.imports.encodings import ARCHIVE, UTF16, WORKBOOK, scan
from dialer.jobs.imports.records import SURROGATES, Block, FileRow, blocks_of, rows_in
from dialer.jobs.imports.tame import clean
from dialer.model.import_faults import fault

MAX_BYTES = 500_000_000
MAX_COLUMNS = 200
DELIMITERS = ";,\t|"
"""In order of preference where a file fits several."""
SAMPLE_BYTES = 65_536
HEADER_WITHIN = 30
"""Rows among which the header is looked for: exports put titles above it."""
SAMPLE_ROWS = 50
NAME_LENGTH = 100
_CHUNK = 1 << 20

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class FileShape:
    """How to read a file. `encoding` is what was sent ("xlsx" for a workbook), `codec` what the
    plain file at `path` has. `header_row` is 0 where no row names the columns."""

    path: Path
    encoding: str
    codec: str
    delimiter: str
    header: tuple[str, ...]
    header_row: int
    sha256: str
    sample: tuple[tuple[str, ...], ...]
    """The first rows below the header."""


class Aside(Protocol):
    """Runs work of the processor where it holds up nobody, and gives its answer."""

    def __call__(
        self, function: Callable[Given, Answer], *arguments: Given.args, **named: Given.kwargs
    ) -> Answer: ...


def directly(
    function: Callable[Given, Answer], *arguments: Given.args, **named: Given.kwargs
) -> Answer:
    """Here and now: nobody else waits."""
    return function(*arguments, **named)


def shape_of(path: Path, aside: Aside = directly) -> FileShape:
    """Look at the whole file once. Raises BadInput when it cannot be read as a list.

    Only pieces of it go `aside`, for a workbook is read by another process: gevent can wait for
    one on the hub's own thread, and on no other.
    """
    _check_size(path)
    found = aside(scan, path)
    plain, encoding, codec = _plain(path, found.encoding, aside)
    delimiter, rows = _first_rows(plain, codec)
    header_row, cells = _find_header(rows)
    below = [tuple(row.cells) for row in rows if row.number > header_row]
    return FileShape(
        plain, encoding, codec, delimiter, _header(cells), header_row, found.sha256,
        tuple(below[:SAMPLE_ROWS]),
    )  # fmt: skip


def blocks(shape: FileShape) -> Iterator[Block]:
    """The plain file in blocks of whole records, what stands above the header included."""
    return blocks_of(shape.path, shape.codec, shape.delimiter)


def data_rows(shape: FileShape, block: Block) -> Iterator[FileRow]:
    """Rows of a block that stand below the header and hold anything at all."""
    for row in rows_in(block, shape.codec, shape.delimiter):
        if row.number > shape.header_row and (row.is_cut or "".join(row.cells).strip()):
            yield row


def forget(path: Path) -> None:
    """Remove what was written beside the file."""
    for beside in (_beside(path, "plain"), _beside(path, "unpacked")):
        beside.unlink(missing_ok=True)


def _check_size(path: Path) -> None:
    if not path.exists():
        raise fault("FILE_MISSING")
    size = path.stat().st_size
    if size == 0:
        raise fault("FILE_EMPTY")
    if size > MAX_BYTES:
        raise fault("FILE_TOO_LARGE", size=size, most=MAX_BYTES)


def _beside(path: Path, kind: str) -> Path:
    return path.with_name(f"{path.name}.{kind}")


def _plain(path: Path, encoding: str, aside: Aside) -> tuple[Path, str, str]:
    """The plain file, the encoding as it was sent, and the plain file's codec."""
    if encoding == ARCHIVE and not archives.is_workbook(path):
        packed = _beside(path, "unpacked")
        aside(archives.unpack_list, path, packed, MAX_BYTES)
        inner = aside(scan, packed).encoding
        if inner == ARCHIVE and not archives.is_workbook(packed):
            raise fault("ARCHIVE_CONTENT", n=0)
        path, encoding = packed, inner
    if encoding == ARCHIVE:
        return _written(path, WORKBOOK, aside), WORKBOOK, "utf-8"
    if encoding in UTF16:
        return _written(path, encoding, aside), encoding, "utf-8"
    return path, encoding, "cp1252" if encoding == "cp1252" else "utf-8"


def _written(path: Path, encoding: str, aside: Aside) -> Path:
    """The plain file beside `path`; written once, since a preview is looked at often."""
    plain = _beside(path, "plain")
    if plain.exists() and plain.stat().st_mtime_ns > path.stat().st_mtime_ns:
        return plain
    half = _beside(path, "half")
    if encoding == WORKBOOK:
        workbooks.write_csv(path, half, MAX_BYTES)
    else:
        aside(_recode, path, half, encoding)
    half.rename(plain)
    return plain


def _recode(path: Path, target: Path, encoding: str) -> None:
    with (
        path.open(encoding=encoding, errors="replace", newline="") as file,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        while text := file.read(_CHUNK):
            out.write(text)


def _first_rows(plain: Path, codec: str) -> tuple[str, list[FileRow]]:
    """The delimiter, and the first rows that hold anything."""
    with plain.open("rb") as file:
        data = file.read(SAMPLE_BYTES).removeprefix(b"\xef\xbb\xbf")
    text = data.decode(codec, SURROGATES)
    delimiter = max(DELIMITERS, key=lambda sign: _fitness(text, sign))
    rows = rows_in(Block(1, data), codec, delimiter)
    held = [row for row in rows if "".join(row.cells).strip()]
    if not held:
        raise fault("FILE_NO_HEADER")
    return delimiter, held


def _fitness(text: str, delimiter: str) -> tuple[int, int]:
    """How many rows have the commonest number of cells beyond one, and that number."""
    try:
        rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
        widths = Counter(len(cells) for cells in rows if len(cells) > 1)
    except csv.Error:
        return 0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return count, width


def _find_header(sample: Sequence[FileRow]) -> tuple[int, list[str]]:
    """The row that names the columns, and the names; 0 and stand-ins where there is none."""
    first = sample[:HEADER_WITHIN]
    widths = Counter(_width(row.cells) for row in first)
    usual = max(widths, key=lambda width: (widths[width], width))
    named = (row for row in first if _names(row.cells) and names_number(row.cells))
    likely = (row for row in first if _width(row.cells) >= usual)
    row = next(named, None) or next(likely, first[0])
    if _names(row.cells):
        return row.number, row.cells
    return 0, [""] * max(_width(row.cells) for row in first)


def _width(cells: Sequence[str]) -> int:
    """Cells up to the last that holds anything."""
    return max((i for i, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _names(cells: Sequence[str]) -> bool:
    """Whether a row could name columns: it holds no telephone number and no address."""
    return not any(NUMBER_LIKE.fullmatch(cell.strip()) or "@" in cell for cell in cells)


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    """Column names, each once, none empty."""
    cells = cells[: _width(cells) or len(cells)]
    if len(cells) > MAX_COLUMNS:
        raise fault("FILE_TOO_MANY_COLUMNS", n=len(cells), most=MAX_COLUMNS)
    names: list[str] = []
    for position, cell in enumerate(cells, 1):
        name = clean(cell, NAME_LENGTH) or f"column {position}"
        names.append(name if name not in names else f"{name} ({position})")
    return tuple(names)
