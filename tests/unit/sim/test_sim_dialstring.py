import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.sim.dialstring import parse
from dialer.sim.endpoints import Addresses, Target, find
from esl.originate import Originate

ALPHABET = st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_characters="{}[]<>$^\x7f")


@given(
    st.text(ALPHABET, min_size=1, max_size=30).filter(lambda t: ":_:" not in t and t.strip() == t)
)
def test_what_the_escaper_writes_is_read_unchanged(text):
    line = Originate("c", "user/1001", {"a": "1"}, {"note": text, "z": "end"}).render()
    dial = parse(line.removeprefix("originate "))
    assert dial.variables == {"origination_uuid": "c", "a": "1", "note": text, "z": "end"}
    assert (dial.endpoint, dial.app, dial.app_data) == ("user/1001", "park", "")


def test_an_api_line_inside_a_dial_string():
    dial = parse(
        r"{a=1,api_on_answer='uuid_record c start /x/c.r8 10 {A=true\,B=false}'}user/1 &park()"
    )
    assert dial.variables["api_on_answer"] == "uuid_record c start /x/c.r8 10 {A=true,B=false}"


def test_another_delimiter_a_timeout_and_an_application():
    dial = parse("{^^;a=1;b=x,y}user/1 &eavesdrop(abc) XML default Name 123 17")
    assert dial.variables == {"a": "1", "b": "x,y"}
    assert (dial.app, dial.app_data, dial.timeout_s) == ("eavesdrop", "abc", 17.0)


def test_too_few_words_and_an_open_brace():
    assert parse("user/1") is None
    with pytest.raises(ValueError, match="brace"):
        parse("{a=1 user/1 &park()")


@pytest.mark.parametrize(
    ("endpoint", "found"),
    [
        ("user/1001", Target("sofia/internal/1001@127.0.0.1", "1001", True)),
        ("user/9999@x", "SUBSCRIBER_ABSENT"),
        ("sofia/gateway/carrier/336", Target("sofia/external/336", "336")),
        ("sofia/gateway/nosuch/336", "INVALID_GATEWAY"),
        ("sofia/nosuch/1@x", "INVALID_PROFILE"),
        ("sofia/switch/", "USER_NOT_REGISTERED"),
        ("sofia/agents/agent7@h:5", Target("sofia/agents/agent7@h:5", "agent7", True)),
        ("error/user_busy", "USER_BUSY"),
        ("nosuch/1", "CHAN_NOT_IMPLEMENTED"),
    ],
)  # fmt: skip
def test_where_an_endpoint_leads(endpoint, found):
    assert find(endpoint, Addresses()) == found
