"""From the answer on a switch to the verdict: dial string, tap, detector and policy, in virtual
time; and the same with a process of its own, where only time may be short."""

import os
from dataclasses import replace
from pathlib import Path

import gevent
import pytest

from dialer.amd.batch import Batch
from dialer.config import read_switches
from dialer.model.amd import AmdProfile, Verdict
from dialer.model.commands import HangUpLeg, Originate
from dialer.model.events import (
    LegAnnounced,
    LegAnswered,
    LegAwaitsMessage,
    LegEnded,
    LegRinging,
    LegScreened,
    NodeUp,
)
from dialer.model.moment import Moment
from dialer.model.outcome import Outcome
from dialer.model.permit import Permit
from dialer.run.clocks import SystemClock
from dialer.run.ears.hearing import Hearing
from dialer.run.ears.link import EarsLink
from dialer.run.ears.words import Forget, Heedless, Listen, ListenEarly, PortOpen
from dialer.sim.dialing import Limits
from dialer.sim.population import DEMO, LAB, Population
from dialer.sim.server import SwitchServer
from dialer.sim.wire import WireSwitch
from dialer.switch import verbs
from dialer.switch.node import SwitchNode
from dialer.switch.tapping import Tapping

PASSWORD = "simulated-switch"
SOON = {"ring_mean_s": 0.2, "voicemail_fast": 1.0, "voicemail_fast_s": 0.2, "no_answer": 0.0,
        "busy": 0.0, "fail": 0.0, "patience_mean_s": float("inf")}  # fmt: skip
PEOPLE = replace(DEMO, live=1.0, voicemail=0.0, **SOON)
MACHINES = replace(DEMO, live=0.0, voicemail=1.0, **SOON)
TICK_S = 0.02


def order(lead_id, number="+33612340001"):
    return Originate(
        Permit(lead_id, number, "ANY", 9e9), 1, f"a-{lead_id}", f"leg-{lead_id}", lead_id, 1,
        "n1", number, "", 15.0, 0.0, amd=AmdProfile.CONSUMER,
    )  # fmt: skip


class Story:
    """A simulated switch and all that listens to it, under a clock that the test moves."""

    def __init__(self, profile, tap):
        self.now, self.told, self.legs = Moment(0.0, 1_790_000_000.0), [], {}
        self.wire = WireSwitch(Population(1, profile), self.now, PASSWORD, limits=Limits())
        self.client = self.wire.connect()
        self.say([f"auth {PASSWORD}"])
        (self.settings,) = read_switches(f"esl://n1:{PASSWORD}@127.0.0.1:1?tap={tap}")
        self.hearing = Hearing(Batch(), self.hear)
        self.tapping = Tapping(
            tap, self, lambda command: self.say(command.lines()), lambda do, *what: do(*what),
            self.told.append,
        )  # fmt: skip
        self.wire.switch.exchange.on_answer.append(
            lambda leg: self.happens(LegAnswered(leg.leg_id))
        )
        self.wire.switch.exchange.on_gone.append(
            lambda leg: self.happens(LegEnded(leg.leg_id, leg.cause))
        )

    def say(self, lines):
        self.wire.handle(self.client, ("\n".join(lines) + "\n\n").encode(), self.now)

    def happens(self, event):
        self.told.append(event)
        self.tapping.follow(event)

    # the listener's line, without a process between

    def wake(self):
        return None

    def listen(self, leg_id, profile, path, tapping):
        self.hearing.obey(Listen(leg_id, profile, path))

    def listen_early(self, leg_id, path, tapping):
        self.hearing.obey(ListenEarly(leg_id, path))

    def forget(self, leg_id):
        self.hearing.obey(Forget(leg_id))

    def hear(self, word):
        if isinstance(word, PortOpen):
            self.tapping.port_open(word.leg_id, word.port)
        elif isinstance(word, Heedless):
            self.tapping.heedless(word.leg_id)
        else:
            self.told.append(word)

    # what the test does

    def call(self, *args):
        command = order(*args)
        on_answer = self.tapping.arm(command.leg_id, command.amd)
        line = verbs.dial_customer(command, self.settings, on_answer).render()
        self.say([f"bgapi {line}"])

    def wait(self, seconds):
        for _ in range(round(seconds / TICK_S)):
            self.now = self.now.plus(TICK_S)
            self.wire.expire(self.now)
            for leg in list(self.wire.switch.exchange.legs.values()):
                if leg.media_at is not None and leg.leg_id not in self.legs:
                    self.legs[leg.leg_id] = leg
                    self.happens(LegRinging(leg.leg_id, has_early_media=True))
            self.hearing.tick(self.now.mono)

    def of(self, kind):
        return [event for event in self.told if isinstance(event, kind)]


