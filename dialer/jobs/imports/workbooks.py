"""The first sheet of an XLSX workbook, written out as CSV: all else reads one kind of file.

A stranger's workbook is read by another process (sheet_to_csv.py), which may use so much memory
and time and no more: whatever it holds, neither the page that shows it nor the worker ends.
"""

import subprocess
import sys
from pathlib import Path

from dialer.jobs.imports.archives import check_members
from dialer.model.import_faults import fault

MAX_UNPACKED_BYTES = 400_000_000
MAX_MEMORY = 1_200_000_000
"""Of the other process: the reader needs some two bytes for each unpacked one."""
MAX_CPU_S = 300
_PROGRAM = Path(__file__).with_name("sheet_to_csv.py")
_REFUSED = 2


def write_csv(workbook: Path, target: Path) -> None:
    """Write the sheet's rows. Raises BadInput for a broken workbook, or one that is a bomb."""
    check_members(workbook, MAX_UNPACKED_BYTES)
    limits = (str(MAX_MEMORY), str(MAX_CPU_S))
    done = subprocess.run(
        [sys.executable, "-I", str(_PROGRAM), str(workbook), str(target), *limits],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return
    target.unlink(missing_ok=True)
    if done.returncode == _REFUSED:
        why = done.stderr.decode(errors="replace").strip()
        raise fault("WORKBOOK_BROKEN", why=why[:200])
    raise fault("UNPACKED_TOO_LARGE", most=MAX_MEMORY)
