"""Commands render to the lines mod_event_socket reads; many are as recorded."""

import pytest

from esl import commands, verbs
from esl.commands import (
    Api,
    Auth,
    BgApi,
    Connect,
    DivertEvents,
    Exit,
    Filter,
    FilterDelete,
    Linger,
    MyEvents,
    NixEvent,
    NoEvents,
    NoLinger,
    Resume,
    SendEvent,
    SendMsg,
    Subscribe,
    execute,
    hangup,
)
from esl.errors import LocalError
from esl.originate import Originate

A, B = "734d4338-385b-4551-a6ff-81c843f8cdd0", "4525ddac-1acf-4331-b9f4-5d206e73dfc3"
JOB = "63ed2e7a-1d2c-4a23-a885-e894ea42f9b5"
TAP = verbs.UuidRecord(
    A, "start", "/dev/shm/tap/x.r8", 10, {"RECORD_READ_ONLY": "true", "RECORD_USE_THREAD": "false"}
)


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (Auth("ClueCon"), "auth ClueCon"),
        (Auth("secret", "relance@switch"), "userauth relance@switch:secret"),
        (Api("status"), "api status"),
        (BgApi("status", JOB), f"bgapi status\nJob-UUID: {JOB}"),
        (BgApi("status", JOB, via_api=True), f"api bgapi uuid:{JOB} status"),
        (Subscribe(["HEARTBEAT", "DTMF"]), "event json HEARTBEAT DTMF"),
        (
            Subscribe(["CUSTOM", "DTMF"], ["avmd::beep", "avmd::stop"], "plain"),
            "event plain DTMF CUSTOM avmd::beep avmd::stop",
        ),
        (Subscribe(["CUSTOM"]), "event json CUSTOM"),
        (Subscribe([], ["a::b"]), "event json CUSTOM a::b"),
        (NixEvent(["HEARTBEAT"]), "nixevent HEARTBEAT"),
        (NixEvent([], ["a::b"]), "nixevent CUSTOM a::b"),
        (NoEvents, "noevents"),
        (Filter("Event-Name", "HEARTBEAT"), "filter add Event-Name HEARTBEAT"),
        (Filter("Call-Direction", "inbound", veto=True), "filter add Call-Direction -inbound"),
        (FilterDelete("Event-Name"), "filter delete Event-Name"),
        (FilterDelete("Event-Name", "DTMF"), "filter delete Event-Name DTMF"),
        (FilterDelete(), "filter delete all"),
        (
            execute("playback", "tone_stream://%(300,0,600)", uuid=A, event_uuid=B),
            f"sendmsg {A}\ncall-command: execute\nexecute-app-name: playback\n"
            f"execute-app-arg: tone_stream://%(300,0,600)\nEvent-UUID: {B}",
        ),
        (
            execute("answer", locked=True, background=True),
            "sendmsg\ncall-command: execute\nexecute-app-name: answer\nasync: true\n"
            "event-lock: true",
        ),
        (hangup(A), f"sendmsg {A}\ncall-command: hangup\nhangup-cause: NORMAL_CLEARING"),
        (SendMsg(A, {"call-command": "nomedia"}), f"sendmsg {A}\ncall-command: nomedia"),
        (Connect(), "connect"),
        (MyEvents(), "myevents"),
        (MyEvents(A, "json"), f"myevents {A} json"),
        (Linger(5), "linger 5"),
        (NoLinger, "nolinger"),
        (DivertEvents(), "divert_events on"),
        (DivertEvents(False), "divert_events off"),
        (Resume, "resume"),
        (Exit, "exit"),
    ],
)
def test_a_command_is_its_lines_and_an_empty_one(command, text):
    assert command.encode() == text.encode() + b"\n\n"


def test_a_body_is_announced_by_its_length_in_bytes():
    command = SendEvent("CUSTOM", {"Event-Subclass": "relance::test"}, "héllo")
    assert command.encode() == (
        "sendevent CUSTOM\nEvent-Subclass: relance::test\nContent-Length: 6\n\nhéllo".encode()
    )


def test_a_length_of_ones_own_is_refused():
    with pytest.raises(LocalError):
        SendEvent("CUSTOM", {"content-length": "5"}, "hello").encode()


