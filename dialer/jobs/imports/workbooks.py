"""The first sheet of an XLSX workbook, written out as CSV: all else reads one kind of file.

A stranger's workbook is read by another process (`dialer.workbook`), which may use so much memory
and time and no more: whatever it holds, neither the page that shows it nor the worker ends.
"""

import json
import subprocess
import sys
from pathlib import Path

from dialer.jobs.imports.archives import check_directory
from dialer.model.import_faults import fault

MAX_UNPACKED_BYTES = 2_000_000_000
MAX_MEMORY = 300_000_000
"""Address space of the other process, which needs a tenth of it for a million rows of one text
each, and 80 MB more for as many texts as it takes."""
MAX_CPU_S = 600
_REFUSED = 2


def write_csv(workbook: Path, target: Path, most_written: int) -> None:
    """Write the sheet's rows. Raises BadInput for a broken workbook, or one that is a bomb."""
    check_directory(workbook)
    limits = map(str, (MAX_UNPACKED_BYTES, most_written, MAX_MEMORY, MAX_CPU_S))
    done = subprocess.run(
        [sys.executable, "-P", "-m", "dialer.workbook", str(workbook), str(target), *limits],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return
    target.unlink(missing_ok=True)
    if done.returncode == _REFUSED:
        told = json.loads(done.stderr)
        raise fault(told["code"], **told["fields"])
    raise fault("WORKBOOK_TOO_COSTLY", megabytes=MAX_MEMORY // 1_000_000, seconds=MAX_CPU_S)
