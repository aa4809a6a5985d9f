import pytest

from dialer.model.commands import BridgeLegs, CallAgent, HangUpLeg, Originate, PlayNotice
from dialer.model.events import (
    BridgeFailed,
    LegAnswered,
    LegEnded,
    LegParked,
    LegPlayed,
    LegRinging,
    LegsBridged,
    NodeBeat,
    NodeDown,
    NodeRestarted,
    NodeUp,
    OriginateFailed,
)
from dialer.model.moment import Moment
from dialer.model.permit import Permit
from dialer.sim.dialing import Limits
from dialer.sim.population import BENCHMARK, LAB, Population
from dialer.sim.typed import TypedSwitch

START = Moment(50.0, 1_800_000_000.0)
PERMIT = Permit(1, "+33612345601", "FR", START.utc + 60)


class Node:
    """A typed switch under a clock that the test moves."""

    def __init__(self, profile=LAB, limits=None):
        self.switch = TypedSwitch("n1", Population(3, profile), START, limits=limits)
        self.now = START

    def dial(self, leg_id, number, ring_timeout_s=25.0, lead=1):
        return self.do(
            Originate(PERMIT, 1, f"t-{leg_id}", leg_id, lead, 1, "n1", number, "+33100000000",
                      ring_timeout_s, self.now.utc)
        )  # fmt: skip

    def agent(self, leg_id):
        return self.do(CallAgent(7, 1, leg_id, "n1", "1001"))

    def do(self, command):
        return self.switch.handle(command, self.now)

    def wait(self, seconds):
        self.now = self.now.plus(seconds)
        events = self.switch.expire(self.now)
        return [event for event in events if not isinstance(event, NodeBeat)]


@pytest.fixture
def node():
    return Node()


def test_answer_bridge_and_the_customers_goodbye(node):
    assert node.agent("a") == [LegRinging("a")]
    assert node.wait(0.5) == [LegAnswered("a"), LegParked("a")]
    assert node.dial("c", "+33612345611") == [LegRinging("c")]
    assert node.wait(1.1) == [LegAnswered("c"), LegParked("c")]
    assert node.do(BridgeLegs("n1", "c", "a")) == []
    assert node.wait(0.1) == [LegsBridged("c", "a")]
    assert node.wait(5.0) == [
        LegParked("a"), LegEnded("c", "NORMAL_CLEARING", 200, is_by_far_end=True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("digits", "ended"),
    [
        ("03", LegEnded("c", "USER_BUSY", 486, is_by_far_end=True)),
        ("06", LegEnded("c", "NORMAL_TEMPORARY_FAILURE", 503, is_by_far_end=True)),
        ("05", LegEnded("c", "NO_ANSWER", None, is_by_far_end=False)),
    ],
)
def test_a_call_nobody_answers_ends_with_one_event(node, digits, ended):
    node.dial("c", "+336123456" + digits)
    assert node.wait(30.0) == [ended]


def test_a_local_refusal_has_no_leg():
    node = Node(limits=Limits(max_sessions=1))
    node.dial("c", "+33612345601")
    assert node.dial("d", "+33612345601") == [
        OriginateFailed("d", "DESTINATION_OUT_OF_ORDER", is_local=True)
    ]


def test_the_customer_survives_the_agents_phone(node):
    node.agent("a")
    node.dial("c", "+33612345601")
    node.wait(2.5)
    node.do(BridgeLegs("n1", "c", "a"))
    node.wait(0.1)
    assert node.switch.drop_leg("a", node.now) == [
        LegEnded("a", "NORMAL_TEMPORARY_FAILURE", None, is_by_far_end=False), LegParked("c")
    ]  # fmt: skip


def test_a_notice_is_played_then_the_leg_hung_up(node):
    node.dial("c", "+33612345601")
    node.wait(2.5)
    assert node.do(PlayNotice("n1", "c", "safe_harbour_fr")) == []
    assert node.wait(5.0) == []
    assert node.wait(2.0) == [LegPlayed("c"), LegEnded("c", "NORMAL_CLEARING", None)]


def test_commands_about_legs_that_are_gone(node):
    assert node.do(HangUpLeg("n1", "x")) == []
    assert node.do(PlayNotice("n1", "x", "y")) == []
    assert node.do(BridgeLegs("n1", "x", "y")) == [BridgeFailed("x", "y", "Invalid uuid")]


def test_the_node_beats_every_twenty_seconds(node):
    node.agent("a")
    node.wait(1.0)
    node.now = node.now.plus(19.5)
    assert node.switch.expire(node.now) == [NodeBeat("n1", 1, 5000, 95.0)]
    assert node.switch.next_deadline() == pytest.approx(START.mono + 40.0)


def test_a_silent_node_tells_later_and_a_restarted_one_has_forgotten(node):
    node.dial("c", "+33612345611")
    assert node.switch.go_silent(node.now) == [NodeDown("n1")]
    assert node.wait(1.5) == []
    assert node.switch.speak(node.now) == [
        LegAnswered("c"), LegParked("c"), NodeUp("n1", 5000, 200)
    ]  # fmt: skip
    assert NodeRestarted("n1") in node.switch.restart(node.now)
    assert node.wait(10.0) == []


def test_two_runs_are_the_same_run():
    def run():
        node = Node(BENCHMARK)
        told = []
        for lead in range(60):
            told += node.dial(f"l{lead}", "+33600000000", lead=lead)
            told += node.wait(0.4)
        return told + node.wait(200.0)

    assert run() == run()
