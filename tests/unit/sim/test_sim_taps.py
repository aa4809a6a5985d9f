"""The simulated switch brings what its people and machines say, frame by frame, as the real one."""

import socket

import pytest

from dialer.model.moment import Moment
from dialer.sim.dialing import Limits
from dialer.sim.person import Answer, Person
from dialer.sim.population import LAB, Population
from dialer.sim.tracks import FRAME_BYTES, after_answer, before_answer
from dialer.sim.wire import WireSwitch

START = Moment(0.0, 1_790_000_000.0)
TAP = "{RECORD_READ_ONLY=true,enable_file_write_buffering=false}"
LIVE, MACHINE = Person(Answer.LIVE, 0.0, 1.0), Person(Answer.VOICEMAIL, 0.0, 1.0)


class Wire:
    """One client of a simulated switch under a clock that the test moves."""

    def __init__(self):
        self.wire = WireSwitch(Population(1, LAB), START, "secret-of-the-lab", limits=Limits())
        self.now = START
        self.client = self.wire.connect()
        self.client.take()
        self.say("auth secret-of-the-lab")

    def say(self, command):
        self.client.take()
        self.wire.handle(self.client, f"{command}\n\n".encode(), self.now)
        return self.client.take().decode()

    def api(self, line):
        return self.say(f"api {line}").split("\n\n", 1)[1]

    def dial(self, number, variables=""):
        self.say(
            f"bgapi originate {{origination_uuid=leg,{variables}}}"
            f"sofia/gateway/carrier/{number} &park()"
        )

    def wait(self, seconds):
        end = self.now.plus(seconds)
        while (due := self.wire.next_deadline()) is not None and due <= end.mono:
            self.now = Moment(due, end.utc - end.mono + due)
            self.wire.expire(self.now)
        self.now = end
        self.wire.expire(end)


@pytest.fixture
def wire():
    return Wire()


def test_a_file_armed_on_answer_grows_by_a_frame_each_20_ms(wire, tmp_path):
    path = tmp_path / "leg.r8"
    wire.dial("33612340001", f"api_on_answer='uuid_record leg start {path} 30 {TAP[:1]}A=b}}'")
    wire.wait(1.99)
    assert not path.exists()
    wire.wait(0.02)
    assert path.stat().st_size == 0
    wire.wait(0.1)
    assert path.stat().st_size == 5 * FRAME_BYTES
    wire.wait(1.0)
    assert path.stat().st_size == 55 * FRAME_BYTES
    heard = path.read_bytes()
    again = after_answer(Person(Answer.LIVE, 0.0, 2.0), "33612340001:")
    assert heard == b"".join(again.frame(i) for i in range(55))


def test_a_tap_ends_when_it_is_stopped_at_its_limit_and_with_the_leg(wire, tmp_path):
    paths = [tmp_path / name for name in ("stopped.r8", "limited.r8", "ended.r8")]
    wire.dial("33612340001")
    wire.wait(2.5)
    for path, limit in zip(paths, (30, 1, 30), strict=True):
        assert wire.api(f"uuid_record leg start {path} {limit} {TAP}") == "+OK Success\n"
    wire.wait(0.5)
    assert wire.api(f"uuid_record leg stop {paths[0]}") == "+OK Success\n"
    wire.wait(1.5)
    wire.api("uuid_kill leg")
    wire.wait(1.0)
    sizes = [path.stat().st_size // FRAME_BYTES for path in paths]
    assert sizes == pytest.approx([25, 50, 100], abs=1)
    assert wire.wire.switch.taps._taps == []


def test_a_file_that_cannot_be_made_is_refused(wire, tmp_path):
    wire.dial("33612340001")
    wire.wait(2.5)
    answer = wire.api(f"uuid_record leg start {tmp_path}/no/leg.r8 30 {TAP}")
    assert answer == "-ERR Cannot record session!\n"


@pytest.mark.parametrize(("consumes", "n"), [("true", 0), ("consume", 50)])
def test_early_media_are_read_only_where_the_dial_string_says_so(wire, tmp_path, consumes, n):
    wire.dial("33612340007", f"ignore_early_media={consumes}")
    wire.wait(0.5)
    wire.api(f"uuid_record leg start {tmp_path}/leg.r8 30 {TAP}")
    wire.wait(1.0)
    n_frames = (tmp_path / "leg.r8").stat().st_size // FRAME_BYTES
    assert n_frames == pytest.approx(n, abs=1)
    assert "answered" not in wire.api("uuid_dump leg"), "early media are no answer"


def test_datagrams_come_while_the_leg_is_parked(wire):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(5.0)
        wire.dial("33612340001")
        wire.wait(2.5)
        port = ear.getsockname()[1]
        wire.say(f"sendmsg leg\ncall-command: unicast\nremote-ip: 127.0.0.1\nremote-port: {port}")
        wire.wait(0.1)
        assert [len(ear.recv(4096)) for _ in range(5)] == [FRAME_BYTES] * 5
        wire.api("uuid_kill leg")
        wire.wait(0.1)
        assert wire.wire.switch.taps._taps == []


def test_the_same_call_sounds_the_same_and_another_call_does_not():
    one, same, other = (after_answer(LIVE, key) for key in ("7:1", "7:1", "7:2"))
    frames = [b"".join(t.frame(i) for i in range(100)) for t in (one, same, other)]
    assert frames[0] == frames[1] != frames[2]


def test_sound_has_no_end_and_whole_frames():
    for track in (after_answer(MACHINE, "1:1"), before_answer(LIVE, "1:1")):
        assert {len(track.frame(i)) for i in range(0, 5000, 7)} == {FRAME_BYTES}
