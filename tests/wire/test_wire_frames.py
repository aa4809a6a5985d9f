"""Recorded conversations give the same frames and events however their bytes are cut."""

import random
from itertools import pairwise

import pytest
from esl_transcripts import HANDED_OVER, NAMES, frames, raw_frames, received, sent
from hypothesis import given, settings
from hypothesis import strategies as st

from esl.commands import Auth, Connect, Raw
from esl.connection import ClientConnection
from esl.errors import FrameError
from esl.events import EslEvent, parse_event
from esl.frames import FrameReader
from esl.messages import Greeting, Notice, Reply


def fingerprint(frames_):
    return [(f.content_type, dict(f.headers), f.body) for f in frames_]


@pytest.mark.parametrize("name", NAMES)
def test_byte_by_byte_equals_whole(name):
    reader, stream = FrameReader(), received(name)
    found = []
    for at in range(len(stream)):
        found += reader.feed(stream[at : at + 1])
    assert fingerprint(found) == fingerprint(frames(name))
    assert reader.pending_bytes == 0


@pytest.mark.parametrize("name", NAMES)
def test_small_random_segments_equal_whole(name):
    chance, reader, stream = random.Random(name), FrameReader(), received(name)
    at, found = 0, []
    while at < len(stream):
        size = chance.choice((1, 2, 7, 64, 1448, 9000))
        found += reader.feed(memoryview(stream)[at : at + size])
        at += size
    assert fingerprint(found) == fingerprint(frames(name))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.sampled_from(NAMES), st.lists(st.integers(0, 60_000), max_size=12))
def test_any_split_equals_whole(name, cuts):
    stream, reader, found = received(name)[:60_000], FrameReader(), []
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    for start, end in pairwise(edges):
        found += reader.feed(stream[start:end])
    assert fingerprint(found) == fingerprint(FrameReader().feed(stream))


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_event_parses_and_needs_no_repair(name):
    events = [
        parse_event(frame.content_type, frame.body)
        for frame in frames(name)
        if frame.content_type.startswith("text/event")
    ]
    assert all(event.name and event.core_uuid and event.timestamp_us for event in events)
    assert not any(event.repaired for event in events)


