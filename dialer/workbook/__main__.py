"""`python -m dialer.workbook WORKBOOK TARGET MOST_UNPACKED MOST_WRITTEN MEMORY SECONDS`

Exit code 2: the workbook is refused, and standard error holds the fault's code and fields. The
limits of memory and time are the operating system's: what the reader does not foresee ends there.
"""

import csv
import json
import resource
import sys
from contextlib import ExitStack
from pathlib import Path
from zipfile import BadZipFile
from zlib import error as ZlibError

from dialer.model.errors import BadInput
from dialer.model.import_faults import fault
from dialer.workbook.formats import formats_of
from dialer.workbook.package import Package
from dialer.workbook.sheet import read_rows
from dialer.workbook.texts import Texts

DELIMITER = ";"
REFUSED = 2
_BROKEN = (BadZipFile, ZlibError, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)


class Bounded:
    """A file that takes `most` characters and refuses more."""

    def __init__(self, path: Path, most: int) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._left = self._most = most

    def write(self, text: str) -> int:
        self._left -= len(text)
        if self._left < 0:
            raise fault("UNPACKED_TOO_LARGE", most=self._most)
        return self._file.write(text)

    def close(self) -> None:
        self._file.close()


def write_csv(workbook: Path, target: Path, most_unpacked: int, most_written: int) -> None:
    """Write the rows of the first sheet. Raises BadInput for a workbook that is unfit."""
    out = Bounded(target, most_written)
    try:
        with Texts(target.parent) as texts, ExitStack() as opened:
            package = Package(workbook, most_unpacked, opened)
            texts.read(package.related("sharedStrings"))
            formats = formats_of(package.related("styles"), package.is_1904)
            write = csv.writer(out, delimiter=DELIMITER).writerow
            read_rows(package.first_sheet(), texts, formats, write)
    except _BROKEN as error:
        raise fault("WORKBOOK_BROKEN", why=str(error)[:200]) from error
    finally:
        out.close()


def main(workbook: str, target: str, *limits: str) -> int:
    most_unpacked, most_written, memory, seconds = map(int, limits)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        write_csv(Path(workbook), Path(target), most_unpacked, most_written)
    except BadInput as error:
        print(json.dumps({"code": error.code, "fields": error.fields}), file=sys.stderr)
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
