"""The rows of a sheet, each written as it ends; rows and cells that are left out are blank."""

from collections.abc import Callable, Iterable

from dialer.model.import_faults import fault
from dialer.workbook.formats import Formats
from dialer.workbook.texts import Texts, longer, plain
from dialer.workbook.xml import Attributes, Part, parse

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
_DIGITS = "0123456789"
_A = ord("A") - 1


def read_rows(
    part: Part,
    texts: Texts,
    formats: Formats,
    write: Callable[[Iterable[str]], object],
) -> None:
    """Give each row of the sheet to `write`, in order."""
    rows = _Rows(texts, formats, write)
    parse(part, rows.start, rows.end, rows.text)


class _Rows:
    """What the parser has seen of the row that it is in."""

    def __init__(
        self, texts: Texts, formats: Formats, write: Callable[[Iterable[str]], object]
    ) -> None:
        self._texts, self._formats, self._write = texts, formats, write
        self._n_written = 0
        self._row = 0
        self._cells: list[str] = []
        self._column = 0
        self._cell: Attributes = {}
        self._written = ""
        self._is_text = False
        self._is_phonetic = False
        self._columns: dict[str, int] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._cell = attributes
        elif name == "v":
            self._is_text = True
        elif name == "t":
            self._is_text = self._cell.get("t") == "inlineStr" and not self._is_phonetic
        elif name == "row":
            self._begin_row(attributes.get("r", ""))
        elif name == "rPh":
            self._is_phonetic = True

    def text(self, piece: str) -> None:
        if self._is_text:
            self._written = longer(self._written, piece)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._is_text = False
        elif name == "c":
            self._end_cell(self._cell)
        elif name == "row":
            self._write(self._cells)
            self._n_written = self._row
        elif name == "rPh":
            self._is_phonetic = False

    def _begin_row(self, position: str) -> None:
        self._row = int(position) if position.isdecimal() else self._row + 1
        if not self._n_written < self._row <= MAX_ROWS:
            raise fault("WORKBOOK_BROKEN", why=f"row {self._row} after row {self._n_written}")
        for _blank in range(self._n_written + 1, self._row):
            self._write(())
        self._cells, self._column = [], 0

    def _end_cell(self, cell: Attributes) -> None:
        reference = cell.get("r")
        if reference is None:
            column = self._column + 1
        else:
            letters = reference.rstrip(_DIGITS)
            column = self._columns.get(letters) or self._numbered(letters)
        if column > MAX_COLUMNS:
            raise fault("WORKBOOK_BROKEN", why=f"row {self._row} has a cell past the last column")
        self._column = column
        if self._written:
            cells = self._cells
            if column > len(cells):
                cells.extend([""] * (column - len(cells)))
            cells[column - 1] = self._value(cell, self._written)
            self._written = ""

    def _value(self, cell: Attributes, written: str) -> str:
        kind = cell.get("t", "n")
        if kind == "s":
            return self._texts[int(written)]
        if kind == "n":
            return self._formats.text(written, cell.get("s", ""))
        if kind == "b":
            return str(written == "1")
        return "" if kind == "e" else plain(written)

    def _numbered(self, letters: str) -> int:
        column = self._columns[letters] = _column(letters)
        return column


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        if not "A" <= letter <= "Z" or column > MAX_COLUMNS:
            raise fault("WORKBOOK_BROKEN", why=f"no column is called {letters[:20]!r}")
        column = column * 26 + ord(letter) - _A
    if not column:
        raise fault("WORKBOOK_BROKEN", why="a cell without a column")
    return column
