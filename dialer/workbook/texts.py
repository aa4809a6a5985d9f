"""Shared texts: a sheet's cells name them by position. They lie on disk, their places in memory."""

import os
import re
import tempfile
from array import array
from pathlib import Path
from typing import Self

from dialer.model.import_faults import fault
from dialer.workbook.xml import Attributes, Part, parse

MAX_TEXTS = 20_000_000
"""80 MB of places."""
MAX_CELL = 32_767
"""Characters of a cell: no spreadsheet takes more."""
_KEPT = 10_000
_SHORT = 200
"""Bytes of a text that is kept in memory for the next cell that has it."""
_BLOCK = 4096
"""Bytes that are read at once: no dearer than a few of them."""
_WRITTEN_AT_ONCE = 1 << 20
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Texts:
    """The shared texts, in a file without a name in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, buffering=_WRITTEN_AT_ONCE)  # noqa: SIM115
        self._ends = array("I", [0])
        self._block, self._block_at = b"", 0
        self._kept: dict[int, str] = {}
        self._written = ""
        self._is_text = False
        self._is_phonetic = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def read(self, part: Part) -> None:
        """Take in the part that holds them."""
        parse(part, self._begin, self._end, self._text)
        self._file.flush()

    def __getitem__(self, position: int) -> str:
        """Raises BadInput for a text that is not there."""
        text = self._kept.get(position)
        return self._fetched(position) if text is None else text

    def _fetched(self, position: int) -> str:
        if not 0 <= position < len(self._ends) - 1:
            raise fault("WORKBOOK_BROKEN", why=f"it has no text {position}")
        begin, end = self._ends[position], self._ends[position + 1]
        text = self._bytes(begin, end).decode()
        if end - begin <= _SHORT:
            if len(self._kept) == _KEPT:
                self._kept.clear()
            self._kept[position] = text
        return text

    def _bytes(self, begin: int, end: int) -> bytes:
        """A sheet names its texts nearly in order: what is read ahead is asked for next."""
        if not self._block_at <= begin <= end <= self._block_at + len(self._block):
            self._block = os.pread(self._file.fileno(), max(end - begin, _BLOCK), begin)
            self._block_at = begin
        return self._block[begin - self._block_at : end - self._block_at]

    def _begin(self, name: str, _attributes: Attributes) -> None:
        if name == "t":
            self._is_text = not self._is_phonetic
        elif name == "rPh":
            self._is_phonetic = True

    def _text(self, piece: str) -> None:
        if self._is_text:
            self._written = longer(self._written, piece)

    def _end(self, name: str) -> None:
        if name == "t":
            self._is_text = False
        elif name == "si":
            self._add(plain(self._written))
            self._written = ""
        elif name == "rPh":
            self._is_phonetic = False

    def _add(self, text: str) -> None:
        if len(self._ends) > MAX_TEXTS:
            raise fault("TOO_MANY_TEXTS", most=MAX_TEXTS)
        data = text.encode(errors="replace")
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))


def longer(text: str, piece: str) -> str:
    """The text that came so far and its next piece. Raises BadInput for more than a cell takes."""
    if len(text) + len(piece) > MAX_CELL:
        raise fault("CELL_TOO_LONG", most=MAX_CELL)
    return text + piece


def plain(text: str) -> str:
    """The text with what XML cannot hold, and a workbook escapes; without NUL."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\0", "")
