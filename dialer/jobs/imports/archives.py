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
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError,
           ValueError)  # fmt: skip


def is_workbook(path: Path) -> bool:
    """Whether the ZIP is a workbook's. Raises BadInput for a broken one."""
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


def check_members(path: Path, most: int) -> None:
    """Unpack everything to nowhere: what a header promises may be a lie."""
    try:
        with zipfile.ZipFile(path) as archive:
            left = most
            for member in archive.infolist():
                left -= _unpacked(archive, member, left, most)
    except _BROKEN as error:
        raise fault("WORKBOOK_BROKEN", why=str(error)[:200]) from error


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, most: int) -> int:
    with archive.open(member) as packed:
        bounded = _Bounded(packed, left, most)
        while bounded.read(_CHUNK):
            pass
        return bounded.n_read


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
    """A stream that refuses to give more than `left` bytes."""

    def __init__(self, packed: IO[bytes], left: int, most: int | None = None) -> None:
        self._packed = packed
        self._left = left
        self._most = left if most is None else most
        self.n_read = 0

    def read(self, size: int = -1, /) -> bytes:
        piece = self._packed.read(size)
        self.n_read += len(piece)
        if self.n_read > self._left:
            raise fault("UNPACKED_TOO_LARGE", most=self._most)
        return piece
