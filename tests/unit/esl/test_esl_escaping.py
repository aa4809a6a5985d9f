"""Nothing that is asked for can become a second command, an expansion or another call."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esl import escaping, verbs
from esl.commands import (
    Api,
    Auth,
    BgApi,
    Filter,
    FilterDelete,
    Linger,
    Raw,
    SendEvent,
    SendMsg,
    Subscribe,
    execute,
    hangup,
)
from esl.errors import LocalError
from esl.originate import Originate

STEADY = settings(deadline=None, derandomize=True)  # same examples every run

U, V = "11111111-aaaa", "22222222-bbbb"
BREAKERS = ["\n", "\r", "\0", "x\n\nsendevent y", "a\r\nb"]


@pytest.mark.parametrize("bad", BREAKERS)
@pytest.mark.parametrize(
    "build",
    [
        lambda bad: Api("status " + bad),
        lambda bad: BgApi("status " + bad, U),
        lambda bad: BgApi("status", "u" + bad),
        lambda bad: Auth("secret" + bad),
        lambda bad: Auth("secret", "user" + bad),
        lambda bad: SendMsg(U, {"call-command": "execute" + bad}),
        lambda bad: SendMsg("u" + bad, {}),
        lambda bad: execute("playback", "file" + bad),
        lambda bad: execute("play" + bad),
        lambda bad: execute("playback", event_uuid="e" + bad),
        lambda bad: hangup(U, "CAUSE" + bad),
        lambda bad: SendEvent("CUSTOM", {"X": bad}),
        lambda bad: SendEvent("CUSTOM", {"X" + bad: "y"}),
        lambda bad: Subscribe(["HEARTBEAT" + bad]),
        lambda bad: Subscribe([], ["a::b" + bad]),
        lambda bad: Filter("Event-Name", "X" + bad),
        lambda bad: FilterDelete("all" + bad),
        lambda bad: Api(verbs.UuidBridge(U, "v" + bad)),
        lambda bad: Api(verbs.UuidKill(U, "CAUSE" + bad)),
        lambda bad: Api(verbs.UuidSetVar(U, "name", "v" + bad)),
        lambda bad: Api(verbs.UuidBroadcast(U, "file" + bad)),
        lambda bad: Api(verbs.UuidRecord(U, "start", "file" + bad)),
        lambda bad: Api(verbs.UuidTransfer(U, "100" + bad)),
        lambda bad: Api(Originate(U, "user/1", {"x": "1" + bad})),
        lambda bad: Api(Originate(U, "user/1", texts={"x": "1" + bad})),
        lambda bad: Api(Originate(U, "user/1" + bad)),
        lambda bad: Api(Originate(U, "user/1", app="&park()" + bad)),
        lambda bad: Api(Originate(U, "user/1", app="100", dialplan="XML" + bad)),
    ],
)
def test_line_ends_and_nul_are_refused_in_every_field(build, bad):
    with pytest.raises(LocalError):
        build(bad).encode()


@pytest.mark.parametrize("bad", ["a\n\nb", "a\rb", "a\0b", "", "\n", "a\n", "\na", "  "])
def test_raw_text_is_one_command_or_refused(bad):
    with pytest.raises(LocalError):
        Raw(bad)


def test_raw_text_may_have_header_lines_as_greenswitch_callers_write_them():
    command = Raw("sendmsg\ncall-command: execute\nexecute-app-name: answer")
    assert command.encode() == b"sendmsg\ncall-command: execute\nexecute-app-name: answer\n\n"


@pytest.mark.parametrize(
    "build",
    [
        lambda: execute("playback", "${system(rm)}"),
        lambda: Originate(U, "user/1", {"x": "$1"}),
        lambda: Originate(U, "user/1", texts={"x": "${system(rm)}"}),
        lambda: Originate(U, "user/${x}"),
        lambda: Originate(U, "user/1", app="&playback(${x})"),
        lambda: verbs.UuidSetVar(U, "x", "${system(rm)}").render(),
        lambda: verbs.UuidBroadcast(U, "$x").render(),
    ],
)
def test_dollar_is_refused_wherever_the_switch_would_expand_it(build):
    with pytest.raises(LocalError):
        build()


@pytest.mark.parametrize("bad", [*"{}[]<>^$", "a:_:b"])
@pytest.mark.parametrize("where", ["variables", "texts"])
def test_originate_refuses_what_cannot_be_escaped_and_names_the_field(where, bad):
    with pytest.raises(LocalError, match="customer"):
        Originate(U, "user/1", **{where: {"customer": bad}})


@pytest.mark.parametrize("value", ["a b", "a,b", "O'Neil", "a=b", 'a"b', "a\\b", "é"])
def test_free_text_among_the_opaque_variables_is_refused(value):
    with pytest.raises(LocalError, match="texts"):
        Originate(U, "user/1", {"origination_caller_id_name": value})


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "user",
        "a/b,c/d",
        "a/b|c/d",
        "a/b :_:c/d",
        "sofia/x/1@[::1]",
        "a/{x=1}b",
        "a/b c",
        "../x\n",
    ],
)
def test_an_endpoint_is_one_plain_dial_string(endpoint):
    with pytest.raises(LocalError):
        Originate(U, endpoint)


@pytest.mark.parametrize(
    "app", ["&park() 1", "&play(a b)", "&x('", "park it", "&a(),&b()", "", "&"]
)
def test_an_application_is_one_word(app):
    with pytest.raises(LocalError):
        Originate(U, "user/1", app=app)


@pytest.mark.parametrize("uuid", ["", "-x", "a b", "a,b", "x" * 129, "a;b"])
def test_identifiers_are_validated_by_pattern(uuid):
    with pytest.raises(LocalError):
        verbs.UuidKill(uuid).render()


@pytest.mark.parametrize(
    "text", ["reload mod_event_socket", "bgapi UNLOAD Mod_Event_Socket", "mod_EVENT_SOCKET reload"]
)
def test_a_line_that_would_reload_the_module_is_refused(text):
    with pytest.raises(LocalError):
        Api(text).encode()


def test_a_command_the_switch_would_cut_in_two_is_refused():
    with pytest.raises(LocalError):
        Api("x" * escaping.COMMAND_LIMIT_BYTES).encode()


@pytest.mark.parametrize("value", ["", "/regex/", "-x", "+x", " x"])
def test_filters_take_no_pattern_and_no_hidden_sign(value):
    with pytest.raises(LocalError):
        Filter("Event-Name", value)


@pytest.mark.parametrize("seconds", [0, -1, 3601])
def test_linger_is_never_for_ever(seconds):
    with pytest.raises(LocalError):
        Linger(seconds)


def _split_level(text, delimiter):
    """One pass of switch_separate_string: split outside quotes, remove a level of escapes."""
    words, word, quoted, position = [], "", False, 0
    while position < len(text):
        mark = text[position]
        if mark == "\\" and position + 1 < len(text):
            following = text[position + 1]
            if following in (delimiter, "\\", "'"):
                word, position = word + following, position + 2
                continue
            if following == "s" and delimiter != ",":
                word, position = word + " ", position + 2
                continue
            word, position = word + mark + following, position + 2
            continue
        if mark == "'":
            quoted = not quoted
        elif mark == delimiter and not quoted:
            words.append(word)
            word = ""
        else:
            word += mark
        position += 1
    return [*words, word]


ESCAPABLE = st.text(
    st.characters(codec="utf-8", exclude_characters="{}[]<>^$\r\n\0", exclude_categories=["Cs"])
).filter(lambda text: ":_:" not in text)


@STEADY
@given(ESCAPABLE)
def test_escaped_text_holds_no_bare_blank_or_quote(text):
    escaped = escaping.free_text("x", text)
    bare = re.sub(r"\\.", "", escaped)
    assert not set(" '") & set(bare)


@STEADY
@given(ESCAPABLE)
def test_escaped_text_survives_three_splits_unchanged(text):
    escaped = escaping.free_text("x", text)
    (word,) = _split_level(escaped, " ")
    (pair,) = _split_level(word, ",")
    (value,) = _split_level(pair, " ")
    assert value == text
