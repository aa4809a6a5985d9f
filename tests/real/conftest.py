"""The switch under contract: the simulated one always, a real FreeSWITCH when one is named.

RELANCE_FREESWITCH_ESL=host:port names a FreeSWITCH whose far end follows the laboratory's number
plan; RELANCE_FREESWITCH_DIAL is how it reaches that far end, RELANCE_FREESWITCH_PASSWORD its
event socket's password.
"""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import gevent
import pytest

from dialer.config import SwitchSettings
from dialer.run.clocks import SystemClock
from dialer.sim.population import LAB, Population
from dialer.sim.server import SwitchServer
from dialer.sim.wire import WireSwitch
from esl import EslClient
from esl.events import EslEvent

DIAL = "sofia/switch/{number}@127.0.0.1:5080"
PASSWORD = os.environ.get("RELANCE_FREESWITCH_PASSWORD", "ClueCon")
NOTICE = "tone_stream://%(900,100,300)"
KEEP = "park_after_bridge=true,hangup_after_bridge=false"
SPEED = 4.0
"""The simulated switch runs faster than life: waits here are for events, not for times.

A test that must act before the far end does (while it rings) marks a pace of its own: @speed."""
PATIENCE_S = 15.0
EVENTS = [
    "CHANNEL_CREATE", "CHANNEL_PROGRESS", "CHANNEL_PROGRESS_MEDIA", "CHANNEL_ANSWER",
    "CHANNEL_PARK", "CHANNEL_BRIDGE", "CHANNEL_UNBRIDGE", "CHANNEL_HANGUP",
    "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY", "CHANNEL_EXECUTE", "CHANNEL_EXECUTE_COMPLETE",
    "BACKGROUND_JOB", "PLAYBACK_START", "PLAYBACK_STOP", "RECORD_START", "RECORD_STOP", "DTMF",
    "MEDIA_BUG_START", "MEDIA_BUG_STOP", "conference::maintenance",
]  # fmt: skip
REAL = os.environ.get("RELANCE_FREESWITCH_ESL", "")


class Node:
    """One switch as its client sees it: commands, and the events of each leg in order."""

    def __init__(self, host: str, port: int, password: str, dial: str) -> None:
        self.events: list[EslEvent] = []
        self._dial = dial
        self._legs: list[str] = []
        self.client = EslClient(host, port, password, subscriptions=EVENTS, keepalive_s=0)
        for name in EVENTS:
            self.client.register_handle(name, self.events.append)
        self.client.connect()

    # --- asking

    def api(self, line: str) -> str:
        return self.client.api(line)

    def dial(self, number: str, variables: str = "", app: str = "&park()", leg: str = "") -> str:
        """Originate to a number of the plan; the job carries the leg's uuid."""
        leg = leg or str(uuid.uuid4())
        given = f",{variables}" if variables else ""
        endpoint = self._dial.format(number=number)
        self.job(
            f"originate {{origination_uuid={leg},ignore_early_media=true{given}}}{endpoint} {app}",
            leg,
        )
        self._legs.append(leg)
        return leg

    def agent(self, variables: str = KEEP, extension: int = 1001) -> str:
        """An agent's phone, picked up and parked."""
        leg = self.dial(f"agent{extension}", variables)
        self.wait(leg, "CHANNEL_PARK")
        return leg

    def answered(self, number: str = "33612345601", variables: str = KEEP) -> str:
        """A customer who has answered and waits."""
        leg = self.dial(number, variables)
        self.wait(leg, "CHANNEL_PARK")
        return leg

    def job(self, line: str, job: str = "") -> str:
        job = job or str(uuid.uuid4())
        assert self.api(f"bgapi uuid:{job} {line}") == f"+OK Job-UUID: {job}\n"
        return job

    def bridge(self, first: str, second: str) -> None:
        assert self.api(f"uuid_bridge {first} {second}") == f"+OK {second}\n"
        self.wait(first, "CHANNEL_BRIDGE")

    # --- hearing

    def wait(self, leg: str, name: str, n: int = 1) -> EslEvent:
        """The n-th event of that name about the leg (or job)."""
        with gevent.Timeout(PATIENCE_S, AssertionError(f"no {name}: {self.story(leg)}")):
            while len(found := self.of(leg, name)) < n:
                gevent.sleep(0.01)
        return found[n - 1]

    def of(self, leg: str, *names: str) -> list[EslEvent]:
        """Events of a leg, and of the job that dials it."""
        return [
            event
            for event in self.events
            if leg in (event.uuid, event.job_uuid) and (not names or event.name in names)
        ]

    def story(self, leg: str, *without: str) -> list[str]:
        """Names of the leg's events in order, shortened, without applications."""
        skipped = {"CHANNEL_EXECUTE", "CHANNEL_EXECUTE_COMPLETE", *without}
        found = (event.name for event in self.of(leg) if event.name not in skipped)
        return [name.removeprefix("CHANNEL_") for name in found]

    def fate(self, leg: str) -> EslEvent:
        """How the leg ended."""
        return self.wait(leg, "CHANNEL_HANGUP_COMPLETE")

    def close(self) -> None:
        """Hang up what was dialled; after a fault, as soon as the link is back."""
        with gevent.Timeout(PATIENCE_S, AssertionError("the link is not back")):
            while not self.client.connected:
                gevent.sleep(0.01)
        for leg in self._legs:
            if self.api(f"uuid_kill {leg}").startswith("+OK"):
                self.fate(leg)
        self.client.stop()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a switch is, and how its far end is dialled."""

    host: str
    port: int
    dial: str

    def node(self) -> Node:
        return Node(self.host, self.port, PASSWORD, self.dial)

    def settings(self) -> SwitchSettings:
        """For the product's own adapter."""
        agent = self.dial.format(number="agent{phone}")
        return SwitchSettings("n1", self.host, self.port, PASSWORD, self.dial, agent, NOTICE)


@pytest.fixture(params=["simulated", "freeswitch"] if REAL else ["simulated"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """The one home of the choice between the switches."""
    if request.param == "freeswitch":
        yield _real()
        return
    clock = SystemClock()
    marked = request.node.get_closest_marker("speed")
    speed = marked.args[0] if marked else SPEED
    switch = WireSwitch(Population(1, LAB), clock.now(), PASSWORD)
    server = SwitchServer(("127.0.0.1", 0), switch, clock, speed=speed)
    server.start()
    yield Place("127.0.0.1", server.port, DIAL)
    server.stop()


@pytest.fixture
def node(place: Place) -> Iterator[Node]:
    node = place.node()
    yield node
    node.close()


@pytest.fixture
def real_node() -> Iterator[Node]:
    """The real FreeSWITCH, for tests that ask for one."""
    node = _real().node()
    yield node
    node.close()


def _real() -> Place:
    host, _, port = REAL.rpartition(":")
    return Place(host, int(port), os.environ.get("RELANCE_FREESWITCH_DIAL", DIAL))
