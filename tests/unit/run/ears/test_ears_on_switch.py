"""From the answer on a switch to the verdict: node, tap, listening process and detector at work."""

import os
from dataclasses import replace
from pathlib import Path

import gevent
import pytest

from dialer.config import read_switches
from dialer.model.amd import AmdProfile, Verdict
from dialer.model.commands import HangUpLeg, Originate
from dialer.model.events import (
    LegAnnounced,
    LegAnswered,
    LegAwaitsMessage,
    LegEnded,
    LegScreened,
    NodeUp,
)
from dialer.model.outcome import Outcome
from dialer.model.permit import Permit
from dialer.run.clocks import SystemClock
from dialer.run.ears.link import EarsLink
from dialer.sim.dialing import Limits
from dialer.sim.population import DEMO, LAB, Population
from dialer.sim.server import SwitchServer
from dialer.sim.wire import WireSwitch
from dialer.switch.node import SwitchNode

PASSWORD = "simulated-switch"
SOON = {"ring_mean_s": 0.2, "voicemail_fast": 1.0, "voicemail_fast_s": 0.2, "no_answer": 0.0,
        "busy": 0.0, "fail": 0.0, "patience_mean_s": float("inf")}  # fmt: skip
PEOPLE = replace(DEMO, live=1.0, voicemail=0.0, **SOON)
MACHINES = replace(DEMO, live=0.0, voicemail=1.0, **SOON)


def until(condition, what, deadline_s=30.0):
    with gevent.Timeout(deadline_s, AssertionError(what)):
        while not condition():
            gevent.sleep(0.01)


class Story:
    """A simulated switch with one sort of people, and all that listens to them."""

    def __init__(self, profile, tap):
        clock = SystemClock()
        self.wire = WireSwitch(Population(1, profile), clock.now(), PASSWORD, limits=Limits())
        self.server = SwitchServer(("127.0.0.1", 0), self.wire, clock)
        self.server.start()
        self.told, self.legs = [], []
        (settings,) = read_switches(f"esl://n1:{PASSWORD}@127.0.0.1:{self.server.port}?tap={tap}")
        folders = [Path(tap)] if tap != "udp" else []
        self.ears = EarsLink(folders, self.told.append)
        self.node = SwitchNode(settings, self.told.append, lambda: self.legs, ears=self.ears)
        self.node.start()
        until(lambda: self.of(NodeUp), "the node did not come up")
        self.ears.wake()
        until(lambda: self.ears.is_up, "the listener did not come up")

    def of(self, kind):
        return [event for event in self.told if isinstance(event, kind)]

    def call(self, lead_id, number="+33612340001"):
        leg_id = f"leg-{lead_id}"
        self.legs.append(leg_id)
        permit = Permit(lead_id, number, "ANY", 9e9)
        self.node.execute(
            Originate(
                permit, 1, f"a-{lead_id}", leg_id, lead_id, 1, "n1", number, "", 15.0, 0.0,
                amd=AmdProfile.CONSUMER,
            )
        )  # fmt: skip

    def stop(self):
        self.ears.stop()
        self.node.stop()
        self.server.stop()


@pytest.fixture
def story(tmp_path):
    made = []

    def make(profile, tap="file"):
        made.append(Story(profile, str(tmp_path / "tap") if tap == "file" else tap))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.mark.parametrize("tap", ["file", "udp"])
def test_people_are_known_for_people_within_seconds_and_nothing_stays_behind(story, tap, tmp_path):
    at = story(PEOPLE, tap)
    for i in range(1, 9):
        at.call(i)
    until(lambda: len(at.of(LegScreened)) == 8, "not all were heard")
    assert {told.verdict for told in at.of(LegScreened)} == {Verdict.HUMAN}
    assert all(told.onset_s < told.greeting_end_s < told.at_s for told in at.of(LegScreened))
    for leg_id in at.legs:
        at.node.execute(HangUpLeg("n1", leg_id))
    until(lambda: len(at.of(LegEnded)) == 8, "not all ended")
    assert at.node._tapping._armed == {} and at.ears._legs == {}
    until(lambda: not at.wire.switch.taps._taps, "the switch writes on")
    if tap == "file":
        assert os.listdir(tmp_path / "tap") == []


def test_machines_are_known_and_their_beep_is_the_moment_to_speak(story):
    at = story(MACHINES)
    for i in range(1, 9):
        at.call(i)
    until(lambda: len(at.of(LegScreened)) == 8, "not all were heard")
    machines = [t.leg_id for t in at.of(LegScreened) if t.verdict is Verdict.MACHINE]
    assert len(machines) == 8, at.of(LegScreened)
    assert Verdict.HUMAN not in {told.verdict for told in at.of(LegScreened)}
    until(lambda: len(at.of(LegAwaitsMessage)) >= len(machines), "no beep was heard")
    assert all(told.may_speak for told in at.of(LegAwaitsMessage))


def test_an_intercept_before_the_answer_is_a_wrong_number(story):
    at = story(LAB)
    at.call(1, "+33612340008")
    until(lambda: at.of(LegAnnounced) or at.of(LegEnded), "nothing was told")
    assert at.of(LegAnnounced) == [LegAnnounced("leg-1", Outcome.WRONG_NUMBER)]
    assert at.of(LegAnswered) == []
