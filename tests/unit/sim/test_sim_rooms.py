"""Rooms of the simulated switch: told as mod_conference tells them, left without ending them."""

import pytest
from test_sim_typed import Node

from dialer.model.commands import BridgeLegs, CallAgent, JoinRoom, ParkLeg
from dialer.model.events import LegEnded, LegJoined, LegParked, LegsBridged


@pytest.fixture
def node():
    """Three phones that are up, two of them bridged."""
    node = Node()
    for leg in "abc":
        node.do(CallAgent(7, 1, leg, "n1", "1001"))
    node.wait(1.0)
    node.do(BridgeLegs("n1", "a", "b"))
    node.wait(0.1)
    return node


def meet(node):
    return node.do(JoinRoom("n1", "a", "t", with_partner=True)) + node.do(JoinRoom("n1", "c", "t"))


def test_a_leg_takes_its_partner_along(node):
    assert meet(node) == [LegJoined("a"), LegJoined("b"), LegJoined("c")]


def test_a_leg_that_is_parked_leaves_and_the_others_stay(node):
    meet(node)
    assert node.do(ParkLeg("n1", "b")) == [LegParked("b")]
    assert node.wait(5.0) == []
    assert node.switch.switch.leg("a").room == node.switch.switch.leg("c").room == "t"


def test_a_leg_that_ends_leaves_and_the_others_stay(node):
    meet(node)
    assert node.switch.drop_leg("b", node.now) == [LegEnded("b", "NORMAL_TEMPORARY_FAILURE")]
    assert node.wait(5.0) == []
    assert node.switch.switch.leg("a").room == "t"


def test_two_are_bridged_out_of_their_room(node):
    meet(node)
    node.do(BridgeLegs("n1", "a", "c"))
    assert node.wait(0.1) == [LegsBridged("a", "c")]
    assert node.switch.switch.leg("a").room == ""
    assert node.switch.switch.leg("b").room == "t"
