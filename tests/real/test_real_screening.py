"""Screening on a real FreeSWITCH: what is heard live is what is heard from the same audio later,
from the first frame on, and nothing stays behind.

Of a busy machine the switch makes other audio: frames come late or never. So verdicts are compared
twice: to those of the audio that the tap brought, which are the same, and of the file that the far
end played, which mostly are.

RELANCE_FREESWITCH_AUDIO: the audio folder of the lab carrier, where the calls' sounds are written.
RELANCE_AMD_CORPUS: a folder that benchmarks.amd.corpus made; without it the sounds are simple ones.
"""

import os
import sys
import time
import uuid
import wave
from pathlib import Path

import gevent
import pytest
from conftest import PASSWORD, REAL

from benchmarks.amd.corpus.files import read
from dialer.amd.batch import Batch
from dialer.config import read_switches
from dialer.model.amd import AmdProfile, Cause, Verdict
from dialer.model.commands import HangUpLeg, Originate
from dialer.model.events import LegAnswered, LegEnded, LegScreened, NodeUp
from dialer.model.permit import Permit
from dialer.policy.amd import Listener
from dialer.policy.amd_profiles import settings_of
from dialer.run.ears.link import EarsLink
from dialer.sim.person import Answer, Person
from dialer.sim.tracks import after_answer
from dialer.switch.node import SwitchNode

AUDIO = os.environ.get("RELANCE_FREESWITCH_AUDIO", "")
CORPUS = os.environ.get("RELANCE_AMD_CORPUS", "")
pytestmark = [
    pytest.mark.freeswitch,
    pytest.mark.skipif(not (REAL and AUDIO), reason="needs RELANCE_FREESWITCH_ESL and _AUDIO"),
]
PROFILE = AmdProfile.CONSUMER
SECONDS = 9.0
AT_ONCE = 40
PATIENCE_S = 30.0
SAME, SAME_AS_PLAYED = 0.98, 0.9
NEVER_TOO_FAST = 1e6
LONG = (pytest.mark.slow, pytest.mark.timeout(1500))
KEEPING = (sys.executable, str(Path(__file__).with_name("keeping_ears.py")))


def until(condition, what, deadline_s=PATIENCE_S):
    """Wait. `what` was missing: words, or what makes them when it is too late."""
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, what() if callable(what) else what
        gevent.sleep(0.005)


def sound_of(number):
    """Every other one a person, the others voicemails."""
    person = Person(Answer.LIVE if number % 2 else Answer.VOICEMAIL, 0.5, 1.0)
    track = after_answer(person, f"corpus {number}")
    return b"".join(track.frame(i) for i in range(round(SECONDS * 50)))


def sounds_of(n):
    """What so many calls bring, all of one length."""
    if not CORPUS:
        return [sound_of(number) for number in range(n)]
    split, length = read(Path(CORPUS), "train"), round(SECONDS * 16_000)
    return [split.pcm(truth)[:length].ljust(length, b"\0") for truth in split.truths[:n]]


