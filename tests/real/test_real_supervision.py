"""What supervision relies on: a leg that overhears another one, and a customer who changes hands.

RELANCE_FREESWITCH_FOLDER names a folder that the switch writes recordings into (the laboratory's
is its run directory's `recordings`); without it who hears whom is not listened to.
"""

import os
import struct
import wave
from pathlib import Path

import gevent
import pytest

from esl.verbs import UuidAudio, UuidEavesdrop

pytestmark = pytest.mark.freeswitch

FOLDER = Path(os.environ.get("RELANCE_FREESWITCH_FOLDER", "/tmp"))
LOUD, SILENT = 500, 50


class Three:
    """A customer and an agent in conversation, and a supervisor's phone that is parked."""

    def __init__(self, node):
        self.node = node
        self.agent, self.supervisor = node.agent(), node.agent(extension=1002)
        self.customer = node.answered()
        node.bridge(self.customer, self.agent)

    def overhear(self, **hearers):
        """Overhear the agent's leg, from now on."""
        n_before = len(self.taps("START"))
        line = UuidEavesdrop(self.supervisor, self.agent, **hearers).render()
        assert self.node.api(line) == "+OK\n"
        with gevent.Timeout(5, AssertionError("the agent's leg is not overheard")):
            while len(self.taps("START")) == n_before:
                gevent.sleep(0.01)

    def taps(self, which):
        """Media bugs of the application on the agent's leg that began (START) or ended (STOP)."""
        found = self.node.of(self.agent, f"MEDIA_BUG_{which}")
        return [event for event in found if event.get("Media-Bug-Function") == "eavesdrop"]

    def parks(self):
        return len(self.node.of(self.supervisor, "CHANNEL_PARK"))


@pytest.fixture
def three(node):
    return Three(node)


def test_to_overhear_otherwise_takes_the_place_of_what_was_before(node, three):
    three.overhear()
    three.overhear(to_leg=True)
    three.overhear(to_leg=True, to_partner=True)
    assert len(three.taps("STOP")) == 2
    assert three.parks() == 1, "only after its answer"
    assert node.of(three.customer, "CHANNEL_UNBRIDGE") == []


def test_a_leg_that_overhears_is_parked_by_asking(node, three):
    three.overhear()
    assert node.api(f"uuid_park {three.supervisor}") == "+OK\n"
    node.wait(three.supervisor, "CHANNEL_PARK", 2)
    assert len(three.taps("STOP")) == 1


def test_hold_and_return_are_overheard_without_a_word(node, three):
    three.overhear()
    node.api(f"uuid_park {three.customer}")
    node.wait(three.agent, "CHANNEL_PARK", 2)
    node.api(f"uuid_bridge {three.customer} {three.agent}")
    node.wait(three.customer, "CHANNEL_BRIDGE", 2)
    assert three.taps("STOP") == []
    assert three.parks() == 1


def test_it_parks_when_the_leg_that_it_overhears_dies(node, three):
    three.overhear()
    node.api(f"uuid_kill {three.agent} NORMAL_TEMPORARY_FAILURE")
    node.wait(three.supervisor, "CHANNEL_PARK", 2)
    node.fate(three.agent)
    assert node.api(f"uuid_exists {three.supervisor}") == "true"
    assert node.api(f"uuid_exists {three.customer}") == "true"


def test_it_parks_when_there_is_nobody_to_overhear(node, three):
    gone = "5b6c2a52-0000-4000-8000-00000000000a"
    assert node.api(UuidEavesdrop(three.supervisor, gone).render()) == "+OK\n"
    node.wait(three.supervisor, "CHANNEL_PARK", 2)


def test_the_customer_does_not_notice_that_the_supervisors_phone_is_gone(node, three):
    three.overhear(to_leg=True, to_partner=True)
    node.api(f"uuid_kill {three.supervisor}")
    node.fate(three.supervisor)
    assert len(three.taps("STOP")) == 1
    assert node.of(three.customer, "CHANNEL_UNBRIDGE") == []


