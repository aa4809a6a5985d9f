"""Framing: whole frames whatever the segments, and a typed error for whatever is no frame."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esl.errors import FrameError
from esl.frames import FrameReader

STEADY = settings(deadline=None, derandomize=True)  # same examples every run

REPLY = b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n"
EVENT = b"Content-Length: 11\nContent-Type: text/event-plain\n\nhello\n\nworl"
UTF8 = "Content-Type: api/response\nContent-Length: 6\n\né€x".encode()


def test_a_body_holding_an_empty_line_stays_one_body():
    (frame,) = FrameReader().feed(EVENT)
    assert frame.body == b"hello\n\nworl"


def test_head_only_frame_has_an_empty_body():
    (frame,) = FrameReader().feed(REPLY)
    assert (frame.content_type, frame.body) == ("command/reply", b"")
    assert frame.headers["Reply-Text"] == "+OK accepted"


@pytest.mark.parametrize("cut", range(len(EVENT + UTF8 + REPLY) + 1))
def test_a_cut_at_any_byte_changes_nothing(cut):
    stream = EVENT + UTF8 + REPLY
    reader = FrameReader()
    assert reader.feed(stream[:cut]) + reader.feed(stream[cut:]) == FrameReader().feed(stream)
    assert reader.pending_bytes == 0


def test_blank_lines_between_frames_are_skipped():
    frames = FrameReader().feed(b"\n" + REPLY + b"\n\n" + EVENT)
    assert [frame.content_type for frame in frames] == ["command/reply", "text/event-plain"]


@pytest.mark.parametrize(
    "length", ["-1", "+5", " 5", "5 ", "0x5", "", "five", "٣", str(2**31), str(10**12), "9" * 40]
)
def test_a_length_that_is_not_a_plain_bounded_number_is_refused(length):
    head = f"Content-Type: api/response\nContent-Length: {length}\n\n".encode()
    with pytest.raises(FrameError):
        FrameReader().feed(head)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 1\n\nx",
        b"Content-Type: a/b\nContent-Length: 1\nContent-Length: 1\n\nx",
        b"Content-Type: a/b\nContent-Type: a/b\n\n",
        b"Content-Type: a/b\nno colon here\n\n",
        b"Content-Type: a/b\n: nameless\n\n",
        b"Content-Type: a/b\0\n\n",
        b"Content-Type: a/b\r\nX: y\n\n",
        b"See you at ClueCon! http://www.cluecon.com/\nContent-Type: a/b\n\n",
    ],
)
def test_a_broken_head_is_an_error_never_a_guess(head):
    with pytest.raises(FrameError):
        FrameReader().feed(head)


def test_an_endless_head_is_refused_at_its_cap():
    reader = FrameReader(head_limit=1000)
    with pytest.raises(FrameError):
        for _ in range(20):
            reader.feed(b"X-Header: " + b"y" * 90 + b"\n")
    assert reader.pending_bytes <= 1200


def test_a_head_over_the_cap_is_refused_even_when_it_comes_whole():
    with pytest.raises(FrameError):
        FrameReader(head_limit=100).feed(b"Content-Type: a/b\nX: " + b"y" * 200 + b"\n\n")


def test_a_body_over_the_cap_is_refused_before_it_is_read():
    with pytest.raises(FrameError):
        FrameReader(body_limit=10).feed(EVENT)


def test_a_large_body_in_many_segments_is_not_copied_again_and_again():
    body = b"x" * 4_000_000
    reader = FrameReader()
    reader.feed(b"Content-Type: api/response\nContent-Length: %d\n\n" % len(body))
    for start in range(0, len(body), 1000):
        frames = reader.feed(body[start : start + 1000])
    assert frames[0].body == body


def test_repeated_heads_share_one_parse_but_not_their_bodies():
    head = b"Content-Type: api/response\nContent-Length: 1\n\n"
    first, second = FrameReader().feed(head + b"a" + head + b"b")
    assert first.headers is second.headers
    assert (first.body, second.body) == (b"a", b"b")


def test_the_cache_of_heads_is_bounded():
    reader = FrameReader()
    for number in range(3000):
        reader.feed(b"Content-Type: command/reply\nReply-Text: +OK %d\n\n" % number)
    assert len(reader._heads) <= 1024


@STEADY
@given(st.binary(max_size=400))
def test_random_bytes_give_frames_or_frame_error_and_nothing_else(data):
    reader = FrameReader(head_limit=200, body_limit=200)
    try:
        frames = reader.feed(data)
    except FrameError:
        frames = []
    assert all(frame.content_type for frame in frames)
    assert reader.pending_bytes <= 401


@STEADY
@given(st.integers(0, len(REPLY + EVENT) - 1), st.integers(0, 7))
def test_a_flipped_bit_gives_frames_or_frame_error_and_nothing_else(at, bit):
    data = bytearray(REPLY + EVENT)
    data[at] ^= 1 << bit
    reader = FrameReader()
    try:
        assert len(reader.feed(data)) <= 2
    except FrameError as error:
        assert str(error)


@STEADY
@given(st.integers(1, 40))
def test_a_skipped_frame_is_asked_for_once_and_the_rest_is_as_it_was(size):
    asked = []

    def skips(content_type, buffer, at):
        asked.append(bytes(buffer[at : at + 3]))
        return asked[-1] == b"bad"

    stream = b"".join(
        b"Content-Length: 3\nContent-Type: text/x\n\n" + body
        for body in (b"one", b"bad", b"two", b"bad", b"bad", b"end")
    )
    reader, found = FrameReader(skips=skips), []
    for at in range(0, len(stream), size):
        found += reader.feed(stream[at : at + size])
    assert [frame.body for frame in found] == [b"one", b"two", b"end"]
    assert asked == [b"one", b"bad", b"two", b"bad", b"bad", b"end"]
    assert reader.pending_bytes == 0
