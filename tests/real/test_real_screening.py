"""Screening on a real FreeSWITCH: what is heard live is what is heard from the file, from the first
frame on, and nothing stays behind.

RELANCE_FREESWITCH_AUDIO: the audio folder of the lab carrier, where the corpus is written.
"""

import os
import time
import uuid
import wave
from pathlib import Path

import gevent
import pytest
from conftest import PASSWORD, REAL

from dialer.amd.batch import Batch
from dialer.config import read_switches
from dialer.model.amd import AmdProfile, Verdict
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
pytestmark = [
    pytest.mark.freeswitch,
    pytest.mark.skipif(not (REAL and AUDIO), reason="needs RELANCE_FREESWITCH_ESL and _AUDIO"),
]
PROFILE = AmdProfile.CONSUMER
SECONDS = 9.0
AT_ONCE = 20
PATIENCE_S = 30.0


def until(condition, what, deadline_s=PATIENCE_S):
    with gevent.Timeout(deadline_s, AssertionError(what)):
        while not condition():
            gevent.sleep(0.005)


def sound_of(number):
    """Every other one a person, the others voicemails."""
    person = Person(Answer.LIVE if number % 2 else Answer.VOICEMAIL, 0.5, 1.0)
    track = after_answer(person, f"corpus {number}")
    return b"".join(track.frame(i) for i in range(round(SECONDS * 50)))


def write_corpus(n):
    folder = Path(AUDIO) / "corpus"
    folder.mkdir(exist_ok=True)
    for number in range(n):
        with wave.open(str(folder / f"{number:04d}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(sound_of(number))


def heard_offline(n):
    """Verdict of each file, as the detector has it without a switch."""
    batch, ears = Batch(), {}
    for number in range(n):
        batch.open(str(number), 0.0)
        ears[str(number)] = Listener(settings_of(PROFILE))
        batch.feed(str(number), sound_of(number))
    for heard in batch.tick(SECONDS):
        ears[heard.stream_id].hear(heard)
    return [ears[str(number)].decided.verdict for number in range(n)]


class Lab:
    """The product's node and its ears, on the real switch."""

    def __init__(self, tap, ears=None):
        self.told, self.legs, self.n_legs = [], [], 0
        dial = os.environ.get("RELANCE_FREESWITCH_DIAL", "sofia/gateway/carrier/{number}")
        (settings,) = read_switches(f"esl://n1:{PASSWORD}@{REAL}?tap={tap}&customer={dial}")
        self.ears = ears or EarsLink([Path(tap)], self.told.append)
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
        """Call all of them at once; the verdict of each."""
        legs = {self.call(number): number for number in numbers}
        until(lambda: legs.keys() <= {t.leg_id for t in self.of(LegScreened)}, "no verdict")
        verdicts = {legs[t.leg_id]: t.verdict for t in self.of(LegScreened) if t.leg_id in legs}
        for leg_id in legs:
            self.node.execute(HangUpLeg("n1", leg_id))
        until(lambda: legs.keys() <= {t.leg_id for t in self.of(LegEnded)}, "no end")
        return verdicts

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


def play(tap, n):
    write_corpus(n)
    offline, lab = heard_offline(n), Lab(str(tap))
    try:
        live = {}
        for first in range(0, n, AT_ONCE):
            live |= lab.round(range(first, min(first + AT_ONCE, n)))
        assert lab.node._tapping._armed == {} and lab.ears._legs == {}
        until(lambda: lab.node.api("show channels count").split()[0] == "0", "legs stay behind")
    finally:
        lab.stop()
    same = [live[number] is offline[number] for number in range(n)]
    assert set(offline) >= {Verdict.HUMAN, Verdict.MACHINE}
    assert sum(same) >= 0.98 * n, [
        (number, live[number], offline[number]) for number in range(n) if not same[number]
    ]


def test_what_is_heard_live_is_what_is_heard_from_the_file(tap):
    play(tap, 40)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_thousand_calls_are_heard_as_their_files_are_and_leave_nothing(tap):
    play(tap, 1000)


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
    write_corpus(10)
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
