"""What call control relies on: hold by parking, music, keys, mute, recordings, messages.

RELANCE_FREESWITCH_FOLDER names a folder that the switch writes recordings into (the laboratory's
is its run directory's `recordings`); without it the recording's file is not looked at.
"""

import os
import struct
import wave
from pathlib import Path

import pytest

from dialer.model.call import RecordingState
from dialer.model.commands import MuteLeg, ParkLeg, RecordLeg
from dialer.switch import verbs
from dialer.switch.survey import look_at

pytestmark = pytest.mark.freeswitch

MUSIC = "endless_playback::tone_stream://%(400,200,425)"
FOLDER = os.environ.get("RELANCE_FREESWITCH_FOLDER", "/tmp")


@pytest.fixture
def talk(node):
    """A customer in conversation with an agent."""
    agent, customer = node.agent(), node.answered()
    node.bridge(customer, agent)
    return customer, agent


def hold(node, customer, agent):
    assert node.api(f"uuid_park {customer}") == "+OK\n"
    node.wait(customer, "CHANNEL_PARK", 2)
    node.wait(agent, "CHANNEL_PARK", 2)


def test_hold_parks_both_legs_and_the_bridge_back_ends_the_music(node, talk):
    customer, agent = talk
    hold(node, customer, agent)
    assert node.api(f"uuid_broadcast {customer} {MUSIC} aleg") == "+OK Message sent\n"
    node.wait(customer, "PLAYBACK_START")
    assert node.api(f"uuid_bridge {customer} {agent}") == f"+OK {agent}\n"
    node.wait(customer, "CHANNEL_BRIDGE", 2)
    story = node.story(customer, "BACKGROUND_JOB")
    at = story.index("UNBRIDGE")
    assert story[at:] == ["UNBRIDGE", "PARK", "PLAYBACK_START", "PLAYBACK_STOP", "BRIDGE"]


def test_the_held_customer_survives_the_agents_phone(node, talk):
    customer, agent = talk
    hold(node, customer, agent)
    other = node.agent(extension=1002)
    node.api(f"uuid_broadcast {customer} {MUSIC} aleg")
    node.wait(customer, "PLAYBACK_START")
    node.api(f"uuid_kill {agent} NORMAL_TEMPORARY_FAILURE")
    node.fate(agent)
    assert node.api(f"uuid_bridge {customer} {other}") == f"+OK {other}\n"
    assert node.wait(customer, "CHANNEL_BRIDGE", 2).other_uuid == other


def test_a_message_follows_the_music_once_that_is_stopped(node, talk):
    """To park the leg again instead would neither stop the music nor be told."""
    customer, agent = talk
    hold(node, customer, agent)
    node.api(f"uuid_broadcast {customer} {MUSIC} aleg")
    node.wait(customer, "PLAYBACK_START")
    assert node.api(f"uuid_break {customer} all") == "+OK\n"
    node.wait(customer, "PLAYBACK_STOP")
    node.api(f"uuid_broadcast {customer} tone_stream://%(400,200,425) aleg")
    node.wait(customer, "PLAYBACK_STOP", 2)


def test_a_message_plays_to_its_end_on_the_parked_leg(node, talk):
    customer, agent = talk
    hold(node, customer, agent)
    message = "tone_stream://%(400,200,425)"
    assert node.api(f"uuid_broadcast {customer} {message} aleg") == "+OK Message sent\n"
    node.wait(customer, "PLAYBACK_STOP")
    assert node.api(f"uuid_exists {customer}") == "true"


def test_a_sound_over_the_conversation_leaves_the_bridge_alone(node, talk):
    customer, _agent = talk
    node.api(f"uuid_broadcast {customer} tone_stream://%(4000,200,425) aleg")
    node.wait(customer, "PLAYBACK_START")
    assert node.api(f"uuid_break {customer} all") == "+OK\n"
    node.wait(customer, "PLAYBACK_STOP")
    assert node.of(customer, "CHANNEL_UNBRIDGE") == []


