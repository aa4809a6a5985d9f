"""A recording's file is found below its folder by our own names, and by nothing else."""

import os
from pathlib import Path

import pytest

from dialer.store.recording_files import FileState, NoRecordingFile, RecordingFiles

SOUND = b"RIFF....WAVE"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.wav").write_bytes(b"secret")
    made = tmp_path / "recordings"
    made.mkdir()
    (made / "a1.wav").write_bytes(SOUND)
    return made


def test_a_file_is_heard_and_erased(folder):
    files = RecordingFiles(str(folder))
    with files.open("fs1", "a1") as sound:
        assert sound.read() == SOUND
    files.erase("fs1", "a1")
    assert not (folder / "a1.wav").exists()
    assert files.state("fs1", "a1") is FileState.MISSING


def test_erasing_what_is_gone_is_no_fault_but_without_its_folder_nothing_is_known(folder):
    RecordingFiles(str(folder)).erase("fs1", "never")
    with pytest.raises(NoRecordingFile) as told:
        RecordingFiles(str(folder / "not-mounted")).erase("fs1", "a1")
    assert told.value.state is FileState.OUT_OF_REACH


@pytest.mark.parametrize(
    "name", ["../secret", "..", ".", "", "/etc/passwd", "a1.wav/../../secret", "a1\0", "é", "a b"]
)
def test_a_name_that_is_not_ours_is_refused(folder, name):
    files = RecordingFiles(str(folder))
    assert files.state("fs1", name) is FileState.REFUSED
    with pytest.raises(NoRecordingFile):
        files.erase("fs1", name)
    assert (folder.parent / "secret.wav").exists()


def test_a_link_a_folder_and_a_pipe_are_refused_and_left(folder):
    (folder / "link.wav").symlink_to(folder.parent / "secret.wav")
    (folder / "sub.wav").mkdir()
    os.mkfifo(folder / "pipe.wav")
    files = RecordingFiles(str(folder))
    for name in ("link", "sub", "pipe"):
        assert files.state("fs1", name) is FileState.REFUSED
        with pytest.raises(NoRecordingFile):
            files.erase("fs1", name)
        assert (folder / f"{name}.wav").lstat()


def test_each_switch_may_have_a_folder_of_its_own(folder):
    (folder / "fs1").mkdir()
    (folder / "fs1" / "a2.wav").write_bytes(SOUND)
    (folder / "out").symlink_to(folder.parent)
    files = RecordingFiles(f"{folder}/{{node}}")
    assert files.state("fs1", "a2") is FileState.HERE
    assert files.state("fs2", "a2") is FileState.OUT_OF_REACH
    assert files.state("out", "secret") is FileState.OUT_OF_REACH
    assert files.state("..", "secret") is FileState.REFUSED
    assert files.state("", "a1") is FileState.REFUSED
