"""The default tap: the switch records what it reads from the leg into a file on tmpfs.

Seen on FreeSWITCH 1.10.12: armed by api_on_answer, the file appears within 10 ms of the answer and
grows by 320 bytes each 20 ms, parked and bridged alike. That needs all four of the variables below:
without them the first 4.1 s wait in a buffer, or the first half second in another. They are given
with the recording alone, since on the channel they would spoil a recording for quality.

The file's name is gone as soon as it is open here, so whoever dies, nothing is left but what was
never opened; `sweep` takes that. The switch writes on, into a file without a name, until it is told
to stop or its own limit is reached.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

from dialer.switch.taps.reader import BYTES_PER_S, BYTES_PER_SAMPLE, MOST_BYTES, TapFault
from esl.verbs import UuidRecord

SUFFIX = ".r8"
"""By this suffix the switch writes samples and no header."""
LIMIT_S = MOST_BYTES // BYTES_PER_S
UNBUFFERED = {
    "RECORD_READ_ONLY": "true",
    "enable_file_write_buffering": "false",
    "RECORD_PRE_BUFFER_FRAMES": "0",
    "RECORD_USE_THREAD": "false",
}
FOLDER_MODE = 0o2770
"""The switch writes here under its own user, in a group that both have."""
_FIRST_PIECE = 4 * BYTES_PER_S
"""Tells how long ago the audio began."""
_PIECE = BYTES_PER_S
"""At once: who has fallen behind catches up a second at a time, and can be heard of in between."""


def arm(leg_id: str, path: str) -> UuidRecord:
    """Have the switch record the leg from now on, or from its answer as an `on_answer`."""
    return UuidRecord(leg_id, "start", path, LIMIT_S, UNBUFFERED)


def disarm(leg_id: str, path: str) -> UuidRecord:
    """Nobody listens any more."""
    return UuidRecord(leg_id, "stop", path)


def make_folder(folder: Path) -> None:
    """A folder that the switch can write into. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(PermissionError):  # somebody else's, made as he wants it
        folder.chmod(FOLDER_MODE)


def sweep(folder: Path) -> int:
    """Remove what an earlier run armed and never opened; how many files that were."""
    n_removed = 0
    for path in folder.glob(f"*{SUFFIX}"):
        with suppress(OSError):
            path.unlink()
            n_removed += 1
    return n_removed


class RecordedReader:
    """Reads a file that another process makes and lets grow."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None
        self._n_read = 0
        self._odd = b""

    def read(self) -> bytes:
        if self._fd is None:
            self._fd = self._open()
        if self._fd is None:
            return b""
        try:
            wanted = _PIECE if self._n_read else _FIRST_PIECE
            piece = self._odd + os.read(self._fd, wanted)
        except OSError as error:
            raise TapFault(f"tap file: {error.strerror}") from error
        self._n_read += len(piece) - len(self._odd)
        if self._n_read > MOST_BYTES:
            raise TapFault(f"tap file: more than {MOST_BYTES} bytes")
        whole = len(piece) - len(piece) % BYTES_PER_SAMPLE
        self._odd = piece[whole:]
        return piece[:whole]

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
        with suppress(OSError):
            self._path.unlink()

    def _open(self) -> int | None:
        """The file, from now on without a name; None while there is none."""
        try:
            fd = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise TapFault(f"tap file: {error.strerror}") from error
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise TapFault("tap file: is no plain file")
        with suppress(OSError):
            self._path.unlink()
        return fd
