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


def ringing_into_a_bridge(bench, number, **order):
    """Leg `a` rings and `b` waits for its answer, the bridge asked for."""
    bench.dial("a", number)
    bench.dial("b", "agent1001", **order)
    bench.wait(0.5)
    bench.bridge("a", "b")
    assert bench.answers["a"] == "-ERR ORIGINATOR_CANCEL"
    assert bench.switch.leg("a").partner is None


def test_a_bridge_with_a_leg_that_only_rings_waits_for_its_answer(bench):
    ringing_into_a_bridge(bench, "33612345601")
    bench.wait(2.0)
    assert bench.switch.leg("a").partner is bench.switch.leg("b")
    assert bench.names("PARK") == [("CHANNEL_PARK", "b")]  # when it was answered, not now
    assert bench.names("BRIDGE") == [("CHANNEL_BRIDGE", "b")]


@pytest.mark.parametrize(
    ("number", "cause"), [("33612345603", "USER_BUSY"), ("33612345605", "DESTINATION_OUT_OF_ORDER")]
)
@pytest.mark.parametrize("parks", [True, False])
def test_a_bridge_whose_ringing_leg_ends_costs_the_other_unless_it_parks(
    bench, number, cause, parks
):
    limit = {"call_timeout": "10"}
    ringing_into_a_bridge(bench, number, parks_on_cancel=parks, variables=limit)
    ringing, waiting = bench.switch.leg("a"), bench.switch.leg("b")
    bench.wait(10.0)
    assert ringing.cause == cause
    assert waiting.cause == ("" if parks else "ORIGINATOR_CANCEL")
    assert (bench.names("PARK")[1:] == [("CHANNEL_PARK", "b")]) is parks


def test_no_bridge_with_a_leg_that_is_not_there(bench):
    bench.dial("a", "agent1001")
    assert not bench.switch.bridges.bridge("a", "nobody")
    assert not bench.switch.bridges.bridge("a", "a")


@pytest.mark.parametrize(
    ("dies", "parks_on_cancel", "fate"),
    [("b", True, "park"), ("b", False, "ORIGINATOR_CANCEL"), ("a", False, "")],
)
def test_a_leg_that_dies_while_the_bridge_is_made(bench, dies, parks_on_cancel, fate):
    """27 of 60 trials on the real switch; told to park on cancel, the other lived in all."""
    for leg_id in ("a", "b"):
        bench.dial(
            leg_id, "agent1001", parks_after_bridge=True, parks_on_cancel=parks_on_cancel
        )  # fmt: skip
    bench.wait(0.5)
    assert bench.switch.bridges.bridge("a", "b")
    left = bench.switch.leg("b" if dies == "a" else "a")
    bench.told.clear()
    bench.kill(dies)
    bench.wait(1.0)
    assert not bench.names("BRIDGE")
    assert bool(bench.names("PARK")) is (fate == "park")
    assert left.cause == fate.removeprefix("park")


def test_a_leg_whose_bridge_was_cancelled_is_bridged_to_another(bench):
    for leg_id in ("a", "b", "d"):
        bench.dial(leg_id, "agent1001", parks_on_cancel=True)
    bench.wait(0.5)
    assert bench.switch.bridges.bridge("a", "b")
    bench.kill("b")
    bench.bridge("a", "d")
    assert bench.switch.leg("a").partner is bench.switch.leg("d")
