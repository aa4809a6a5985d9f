"""The first sheet of an XLSX workbook as rows of text cells."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from dialer.model.errors import BadInput

ENCODING = "xlsx"
MAX_UNPACKED_BYTES = 1_000_000_000
"""A workbook that unpacks to more is a bomb or needs splitting."""


def cell_rows(path: Path) -> Iterator[list[str]]:
    """Rows of the first sheet, from its first row on. Raises BadInput for a broken workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise BadInput(f"file: it unpacks to {unpacked:,} bytes; save it as CSV")
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    except (zipfile.BadZipFile, CalamineError, OSError, IndexError) as error:
        raise BadInput(f"file: not a readable workbook: {error}") from error
    return ([_text(cell) for cell in row] for row in sheet.iter_rows())


def _text(cell: object) -> str:
    """A telephone number typed as a number must come out as its digits."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return str(cell).replace("\0", "")
