"""One row of a list file to one incoming lead, or to the reason why it is none."""

import re
from collections.abc import Mapping, Sequence

import orjson

from dialer.jobs.columns import FIRST_NAME, NAME, NUMBER
from dialer.jobs.list_files import FileRow
from dialer.store.lead_import import IncomingRow
from dialer.store.numbers import normalised, zone_of

NAME_LENGTH = 200
FIELD_LENGTH = 2000
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+"
)
"""Control characters, line ends, and marks that turn or hide text."""


class RowReader:
    """Turns rows into incoming leads, for one header, mapping and region."""

    def __init__(
        self, header: Sequence[str], mapping: Mapping[str, str], region: str, has_old_benin: bool
    ) -> None:
        places = {column: i for i, column in enumerate(header)}
        self._width = len(header)
        self._region = region
        self._has_old_benin = has_old_benin
        self._number = places[mapping[NUMBER]]
        self._names = [places[mapping[f]] for f in (FIRST_NAME, NAME) if f in mapping]
        used = {self._number, *self._names}
        self._others = [(name, i) for name, i in places.items() if i not in used]

    def read(self, row: FileRow) -> IncomingRow:
        """The row for the staging table; `code` says why it is rejected, empty when it is not."""
        cells = row.cells
        if len(cells) < self._width:
            cells = cells + [""] * (self._width - len(cells))
        elif any(cell.strip() for cell in cells[self._width :]):
            return _rejected(row, "TOO_MANY_CELLS", f"{len(cells)} cells")
        written = cells[self._number].strip()
        if not written:
            return _rejected(row, "NO_NUMBER", "")
        number = normalised(written, self._region, self._has_old_benin)
        if number is None:
            return _rejected(row, "BAD_NUMBER", clean(written, 60))
        zone = zone_of(number, self._region)
        return (row.number, number, zone, self._name(cells), self._fields(cells), "", "", row.line)

    def _name(self, cells: Sequence[str]) -> str:
        if len(self._names) == 1:
            return clean(cells[self._names[0]], NAME_LENGTH)
        return clean(" ".join([cells[i] for i in self._names]), NAME_LENGTH)

    def _fields(self, cells: Sequence[str]) -> str:
        others = {name: clean(cells[i], FIELD_LENGTH) for name, i in self._others if cells[i]}
        return orjson.dumps(others).decode()


def clean(text: str, length: int) -> str:
    """`text` on one line without what cannot be seen, at most `length` characters."""
    if not text.isprintable():
        text = _UNSEEN.sub(" ", text)
    return " ".join(text.split())[:length]


def _rejected(row: FileRow, code: str, detail: str) -> IncomingRow:
    return (row.number, "", "", "", "{}", code, detail, row.line)
