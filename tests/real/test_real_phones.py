"""What agents' outside numbers rely on: the switch holds a leg back until a key confirms it."""

import pytest

pytestmark = pytest.mark.freeswitch

KEEP = "park_after_bridge=true,hangup_after_bridge=false"
CONFIRM = f"group_confirm_key=1,group_confirm_timeout=3,{KEEP}"
PRESSES_1, VOICEMAIL = "33612345612", "33612345602"
"""The first sends 12# half a second after its answer; the second speaks and presses nothing."""


def test_the_answer_is_told_at_once_and_the_park_only_after_the_key(node):
    leg = node.dial(PRESSES_1, CONFIRM)
    node.wait(leg, "CHANNEL_ANSWER")
    node.wait(leg, "CHANNEL_PARK")
    story = [name for name in node.story(leg) if name in ("ANSWER", "DTMF", "PARK")]
    assert story[:3] == ["ANSWER", "DTMF", "PARK"]
    assert node.wait(leg, "BACKGROUND_JOB").body.strip() == f"+OK {leg}"


def test_a_voicemail_is_never_parked_and_its_leg_ends_by_itself(node):
    leg = node.dial(VOICEMAIL, CONFIRM)
    node.wait(leg, "CHANNEL_ANSWER")
    assert node.fate(leg).get("Hangup-Cause") == "ALLOTTED_TIMEOUT"
    assert node.of(leg, "CHANNEL_PARK") == []
    assert node.wait(leg, "BACKGROUND_JOB").body.strip() == "-ERR ALLOTTED_TIMEOUT"


def test_a_dump_tells_the_held_back_leg_from_the_confirmed_one(node):
    """After a gap in the events it must not be taken for an agent."""
    held = node.dial(VOICEMAIL, CONFIRM)
    node.wait(held, "CHANNEL_ANSWER")
    assert "variable_group_confirm_key: 1" in node.api(f"uuid_dump {held}")
    confirmed = node.dial(PRESSES_1, CONFIRM)
    node.wait(confirmed, "CHANNEL_PARK")
    assert "variable_group_confirm_key" not in node.api(f"uuid_dump {confirmed}")
