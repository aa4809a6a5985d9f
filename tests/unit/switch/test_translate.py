import pytest
from wire_stories import NAMES, events, story

from dialer.model.events import LegAnswered, LegArrived, LegParked, NodeBeat, OriginateFailed
from dialer.switch.translate import DUPLICATE, TRANSLATORS, translate
from esl.events import parse_plain

STORIES = {
    "amd_record_on_answer": ["ring A", "answer A", "park A", "end A NORMAL_CLEARING"],
    "answer_then_immediate_hangup": [
        "ring A", "end A NORMAL_CLEARING 200 far", "failed A NORMAL_CLEARING",
    ],
    "answered_human": [
        "ring A", "ring B", "answer B", "park B", "answer A", "park A", "bridge A B",
        "park B", "end A NORMAL_CLEARING 200 far", "end B NORMAL_CLEARING",
    ],
    "bad_auth": [],
    "busy_486": ["ring A", "end A USER_BUSY 486 far", "failed A USER_BUSY"],
    "callee_hangs_up_while_parked": [
        "ring A", "answer A", "park A", "end A NORMAL_CLEARING 200 far",
    ],
    "callee_sends_dtmf": [
        "answer A", "park A", "press A 1", "press A 2", "press A #",
        "end A NORMAL_CLEARING 200 far",
    ],
    "congestion_503": [
        "end A NORMAL_TEMPORARY_FAILURE 503 far", "failed A NORMAL_TEMPORARY_FAILURE",
    ],
    "customer_survives_agent_drop": [
        "answer A", "park A", "answer B", "park B", "answer C", "park C", "bridge C A",
        "end A NORMAL_TEMPORARY_FAILURE", "park C", "bridge C B", "park B",
        "end C NORMAL_CLEARING", "end B NORMAL_CLEARING",
    ],
    "declined_603": [
        "ring A", "end B NORMAL_CLEARING 200 far", "end A CALL_REJECTED 603 far",
        "failed A CALL_REJECTED",
    ],
    "drop_message_then_hangup": [
        "ring A", "answer A", "park A", "played A", "played A", "end A DESTINATION_OUT_OF_ORDER",
    ],
    "early_media_then_answer": ["media A", "answer A", "park A"],
    "execute_and_hangup": ["ring A", "answer A", "park A", "played A", "end A NORMAL_CLEARING"],
    "local_refusals": [
        "ring A", "failed B DESTINATION_OUT_OF_ORDER local", "failed C INVALID_GATEWAY local",
        "answer A", "failed D DUPLICATE_UUID local", "failed E SUBSCRIBER_ABSENT local",
        "failed F CHAN_NOT_IMPLEMENTED local", "failed G DESTINATION_OUT_OF_ORDER local",
        "ring H", "answer H", "failed I DUPLICATE_UUID local",
        "failed J DESTINATION_OUT_OF_ORDER local", "end A NORMAL_CLEARING",
        "end H NORMAL_CLEARING",
    ],
    "machine_beep_avmd": ["ring A", "answer A", "park A", "end A NORMAL_CLEARING"],
    "no_answer_timeout": ["ring A", "failed A NO_ANSWER", "end A NO_ANSWER"],
    "outbound_socket_ivr": ["press A 4", "end A NORMAL_CLEARING"],
    "protocol_edges": [],
    "resync_hold_eavesdrop_agent_drop": [
        "ring A", "ring B", "answer B", "park B", "answer A", "park A", "bridge A B", "ring C",
        "answer C", "end C NORMAL_CLEARING", "end A NORMAL_TEMPORARY_FAILURE",
        "end B NORMAL_TEMPORARY_FAILURE",
    ],
    "sit_intercept_404": [
        "media A", "end A UNALLOCATED_NUMBER 404 far", "failed A UNALLOCATED_NUMBER",
    ],
    "tap_armed_on_answer": [
        "ring A", "answer A", "failed B DUPLICATE_UUID local", "end A NORMAL_CLEARING",
    ],
    "three_way_conference": [
        "ring A", "ring B", "answer B", "park B", "answer A", "park A", "bridge A B", "room B",
        "room A", "ring C", "answer C", "failed D DUPLICATE_UUID local", "room C",
        "end C NORMAL_CLEARING",
        "end A NORMAL_CLEARING", "end B NORMAL_CLEARING",
    ],
    "unallocated_404": ["end A UNALLOCATED_NUMBER 404 far", "failed A UNALLOCATED_NUMBER"],
}  # fmt: skip
"""DUPLICATE_UUID: these recordings gave that originate no identity of ours, so it was another's."""
STORIES["answered_human_json"] = STORIES["answered_human"]