@pytest.mark.parametrize(
    ("verb", "text"),
    [
        (verbs.UuidBridge(A, B), f"uuid_bridge {A} {B}"),
        (verbs.UuidKill(A), f"uuid_kill {A} NORMAL_CLEARING"),
        (verbs.UuidKill(A, "USER_BUSY"), f"uuid_kill {A} USER_BUSY"),
        (verbs.UuidExists(A), f"uuid_exists {A}"),
        (verbs.UuidDump(A), f"uuid_dump {A} json"),
        (
            verbs.UuidBroadcast(A, "tone_stream://%(400,200,425);loops=2"),
            f"uuid_broadcast {A} tone_stream://%(400,200,425);loops=2 aleg",
        ),
        (verbs.UuidBreak(A), f"uuid_break {A} all"),
        (verbs.UuidSetVar(A, "x", "a b"), f"uuid_setvar {A} x a b"),
        (verbs.UuidSetVar(A, "x"), f"uuid_setvar {A} x"),
        (verbs.UuidGetVar(A, "relance_attempt"), f"uuid_getvar {A} relance_attempt"),
        (verbs.UuidTransfer(A, "100"), f"uuid_transfer {A} 100 XML default"),
        (
            verbs.UuidTransfer(A, "conference:room7@default", "inline", legs="both"),
            f"uuid_transfer {A} -both conference:room7@default inline default",
        ),
        (verbs.UuidPark(A), f"uuid_park {A}"),
        (verbs.UuidAnswer(A), f"uuid_answer {A}"),
        (verbs.UuidRecord(A, "stop", "/var/rec/1.wav"), f"uuid_record {A} stop /var/rec/1.wav"),
        (
            TAP,
            f"uuid_record {A} start /dev/shm/tap/x.r8 10 "
            "{RECORD_READ_ONLY=true,RECORD_USE_THREAD=false}",
        ),
        (verbs.UuidHold(A), f"uuid_hold {A}"),
        (verbs.UuidHold(A, on=False), f"uuid_hold off {A}"),
        (verbs.UuidSendDtmf(A, "5", 200), f"uuid_send_dtmf {A} 5@200"),
        (verbs.ShowChannels(), "show channels as json"),
    ],
)
def test_a_verb_is_one_console_line(verb, text):
    assert Api(verb).encode() == f"api {text}\n\n".encode()


@pytest.mark.parametrize(
    "build",
    [
        lambda: verbs.UuidTransfer(A, "playback:a,hangup:b", "inline").render(),
        lambda: verbs.UuidSendDtmf(A, "5;6").render(),
        lambda: verbs.UuidSendDtmf(A, "").render(),
        lambda: verbs.UuidRecord(A, "start", "/x", variables={"a": "b"}).render(),
        lambda: verbs.UuidRecord(A, "start", "/x", 1, {"a": "b,c"}).render(),
        lambda: verbs.UuidBroadcast(A, "two words").render(),
        lambda: Subscribe([]),
        lambda: Api("  ").encode(),
        lambda: commands.Line("a\nb").encode(),
    ],
)
def test_what_the_switch_would_misread_is_refused(build):
    with pytest.raises(LocalError):
        build()


def test_originate_renders_as_recorded():
    command = Originate(
        "9fe71990-ebf0-4939-8589-985c6647d714",
        "sofia/switch/22997000101@127.0.0.1:5080",
        {"originate_timeout": "8", "ignore_early_media": "true", "relance_attempt": "1"},
    )
    assert command.render() == (
        "originate {origination_uuid=9fe71990-ebf0-4939-8589-985c6647d714,originate_timeout=8,"
        "ignore_early_media=true,relance_attempt=1}sofia/switch/22997000101@127.0.0.1:5080 &park()"
    )


def test_an_answer_command_is_nested_as_proved_on_a_live_switch():
    assert Originate(A, "user/1", on_answer=TAP).render() == (
        f"originate {{origination_uuid={A},api_on_answer='uuid_record {A} start "
        "/dev/shm/tap/x.r8 10 {RECORD_READ_ONLY=true\\,RECORD_USE_THREAD=false}'}user/1 &park()"
    )


def test_free_text_is_escaped_in_the_dial_string():
    line = Originate(A, "user/1", texts={"origination_caller_id_name": "O'Neil, é"}).render()
    assert line == (
        f"originate {{origination_uuid={A},origination_caller_id_name="
        "O\\\\\\\\\\\\\\'Neil\\\\,\\\\\\\\sé}user/1 &park()"
    )


@pytest.mark.parametrize(
    ("fields", "tail"),
    [
        ({"app": "&eavesdrop(4525ddac)"}, "user/1 &eavesdrop(4525ddac)"),
        ({"app": "&conference(room7@default)"}, "user/1 &conference(room7@default)"),
        ({"app": "100", "dialplan": "XML", "context": "default"}, "user/1 100 XML default"),
    ],
)
def test_an_answered_leg_runs_an_application_or_an_extension(fields, tail):
    assert Originate(A, "user/1", **fields).render().endswith("}" + tail)


@pytest.mark.parametrize(
    "fields",
    [
        {"variables": {"origination_uuid": B}},
        {"texts": {"api_on_answer": "status"}},
        {"variables": {"a": "1"}, "texts": {"a": "2"}},
        {"variables": {"a b": "1"}},
        {"context": "default"},
        {"on_answer": verbs.UuidBroadcast(A, "a[b")},
        {"on_answer": verbs.UuidBroadcast(A, "{{a}}")},
        {"on_answer": verbs.UuidBroadcast(A, "}a{")},
        {"on_answer": verbs.UuidBroadcast(A, "{a")},
        {"on_answer": verbs.UuidBroadcast(A, "a:_:b")},
    ],
)
def test_originate_refuses_contradictions(fields):
    with pytest.raises(LocalError):
        Originate(A, "user/1", **fields)


def test_a_password_is_not_shown():
    assert "secret" not in repr(Auth("secret"))
