"""One leg hears another: what is told, in the order seen on FreeSWITCH 1.10.12."""

import pytest

AWAY = (("eavesdrop", "agent"), ("park", ""))


@pytest.fixture
def talk(bench):
    """A customer and an agent in conversation, and a supervisor's phone that is parked."""
    bench.dial("agent", "agent1001", parks_after_bridge=True)
    bench.dial("supervisor", "agent1002", parks_after_bridge=True)
    bench.dial("customer", "33612345601", parks_after_bridge=True)
    bench.wait(3.0)
    bench.bridge("customer", "agent")
    bench.told.clear()
    return bench


def overhear(bench, script=AWAY):
    leg = bench.switch.leg("supervisor")
    bench.switch.sounds.transfer(leg, script)
    bench.switch.settle()
    return leg


def test_a_media_bug_on_the_leg_that_is_heard(talk):
    leg = overhear(talk)
    assert leg.overhears is talk.switch.leg("agent")
    assert talk.events("supervisor") == [
        "CHANNEL_UNPARK", "CHANNEL_EXECUTE_COMPLETE", "CHANNEL_EXECUTE",
    ]  # fmt: skip
    assert talk.events("agent") == ["MEDIA_BUG_START"]
    assert talk.events("customer") == []


def test_variables_are_set_before_it(talk):
    script = (("set", "eavesdrop_whisper_bleg=true"), *AWAY)
    leg = overhear(talk, script)
    assert leg.order.variables["eavesdrop_whisper_bleg"] == "true"
    assert leg.overhears is not None


def test_once_more_ends_the_one_before(talk):
    overhear(talk)
    talk.told.clear()
    overhear(talk)
    assert talk.names("EXECUTE_COMPLETE", "EXECUTE", "MEDIA_BUG_STOP", "MEDIA_BUG_START") == [
        ("MEDIA_BUG_STOP", "agent"), ("CHANNEL_EXECUTE_COMPLETE", "supervisor"),
        ("CHANNEL_EXECUTE", "supervisor"), ("MEDIA_BUG_START", "agent"),
    ]  # fmt: skip


def test_a_park_ends_it(talk):
    leg = overhear(talk)
    talk.told.clear()
    talk.switch.bridges.park(leg)
    assert leg.overhears is None
    assert talk.names("EXECUTE_COMPLETE", "PARK", "MEDIA_BUG_STOP") == [
        ("MEDIA_BUG_STOP", "agent"), ("CHANNEL_EXECUTE_COMPLETE", "supervisor"),
        ("CHANNEL_PARK", "supervisor"),
    ]  # fmt: skip


def test_the_end_of_the_leg_that_is_heard_parks_the_other_before_its_own_report(talk):
    overhear(talk)
    talk.told.clear()
    talk.kill("agent")
    told = talk.names("MEDIA_BUG_STOP", "PARK", "HANGUP_COMPLETE")
    assert told == [
        ("MEDIA_BUG_STOP", "agent"), ("CHANNEL_PARK", "supervisor"),
        ("CHANNEL_HANGUP_COMPLETE", "agent"), ("CHANNEL_PARK", "customer"),
    ]  # fmt: skip


def test_there_is_nobody_to_hear_so_it_parks(talk):
    leg = overhear(talk, (("eavesdrop", "gone"), ("park", "")))
    assert leg.overhears is None
    assert talk.names("PARK", "MEDIA_BUG_START") == [("CHANNEL_PARK", "supervisor")]


def test_nobody_hears_himself(talk):
    assert overhear(talk, (("eavesdrop", "supervisor"), ("park", ""))).overhears is None


def test_a_hang_up_ends_it_and_the_conversation_goes_on(talk):
    overhear(talk)
    talk.told.clear()
    talk.kill("supervisor")
    assert talk.events("agent") == ["MEDIA_BUG_STOP"]
    assert talk.events("customer") == []


def test_a_bridge_ends_it(talk):
    leg = overhear(talk)
    talk.bridge("customer", "supervisor")
    assert leg.overhears is None
    assert talk.switch.leg("customer").partner is leg
    assert talk.switch.leg("agent").partner is None