@pytest.mark.parametrize("name", NAMES)
def test_each_recorded_conversation_tells_its_story(name):
    assert story(name) == STORIES[name]


def plain(**headers):
    body = headers.pop("body", "")
    lines = [f"{_header(name)}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return parse_plain(("\n".join(lines) + "\n\n" + body).encode())


def _header(name):
    return name if name.startswith("variable_") else name.replace("_", "-")


def job(body, command="originate"):
    return translate(
        plain(Event_Name="BACKGROUND_JOB", Job_UUID="leg", Job_Command=command, body=body), "n1"
    )


def test_an_event_that_nobody_translates_is_none():
    assert translate(plain(Event_Name="CHANNEL_CREATE", Unique_ID="x"), "n1") is None
    assert "CHANNEL_CREATE" not in TRANSLATORS


def test_the_answer_of_a_leg_that_came_in_is_not_our_calls():
    """A leg that the same switch received, as in a loop through it."""
    event = plain(Event_Name="CHANNEL_ANSWER", Unique_ID="x", Call_Direction="inbound")
    assert translate(event, "n1") is None


def test_the_result_of_another_job_is_none():
    assert job("+OK leg\n", command="uuid_bridge") is None


def test_an_originate_that_went_well_is_told_by_its_leg():
    assert job("+OK leg\n") is None


def test_an_originate_under_another_identity_is_a_duplicate():
    assert job("+OK other\n") == OriginateFailed("leg", DUPLICATE, is_local=True)


@pytest.mark.parametrize(
    ("body", "cause", "is_local"),
    [
        ("-ERR USER_BUSY\n", "USER_BUSY", False),
        ("-ERR DESTINATION_OUT_OF_ORDER\n", "DESTINATION_OUT_OF_ORDER", True),
        ("-ERR \n", "UNKNOWN", False),
        ("", "UNKNOWN", False),
    ],
)
def test_an_originate_that_failed_says_why_and_whether_a_carrier_was_asked(body, cause, is_local):
    assert job(body) == OriginateFailed("leg", cause, is_local)


def test_a_recorded_heartbeat_says_how_full_the_switch_is():
    beats = [translate(e, "n1") for name in NAMES for e in events(name) if e.name == "HEARTBEAT"]
    assert beats
    for beat in beats:
        assert isinstance(beat, NodeBeat)
        assert beat.max_sessions >= 1000
        assert 0 <= beat.n_sessions < beat.max_sessions
        assert 0 < beat.idle_cpu <= 100


@pytest.mark.parametrize(("idle", "expected"), [("97.5", 97.5), ("100", 100.0), ("nan", 100.0)])
def test_a_heartbeat_is_read_whatever_it_says(idle, expected):
    event = plain(Event_Name="HEARTBEAT", Session_Count="3", Max_Sessions="x", Idle_CPU=idle)
    assert translate(event, "n1") == NodeBeat("n1", 3, 0, expected)


@pytest.mark.parametrize("status", ["", "abc", "-1", "٣"])
def test_an_end_with_an_odd_status_is_an_end_all_the_same(status):
    event = plain(
        Event_Name="CHANNEL_HANGUP_COMPLETE", Unique_ID="x", variable_sip_term_status=status
    )
    ended = translate(event, "n1")
    assert (ended.leg_id, ended.cause) == ("x", "UNKNOWN")


ARRIVING = {
    "Unique_ID": "in-1", "Call_Direction": "inbound", "Caller_Caller_ID_Number": "33612345678",
    "Caller_Destination_Number": "33188000001", "variable_relance_inbound": "33188000001",
}  # fmt: skip
"""What 1.10.12 says of a call that came in to a number served."""


def test_a_call_that_comes_in_and_rings_has_arrived():
    event = plain(Event_Name="CHANNEL_PARK", Answer_State="ringing", **ARRIVING)
    assert translate(event, "n1") == LegArrived("in-1", "n1", "33188000001", "33612345678")


def test_an_arrival_that_was_answered_is_an_answer_and_parks_like_any_leg():
    answered = {"Answer_State": "answered", **ARRIVING}
    assert translate(plain(Event_Name="CHANNEL_ANSWER", **answered), "n1") == LegAnswered("in-1")
    assert translate(plain(Event_Name="CHANNEL_PARK", **answered), "n1") == LegParked("in-1")


def test_a_leg_that_came_in_by_any_other_way_is_no_answer():
    event = plain(Event_Name="CHANNEL_ANSWER", Unique_ID="x", Call_Direction="inbound")
    assert translate(event, "n1") is None
