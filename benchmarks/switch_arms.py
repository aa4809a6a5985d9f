"""The two that `benchmarks.switch` compares: a client with nothing in it, and the product.

Both place calls in bursts twice a second, bridge each answer to a free agent's parked leg, and hang
the customer up after the talk. Both poke the switch while something rings. Times are read alike:
the answer's and the bridge's from the switch's own event, the command's as its bytes are written.
"""

import re
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import gevent
import orjson
from gevent import socket
from gevent.pool import Group

import esl.client
from dialer.config import SwitchSettings
from dialer.engine.dispatcher import Dispatcher
from dialer.model.agent import AgentState
from dialer.model.campaign import Campaign, CampaignState, PacingMode
from dialer.model.commands import (
    BridgeLegs,
    CallAgent,
    Command,
    HangUpLeg,
    NoteAgent,
    Originate,
    PlayNotice,
    RefillHopper,
)
from dialer.model.events import (
    AgentAskedReady,
    AgentDisposed,
    AgentHungUp,
    AgentLoggedIn,
    CampaignConfigured,
    LeadsClaimed,
)
from dialer.model.ids import AgentId, CampaignId, LeadId, ListId
from dialer.model.lead import Lead
from dialer.run.clocks import SystemClock
from dialer.run.engine_loop import EngineLoop
from dialer.switch.in_flight import POKE_EVERY_S
from dialer.switch.node import SwitchNode
from dialer.switch.variables import KEEP_AFTER_BRIDGE
from esl import EslEvent
from esl.events import event_name
from esl.frames import FrameReader
from esl.transport import open_socket

TALK_S = 1.0
BURST_EVERY_S = 0.5
SEATING_LIMIT_S = 30.0
LAST_CALLS_S = 4.0
ONE = CampaignId(1)
BRIDGE = re.compile(rb"uuid_bridge (\S+)")
HEARD = ("CHANNEL_ANSWER", "CHANNEL_BRIDGE", "CHANNEL_PARK", "CHANNEL_HANGUP_COMPLETE")


@dataclass(frozen=True)
class Load:
    """What both are given. `number`: of a lead, by its ordinal."""

    switch: SwitchSettings
    n_agents: int
    answers_per_s: float
    seconds: float
    number: str

    def phone(self, i: int) -> str:
        return str(1001 + i)


@dataclass
class Watch:
    """Wall-clock seconds of each customer leg's answer, command and bridge."""

    answered: dict[str, float] = field(default_factory=dict)
    written: dict[str, float] = field(default_factory=dict)
    bridged: dict[str, float] = field(default_factory=dict)

    def note_event(self, name: str, headers: Any) -> None:
        at = int(headers["Event-Date-Timestamp"]) / 1e6
        if name == "CHANNEL_ANSWER":
            self.answered[headers["Unique-ID"]] = at
        elif name == "CHANNEL_BRIDGE":
            self.bridged[headers.get("Bridge-A-Unique-ID") or headers["Unique-ID"]] = at

    def note_bytes(self, data: bytes) -> None:
        if b"uuid_bridge" in data:
            now = time.time()
            for found in BRIDGE.finditer(data):
                self.written.setdefault(found[1].decode(), now)

    def delays_ms(self, ends: dict[str, float]) -> list[float]:
        """From the answer to what `ends` holds, of each call that got there."""
        return [1e3 * (at - self.answered[leg]) for leg, at in ends.items() if leg in self.answered]


class WatchedSocket:
    """A socket whose writes are looked at."""

    def __init__(self, sock: socket.socket, watch: Watch) -> None:
        self._sock = sock
        self._watch = watch

    def sendall(self, data: bytes) -> None:
        self._watch.note_bytes(data)
        self._sock.sendall(data)

    def send(self, data: bytes, *how: Any) -> int:
        self._watch.note_bytes(data)
        return int(self._sock.send(data, *how))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


# --- the limit -----------------------------------------------------------------------------------


