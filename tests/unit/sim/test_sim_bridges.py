"""What becomes of the leg that is left: the table measured on FreeSWITCH 1.10.12."""

import pytest

DROP = "NORMAL_TEMPORARY_FAILURE"
CLEAR = "NORMAL_CLEARING"

# park_after_bridge, hangup_after_bridge, which leg dies: fate of the other
AFTER_BRIDGE = [
    (False, False, "a", CLEAR),
    (False, False, "b", CLEAR),
    (False, True, "a", CLEAR),
    (False, True, "b", DROP),
    (True, False, "a", "park"),
    (True, False, "b", "park"),
    (True, True, "a", "park"),
    (True, True, "b", "park"),
]


def joined(bench, **order):
    for leg_id in ("a", "b"):
        bench.dial(leg_id, "agent1001", **order)
    bench.wait(0.5)
    bench.bridge("a", "b")
    bench.told.clear()


@pytest.mark.parametrize(("parks", "hangs_up", "dies", "fate"), AFTER_BRIDGE)
def test_the_leg_that_is_left(bench, parks, hangs_up, dies, fate):
    joined(bench, parks_after_bridge=parks, hangs_up_after_bridge=hangs_up)
    left = bench.switch.leg("b" if dies == "a" else "a")
    bench.kill(dies, DROP)
    if fate == "park":
        assert left.is_up
        assert left.partner is None
        assert ("CHANNEL_PARK", left.leg_id) in bench.told
    else:
        assert left.cause == fate
        assert not bench.switch.exchange.legs
    assert bench.names("UNBRIDGE") == [("CHANNEL_UNBRIDGE", "a")]


def test_the_partner_parks_before_a_dying_first_leg_is_unbridged(bench):
    joined(bench, parks_after_bridge=True)
    bench.kill("a")
    assert bench.names("PARK", "UNBRIDGE", "HANGUP_COMPLETE") == [
        ("CHANNEL_PARK", "b"), ("CHANNEL_UNBRIDGE", "a"), ("CHANNEL_HANGUP_COMPLETE", "a")
    ]  # fmt: skip


def test_a_dying_second_leg_is_gone_before_the_first_is_unbridged(bench):
    joined(bench, parks_after_bridge=True)
    bench.kill("b")
    assert bench.names("PARK", "UNBRIDGE", "HANGUP_COMPLETE") == [
        ("CHANNEL_HANGUP_COMPLETE", "b"), ("CHANNEL_UNBRIDGE", "a"), ("CHANNEL_PARK", "a")
    ]  # fmt: skip


def test_a_customer_left_alone_is_given_to_another_agent(bench):
    joined(bench, parks_after_bridge=True)
    bench.dial("d", "agent1002", parks_after_bridge=True)
    bench.wait(0.5)
    bench.kill("b", DROP)
    bench.bridge("a", "d")
    assert bench.switch.leg("a").partner is bench.switch.leg("d")


def test_a_bridged_leg_may_be_taken_to_a_third(bench):
    joined(bench, parks_after_bridge=True)
    bench.dial("d", "agent1002", parks_after_bridge=True)
    bench.wait(0.5)
    bench.told.clear()
    bench.bridge("a", "d")
    assert bench.names("PARK", "UNBRIDGE", "BRIDGE") == [
        ("CHANNEL_PARK", "b"), ("CHANNEL_UNBRIDGE", "a"), ("CHANNEL_BRIDGE", "a")
    ]  # fmt: skip
    assert bench.switch.leg("b").partner is None


def test_a_bridge_with_a_leg_that_only_rings_costs_both(bench):
    bench.dial("a", "33612345605")
    bench.dial("b", "agent1001", parks_after_bridge=True)
    bench.wait(0.5)
    bench.bridge("a", "b")
    assert bench.answers["a"] == "-ERR ORIGINATOR_CANCEL"
    assert not bench.switch.exchange.legs


def test_no_bridge_with_a_leg_that_is_not_there(bench):
    bench.dial("a", "agent1001")
    assert not bench.switch.bridges.bridge("a", "nobody")
    assert not bench.switch.bridges.bridge("a", "a")


def test_a_leg_that_dies_before_the_bridge_stays_unbridged(bench):
    for leg_id in ("a", "b"):
        bench.dial(leg_id, "agent1001", parks_after_bridge=True)
    bench.wait(0.5)
    assert bench.switch.bridges.bridge("a", "b")
    bench.kill("b")
    bench.wait(1.0)
    assert not bench.names("BRIDGE")
    assert bench.switch.leg("a").is_up
