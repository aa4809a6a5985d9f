"""Events: both formats give the same event, and no byte in a value can pose as a header."""

import pytest

from esl.errors import FrameError
from esl.events import EslEvent, event_name, parse_event, parse_json, parse_plain


def test_a_line_end_inside_a_value_forges_no_header():
    event = parse_plain(b"Event-Name: X\nCaller: a%0AHangup-Cause: PWNED\nHangup-Cause: OK\n\n")
    assert event.headers["Caller"] == "a\nHangup-Cause: PWNED"
    assert event.hangup_cause == "OK"


def test_unusual_line_separators_do_not_split_headers():
    event = parse_plain("Event-Name: X\nA: 1\x0bB: 2\x1c\x85\u2028C: 3\n\n".encode())
    assert list(event.headers) == ["Event-Name", "A"]


def test_a_job_body_with_header_like_lines_stays_a_body():
    body = "-ERR x\n\nJob-UUID: forged\n"
    head = f"Event-Name: BACKGROUND_JOB\nJob-UUID: mine\nContent-Length: {len(body)}\n\n"
    event = parse_plain((head + body).encode())
    assert (event.job_uuid, event.data, event.body) == ("mine", body, body)


def test_plain_undef_and_json_empty_are_both_the_empty_string():
    plain = parse_plain(b"Event-Name: X\nA: _undef_\n\n")
    assert plain.headers == parse_json(b'{"Event-Name":"X","A":""}').headers


def test_json_body_and_plain_body_land_in_the_same_place():
    plain = parse_plain(b"Event-Name: X\nContent-Length: 3\n\na%b")
    json = parse_json(b'{"Event-Name":"X","Content-Length":"3","_body":"a%b"}')
    assert (plain.headers, plain.body) == (json.headers, json.body)


def test_arrays_read_alike_in_both_formats():
    plain = parse_plain(b"Event-Name: X\nA: ARRAY%3A%3Aa%7C%3Ab\n\n")
    assert parse_json(b'{"Event-Name":"X","A":["a","b"]}').headers == plain.headers


def test_a_repeated_name_keeps_its_last_value_in_both_formats():
    assert parse_plain(b"A: 1\nA: 2\n\n").headers == {"A": "2"}
    assert parse_json(b'{"A":"1","A":"2"}').headers == {"A": "2"}


def test_latin1_in_plain_is_replaced_and_counted():
    event = parse_plain(b"Event-Name: X\nCaller: Jos%E9\nOther: caf\xe9\n\n")
    assert (event.headers["Caller"], event.headers["Other"]) == ("Jos\ufffd", "caf\ufffd")
    assert event.repaired


def test_a_broken_percent_is_left_as_it_came():
    assert parse_plain(b"A: 100%\nB: %zz%4\n\n").headers == {"A": "100%", "B": "%zz%4"}


def test_invalid_utf8_in_json_is_replaced_and_counted():
    event = parse_json(b'{"Event-Name":"X","Caller":"Jos\xe9"}')
    assert (event.headers["Caller"], event.repaired) == ("Jos\ufffd", True)


def test_lone_surrogates_in_json_become_storable_text():
    event = parse_json(b'{"Event-Name":"X","A":"\\ud800!"}')
    assert event.headers["A"].encode() == "\ufffd!".encode()
    assert event.repaired


def test_raw_control_bytes_in_json_are_let_through():
    assert parse_json(b'{"Event-Name":"X","A":"\x01"}').headers["A"] == "\x01"


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'"x"', b"{", b'{"A":1}', b'{"A":{}}', b'{"A":null}', b"\xff{"]
)
def test_json_that_is_no_event_is_a_frame_error(content):
    with pytest.raises(FrameError):
        parse_json(content)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"no colon\n\n"])
def test_plain_that_is_no_event_is_a_frame_error(content):
    with pytest.raises(FrameError):
        parse_plain(content)


def test_an_unknown_format_is_a_frame_error():
    with pytest.raises(FrameError):
        parse_event("text/event-xml", b"<event/>")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'{"Event-Name":"HEARTBEAT","Core-UUID":"x"}', "HEARTBEAT"),
        (b"Event-Name: HEARTBEAT\nCore-UUID: x\n\n", "HEARTBEAT"),
        (b'{"Core-UUID":"x","Event-Name":"HEARTBEAT"}', None),
        (b"Core-UUID: x\nEvent-Name: HEARTBEAT\n\n", None),
        (b'{"Event-Name":"HEART', None),
        (b'{"Event-Name":"\xff"}', None),
        (b"", None),
    ],
)
def test_the_name_is_sliced_when_it_comes_first_else_left_to_the_parser(content, name):
    assert event_name(content) == name


def test_custom_events_are_keyed_by_subclass():
    event = EslEvent({"Event-Name": "CUSTOM", "Event-Subclass": "avmd::beep"})
    assert (event.key, EslEvent({"Event-Name": "CUSTOM"}).key) == ("avmd::beep", "CUSTOM")


def test_typed_accessors_read_their_headers():
    event = EslEvent(
        {
            "Event-Name": "CHANNEL_ANSWER",
            "Unique-ID": "u",
            "Other-Leg-Unique-ID": "o",
            "Application-UUID": "a",
            "Core-UUID": "c",
            "Event-Date-Timestamp": "1795298768911893",
            "variable_x": "1",
            "Bad": "1x",
        }
    )
    assert (event.uuid, event.other_uuid, event.application_uuid) == ("u", "o", "a")
    assert (event.core_uuid, event.timestamp_us) == ("c", 1795298768911893)
    assert (event.variable("x"), event.variable("y", "-")) == ("1", "-")
    assert (event.integer("Bad"), event.integer("None")) == (None, None)
    assert (event.get("None"), event.job_uuid, event.subclass) == ("", "", "")
    assert "CHANNEL_ANSWER" in repr(event)
