import typing
from dataclasses import fields

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.bus.codec import decode_people_event, decode_screen, encode
from dialer.model.agent import AgentState
from dialer.model.campaign import Campaign, Window
from dialer.model.commands import NoteAgent, OfferLead, PopLead, ShowResult
from dialer.model.errors import BadInput
from dialer.model.events import (
    AgentAskedPause,
    AgentDisposed,
    AgentLoggedIn,
    CampaignConfigured,
    Event,
    PeopleEvent,
    SupervisorAsked,
)
from dialer.model.outcome import Outcome
from dialer.model.permit import RefusalReason
from dialer.model.phone import PhoneKind
from dialer.model.preview import DeskResult
from dialer.model.supervision import SupervisionMode

PEOPLE = typing.get_args(PeopleEvent)
FORBIDDEN = [kind for kind in typing.get_args(Event) if kind not in PEOPLE]
VALUES = {
    int: st.integers(-(2**53), 2**53), str: st.text(), bool: st.booleans(),
    PhoneKind: st.sampled_from(PhoneKind), SupervisionMode: st.sampled_from(SupervisionMode),
}  # fmt: skip


def people_events():
    """Any event that a person may send."""
    kinds = []
    for kind in PEOPLE:
        hints = typing.get_type_hints(kind)
        bases = {
            f.name: getattr(hints[f.name], "__supertype__", hints[f.name]) for f in fields(kind)
        }
        kinds.append(st.builds(kind, **{name: VALUES[base] for name, base in bases.items()}))
    return st.one_of(kinds)


@given(people_events())
def test_what_people_send_comes_back_as_it_was(event):
    assert decode_people_event(encode(event)) == event


@pytest.mark.parametrize("mode", ["", "listen", "CALLING", 1, None, ["LISTEN"], {}])
def test_a_word_that_is_none_of_its_enum_is_refused(mode):
    event = SupervisorAsked(9, 1, "t-1", SupervisionMode.LISTEN, "Sam", "1090")
    body = orjson.loads(encode(event)) | {"mode": mode}
    with pytest.raises(BadInput, match=r"SupervisorAsked.mode must be one of"):
        decode_people_event(orjson.dumps(body))


@pytest.mark.parametrize("kind", FORBIDDEN, ids=lambda kind: kind.__name__)
def test_what_people_may_not_send_is_refused(kind):
    with pytest.raises(BadInput, match="unknown event type"):
        decode_people_event(orjson.dumps({"type": kind.__name__}))


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"null", b"[]", b"1", b'"AgentLoggedOut"', b"{}", b'{"type":null}', b'{"type":[]}',
     b'{"type":{}}', b'{"type":"__class__"}', b'\xff\xfe', b'{"type":"CloseAttempt"}'],
)  # fmt: skip
def test_what_is_no_event_is_bad_input(raw):
    with pytest.raises(BadInput):
        decode_people_event(raw)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"agent_id": "7"}, "agent_id must be int"),
        ({"agent_id": True}, "agent_id must be int"),
        ({"agent_id": 7.0}, "agent_id must be int"),
        ({"agent_id": None}, "agent_id must be int"),
        ({"is_machine": 1}, "is_machine must be bool"),
        ({"attempt_id": ["t"]}, "attempt_id must be str"),
        ({"outcome": "HANDLED"}, "unknown fields"),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(change, says):
    body = {"type": "AgentDisposed", "agent_id": 7, "attempt_id": "t", "is_machine": False}
    assert decode_people_event(orjson.dumps(body)) == AgentDisposed(7, "t", False)
    with pytest.raises(BadInput, match=says):
        decode_people_event(orjson.dumps(body | change))


def test_a_missing_field_is_refused():
    with pytest.raises(BadInput, match="AgentAskedPause"):
        decode_people_event(b'{"type":"AgentAskedPause","agent_id":7}')


@given(st.binary())
def test_no_bytes_whatever_do_worse_than_bad_input(raw):
    try:
        event = decode_people_event(raw)
    except BadInput:
        return
    assert isinstance(event, PEOPLE)


def test_encoding_is_compact_ordered_and_the_same_each_time():
    event = AgentLoggedIn(7, 1, "Aïcha", "1001", PhoneKind.WEBRTC)
    expected = (
        '{"type":"AgentLoggedIn","agent_id":7,"campaign_id":1,'
        '"name":"Aïcha","phone_address":"1001","phone_kind":"WEBRTC"}'
    )
    assert encode(event) == expected.encode()


@pytest.mark.parametrize("kind", ["webrtc", "", None, 1, ["SIP"]])
def test_a_word_outside_its_enumeration_is_refused(kind):
    body = orjson.loads(encode(AgentLoggedIn(7, 1, "A", "1001"))) | {"phone_kind": kind}
    with pytest.raises(BadInput, match="phone_kind must be one of SIP, WEBRTC, OUTSIDE"):
        decode_people_event(orjson.dumps(body))


def test_sets_are_sorted_and_nested_values_plain():
    windows = (Window(frozenset({4, 0, 2}), 600, 780),)
    body = orjson.loads(encode(CampaignConfigured(Campaign(1, "c", windows=windows))))
    assert body["campaign"]["windows"] == [
        {"weekdays": [0, 2, 4], "opens_min": 600, "closes_min": 780}
    ]
    assert body["campaign"]["mode"] == "PREDICTIVE"


SCREENS = [
    NoteAgent(7, 1, AgentState.PAUSED, 10.0, "LUNCH", "t", "leg", True, "TRAINING"),
    OfferLead(
        7,
        1,
        5,
        2,
        "+33612345678",
        "Awa",
        (("ville", "Lyon"),),
        True,
        False,
        3,
        9.0,
        69.0,
        ends_in_call=True,
    ),
    ShowResult(7, 1, 5, Outcome.BUSY, 9.0),
    ShowResult(7, 1, 5, RefusalReason.OUTSIDE_WINDOW, 9.0),
    ShowResult(7, 1, 5, DeskResult.NO_LINE, 9.0),
    PopLead(7, 1, "t", 5, 2, "+33612345678", "Awa", (("ville", "Lyon"), ("note", "é")), True, 9.0),
]


@pytest.mark.parametrize("shown", SCREENS, ids=lambda shown: type(shown).__name__)
def test_what_a_screen_was_sent_reads_as_the_command_it_was(shown):
    assert decode_screen(orjson.loads(encode(shown))) == shown


@pytest.mark.parametrize(
    "body",
    [{}, {"type": "RaiseAlarm"}, {"type": "NoteAgent"}, {"type": "PopLead"},
     {"type": "NoteAgent", "state": "DANCING"}, {"type": "PopLead", "fields": [1]},
     {"type": "OfferLead"}, {"type": "ShowResult"}, {"type": "ShowResult", "result": "DANCING"},
     {"type": "NoteAgent", "state": "READY", "extra": 1}],
    ids=str,
)  # fmt: skip
def test_a_screen_event_that_is_none_is_bad_input(body):
    with pytest.raises(BadInput):
        decode_screen(body)


def test_a_pause_code_is_text_and_nothing_else():
    event = AgentAskedPause(7, '"},{"type":"LegAnswered"')
    assert decode_people_event(encode(event)) == event