def test_taking_over_parks_the_agent_and_ends_the_overhearing(node, three):
    three.overhear(to_leg=True)
    answer = node.api(f"uuid_bridge {three.customer} {three.supervisor}")
    assert answer == f"+OK {three.supervisor}\n"
    joined = node.wait(three.customer, "CHANNEL_BRIDGE", 2)
    assert joined.get("Bridge-B-Unique-ID") == three.supervisor
    node.wait(three.agent, "CHANNEL_PARK", 2)
    assert len(three.taps("STOP")) == 1
    node.api(f"uuid_kill {three.customer}")
    node.wait(three.supervisor, "CHANNEL_PARK", 2)
    assert node.api(f"uuid_exists {three.agent}") == "true"


def test_a_customer_who_was_taken_over_survives_the_supervisors_phone(node, three):
    three.overhear()
    node.api(f"uuid_bridge {three.customer} {three.supervisor}")
    node.wait(three.customer, "CHANNEL_BRIDGE", 2)
    node.wait(three.agent, "CHANNEL_PARK", 2)
    node.api(f"uuid_kill {three.supervisor} NORMAL_TEMPORARY_FAILURE")
    node.wait(three.customer, "CHANNEL_PARK", 2)
    node.api(f"uuid_bridge {three.customer} {three.agent}")
    assert node.wait(three.customer, "CHANNEL_BRIDGE", 3).other_uuid == three.agent


# --- who hears whom ------------------------------------------------------------------------------


def heard_by(node, legs):
    """Loudness of what each leg's phone gets."""
    for leg in legs:
        node.api(f"uuid_record {leg} start {FOLDER}/{leg}.wav 60 {{RECORD_STEREO=true}}")
    gevent.sleep(1.5)
    for leg in legs:
        node.api(f"uuid_record {leg} stop {FOLDER}/{leg}.wav")
        node.wait(leg, "RECORD_STOP")
    if not (FOLDER / f"{legs[0]}.wav").exists():
        pytest.skip("this switch records nothing that is heard here")
    return [loudness(FOLDER / f"{leg}.wav") for leg in legs]


def loudness(path):
    """Of the right channel: what is sent to the phone."""
    with wave.open(str(path)) as made:
        frames = made.readframes(made.getnframes())
    path.unlink()
    samples = struct.unpack(f"<{len(frames) // 2}h", frames)[1::2]
    return max(map(abs, samples), default=0)


@pytest.mark.parametrize(
    ("hearers", "agent_hears", "customer_hears"),
    [({}, False, False), ({"to_leg": True}, True, False),
     ({"to_leg": True, "to_partner": True}, True, True)],
    ids=["listen", "whisper", "barge"],
)  # fmt: skip
def test_who_hears_the_supervisor(node, three, hearers, agent_hears, customer_hears):
    """Agent and customer are silenced, so that whatever they hear is the supervisor."""
    for leg in (three.agent, three.customer):
        node.api(UuidAudio(leg, "mute").render())
    three.overhear(**hearers)
    agent, customer = heard_by(node, [three.agent, three.customer])
    assert (agent > LOUD, customer > LOUD) == (agent_hears, customer_hears)
    assert agent > LOUD or agent < SILENT
    assert customer > LOUD or customer < SILENT


@pytest.mark.parametrize("speaker", ["agent", "customer"])
def test_the_supervisor_hears_both(node, three, speaker):
    silent = three.agent if speaker == "customer" else three.customer
    node.api(UuidAudio(silent, "mute").render())
    three.overhear()
    (heard,) = heard_by(node, [three.supervisor])
    assert heard > LOUD


def test_keys_of_the_supervisors_phone_change_nothing(node, three):
    for leg in (three.agent, three.customer):
        node.api(UuidAudio(leg, "mute").render())
    three.overhear()
    node.api(f"uuid_recv_dtmf {three.supervisor} 3")
    gevent.sleep(0.2)
    assert max(heard_by(node, [three.agent, three.customer])) < SILENT


def test_a_mute_silences_who_barged_before_it_and_not_after_it(node, three):
    node.api(UuidAudio(three.customer, "mute").render())
    everybody = {"to_leg": True, "to_partner": True}
    three.overhear(**everybody)
    node.api(UuidAudio(three.agent, "mute").render())
    (before,) = heard_by(node, [three.customer])
    three.overhear(**everybody)
    (after,) = heard_by(node, [three.customer])
    assert (before < SILENT, after > LOUD) == (True, True)
