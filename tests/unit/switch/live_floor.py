"""A campaign's engine on a simulated switch over TCP, in real time; its store is in memory."""

import uuid
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import gevent

from dialer.config import read_switches
from dialer.engine.dispatcher import Dispatcher
from dialer.model.agent import AgentState
from dialer.model.campaign import Campaign, CampaignState, PacingMode
from dialer.model.commands import CloseAttempt, NoteAgent, Originate, RefillHopper
from dialer.model.events import (
    AgentAskedReady,
    AgentDisposed,
    AgentLoggedIn,
    CampaignConfigured,
    LeadsClaimed,
)
from dialer.model.lead import Lead
from dialer.run.clocks import SystemClock
from dialer.run.engine_loop import EngineLoop
from dialer.sim.dialing import Limits
from dialer.sim.population import DEMO, Population
from dialer.sim.server import SwitchServer
from dialer.sim.wire import WireSwitch
from dialer.switch.node import SwitchNode
from esl.backoff import Backoff

PASSWORD = "simulated-switch"
PEOPLE = replace(
    DEMO, live=0.8, voicemail=0.0, no_answer=0.1, busy=0.1, fail=0.0, ring_mean_s=0.3,
    busy_s=(0.1, 0.3), talk_mean_s=0.5, patience_mean_s=600.0, hangs_up_first=1.0,
)  # fmt: skip


def until(condition, what="it did not happen", deadline_s=15.0):
    with gevent.Timeout(deadline_s, AssertionError(what)):
        while not condition():
            gevent.sleep(0.005)


@contextmanager
def simulated_switch(port=0, people=PEOPLE, limits=None):
    clock = SystemClock()
    switch = WireSwitch(
        Population(1, people), clock.now(), PASSWORD, limits=limits or Limits(5000, 5000)
    )
    server = SwitchServer(("127.0.0.1", port), switch, clock)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def links_pulled(server):
    """Nobody reaches the switch's event socket, and its calls go on."""
    port = server.port
    server._listener.stop_accepting()
    server._listener.socket.close()
    for client in list(server.switch.clients):
        server.switch.disconnect(client)
    server._nudge_all()
    yield
    server._listener = type(server._listener)(("127.0.0.1", port), server._on_client)
    server._listener.start()


def settings_of(port, name="n1"):
    return read_switches(f"esl://{name}:{PASSWORD}@127.0.0.1:{port}")[0]


def quick_to_return(node):
    """Links come back in hundredths of a second."""
    for client in (node._events, node._commands, node._originates):
        client._backoff = Backoff(first_s=0.02, cap_s=0.05, draw=lambda low, high: high)


class LiveFloor:
    """`n_agents` simulated agents who dispose at once; leads in endless supply."""

    def __init__(self, *ports, n_agents=4, **campaign):
        self.clock = SystemClock()
        self.dispatcher = Dispatcher(lambda: str(uuid.uuid4()))
        self.nodes = {}
        self.loop = EngineLoop(self.dispatcher, self._perform, self.clock)
        self.originates, self.closes, self.disposed = [], [], set()
        self.logins = Counter()
        self.n_agents, self.n_leads = n_agents, 0
        self.campaign = Campaign(
            1, "live", state=CampaignState.RUNNING, mode=PacingMode.RATIO, ratio=1.0,
            rule_set="ANY", max_calls_per_s=30.0, ring_timeout_s=15.0, **campaign,
        )  # fmt: skip
        for i, port in enumerate(ports, 1):
            name = f"n{i}"
            node = SwitchNode(
                settings_of(port, name), self.loop.emit,
                partial(self.dispatcher.legs, name), "1".__eq__,
            )  # fmt: skip
            quick_to_return(node)
            self.nodes[name] = node

    def __enter__(self):
        for node in self.nodes.values():
            node.start()
        self.engine = gevent.spawn(self.loop.run)
        until(lambda: all(self.dispatcher.nodes.get(name).is_up for name in self.nodes))
        self.loop.emit(CampaignConfigured(self.campaign))
        until(lambda: 1 in self.dispatcher.campaigns)
        for i in range(1, self.n_agents + 1):
            self.loop.emit(AgentLoggedIn(i, 1, f"A{i}", str(1000 + i)))
            self.loop.emit(AgentAskedReady(i))
        return self

    def __exit__(self, *_):
        self.loop.stop()
        self.engine.join(2.0)
        for node in self.nodes.values():
            node.stop()
        assert self.loop.n_failures == 0

    @property
    def floor(self):
        return self.dispatcher.campaigns[1].floor

    @property
    def node(self):
        return self.nodes["n1"]

    @property
    def n_bridged(self):
        return self.floor.tally.n_bridged

    def drain(self):
        """No new calls; wait until all have ended."""
        self.campaign = replace(self.campaign, state=CampaignState.DRAINING)
        self.loop.emit(CampaignConfigured(self.campaign))
        until(lambda: not len(self.floor.calls), "calls that do not end", 40.0)

    def settle(self):
        """Every originate is closed once, no lead was dialled twice, every talk disposed."""
        self.drain()
        attempts = [call.attempt_id for call in self.originates]
        leads = [call.lead_id for call in self.originates]
        closed = Counter(close.attempt_id for close in self.closes)
        assert max(Counter(leads).values()) == 1, "a lead dialled twice"
        assert closed == Counter(attempts), "an attempt not closed once"
        talked = {close.attempt_id for close in self.closes if close.bridged_at is not None}
        until(lambda: talked <= self.disposed, "a disposition was lost")

    def _perform(self, command):
        match command:
            case RefillHopper(n_leads=n_leads):
                first = self.n_leads + 1
                self.n_leads += n_leads
                leads = tuple(Lead(i, 1, f"+336{i:08d}", "Europe/Paris")
                              for i in range(first, first + n_leads))  # fmt: skip
                self.loop.emit(LeadsClaimed(1, leads))
            case NoteAgent(state=AgentState.WRAP_UP, attempt_id=attempt_id) if attempt_id:
                if attempt_id not in self.disposed:
                    self.disposed.add(attempt_id)
                    self.loop.emit(AgentDisposed(command.agent_id, attempt_id, is_machine=False))
            case CloseAttempt():
                self.closes.append(command)
            case _ if hasattr(command, "node"):
                if isinstance(command, Originate):
                    self.originates.append(command)
                self.nodes[command.node].execute(command)