def write_sounds(sounds):
    folder = Path(AUDIO) / "corpus"
    folder.mkdir(exist_ok=True)
    for number, sound in enumerate(sounds):
        with wave.open(str(folder / f"{number:04d}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(sound)


def heard_offline(sounds):
    """Verdict of each, as the detector has it without a switch; None: its audio ends before."""
    batch, ears = Batch(), [Listener(settings_of(PROFILE)) for _ in sounds]
    for number, sound in enumerate(sounds):
        batch.open(str(number), 0.0)
        batch.feed(str(number), sound)
    for heard in batch.tick(NEVER_TOO_FAST):
        ears[int(heard.stream_id)].hear(heard)
    return [ear.decided and ear.decided.verdict for ear in ears]


class Lab:
    """The product's node and its ears, on the real switch."""

    def __init__(self, tap, ears=None):
        self.told, self.legs, self.n_legs = [], [], 0
        dial = os.environ.get("RELANCE_FREESWITCH_DIAL", "sofia/gateway/carrier/{number}")
        (settings,) = read_switches(f"esl://n1:{PASSWORD}@{REAL}?tap={tap}&customer={dial}")
        folders = [Path(tap)] if tap.startswith("/") else []
        self.ears = ears or EarsLink(folders, self.told.append, KEEPING)
        self.node = SwitchNode(settings, self.told.append, lambda: self.legs, ears=self.ears)
        self.node.start()
        self.ears.wake()
        until(lambda: self.of(NodeUp), "the node did not come up")
        until(lambda: getattr(self.ears, "is_up", True), "the listener did not come up")

    def of(self, kind):
        return [event for event in self.told if isinstance(event, kind)]

    def call(self, number):
        leg_id = str(uuid.uuid4())
        self.legs.append(leg_id)
        e164 = f"+33810{number:04d}"
        self.node.execute(
            Originate(
                Permit(number, e164, "ANY", 9e9), 1, str(uuid.uuid4()), leg_id, number, 1, "n1",
                e164, "", 15.0, 0.0, amd=PROFILE,
            )
        )  # fmt: skip
        return leg_id

    def round(self, numbers):
        """Call all of them at once; what was told of each."""
        legs = {self.call(number): number for number in numbers}
        until(lambda: not self.without(LegScreened, legs), lambda: self.story(legs, LegScreened))
        verdicts = {legs[t.leg_id]: t for t in self.of(LegScreened) if t.leg_id in legs}
        for leg_id in legs:
            self.node.execute(HangUpLeg("n1", leg_id))
        until(lambda: not self.without(LegEnded, legs), lambda: self.story(legs, LegEnded))
        return verdicts

    def without(self, kind, legs):
        """The legs of which this was not told."""
        return legs.keys() - {event.leg_id for event in self.of(kind)}

    def story(self, legs, kind):
        """What was told of them instead."""
        missing = self.without(kind, legs)
        told = [event for event in self.told if getattr(event, "leg_id", "") in missing]
        return f"no {kind.__name__} of {len(missing)} in {len(legs)}: {told}"

    def stop(self):
        if hasattr(self.ears, "stop"):
            self.ears.stop()
        self.node.stop()


@pytest.fixture
def tap():
    folder = Path("/dev/shm") / f"relance-test-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    yield folder
    left = sorted(path.name for path in folder.iterdir())
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert left == [], "taps stay behind"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("RELANCE_TEST_KEPT", str(tmp_path))
    return tmp_path


def play(tap, n):
    """Call so many; what was told of each, and the verdicts of the files."""
    sounds = sounds_of(n)
    write_sounds(sounds)
    offline, lab = heard_offline(sounds), Lab(str(tap))
    assert set(offline) >= {Verdict.HUMAN, Verdict.MACHINE}
    live = {}
    try:
        for first in range(0, n, AT_ONCE):
            live |= lab.round(range(first, min(first + AT_ONCE, n)))
        assert lab.node._tapping._armed == {} and lab.ears._legs == {}
        until(lambda: lab.node.api("show channels count").split()[0] == "0", "legs stay behind")
    finally:
        lab.stop()
    return [live[number] for number in range(n)], offline


def different(live, verdicts):
    return [
        (number, told.verdict, told.cause, told.at_s, verdict)
        for number, (told, verdict) in enumerate(zip(live, verdicts, strict=True))
        if told.verdict is not verdict
    ]


def hear_the_same(tap, kept, n):
    live, offline = play(tap, n)
    audio = [(kept / f"{told.leg_id}-answer.r8").read_bytes() for told in live]
    again = different(live, heard_offline(audio))
    assert [one for one in again if one[2] is not Cause.NO_AUDIO] == []
    assert n - len(again) >= SAME * n, again
    other = different(live, offline)
    print(f"{n - len(other)} of {n} as of the file played, {n - len(again)} as of the audio kept")
    assert n - len(other) >= SAME_AS_PLAYED * n, other


@pytest.mark.parametrize("n", [40, pytest.param(200, marks=LONG), pytest.param(1000, marks=LONG)])
def test_calls_are_heard_as_their_audio_is_and_leave_nothing(tap, kept, n):
    hear_the_same(tap, kept, n)


def test_by_datagrams_the_verdicts_are_those_of_the_files():
    """But for the first frames, which come before the switch was told where to send them."""
    live, offline = play("udp", 40)
    other = different(live, offline)
    assert 40 - len(other) >= SAME_AS_PLAYED * 40, other


class Watcher:
    """In place of ears: when the first frame of each answer was there."""

    def __init__(self):
        self.first_s = {}

    def wake(self):
        return None

    def listen(self, leg_id, profile, path, tapping):
        told_at = time.monotonic()

        def watch():
            with gevent.Timeout(5.0, AssertionError("no audio")):
                while not (os.path.exists(path) and os.path.getsize(path) >= 320):
                    gevent.sleep(0.001)
            self.first_s[leg_id] = time.monotonic() - told_at
            os.unlink(path)

        gevent.spawn(watch)

    def listen_early(self, leg_id, path, tapping):
        return None

    def forget(self, leg_id):
        return None


def test_the_first_audio_is_there_60_ms_after_the_answer(tap):
    write_sounds(sounds_of(10))
    watcher = Watcher()
    lab = Lab(str(tap), watcher)
    try:
        legs = [lab.call(number) for number in range(10)]
        until(lambda: len(watcher.first_s) == len(legs), "not all were heard")
        assert len(lab.of(LegAnswered)) == len(legs)
        for leg_id in legs:
            lab.node.execute(HangUpLeg("n1", leg_id))
        until(lambda: len(lab.of(LegEnded)) == len(legs), "not all ended")
    finally:
        lab.stop()
    assert sorted(watcher.first_s.values())[len(legs) // 2] < 0.06, watcher.first_s