def test_mute_is_said_with_a_level(node, talk):
    _, agent = talk
    assert node.api(f"uuid_audio {agent} start read mute").startswith("-USAGE")
    assert node.api(f"uuid_audio {agent} start read mute 1") == "+OK\n"
    assert node.api(f"uuid_audio {agent} stop") == "+OK\n"


def test_keys_are_sent_to_the_customers_end(node, talk):
    customer, _ = talk
    answer = node.api(f"uuid_send_dtmf {customer} 12#@100")
    assert answer == f"+OK {customer} sent DTMF 12#@100.\n"


def test_a_recording_is_masked_by_the_name_of_its_file(node, talk):
    customer, _ = talk
    path = f"{FOLDER}/{customer}.wav"
    assert node.api(f"uuid_record {customer} mask {path}").startswith("-ERR")
    start = f"uuid_record {customer} start {path} 14400 {{RECORD_STEREO=true}}"
    assert node.api(start) == "+OK Success\n"
    node.wait(customer, "RECORD_START")
    assert node.api(f"uuid_record {customer} mask {path}") == "+OK Success\n"
    assert node.api(f"uuid_record {customer} unmask {path}") == "+OK Success\n"
    node.api(f"uuid_park {customer}")
    node.wait(customer, "CHANNEL_PARK", 2)
    assert node.of(customer, "RECORD_STOP") == []  # hold does not end it
    node.api(f"uuid_kill {customer}")
    node.wait(customer, "RECORD_STOP")
    if Path(path).exists():
        with wave.open(path) as made:
            assert made.getnchannels() == 2
        Path(path).unlink()


def test_what_was_done_to_a_leg_is_read_back_from_it(node, talk):
    """A later run of the dialer asks the switch what the earlier one did."""
    customer, agent = talk
    done = (
        ParkLeg("n", customer),
        MuteLeg("n", agent, is_on=True),
        RecordLeg("n", customer, "a-1", "start"),
        RecordLeg("n", customer, "a-1", "mask"),
    )
    for command in done:
        assert node.client.api(verbs.mark(command)) == "+OK\n"
    held, muted = look_at(node.client.api, customer), look_at(node.client.api, agent)
    assert (held.was_held, held.is_muted, held.recording) == (True, False, RecordingState.PAUSED)
    assert (muted.was_held, muted.is_muted, muted.recording) == (False, True, RecordingState.OFF)
    node.client.api(verbs.mark(MuteLeg("n", agent, is_on=False)))
    assert not look_at(node.client.api, agent).is_muted


def loudness(path, channel):
    with wave.open(str(path)) as made:
        frames = made.readframes(made.getnframes())
    return max(map(abs, struct.unpack(f"<{len(frames) // 2}h", frames)[channel::2]), default=0)


def test_a_muted_agent_is_not_heard_in_the_recording(node, talk):
    """The right channel is what the customer hears: nothing at all while the agent is muted."""
    customer, agent = talk
    path = Path(FOLDER) / f"{customer}.wav"
    node.api(f"uuid_audio {agent} start read mute 1")
    node.api(f"uuid_record {customer} start {path} 14400 {{RECORD_STEREO=true}}")
    node.wait(customer, "RECORD_START")
    node.api(f"uuid_broadcast {agent} tone_stream://%(1500,200,425) aleg")
    node.wait(agent, "PLAYBACK_STOP")
    node.api(f"uuid_kill {customer}")
    node.wait(customer, "RECORD_STOP")
    if not path.exists():
        pytest.skip("this switch records nothing that is heard here")
    assert loudness(path, 1) < 50
    path.unlink()


def test_keys_of_the_far_end_are_told_while_a_recording_plays(node):
    """A broadcast listens for them in the middle of its message."""
    leg = node.answered("33612345612")
    node.api(f"uuid_broadcast {leg} tone_stream://%(4000,0,440) aleg")
    node.wait(leg, "PLAYBACK_START")
    assert node.wait(leg, "DTMF", 2).get("DTMF-Digit") == "2"
    assert node.of(leg, "PLAYBACK_STOP") == [], "the recording goes on"
    node.api(f"uuid_break {leg}")
    node.wait(leg, "PLAYBACK_STOP")