@pytest.fixture(params=["file", "udp"])
def tap(request, tmp_path):
    return str(tmp_path) if request.param == "file" else "udp"


def test_people_are_known_for_people_within_seconds_and_nothing_stays_behind(tap, tmp_path):
    story = Story(PEOPLE, tap)
    for lead_id in range(1, 21):
        story.call(lead_id)
    story.wait(5.0)
    told = story.of(LegScreened)
    assert [one.verdict for one in told] == [Verdict.HUMAN] * 20
    assert all(one.onset_s < one.greeting_end_s < one.at_s < 3.0 for one in told)
    for lead_id in range(1, 21):
        story.say([f"api uuid_kill leg-{lead_id}"])
    story.wait(0.1)
    assert len(story.of(LegEnded)) == 20
    assert story.tapping._armed == {} and len(story.hearing) == 0
    assert story.wire.switch.taps._taps == [] and os.listdir(tmp_path) == []


def test_machines_are_known_and_their_beep_is_the_moment_to_speak(tap, tmp_path):
    story = Story(MACHINES, tap)
    for lead_id in range(1, 21):
        story.call(lead_id)
    story.wait(9.0)
    assert [one.verdict for one in story.of(LegScreened)] == [Verdict.MACHINE] * 20
    assert [one.may_speak for one in story.of(LegAwaitsMessage)] == [True] * 20
    if tap != "udp":  # datagrams go on while the leg is parked
        assert story.wire.switch.taps._taps == [], "nobody wants to hear more"
    story.say(["api hupall"])
    story.wait(0.1)
    assert (story.wire.switch.taps._taps, os.listdir(tmp_path)) == ([], [])


def test_an_intercept_before_the_answer_is_a_wrong_number(tmp_path):
    story = Story(LAB, str(tmp_path))
    story.call(1, "+33612340008")
    story.wait(5.0)
    assert story.of(LegAnnounced) == [LegAnnounced("leg-1", Outcome.WRONG_NUMBER)]
    assert story.of(LegAnswered) == []
    story.wait(3.0)
    assert os.listdir(tmp_path) == [], "the early tap goes with the leg"


def test_a_disk_that_takes_no_more_costs_the_verdict_and_not_the_call(tmp_path, monkeypatch):
    story = Story(PEOPLE, str(tmp_path))
    story.call(1)
    story.wait(0.6)
    monkeypatch.setattr(os, "write", lambda fd, data: (_ for _ in ()).throw(OSError(28, "full")))
    story.wait(2.0)
    (told,) = story.of(LegScreened)
    assert told.verdict is Verdict.UNSURE
    assert story.of(LegEnded) == []


def until(condition, what, deadline_s=60.0):
    with gevent.Timeout(deadline_s, AssertionError(what)):
        while not condition():
            gevent.sleep(0.01)


def test_a_process_of_its_own_gives_each_leg_one_verdict_and_leaves_nothing(tmp_path):
    """In real time, in which a busy machine may hear too little: then it is UNSURE."""
    tap, told, legs = tmp_path / "tap", [], [f"leg-{i}" for i in range(1, 5)]
    wire = WireSwitch(Population(1, PEOPLE), SystemClock().now(), PASSWORD, limits=Limits())
    server = SwitchServer(("127.0.0.1", 0), wire, SystemClock())
    server.start()
    (settings,) = read_switches(f"esl://n1:{PASSWORD}@127.0.0.1:{server.port}?tap={tap}")
    ears = EarsLink([Path(tap)], told.append)
    node = SwitchNode(settings, told.append, lambda: legs, ears=ears)
    node.start()
    ears.wake()

    def of(kind):
        return [event for event in told if isinstance(event, kind)]

    try:
        until(lambda: of(NodeUp) and ears.is_up, "node and listener did not come up")
        for i in range(1, 5):
            node.execute(order(i))
        until(lambda: len(of(LegScreened)) >= 4, "not all were heard")
        assert sorted(one.leg_id for one in of(LegScreened)) == legs
        assert Verdict.MACHINE not in {one.verdict for one in of(LegScreened)}
        for leg_id in legs:
            node.execute(HangUpLeg("n1", leg_id))
        until(lambda: len(of(LegEnded)) >= 4, "not all ended")
        until(lambda: not wire.switch.taps._taps and not list(tap.iterdir()), "taps stay behind")
        assert node._tapping._armed == {} and ears._legs == {}
    finally:
        ears.stop()
        node.stop()
        server.stop()
