"""The first sheet of an XLSX workbook, written out as CSV: all else reads one kind of file."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from dialer.jobs.imports.archives import check_members
from dialer.model.import_faults import fault

DELIMITER = ";"
MAX_UNPACKED_BYTES = 400_000_000
"""The reader holds a sheet's cells in memory; a million rows of ten cells stay below."""


def write_csv(workbook: Path, target: Path) -> None:
    """Write the sheet's rows. Raises BadInput for a broken workbook, or one that is a bomb."""
    check_members(workbook, MAX_UNPACKED_BYTES)
    try:
        with target.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, delimiter=DELIMITER).writerows(_rows(workbook))
    except (CalamineError, OSError, IndexError, ValueError) as error:
        raise fault("WORKBOOK_BROKEN", why=str(error)[:200]) from error


def _rows(workbook: Path) -> Iterator[list[str]]:
    sheet = CalamineWorkbook.from_path(str(workbook)).get_sheet_by_index(0)
    return ([_text(cell) for cell in row] for row in sheet.iter_rows())


def _text(cell: object) -> str:
    """A telephone number typed as a number must come out as its digits."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return str(cell).replace("\0", "")