def conversation(name):
    """A client that sends every recorded command and is fed every recorded byte."""
    client = ClientConnection(handed_over=name == HANDED_OVER)
    stream, messages, commands = received(name), [], sent(name)
    if name != HANDED_OVER:
        greeting, answer, *_ = [head + body for head, body in raw_frames(name)]
        messages += client.receive_data(greeting)
        client.send(Auth(commands.pop(0).removeprefix("auth ")))
        messages += client.receive_data(answer)
        stream = stream[len(greeting + answer) :]
    for text in commands:
        client.send(Connect() if text == "connect" else Raw(text))
    return client, messages + client.receive_data(stream)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_gets_its_own_reply_in_order(name):
    client, messages = conversation(name)
    replies = [message for message in messages if isinstance(message, Reply)]
    assert len(replies) == len(sent(name))
    assert client.pending == 0
    for reply, text in zip(replies, sent(name), strict=True):
        expected = "api/response" if text.startswith("api ") else "command/reply"
        assert reply.headers["Content-Type"] == expected
        assert reply.ticket.command.lines()[0] == text.split("\n")[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_conversation_starts_with_the_greeting_and_ends_with_a_notice(name):
    _, messages = conversation(name)
    assert isinstance(messages[0], Greeting) or name == HANDED_OVER
    assert isinstance(messages[-1], Notice)
    assert not messages[-1].lingering


def test_the_connect_reply_is_decoded_and_no_other_reply_is():
    _, messages = conversation(HANDED_OVER)
    leg = messages[0].headers
    assert (leg["Reply-Text"], leg["Control"]) == ("+OK\n", "full")
    assert leg["Event-Date-Local"] == "2026-11-21 22:10:52"
    assert leg["variable_switch_r_sdp"].startswith("v=0\r\n")
    assert messages[1].data == "+OK will linger 5 seconds"


def test_a_linger_notice_leaves_the_connection_open():
    _, messages = conversation(HANDED_OVER)
    notices = [message for message in messages if isinstance(message, Notice)]
    assert [notice.lingering for notice in notices] == [True, False]


def order(name, uuid=None):
    _, messages = conversation(name)
    events = [message for message in messages if isinstance(message, EslEvent)]
    return [event for event in events if uuid is None or event.uuid == uuid]


ANSWERED = [
    "CHANNEL_OUTGOING",
    "CHANNEL_CREATE",
    "CHANNEL_ORIGINATE",
    "CHANNEL_ANSWER",
    "BACKGROUND_JOB",
    "CHANNEL_EXECUTE",
    "CHANNEL_PARK",
    "CHANNEL_HANGUP",
    "CHANNEL_HANGUP_COMPLETE",
    "CHANNEL_DESTROY",
]
REFUSED = [
    "CHANNEL_CREATE",
    "CHANNEL_HANGUP",
    "CHANNEL_HANGUP_COMPLETE",
    "BACKGROUND_JOB",
    "CHANNEL_DESTROY",
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("callee_hangs_up_while_parked", ANSWERED),
        ("callee_sends_dtmf", ANSWERED),
        ("execute_and_hangup", ANSWERED),
    ],
)
def test_an_answered_call_comes_in_its_known_order(name, expected):
    names = [event.name for event in order(name)]
    positions = [names.index(event) for event in expected]
    assert positions == sorted(positions)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("busy_486", "USER_BUSY"),
        ("declined_603", "CALL_REJECTED"),  # in which an earlier call's leg also ends
        ("unallocated_404", "UNALLOCATED_NUMBER"),
        ("congestion_503", "NORMAL_TEMPORARY_FAILURE"),
        ("no_answer_timeout", "NO_ANSWER"),
    ],
)
def test_a_refused_call_tells_its_cause_on_the_leg_and_in_the_job(name, cause):
    events = order(name)
    created = {event.uuid for event in events if event.name == "CHANNEL_CREATE"}
    ended = [event for event in events if event.name == "CHANNEL_HANGUP_COMPLETE"]
    complete = [event for event in ended if event.uuid in created]
    jobs = [event for event in events if event.name == "BACKGROUND_JOB"]
    assert [event.hangup_cause for event in complete] == [cause]
    assert [event.data for event in jobs] == [f"-ERR {cause}\n"]
    names = [event.name for event in events]
    assert not {"CHANNEL_ANSWER", "CHANNEL_PARK"} & set(names)


def test_local_refusals_make_no_channel_event_for_the_refused_uuid():
    events = order("local_refusals")
    refused = [event for event in events if event.body == "-ERR DESTINATION_OUT_OF_ORDER\n"]
    assert refused
    created = {event.uuid for event in events if event.name == "CHANNEL_CREATE"}
    for event in refused[1:]:
        wanted = event.get("Job-Command-Arg").split("origination_uuid=")[1].split("}")[0]
        assert wanted not in created or event.name == "BACKGROUND_JOB"


def test_an_event_spliced_by_a_notice_is_an_error_not_a_guess():
    """Seen on a live switch: kill_listener writes from another thread into an event's body."""
    frames_ = [head + body for head, body in raw_frames("busy_486")]
    stream, notice = b"".join(frames_[2:]), frames_[-1]
    start = stream.index(b"text/event-plain") + 1000
    client = ClientConnection()
    client.receive_data(frames_[0])
    client.send(Auth("x"))
    client.receive_data(frames_[1])
    client.send(Raw("event plain ALL"))
    client.send(Raw("bgapi x"))
    with pytest.raises(FrameError):
        client.receive_data(stream[:start] + notice + stream[start:])


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.integers(0, 30_000), st.integers(0, 7), st.sampled_from(NAMES))
def test_a_flipped_bit_never_raises_anything_but_frame_error(at, bit, name):
    stream = bytearray(received(name)[:30_000])
    stream[at % len(stream)] ^= 1 << bit
    client = ClientConnection(handed_over=True)
    for text in sent(name):
        if text != "exit":
            client.send(Connect() if text == "connect" else Raw(text))
    try:
        messages = client.receive_data(bytes(stream))
    except FrameError:
        assert client.state == "closed"
    else:
        assert client.state != "closed"
        assert all(message is not None for message in messages)
