"""What a file's bytes are: text in which encoding, a workbook, an archive; and its digest.

Bytes that the encoding cannot have become lone surrogates, by which the rows that hold them are
found and rejected; one broken row is no reason to refuse, or to misread, all others.
"""

import hashlib
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from dataclasses import dataclass
from pathlib import Path

from dialer.model.import_faults import fault

WORKBOOK, ARCHIVE = "xlsx", "zip"
UTF16 = frozenset({"utf-16", "utf-16-le", "utf-16-be"})
BROKEN = re.compile("[\ud800-\udfff]")
"""What is left of bytes that could not be read."""
_CHUNK = 1 << 20
_HEAD = 4096
_BINARY = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
"""Control characters that no text has; the rest of them are found row by row."""
_MOST_BINARY = 0.02
_SOME_BINARY = 8
"""A share, and a number below which it may be a slip in a short text."""


@dataclass(frozen=True, slots=True)
class Scan:
    """`encoding`: one of Python's, or WORKBOOK or ARCHIVE."""

    encoding: str
    sha256: str


def scan(path: Path) -> Scan:
    """Digest and encoding, in one pass over the bytes. Raises BadInput for what is no list."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        head = file.read(_HEAD)
        known = _marked(head) or _unmarked_utf16(head)
        if not known:
            _check_text(head)
        tally = _Utf8Tally()
        file.seek(0)
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if not known:
                tally.add(chunk)
    return Scan(known or tally.verdict(), digest.hexdigest())


def _marked(head: bytes) -> str:
    if head.startswith(BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    return ARCHIVE if head.startswith(b"PK\x03\x04") else ""


def _unmarked_utf16(head: bytes) -> str:
    """Plain text in UTF-16 is every other byte a NUL."""
    enough = len(head) // 4
    if enough and head[1::2].count(0) > enough:
        return "utf-16-le"
    return "utf-16-be" if enough and head[::2].count(0) > enough else ""


def _check_text(head: bytes) -> None:
    if len(_BINARY.findall(head)) > max(_SOME_BINARY, len(head) * _MOST_BINARY):
        raise fault("FILE_NOT_TEXT")


class _Utf8Tally:
    """UTF-8 or cp1252: which of the two the bytes beyond ASCII speak for."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")(errors="surrogateescape")
        self._n_good = 0
        self._n_broken = 0

    def add(self, chunk: bytes) -> None:
        if chunk.isascii():
            return
        text = self._decoder.decode(chunk)
        self._n_good += max(0, len(chunk) - len(text))
        if not text.isprintable():  # a cheap look first: line ends are not printable either
            self._n_broken += len(BROKEN.findall(text))

    def verdict(self) -> str:
        return "utf-8" if self._n_good >= self._n_broken else "cp1252"
