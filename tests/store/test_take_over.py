"""What a new run learns of an earlier one's calls: from the store, and from the switch itself."""

import gevent
import pytest
from store_facts import NOON

from dialer.config import read_switches
from dialer.model.agent import AgentState
from dialer.model.call import CallState, RecordingState
from dialer.model.commands import (
    BridgeLegs,
    HangUpLeg,
    MuteLeg,
    NoteAgent,
    NoteAttempt,
    ParkLeg,
    RecordLeg,
)
from dialer.model.events import LegParked, LegsBridged, NodeUp
from dialer.run.clocks import SystemClock
from dialer.run.recovery import take_over
from dialer.sim.population import LAB, Population
from dialer.sim.server import SwitchServer
from dialer.sim.wire import WireSwitch
from dialer.store import agents, attempts
from dialer.switch.node import SwitchNode

PASSWORD = "simulated-switch"


class Earlier:
    """A conversation of an earlier run: its rows, and its two legs on a simulated switch."""

    def __init__(self, world):
        clock = SystemClock()
        switch = WireSwitch(Population(1, LAB), clock.now(), PASSWORD)
        self.world, self.heard = world, []
        self.server = SwitchServer(("127.0.0.1", 0), switch, clock, speed=8.0)
        self.server.start()
        (settings,) = read_switches(f"esl://n1:{PASSWORD}@127.0.0.1:{self.server.port}")
        self.node = SwitchNode(settings, self.heard.append, list)
        self.node.start()
        self.wait(NodeUp)
        world.add_leads(1)
        world.dial("a1")

    def wait(self, kind, n=1):
        with gevent.Timeout(10.0, AssertionError(f"no {kind.__name__}: {self.heard}")):
            while sum(isinstance(event, kind) for event in self.heard) < n:
                gevent.sleep(0.005)

    def leg(self, leg_id, **facts):
        given = "".join(f",relance_{name}={value}" for name, value in facts.items())
        endpoint = "sofia/gateway/carrier/agent1001"
        keep = "park_after_bridge=true,hangup_after_bridge=false"
        self.node.api(
            f"bgapi uuid:{leg_id} originate {{origination_uuid={leg_id},{keep},"
            f"relance_campaign={self.world.campaign_id}{given}}}{endpoint} &park()"
        )

    def talk(self):
        self.leg("phone", agent=self.world.agent_id)
        self.leg("leg-a1", attempt="a1")
        self.wait(LegParked, 2)
        self.do(BridgeLegs("n1", "leg-a1", "phone"))
        self.wait(LegsBridged)
        with self.world.transaction() as session:
            facts = {"answered_at": NOON + 5, "bridged_at": NOON + 6}
            note = NoteAttempt("a1", agent_id=self.world.agent_id, **facts)
            attempts.note(session, [note])
            state = AgentState.TALKING
            agents.note_agent(
                session,
                NoteAgent(self.world.agent_id, self.world.campaign_id, state, NOON + 6,
                          attempt_id="a1", leg_id="phone", is_phone_up=True),
            )  # fmt: skip

    def do(self, *commands):
        """One after the other, each to its answer."""
        for command in commands:
            if isinstance(command, BridgeLegs):
                self.node.execute(command)
            else:
                self.node._execute(command)

    def hold(self):
        self.heard.clear()
        self.do(ParkLeg("n1", "leg-a1"))
        self.wait(LegParked, 2)

    def learn(self):
        """(agent, call) as a new run takes them over."""
        agent, call = take_over(
            self.world.factory, {"n1": self.node}, self.world.campaign_id, NOON + 60
        )
        return agent, call

    def close(self):
        self.node.stop()
        self.server.stop()


@pytest.fixture
def earlier(world):
    made = Earlier(world)
    yield made
    made.close()


def test_a_conversation_goes_on(earlier):
    earlier.talk()
    agent, call = earlier.learn()
    assert (agent.leg_id, agent.is_muted, agent.attempt_id) == ("phone", False, "a1")
    assert (call.state, call.agent_id) == (CallState.CONNECTED, earlier.world.agent_id)
    assert call.recording is RecordingState.OFF


def test_hold_mute_and_recording_are_learnt_from_the_switch(earlier):
    earlier.talk()
    earlier.do(MuteLeg("n1", "phone", is_on=True), RecordLeg("n1", "leg-a1", "a1", "start"))
    earlier.hold()
    agent, call = earlier.learn()
    assert (agent.is_muted, call.recording) == (True, RecordingState.ON)
    assert (call.state, call.agent_id) == (CallState.HELD, earlier.world.agent_id)
    earlier.do(RecordLeg("n1", "leg-a1", "a1", "mask"), MuteLeg("n1", "phone", is_on=False))
    agent, call = earlier.learn()
    assert (agent.is_muted, call.recording) == (False, RecordingState.PAUSED)


def test_a_hold_that_is_over_is_a_conversation_again(earlier):
    earlier.talk()
    earlier.hold()
    earlier.do(BridgeLegs("n1", "leg-a1", "phone"))
    earlier.wait(LegsBridged)
    assert earlier.learn()[1].state is CallState.CONNECTED


def test_a_held_customer_whose_agent_is_gone_waits_for_another(earlier):
    earlier.talk()
    earlier.hold()
    earlier.do(HangUpLeg("n1", "phone"))
    gevent.sleep(0.1)
    agent, call = earlier.learn()
    assert (agent.leg_id, call.state) == (None, CallState.WAITING)


def test_a_leg_of_the_campaign_that_no_row_knows_is_hung_up_and_a_shared_agents_is_not(earlier):
    earlier.talk()
    earlier.leg("nobodys", attempt="a9")
    earlier.leg("shared", agent=9)
    earlier.wait(LegParked, 4)
    with earlier.world.transaction() as session:
        session.add(other := earlier.world.another_agent())
        session.flush()
        row = earlier.world.another_campaign(session)
        note = NoteAgent(other.id, row.id, AgentState.READY, NOON, leg_id="shared")
        agents.note_agent(session, note)
    earlier.learn()
    gevent.sleep(0.2)
    legs = earlier.server.switch.switch.exchange.legs
    assert legs.keys() == {"phone", "leg-a1", "shared"}
