"""ZIP files: the one list in it, taken out without trusting what the archive says of itself."""

import shutil
import zipfile
import zlib
from pathlib import Path
from typing import IO

from dialer.model.import_faults import fault

LIST_ENDINGS = (".csv", ".txt", ".tsv", ".xlsx")
WORKBOOK_PART = "[Content_Types].xml"
_CHUNK = 1 << 20
MAX_DIRECTORY = 1_000_000
"""Bytes of an archive's list of members: some 10,000 of them, where a workbook has a few dozen."""
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_END_BYTES = 22
_END_WITHIN = 65_535 + _END_BYTES + 20
"""The end of an archive, after which only its comment comes, and the locator of a larger end."""
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError,
           ValueError)  # fmt: skip


def is_workbook(path: Path) -> bool:
    """Whether the ZIP is a workbook's. Raises BadInput for a broken one."""
    check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            return WORKBOOK_PART in archive.namelist()
    except _BROKEN as error:
        raise fault("ARCHIVE_BROKEN", why=str(error)[:200]) from error


def unpack_list(path: Path, target: Path, most: int) -> None:
    """Write the archive's list file to `target`, at most `most` bytes of it."""
    try:
        with (
            zipfile.ZipFile(path) as archive,
            archive.open(_list_member(archive)) as packed,
            target.open("wb") as out,
        ):
            shutil.copyfileobj(_Bounded(packed, most), out, _CHUNK)
    except _BROKEN as error:
        raise fault("ARCHIVE_BROKEN", why=str(error)[:200]) from error


def check_directory(path: Path) -> None:
    """Refuse an archive that lists so many members that reading their names alone is a load."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _END_WITHIN))
        end = file.read()
    place = end.rfind(_END)
    if place < 0 or len(end) < place + _END_BYTES:
        raise fault("ARCHIVE_BROKEN", why="it has no end")
    n_bytes = int.from_bytes(end[place + 12 : place + 16], "little")
    if n_bytes > MAX_DIRECTORY or end[place - 20 : place - 16] == _END_64:
        raise fault("ARCHIVE_BROKEN", why="it lists too many files")


def _list_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    lists = [
        member
        for member in archive.infolist()
        if not member.is_dir()
        and member.filename.lower().endswith(LIST_ENDINGS)
        and not member.filename.startswith("__MACOSX/")
    ]
    if len(lists) != 1:
        raise fault("ARCHIVE_CONTENT", n=len(lists))
    return lists[0]


class _Bounded:
    """A stream that refuses to give more than `most` bytes."""

    def __init__(self, packed: IO[bytes], most: int) -> None:
        self._packed = packed
        self._left = self._most = most

    def read(self, size: int = -1, /) -> bytes:
        piece = self._packed.read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise fault("UNPACKED_TOO_LARGE", most=self._most)
        return piece
