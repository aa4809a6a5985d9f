"""Rendering follows FreeSWITCH: its encoded set, its empty value, its body."""

import json
from string import ascii_letters, digits
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esl.events import parse_json, parse_plain
from esl.render import json_body, plain_body, url_encode

STEADY = settings(deadline=None, derandomize=True)  # same examples every run
SAFE = ascii_letters + digits + "!$'()*,-./_~"


def test_exactly_the_unsafe_set_is_encoded():
    encoded = {chr(n) for n in range(1, 127) if url_encode(chr(n)) != chr(n)}
    assert encoded == {chr(n) for n in range(1, 127)} - set(SAFE)


def test_bytes_beyond_ascii_are_encoded_one_by_one():
    assert url_encode("é\x7f") == "%C3%A9%7F"


@pytest.mark.parametrize(
    ("value", "encoded"),
    [("a%0Ab", "a%0Ab"), ("a\nb", "a%0Ab"), ("%0a", "%250a"), ("%", "%25"), ("%4", "%254")],
)
def test_an_existing_percent_pair_is_left_alone_so_plain_is_lossy(value, encoded):
    assert url_encode(value) == encoded


def test_an_empty_value_is_written_undef_in_plain_only():
    assert plain_body({"A": ""}) == b"A: _undef_\n\n"
    assert json_body({"A": ""}) == b'{"A":""}'


def test_the_body_comes_last_with_its_length_in_bytes():
    assert (
        plain_body({"Content-Length": "9", "A": "1"}, "é") == b"A: 1\nContent-Length: 2\n\n\xc3\xa9"
    )
    assert json_body({"A": "1"}, "é") == '{"A":"1","Content-Length":"2","_body":"é"}'.encode()


def test_arrays_are_encoded_text_in_plain_and_a_list_in_json():
    headers = {"A": "ARRAY::a|:b"}
    assert plain_body(headers) == b"A: ARRAY%3A%3Aa%7C%3Ab\n\n"
    assert json_body(headers) == b'{"A":["a","b"]}'


def test_a_repeated_name_is_written_twice():
    assert json_body([("A", "1"), ("A", "2")]) == b'{"A":"1","A":"2"}'


def test_bytes_that_are_not_utf8_are_copied_as_cjson_does():
    assert json_body({"A": "\udce9"}) == b'{"A":"\xe9"}'


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,10}", fullmatch=True)
HEADERS = st.dictionaries(NAMES.filter(lambda name: name != "Content-Length"), TEXT, min_size=1)


@STEADY
@given(HEADERS, st.none() | TEXT.filter(bool))
def test_json_loses_nothing(headers, body):
    headers = {name: value for name, value in headers.items() if not value.startswith("ARRAY::")}
    headers["Event-Name"] = "X"
    event = parse_json(json_body(headers, body))
    event.headers.pop("Content-Length", None)
    assert (event.headers, event.body, event.repaired) == (headers, body, False)


@STEADY
@given(HEADERS)
def test_both_json_renderers_write_the_same_bytes(headers):
    rendered = json_body(headers)
    slow = json_body([*headers.items(), *headers.items()])  # repeated names take the other way
    assert slow == b"{" + rendered[1:-1] + b"," + rendered[1:-1] + b"}"
    assert json.loads(rendered).keys() == headers.keys()


@STEADY
@given(HEADERS, st.none() | TEXT.filter(bool))
def test_plain_loses_only_percent_pairs(headers, body):
    event = parse_plain(plain_body(headers, body))
    event.headers.pop("Content-Length", None)
    expected = {name: value for name, value in headers.items() if value != "_undef_"}
    lossless = {name for name, value in expected.items() if unquote(value) == value}
    assert {name: event.headers[name] for name in lossless} == {n: headers[n] for n in lossless}
    assert event.body == body
