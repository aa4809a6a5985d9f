"""The files of recordings as this host sees them: heard, measured, erased.

A file's name is made of our own identities and nothing else, and it is opened below the folder
without following a link: whatever a row or a folder holds, nothing else can be read or removed.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from dialer.model.errors import DialerError

_IDENTITY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_PER_NODE = "/{node}"


class FileState(StrEnum):
    """What this host can say of a recording's file."""

    HERE = "HERE"
    MISSING = "MISSING"
    """The folder is here, the file is not."""
    OUT_OF_REACH = "OUT_OF_REACH"
    """The folder itself is not here: the file may well exist elsewhere."""
    REFUSED = "REFUSED"
    """Its name is none of ours, or what has that name is no plain file."""


class NoRecordingFile(DialerError):
    """There is no file to hear or to erase; `state` says why."""

    def __init__(self, state: FileState, what: str) -> None:
        super().__init__(f"recording {what}: {state.value}")
        self.state = state


@dataclass(frozen=True, slots=True)
class RecordingFiles:
    """`folder` may end in `/{node}`: then each switch has a folder of its own below it."""

    folder: str

    def open(self, node: str, attempt_id: str) -> BinaryIO:
        """The file, open for reading. Raises NoRecordingFile."""
        with self._folder_of(node, attempt_id) as folder:
            try:
                descriptor = os.open(_name(attempt_id), _FILE, dir_fd=folder)
            except OSError as error:
                is_absent = isinstance(error, FileNotFoundError)
                state = FileState.MISSING if is_absent else FileState.REFUSED
                raise NoRecordingFile(state, attempt_id) from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise NoRecordingFile(FileState.REFUSED, attempt_id)
        return os.fdopen(descriptor, "rb")

    def state(self, node: str, attempt_id: str) -> FileState:
        """Whether the file could be heard on this host."""
        try:
            self.open(node, attempt_id).close()
        except NoRecordingFile as absent:
            return absent.state
        return FileState.HERE

    def erase(self, node: str, attempt_id: str) -> None:
        """Have no file left; one that is gone already is no fault.

        Raises NoRecordingFile when this host cannot know, or may not touch what is there.
        """
        with self._folder_of(node, attempt_id) as folder:
            name = _name(attempt_id)
            try:
                if not stat.S_ISREG(os.lstat(name, dir_fd=folder).st_mode):
                    raise NoRecordingFile(FileState.REFUSED, attempt_id)
                os.unlink(name, dir_fd=folder)
            except FileNotFoundError:
                return
            except OSError as error:
                raise NoRecordingFile(FileState.REFUSED, attempt_id) from error

    @contextmanager
    def _folder_of(self, node: str, attempt_id: str) -> Iterator[int]:
        if not _IDENTITY.fullmatch(attempt_id):
            raise NoRecordingFile(FileState.REFUSED, attempt_id)
        descriptor = self._open_folder(node, attempt_id)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _open_folder(self, node: str, attempt_id: str) -> int:
        """The root may be a link of the administrator's; what lies below it may not."""
        root_path = self.folder.removesuffix(_PER_NODE)
        if root_path == self.folder:
            return _opened(root_path, _FOLDER, None, attempt_id)
        if not _NODE.fullmatch(node):
            raise NoRecordingFile(FileState.REFUSED, attempt_id)
        root = _opened(root_path, _FOLDER, None, attempt_id)
        try:
            return _opened(node, _FOLDER | os.O_NOFOLLOW, root, attempt_id)
        finally:
            os.close(root)


def _opened(path: str, flags: int, below: int | None, attempt_id: str) -> int:
    try:
        return os.open(path, flags, dir_fd=below)
    except OSError as error:
        raise NoRecordingFile(FileState.OUT_OF_REACH, attempt_id) from error


def _name(attempt_id: str) -> str:
    return f"{attempt_id}.wav"
