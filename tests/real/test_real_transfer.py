"""What transfers rely on: an agent's leg taken from bridge to bridge, and rooms of three."""

from pathlib import Path

import gevent
import pytest
from test_call_control import FOLDER, MUSIC, loudness

pytestmark = pytest.mark.freeswitch

OTHER = "33612345701"


@pytest.fixture
def three(node):
    """A customer with music, and an agent who talks with a third party."""
    agent, customer, third = node.agent(), node.answered(), node.answered(OTHER)
    node.bridge(customer, agent)
    assert node.api(f"uuid_park {customer}") == "+OK\n"
    node.wait(agent, "CHANNEL_PARK", 2)
    node.api(f"uuid_broadcast {customer} {MUSIC} aleg")
    node.wait(customer, "PLAYBACK_START")
    node.bridge(third, agent)
    return customer, agent, third


def members(node, leg, action="add-member"):
    return [event for event in node.of(leg, "CUSTOM") if event.get("Action") == action]


def joined(node, *legs, n=1):
    """Each leg has been told to be in a room for the n-th time."""
    for leg in legs:
        at = 1
        while len(members(node, leg)) < n:
            node.wait(leg, "CUSTOM", at)
            at += 1


def meet(node, customer, agent, third):
    inline = f"'m:^:conference:room-{agent}@relance^park:' inline"
    assert node.api(f"uuid_transfer {agent} -both {inline}") == "+OK\n"
    assert node.api(f"uuid_transfer {customer} {inline}") == "+OK\n"
    joined(node, customer, agent, third)


def test_a_consultation_leaves_the_customer_with_the_music(node, three):
    customer, agent, third = three
    assert node.wait(third, "CHANNEL_BRIDGE").other_uuid == agent
    assert node.of(customer, "CHANNEL_HANGUP") == []
    assert len(node.of(customer, "CHANNEL_BRIDGE")) == 1


def test_the_customer_is_joined_with_the_third_party_and_the_agent_parks(node, three):
    customer, agent, third = three
    parks = len(node.of(agent, "CHANNEL_PARK"))
    node.api(f"uuid_bridge {customer} {third}")
    assert node.wait(customer, "CHANNEL_BRIDGE", 2).other_uuid == third
    node.wait(agent, "CHANNEL_PARK", parks + 1)


def test_the_third_party_ends_and_the_agent_parks(node, three):
    customer, agent, third = three
    parks = len(node.of(agent, "CHANNEL_PARK"))
    node.api(f"uuid_kill {third}")
    node.wait(agent, "CHANNEL_PARK", parks + 1)
    node.api(f"uuid_bridge {customer} {agent}")
    assert node.wait(customer, "CHANNEL_BRIDGE", 2).other_uuid == agent


def test_all_three_come_into_the_room_and_the_music_ends(node, three):
    customer, agent, _ = three
    meet(node, *three)
    node.wait(customer, "PLAYBACK_STOP")
    for leg in three:
        (event,) = members(node, leg)
        assert event.get("Conference-Name") == f"room-{agent}"
        assert event.get("Conference-Profile-Name") == "relance"


@pytest.mark.parametrize("gone", [0, 1, 2], ids=["customer", "agent", "third party"])
@pytest.mark.parametrize("how", ["uuid_kill", "uuid_park"])
def test_whoever_leaves_the_room_the_other_two_go_on_and_can_be_bridged(node, three, gone, how):
    meet(node, *three)
    leg = three[gone]
    assert node.api(f"{how} {leg}") == "+OK\n"
    node.wait(leg, "CHANNEL_HANGUP_COMPLETE" if how == "uuid_kill" else "CHANNEL_PARK")
    left = [other for other in three if other != leg]
    for other in left:
        assert members(node, other, "del-member") == []
        assert node.api(f"uuid_exists {other}") == "true"
    first, second = left
    bridges = len(node.of(first, "CHANNEL_BRIDGE"))
    assert node.api(f"uuid_bridge {first} {second}") == f"+OK {second}\n"
    assert node.wait(first, "CHANNEL_BRIDGE", bridges + 1).other_uuid == second


def test_two_who_are_bridged_out_of_the_room_may_come_in_again(node, three):
    customer, agent, third = three
    meet(node, *three)
    node.api(f"uuid_park {agent}")
    bridges = len(node.of(customer, "CHANNEL_BRIDGE"))
    node.api(f"uuid_bridge {customer} {third}")
    node.wait(customer, "CHANNEL_BRIDGE", bridges + 1)
    inline = f"'m:^:conference:again-{agent}@relance^park:' inline"
    node.api(f"uuid_transfer {customer} -both {inline}")
    node.api(f"uuid_transfer {agent} {inline}")
    joined(node, *three, n=2)


def test_the_customers_recording_goes_on_in_the_room(node, three):
    customer, *_ = three
    path = Path(FOLDER) / f"{customer}.wav"
    node.api(f"uuid_record {customer} start {path} 14400 {{RECORD_STEREO=true}}")
    node.wait(customer, "RECORD_START")
    meet(node, *three)
    gevent.sleep(2.0)  # the laboratory's far ends talk by themselves
    assert node.of(customer, "RECORD_STOP") == []
    node.api(f"uuid_kill {customer}")
    node.wait(customer, "RECORD_STOP")
    if not path.exists():
        pytest.skip("this switch records nothing that is heard here")
    assert loudness(path, 1) > 500  # the two others, as the customer heard them
    path.unlink()
