"""The simulated switch against recordings of FreeSWITCH 1.10.12: same commands, same story."""

import json
from pathlib import Path

import pytest
from sim_replay import START, TRANSCRIPTS, recorded, replayed

from dialer.sim.population import LAB, Population
from dialer.sim.tapped import Taps
from dialer.sim.wire import WireSwitch

pytestmark = pytest.mark.skipif(not TRANSCRIPTS.is_dir(), reason="no recorded transcripts here")


@pytest.fixture(autouse=True)
def taps_in_a_folder_of_their_own(monkeypatch, tmp_path):
    """The recorded names are of a folder that only the recording's machine has."""
    record = Taps.record

    def elsewhere(taps, leg, path, limit_s):
        return record(taps, leg, str(tmp_path / Path(path).name), limit_s)

    monkeypatch.setattr(Taps, "record", elsewhere)


STORIES = [
    "answer_then_immediate_hangup",
    "answered_human_json",
    "busy_486",
    "callee_hangs_up_while_parked",
    "callee_sends_dtmf",
    "congestion_503",
    "customer_survives_agent_drop",
    "declined_603",
    "drop_message_then_hangup",
    "early_media_then_answer",
    "execute_and_hangup",
    "local_refusals",
    "no_answer_timeout",
    "resync_hold_eavesdrop_agent_drop",
    "sit_intercept_404",
    "tap_armed_on_answer",
    "unallocated_404",
]
# What the dialer reads, and must therefore read the same.
SAME = [
    "Event-Name", "Unique-ID", "Call-Direction", "Channel-State", "Channel-Call-State",
    "Answer-State", "Hangup-Cause", "Other-Leg-Unique-ID", "Bridge-A-Unique-ID",
    "Bridge-B-Unique-ID", "Other-Leg-Caller-ID-Number", "Other-Leg-Destination-Number",
    "Caller-Caller-ID-Number", "Caller-Callee-ID-Number", "Caller-Orig-Caller-ID-Number",
    "Channel-Name", "Application", "DTMF-Digit", "Playback-Status", "Record-File-Path",
    "Job-UUID", "Job-Command", "Job-Command-Arg", "variable_origination_uuid",
    "variable_relance_attempt", "variable_relance_agent", "variable_park_after_bridge",
    "variable_hangup_after_bridge", "variable_sip_term_status", "variable_hangup_cause_q850",
    "variable_hangup_cause", "variable_proto_specific_hangup_cause",
    "variable_originate_timeout", "variable_current_application",
    "Caller-Privacy-Hide-Number", "variable_bridge_uuid",
]  # fmt: skip
PRESENT = [
    "Core-UUID", "Event-Date-Timestamp", "Event-Sequence", "Channel-Call-UUID",
    "Caller-Channel-Created-Time", "Caller-Channel-Answered-Time", "Caller-Channel-Hangup-Time",
    "Caller-Channel-Progress-Time", "Caller-Channel-Bridged-Time", "variable_billmsec",
    "variable_answermsec", "variable_progressmsec", "variable_waitmsec", "variable_mduration",
    "variable_start_uepoch", "variable_end_uepoch", "variable_sip_hangup_disposition",
    "Application-Response", "Up-Time", "Session-Count", "Max-Sessions",
]  # fmt: skip
# A rejected far end's own call was still up when this recording began: no command of ours.
STRANGERS = {"declined_603": {"1a8d7d4e-3d30-43d9-b931-80cd968522b9"}}
# Answers that name the machine or the time, or come from a database that was switched off.
VARIABLE_ANSWERS = ('{"', "UP ", "-ERR SQL", "hostname=", " ")
# In this recording the far end had hung up by itself before it was asked to.
RACES = {("answered_human_json", "api/response -ERR No such channel!\n")}


@pytest.mark.parametrize("name", STORIES)
def test_events_of_each_leg_come_in_the_recorded_order(name):
    theirs, ours = recorded(name).per_leg(), replayed(name).per_leg()
    for uuid in theirs.keys() - STRANGERS.get(name, set()):
        expected = [_step(event) for event in theirs[uuid] if event.name != "CHANNEL_STATE"]
        found = [_step(event) for event in ours[uuid] if event.name != "CHANNEL_STATE"]
        assert found == expected


def _step(event):
    return (event.name, event.get("Application"), event.get("Channel-Call-State"))


@pytest.mark.parametrize("name", STORIES)
def test_headers_that_the_dialer_reads_say_the_same(name):
    theirs, ours = recorded(name).per_leg(), replayed(name).per_leg()
    for uuid in theirs.keys() - STRANGERS.get(name, set()):
        for expected, found in zip(_told(theirs[uuid]), _told(ours[uuid]), strict=True):
            where = (expected.name, uuid)
            for header in SAME:
                if not _is_race(name, expected, header):
                    assert (where, header, found.get(header)) == (
                        where, header, expected.get(header)
                    )  # fmt: skip
            wanted = {h for h in PRESENT if h in expected.headers}
            missing = {h for h in wanted - found.headers.keys() if not _is_race(name, expected, h)}
            assert (where, missing) == (where, set())
            assert (found.body or "").strip() == (expected.body or "").strip()


def _told(events):
    return [event for event in events if event.name != "CHANNEL_STATE"]


def _is_race(name, event, header):
    """The far end of answered_human hung up first when recorded, we do when replayed."""
    is_ended = "Hangup-Cause" in event.headers and name == "answered_human_json"
    return is_ended and ("sip" in header or "specific" in header)


@pytest.mark.parametrize("name", [*STORIES, "protocol_edges"])
def test_replies_are_the_recorded_ones(name):
    theirs, ours = recorded(name).replies, replayed(name).replies
    assert len(ours) == len(theirs)
    for expected, found in zip(theirs, ours, strict=True):
        if (name, expected) in RACES or _minted(expected):
            continue
        answer = expected.removeprefix("api/response ")
        if answer != expected and answer.startswith(VARIABLE_ANSWERS):
            assert not found.removeprefix("api/response ").startswith("-ERR Command")
        else:
            assert found == expected


def _minted(reply):
    """A reply that holds a UUID which the switch chose."""
    return reply.startswith(("+OK Job-UUID:", "+OK 5acb3fb3"))


def test_a_wrong_password_gets_a_refusal_and_a_goodbye():
    switch = WireSwitch(Population(1, LAB), START, "secret")
    client = switch.connect()
    switch.handle(client, b"auth wrong\n\n", START)
    assert client.take() == (TRANSCRIPTS / "bad_auth.esl").read_bytes()
    assert client.is_closing
    assert not switch.clients


def test_tables_of_show_have_the_recorded_columns():
    name = "resync_hold_eavesdrop_agent_drop"
    tables = [
        (json.loads(theirs.removeprefix("api/response ")), json.loads(ours[13:]))
        for theirs, ours in zip(recorded(name).replies, replayed(name).replies, strict=True)
        if theirs.startswith('api/response {"row_count"')
    ]
    assert len(tables) == 5
    for theirs, ours in tables:
        assert ours["row_count"] == theirs["row_count"]
        for expected, found in zip(theirs["rows"], ours["rows"], strict=True):
            assert list(found) == list(expected)
            same = ("uuid", "state", "callstate", "application", "dest", "cid_num", "call_uuid")
            for column in (*same, "callee_direction", "b_uuid", "b_state", "initial_cid_num"):
                assert found.get(column) == expected.get(column)
