"""Rows of a list file to rows of the staging table, or to the reason why they are none.

This runs for every row of a million, in several processes: what most rows do not need (broken
bytes, hidden signs, quotes) is looked for once per line and done only where it is found.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import orjson

from dialer.jobs.imports.columns import ColumnRole, columns_of, field_name
from dialer.jobs.imports.encodings import BROKEN
from dialer.jobs.imports.records import MAX_RECORD, FileRow
from dialer.jobs.imports.tame import clean, is_tame
from dialer.model.call_list import RowFault
from dialer.policy.places import joined, zone_written
from dialer.policy.postcodes import places_of_postcode
from dialer.store.numbers import Reading, reader_for

SEPARATOR = "\x1f"
"""Between the columns of a staged line: no tame text holds it."""
NAME_LENGTH = 200
FIELD_LENGTH = 2000
WAY_LENGTH = 100
LINE_KEPT = 2000
"""Characters of a row as the file had it, for the report of those that became no lead."""
DETAIL_LENGTH = 60
_EXPONENT = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})(?:[ T].*)?", re.ASCII)
_NOTHING = ("", "", "", "", "{}", "{}", "", "", "")
"""The columns of a row that became no lead, up to the reason."""
_R = ColumnRole


@dataclass(frozen=True, slots=True)
class RowRules:
    """How the rows of one import are read; goes to the processes that read them."""

    header: tuple[str, ...]
    mapping: Mapping[str, str]
    region: str
    has_old_benin: bool


class _Unfit(Exception):
    """The row becomes no lead."""

    def __init__(self, why: RowFault, detail: str = "") -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


class RowReader:
    """Turns rows into lines of the staging table."""

    def __init__(self, rules: RowRules) -> None:
        places = {column: place for place, column in enumerate(rules.header)}

        def places_of(role: ColumnRole) -> list[int]:
            return [places[column] for column in columns_of(rules.mapping, role)]

        self._rules = rules
        self._header = [cell.strip() for cell in rules.header]
        self._width = len(rules.header)
        self._read_number = reader_for(rules.region, rules.has_old_benin)
        (self._number,) = places_of(_R.NUMBER)
        self._others = places_of(_R.OTHER_NUMBER)
        self._names = places_of(_R.FIRST_NAME) + places_of(_R.NAME)
        self._consent = next(iter(places_of(_R.CONSENT)), None)
        self._consent_at = next(iter(places_of(_R.CONSENT_AT)), None)
        self._consent_way = next(iter(places_of(_R.CONSENT_WAY)), None)
        self._postcode = next(iter(places_of(_R.POSTCODE)), None)
        self._zone = next(iter(places_of(_R.TIME_ZONE)), None)
        roles = {column: rules.mapping.get(column, _R.FIELD) for column in rules.header}
        named = ((field_name(column, role), places[column]) for column, role in roles.items())
        self._fields = [(name, place) for name, place in named if name]

    def read(self, rows: Iterable[FileRow]) -> str:
        """The rows as lines for COPY."""
        return "".join([self._line(row) for row in rows])

    def _line(self, row: FileRow) -> str:
        try:
            return self._lead(row)
        except _Unfit as unfit:
            return _escaped(row, (*_NOTHING, unfit.why, clean(unfit.detail, DETAIL_LENGTH)))

    def _lead(self, row: FileRow) -> str:
        line = row.line
        is_plain = is_tame(line) and len(line) <= FIELD_LENGTH and not row.is_cut
        if not is_plain:
            _check_text(row)
        cells = row.cells if len(row.cells) == self._width else self._squared(row.cells)
        if not is_plain:
            cells = [clean(cell, FIELD_LENGTH) for cell in cells]
        number, zone, others = self._numbers(cells)
        place = self._place_of(cells)
        zone = joined(zone, place) if place else zone
        consent = self._consent_of(cells)
        names = [cells[place].strip() for place in self._names]
        name = (" ".join(names) if len(names) > 1 else names[0] if names else "").strip()
        fields = {n: cell for n, place in self._fields if (cell := cells[place].strip())}
        columns = (
            number, zone, place, name[:NAME_LENGTH], orjson.dumps(fields).decode(), others,
            *consent, "", "",
        )  # fmt: skip
        if not is_plain or '"' in line or "\\" in line:
            return _escaped(row, columns)
        return SEPARATOR.join((str(row.number), *columns, line)) + "\n"

    def _squared(self, cells: Sequence[str]) -> list[str]:
        """As many cells as the header has; only blank ones are dropped."""
        if any(cell.strip() for cell in cells[self._width :]):
            raise _Unfit(RowFault.TOO_MANY_CELLS, str(len(cells)))
        return [*cells[: self._width], *[""] * (self._width - len(cells))]

    def _numbers(self, cells: Sequence[str]) -> tuple[str, str, str]:
        """The number that is dialled first, its zone, and the valid others as an array."""
        written = cells[self._number].strip()
        first = self._read_number(written)
        if first is not None and not self._others:
            return first.number, first.time_zone, "{}"
        others = [self._read_number(cells[place].strip()) for place in self._others]
        found = {reading.number: reading for reading in (first, *others) if reading}
        if not found:
            first = self._exact(written, cells)
            found[first.number] = first
        number, *rest = found
        return number, found[number].time_zone, "{" + ",".join(rest) + "}"

    def _exact(self, written: str, cells: Sequence[str]) -> Reading:
        """What a spreadsheet made 6,12345678E+08 still has all its digits; else why it is none."""
        if not written:
            raise _Unfit(RowFault.NO_NUMBER)
        if [cell.strip() for cell in cells] == self._header:
            raise _Unfit(RowFault.HEADER_AGAIN)
        if exponent := _EXPONENT.fullmatch(written.replace(" ", "")):
            return self._unfolded(exponent, written)
        raise _Unfit(RowFault.BAD_NUMBER, written)

    def _unfolded(self, exponent: re.Match[str], written: str) -> Reading:
        """6,12345678E+08 has all its digits; 3,36E+10 has lost most of them."""
        digits = exponent[1] + (exponent[2] or "")
        is_whole = len(digits) == int(exponent[3]) + 1
        found = self._read_number(digits) or self._read_number(f"+{digits}")
        if not is_whole or found is None:
            raise _Unfit(RowFault.CUT_NUMBER, written)
        return found

    def _place_of(self, cells: Sequence[str]) -> str:
        """Where the person may be by postcode and time zone; a postcode of nowhere says nothing."""
        by_code = by_field = ""
        if self._postcode is not None:
            by_code = places_of_postcode(self._rules.region, cells[self._postcode])
        if self._zone is not None and (written := cells[self._zone].strip()):
            by_field = zone_written(written) or ""
            if not by_field:
                raise _Unfit(RowFault.BAD_TIME_ZONE, written)
        return joined(by_code, by_field) if by_code or by_field else ""

    def _consent_of(self, cells: Sequence[str]) -> tuple[str, str, str]:
        """The evidence, the day of the consent, and by what way it was given."""
        evidence = "" if self._consent is None else cells[self._consent].strip()
        if not evidence:
            return "", "", ""
        written = "" if self._consent_at is None else cells[self._consent_at].strip()
        way = "" if self._consent_way is None else cells[self._consent_way].strip()
        return evidence, _instant(written) if written else "", way[:WAY_LENGTH]


def _check_text(row: FileRow) -> None:
    if row.is_cut or len(row.line) > MAX_RECORD:
        raise _Unfit(RowFault.TOO_LONG, str(len(row.line)))
    if "\0" in row.line:
        raise _Unfit(RowFault.NUL_CHARACTER)
    if BROKEN.search(row.line):
        raise _Unfit(RowFault.BAD_BYTES)


def _instant(written: str) -> str:
    """A day or instant, ISO or day first (UTC where it names no zone), as PostgreSQL reads it."""
    try:
        if found := _DAY_FIRST.fullmatch(written):
            return date(int(found[3]), int(found[2]), int(found[1])).isoformat() + "T00:00:00+00:00"
        told = datetime.fromisoformat(written)
    except ValueError:
        raise _Unfit(RowFault.BAD_CONSENT_DATE, written) from None
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).isoformat()


def _escaped(row: FileRow, columns: Sequence[str]) -> str:
    """A line of the staging table in which what COPY takes for signs is escaped."""
    line = BROKEN.sub("\ufffd", row.line[:LINE_KEPT]).replace("\0", "\u2400")
    cells = [str(row.number), *columns, line.replace(SEPARATOR, "\u241f")]
    return SEPARATOR.join([_escape(cell) for cell in cells]) + "\n"


def _escape(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