class Minimal:
    """Two sockets and a few dictionaries: no engine, no deadlines, no recovery."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.watch = Watch()
        self.agents: set[str] = set()
        self.free: deque[str] = deque()
        self.talks: dict[str, str] = {}
        self.ringing: set[str] = set()
        self.unanswered: deque[str] = deque()
        self.commands, self.events = self._open(), self._open()
        names = " ".join(HEARD)
        self.events.sendall(f"event json {names}\n\n".encode())
        self.greenlets = Group()
        for action in (self._listen, self._drain, self._poke):
            self.greenlets.spawn(action)

    def _open(self) -> WatchedSocket:
        switch = self.load.switch
        sock = WatchedSocket(open_socket(switch.host, switch.port, 5.0), self.watch)
        sock.sendall(f"auth {switch.password}\n\n".encode())
        return sock

    def run(self) -> Watch:
        load = self.load
        for i in range(load.n_agents):
            leg = str(uuid.uuid4())
            self.agents.add(leg)
            self._originate(leg, load.switch.agent_dial.format(phone=load.phone(i)))
            gevent.sleep(0.02)
        with gevent.Timeout(SEATING_LIMIT_S):
            while len(self.free) < load.n_agents:
                gevent.sleep(0.05)
        self._dial()
        gevent.sleep(LAST_CALLS_S)
        for leg in [*self.agents, *self.talks]:
            self._api(f"uuid_kill {leg}")
        gevent.sleep(0.5)
        self.greenlets.kill()
        self.commands.close()
        self.events.close()
        return self.watch

    def _dial(self) -> None:
        """Bursts by the clock: a sleep after each would lose a twentieth of the calls."""
        n_due, lead, began = 0.0, 0, time.monotonic()
        for n_bursts in range(1, int(self.load.seconds / BURST_EVERY_S) + 1):
            n_due += self.load.answers_per_s * BURST_EVERY_S
            while n_due >= 1.0:
                n_due -= 1.0
                lead += 1
                leg = str(uuid.uuid4())
                self.ringing.add(leg)
                number = self.load.number.format(lead % 1_000_000)
                self._originate(leg, self.load.switch.customer_dial.format(number=number))
            gevent.sleep(max(began + n_bursts * BURST_EVERY_S - time.monotonic(), 0.0))

    def _originate(self, leg: str, endpoint: str) -> None:
        given = {"origination_uuid": leg, "ignore_early_media": "true", **KEEP_AFTER_BRIDGE}
        text = ",".join(f"{name}={value}" for name, value in given.items())
        self._api(f"bgapi uuid:{leg} originate {{{text}}}{endpoint} &park()")

    def _api(self, line: str) -> None:
        self.commands.sendall(f"api {line}\n\n".encode())

    def _drain(self) -> None:
        while self.commands.recv(65536):
            pass

    def _poke(self) -> None:
        while True:
            if self.ringing:
                self.events.sendall(b"\n")
            gevent.sleep(POKE_EVERY_S)

    def _listen(self) -> None:
        reader = FrameReader()
        while data := self.events.recv(65536):
            for frame in reader.feed(data):
                name = event_name(frame.body)
                if name in HEARD:
                    self._on_event(name, orjson.loads(frame.body))

    def _on_event(self, name: str, headers: dict[str, str]) -> None:
        leg = headers["Unique-ID"]
        is_agent = leg in self.agents
        if name == "CHANNEL_ANSWER" and leg in self.ringing:
            self.ringing.discard(leg)
            if self.free:
                self._bridge(leg, self.free.popleft())
            else:
                self.unanswered.append(leg)
        elif name == "CHANNEL_PARK" and is_agent and leg not in self.free:
            self.free.append(leg)
        elif name == "CHANNEL_BRIDGE" and leg in self.talks:
            self.greenlets.start(gevent.Greenlet(self._hang_up_later, leg))
        elif name == "CHANNEL_HANGUP_COMPLETE":
            self.talks.pop(leg, None)
            self.ringing.discard(leg)
        if name in ("CHANNEL_ANSWER", "CHANNEL_BRIDGE"):
            self.watch.note_event(name, headers)

    def _hang_up_later(self, leg: str) -> None:
        gevent.sleep(TALK_S)
        self._api(f"uuid_kill {leg}")

    def _bridge(self, leg: str, agent: str) -> None:
        self.talks[leg] = agent
        self._api(f"uuid_bridge {leg} {agent}")


# --- the product ---------------------------------------------------------------------------------


class Product:
    """The engine's loop and a SwitchNode. The store is a counter that gives leads: an Originate
    goes to the switch at once, and rows are not written. Agents dispose within the same turn."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.watch = Watch()
        self.n_leads = 0
        self.n_agent_calls: dict[AgentId, str] = {}
        self.clock = SystemClock()
        self.dispatcher = Dispatcher(lambda: str(uuid.uuid4()))
        self.loop = EngineLoop(self.dispatcher, self._perform, self.clock)
        plain, esl.client.open_socket = esl.client.open_socket, self._open  # type: ignore[assignment]
        self.node = SwitchNode(load.switch, self.loop.emit, self.dispatcher.legs)
        for name in ("CHANNEL_ANSWER", "CHANNEL_BRIDGE"):
            self.node._events.register_handle(name, self._witness)
        self.node.start()
        gevent.sleep(1.0)
        esl.client.open_socket = plain

    def _open(self, host: str, port: int, timeout_s: float) -> WatchedSocket:
        return WatchedSocket(open_socket(host, port, timeout_s), self.watch)

    def _witness(self, event: EslEvent) -> None:
        self.watch.note_event(event.name, event.headers)

    def run(self) -> Watch:
        load = self.load
        engine = gevent.spawn(self.loop.run)
        self._configure(CampaignState.PAUSED)
        for i in range(load.n_agents):
            agent = AgentId(i + 1)
            self.loop.emit(AgentLoggedIn(agent, ONE, f"A{i}", load.phone(i)))
            self.loop.emit(AgentAskedReady(agent))
            gevent.sleep(0.02)
        with gevent.Timeout(SEATING_LIMIT_S):
            while sum(agent.is_free for agent in self.dispatcher.agents()) < load.n_agents:
                gevent.sleep(0.05)
        self._configure(CampaignState.RUNNING)
        gevent.sleep(load.seconds)
        self._configure(CampaignState.PAUSED)
        gevent.sleep(LAST_CALLS_S)
        for leg in list(self.dispatcher.legs()):
            self.node.execute(HangUpLeg(self.node.name, leg))
        gevent.sleep(0.5)
        self.loop.stop()
        engine.join()
        self.node.stop()
        return self.watch

    def _configure(self, state: CampaignState) -> None:
        rate = self.load.answers_per_s
        self.loop.emit(
            CampaignConfigured(
                Campaign(
                    ONE, "b", state=state, mode=PacingMode.PROGRESSIVE, rule_set="ANY",
                    max_calls_per_s=rate, max_lines=10_000, hopper_size=int(20 * rate),
                )
            )
        )  # fmt: skip

    def _perform(self, command: Command) -> None:
        match command:
            case Originate() | CallAgent() | BridgeLegs() | HangUpLeg() | PlayNotice():
                self.node.execute(command)
            case RefillHopper(n_leads=n_leads):
                self.loop.emit(LeadsClaimed(ONE, tuple(self._lead() for _ in range(n_leads))))
            case NoteAgent(state=AgentState.TALKING, agent_id=agent_id, attempt_id=attempt_id):
                if self.n_agent_calls.get(agent_id) != attempt_id and attempt_id:
                    self.n_agent_calls[agent_id] = attempt_id
                    gevent.spawn_later(TALK_S, self.loop.emit, AgentHungUp(agent_id))
            case NoteAgent(state=AgentState.WRAP_UP, agent_id=agent_id, attempt_id=attempt_id):
                if attempt_id:
                    self.loop.emit(AgentDisposed(agent_id, attempt_id, is_machine=False))

    def _lead(self) -> Lead:
        self.n_leads += 1
        number = "+" + self.load.number.format(self.n_leads % 1_000_000)
        return Lead(LeadId(self.n_leads), ListId(1), number, "Europe/Paris")
