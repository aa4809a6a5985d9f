"""The parts of a workbook: which there are, where they are, and how much of them is unpacked."""

import io
import posixpath
from contextlib import ExitStack
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from dialer.model.import_faults import fault
from dialer.workbook.xml import Attributes, Part, parse

_ROOT, _USUAL = "", "xl/workbook.xml"
_MOST_RELATIONS = 10_000


class Package:
    """The parts of a workbook. All that is read of them is bounded, whatever its headers say."""

    def __init__(self, path: Path, most: int, opened: ExitStack) -> None:
        """`opened` closes what is opened here. Raises BadInput for what is no workbook."""
        self._opened = opened
        self._archive = archive = opened.enter_context(ZipFile(path))
        self._names = {_plain(name): name for name in archive.namelist()}
        self._left = self._most = most
        self._sheet = ""
        self.is_1904 = False
        roots = self._relations(_ROOT).values()
        workbook = next((part for kind, part in roots if kind == "officeDocument"), _USUAL)
        if workbook.endswith(".bin"):
            raise fault("WORKBOOK_BROKEN", why="a binary workbook (XLSB); save it as XLSX")
        self._parts = self._relations(workbook)
        parse(self._open(workbook), self._seen)

    def related(self, kind: str) -> Part:
        """The part of that kind; one without elements where there is none."""
        target = next((t for k, t in self._parts.values() if k == kind), None)
        return io.BytesIO(b"<none/>") if target is None else self._open(target)

    def first_sheet(self) -> Part:
        """The first sheet of cells."""
        if not self._sheet:
            raise fault("WORKBOOK_BROKEN", why="no sheet")
        return self._open(self._sheet)

    def _seen(self, name: str, attributes: Attributes) -> None:
        match name:
            case "workbookPr":
                self.is_1904 = attributes.get("date1904") in ("1", "true")
            case "sheet" if not self._sheet:
                identity = next((v for k, v in attributes.items() if k.endswith(":id")), "")
                kind, target = self._parts.get(identity, ("", ""))
                self._sheet = target if kind == "worksheet" else ""

    def _relations(self, source: str) -> dict[str, tuple[str, str]]:
        """Kind and part of each relation, by its identity."""
        folder, name = posixpath.split(source)
        found: dict[str, tuple[str, str]] = {}

        def seen(name: str, attributes: Attributes) -> None:
            if name != "Relationship" or attributes.get("TargetMode") == "External":
                return
            if len(found) == _MOST_RELATIONS:
                raise fault("WORKBOOK_BROKEN", why="too many parts")
            kind = posixpath.basename(attributes.get("Type", ""))
            target = posixpath.join("/", folder, attributes.get("Target", ""))
            found[attributes.get("Id", "")] = kind, posixpath.normpath(target)

        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if _plain(relations) in self._names:
            parse(self._open(relations), seen)
        return found

    def _open(self, part: str) -> Part:
        name = self._names.get(_plain(part))
        if name is None:
            raise fault("WORKBOOK_BROKEN", why=f"it has no {part[:100]}")
        return _Member(self, self._opened.enter_context(self._archive.open(name)))

    def spend(self, n_bytes: int) -> None:
        """Count bytes that were unpacked."""
        self._left -= n_bytes
        if self._left < 0:
            raise fault("UNPACKED_TOO_LARGE", most=self._most)


class _Member:
    """A part whose bytes the package counts."""

    def __init__(self, package: Package, packed: IO[bytes]) -> None:
        self._package = package
        self._packed = packed

    def read(self, size: int, /) -> bytes:
        piece = self._packed.read(size)
        self._package.spend(len(piece))
        return piece


def _plain(name: str) -> str:
    """A part's name as it is compared: some programs write it their own way."""
    return name.replace("\\", "/").lstrip("/").lower()
