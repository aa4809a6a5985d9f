"""Who uses the embedded servers of a folder: process ids in a file, under a file lock.

A pid alone is no identity, since pids are reused; the start time of the process goes with it.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

Holder = tuple[int, float]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes out of the folder's servers meanwhile."""
    with (folder / "embedded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def add_holder(folder: Path) -> None:
    """Note this process, once more if it holds already; call under `locked`."""
    _write(folder, [*_living(folder), _me()])


def drop_holder(folder: Path) -> bool:
    """Forget one hold of this process; call under `locked`. True when nobody holds any more."""
    left = _living(folder)
    mine = next((holder for holder in left if holder[0] == os.getpid()), None)
    if mine is not None:
        left.remove(mine)
    _write(folder, left)
    return not left


def _me() -> Holder:
    return os.getpid(), psutil.Process().create_time()


def _living(folder: Path) -> list[Holder]:
    try:
        noted = json.loads((folder / "embedded.holders").read_text())
    except (OSError, ValueError):
        return []
    return [(pid, born) for pid, born in noted if _lives(pid, born)]


def _lives(pid: int, born: float) -> bool:
    try:
        return abs(psutil.Process(pid).create_time() - born) < 1.0
    except psutil.Error:
        return False


def _write(folder: Path, holders: list[Holder]) -> None:
    (folder / "embedded.holders").write_text(json.dumps(holders))
