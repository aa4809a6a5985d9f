"""Taps: nothing of a leg's audio is lost, nothing stays behind, and no fault costs more than it."""

import os
import socket

import pytest

from dialer.switch.taps import BYTES_PER_S, RecordedReader, TapFault, UnicastReader, sweep
from dialer.switch.taps import reader as limits
from dialer.switch.taps.recorded import arm, disarm, make_folder
from dialer.switch.taps.unicast import send

FRAME = bytes(range(160)) * 2


def write(path, data):
    with path.open("ab", buffering=0) as file:
        file.write(data)


def test_a_file_that_grows_is_read_as_it_grows(tmp_path):
    path = tmp_path / "leg-answer.r8"
    reader = RecordedReader(path)
    assert reader.read() == b"", "the switch has not made it yet"
    with path.open("wb", buffering=0) as switch:
        switch.write(FRAME)
        assert reader.read() == FRAME
        assert reader.read() == b""
        switch.write(FRAME * 2)
        assert reader.read() == FRAME * 2
    reader.close()


def test_a_file_has_no_name_as_soon_as_it_is_open_and_the_switch_writes_on(tmp_path):
    path = tmp_path / "leg-answer.r8"
    with path.open("wb", buffering=0) as switch:
        switch.write(FRAME)
        reader = RecordedReader(path)
        reader.read()
        assert not path.exists()
        switch.write(FRAME)
        assert reader.read() == FRAME
    reader.close()
    reader.close()


def test_half_a_sample_waits_for_its_other_half(tmp_path):
    path = tmp_path / "leg-answer.r8"
    write(path, FRAME[:5])
    reader = RecordedReader(path)
    with path.open("ab", buffering=0) as switch:
        assert reader.read() == FRAME[:4]
        switch.write(FRAME[5:8])
        assert reader.read() == FRAME[4:8]
    reader.close()


def test_what_was_never_opened_is_removed_at_the_close(tmp_path):
    path = tmp_path / "leg-answer.r8"
    reader = RecordedReader(path)
    write(path, FRAME)
    reader.close()
    assert list(tmp_path.iterdir()) == []


def test_a_link_or_a_pipe_in_place_of_the_file_is_a_fault_and_blocks_nobody(tmp_path):
    (tmp_path / "secret").write_text("not for us")
    (tmp_path / "link.r8").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "pipe.r8")
    for name in ("link.r8", "pipe.r8"):
        with pytest.raises(TapFault):
            RecordedReader(tmp_path / name).read()


def test_nobody_is_listened_to_for_longer_than_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("dialer.switch.taps.recorded.MOST_BYTES", 2 * len(FRAME))
    path = tmp_path / "leg-answer.r8"
    write(path, FRAME * 3)
    reader = RecordedReader(path)
    with pytest.raises(TapFault, match="more than 640 bytes"):
        reader.read()
    reader.close()


def test_the_switch_is_told_to_write_at_once_and_to_stop_by_itself():
    line = arm("leg-1", "/dev/shm/t/leg-1-answer.r8").render()
    assert line == (
        "uuid_record leg-1 start /dev/shm/t/leg-1-answer.r8 120 {RECORD_READ_ONLY=true,"
        "enable_file_write_buffering=false,RECORD_PRE_BUFFER_FRAMES=0,RECORD_USE_THREAD=false}"
    )
    assert limits.MOST_BYTES == 120 * BYTES_PER_S
    assert disarm("leg-1", "/t/x.r8").render() == "uuid_record leg-1 stop /t/x.r8"


def test_a_sweep_takes_taps_and_nothing_else(tmp_path):
    for name in ("a-answer.r8", "b-early.r8", "notes.txt"):
        (tmp_path / name).write_text("x")
    assert sweep(tmp_path) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    assert sweep(tmp_path / "not there") == 0


def test_the_folder_is_for_the_switch_and_nobody_else(tmp_path):
    folder = tmp_path / "tap" / "controller"
    make_folder(folder)
    make_folder(folder)
    assert folder.stat().st_mode & 0o7777 == 0o2770


def test_datagrams_of_any_length_are_one_stream():
    reader = UnicastReader()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as switch:
        assert reader.read() == b""
        for frame in (FRAME, FRAME[:240], FRAME[:3]):  # 20 ms, 15 ms, and half a sample too much
            switch.sendto(frame, ("127.0.0.1", reader.port))
        assert reader.read() == FRAME + FRAME[:240] + FRAME[:2]
    reader.close()
    reader.close()
    with pytest.raises(TapFault):
        reader.read()


def test_two_legs_have_two_ports():
    first, second = UnicastReader(), UnicastReader()
    assert first.port != second.port
    first.close()
    second.close()


def test_the_switch_sends_from_any_free_port_of_its_own():
    lines = send("leg-1", "127.0.0.1", 4711).lines()
    assert lines[0] == "sendmsg leg-1"
    assert {"call-command: unicast", "local-port: 0", "remote-port: 4711"} <= set(lines)
