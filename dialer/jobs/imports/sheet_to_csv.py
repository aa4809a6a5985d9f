"""A program: the first sheet of a workbook as CSV. `sheet_to_csv.py WORKBOOK TARGET MEMORY SECONDS`

It runs in a process of its own because the reader makes a rectangle of the sheet in memory: two
cells in opposite corners, a file of two kilobytes, ask for 500 GB and end the process. Here the
limits are those of the operating system. Imports nothing of the product, and so starts at once.
"""

import csv
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

DELIMITER = ";"


def rows(workbook: str) -> Iterator[list[str]]:
    sheet = CalamineWorkbook.from_path(workbook).get_sheet_by_index(0)
    return ([text(cell) for cell in row] for row in sheet.iter_rows())


def text(cell: object) -> str:
    """A telephone number typed as a number must come out as its digits."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return str(cell).replace("\0", "")


def main(workbook: str, target: str, memory: str, seconds: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open(target, "w", encoding="utf-8", newline="") as out:
            csv.writer(out, delimiter=DELIMITER).writerows(rows(workbook))
    except (CalamineError, OSError, IndexError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
