"""Cells that hold numbers: which of them are dates by their format, and how each is written."""

import math
import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from enum import Enum

from dialer.model.import_faults import fault
from dialer.workbook.xml import Attributes, Part, parse

_MAX_FORMATS = 65_536
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Formats that every workbook knows without saying them; 46 is a duration."""
_DURATION = 46
_NO_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
"""What a format shows as it is, colours, conditions and languages."""
_DAY_S = 86_400


class Format(Enum):
    """How a number is meant."""

    NUMBER = "NUMBER"
    DATE = "DATE"
    DURATION = "DURATION"


class Formats:
    """The formats of a workbook's cells, by the cell's style."""

    def __init__(self, styles: Sequence[Format], is_1904: bool) -> None:
        self._styles = styles
        self._is_1904 = is_1904

    def text(self, number: str, style: str) -> str:
        """A number as text: a telephone number typed as one must come out as its digits."""
        meant = self._meant(style) if style else Format.NUMBER
        if meant is Format.NUMBER and number.isascii() and number.isdecimal():
            return number
        try:
            value = float(number)
        except ValueError:
            return number
        if meant is Format.NUMBER or not math.isfinite(value):
            return _number(value)
        return _duration(value) if meant is Format.DURATION else self._instant(value)

    def _meant(self, style: str) -> Format:
        try:
            return self._styles[int(style)]
        except (ValueError, IndexError):
            return Format.NUMBER

    def _instant(self, value: float) -> str:
        days, seconds = divmod(round(value * _DAY_S), _DAY_S)
        clock = time(seconds // 3600, seconds % 3600 // 60, seconds % 60).isoformat()
        if days == 0:
            return clock
        try:
            day = (self._epoch(days) + timedelta(days=days)).isoformat()
        except OverflowError:
            return _number(value)
        return f"{day}T{clock}" if seconds else day

    def _epoch(self, days: int) -> date:
        if self._is_1904:
            return date(1904, 1, 1)
        # day 60 is 29 February 1900, which there never was: one day less before it
        return date(1899, 12, 30) if days > 60 else date(1899, 12, 31)


def formats_of(styles: Part, is_1904: bool) -> Formats:
    """What the workbook's styles say of numbers."""
    codes: dict[str, str] = {}
    found: list[Format] = []
    is_of_cells = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal is_of_cells
        match name:
            case "numFmt":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:255]
            case "cellXfs":
                is_of_cells = True
            case "xf" if is_of_cells:
                found.append(_format(attributes.get("numFmtId", ""), codes))
        if max(len(codes), len(found)) > _MAX_FORMATS:
            raise fault("WORKBOOK_BROKEN", why="too many formats")

    def end(name: str) -> None:
        nonlocal is_of_cells
        is_of_cells = is_of_cells and name != "cellXfs"

    parse(styles, start, end)
    return Formats(found, is_1904)


def _format(identity: str, codes: dict[str, str]) -> Format:
    if identity in codes:
        return _format_of_code(codes[identity])
    if not identity.isdecimal() or int(identity) not in _DATES:
        return Format.NUMBER
    return Format.DURATION if int(identity) == _DURATION else Format.DATE


def _format_of_code(code: str) -> Format:
    shown = _NO_CODE.sub("", code).partition(";")[0].lower()
    if "[" in shown:
        return Format.DURATION
    is_date = "general" not in shown and any(sign in shown for sign in "dmyhs")
    return Format.DATE if is_date else Format.NUMBER


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else str(value)


def _duration(value: float) -> str:
    minutes, seconds = divmod(round(abs(value) * _DAY_S), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if value < 0 else ''}{hours}:{minutes:02}:{seconds:02}"
