"""Attempts by the API: found by what they are of, whole one by one, heard by whoever may."""

from datetime import UTC, datetime, timedelta

import pytest
from api_program import code_of
from sqlalchemy import select
from web_rows import add_attempt, add_lead

from dialer.store.tables import AttemptRow, AuditEntry, RecordingRow

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SOUND = b"RIFF" + bytes(96)


@pytest.fixture
def known(program):
    return program("attempts:read", "recordings:read")


@pytest.fixture
def attempts(session_factory, campaign):
    """Five calls of one lead, a minute apart: the last one still goes on."""
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        for i in range(5):
            ended = {"ended_at": START + timedelta(minutes=i, seconds=30)} if i < 4 else {}
            outcome = ("HANDLED", "BUSY", "HANDLED", "NO_ANSWER", None)[i]
            add_attempt(
                session, lead, f"a{i}", attempt_number=i + 1, outcome=outcome,
                started_at=START + timedelta(minutes=i), **ended,
            )  # fmt: skip
        return lead.id


@pytest.fixture
def recorded(attempts, session_factory, app, tmp_path):
    """The recording of the first call, on this host."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    (folder / "a0.wav").write_bytes(SOUND)
    object.__setattr__(app.config["RELANCE_SETTINGS"], "recordings", str(folder))
    with session_factory.begin() as session:
        for attempt_id in ("a0", "a4"):
            row = {"attempt_id": attempt_id, "node": "fs1", "state": "ON", "started_at": START}
            session.add(RecordingRow(**row))
    return folder


def found(known, **asked):
    answer = known.get("/attempts", query_string=asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [one["id"] for one in answer.get_json()["data"]]


def test_attempts_are_found_by_what_they_are_of(known, attempts, campaign):
    assert found(known) == found(known, campaign_id=campaign.id) == ["a4", "a3", "a2", "a1", "a0"]
    assert found(known, outcome="HANDLED") == ["a2", "a0"] and found(known, lead_id=99) == []
    since = (START + timedelta(minutes=3)).isoformat()
    assert found(known, since=since) == ["a4", "a3"]
    assert found(known, until=since, number="+33612345678") == ["a2", "a1", "a0"]


def test_pages_follow_each_other_while_new_calls_are_made(known, attempts, session_factory):
    met, cursor = [], ""
    while cursor is not None:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = known.get("/attempts", query_string=asked).get_json()
        met += [one["id"] for one in page["data"]]
        cursor = page["next_cursor"]
        if len(met) == 2:
            with session_factory.begin() as session:
                session.get_one(AttemptRow, "a4").ended_at = START
                lead = add_lead(session, 1, "+33612345679")
                add_attempt(session, lead, "late", started_at=START + timedelta(hours=1))
    assert met == ["a4", "a3", "a2", "a1", "a0"]


def test_one_attempt_is_shown_whole_and_its_times_are_instants(known, attempts):
    shown = known.get("/attempts/a1").get_json()
    assert (shown["lead_id"], shown["outcome"], shown["attempt_number"]) == (attempts, "BUSY", 2)
    assert (shown["started_at"], shown["caller_id"]) == ("2026-11-02T09:01:00Z", "+33100000000")
    assert shown["recording_url"] is None
    for named in ("none", "a" * 65, "%00", "a b", "..%2fa1"):
        assert code_of(known.get(f"/attempts/{named}")) == "not_found"


def test_a_recording_is_heard_by_its_address_whole_or_in_pieces_and_that_is_noted(
    known, recorded, session
):
    url = known.get("/attempts/a0").get_json()["recording_url"]
    path = url.removeprefix("/api/v1")
    with known.get(path) as answer:
        assert (answer.mimetype, answer.get_data()) == ("audio/wav", SOUND)
    with known.get(path, headers={"Range": "bytes=4-7"}) as piece:
        assert (piece.status_code, piece.get_data()) == (206, SOUND[4:8])
    beyond = known.get(path, headers={"Range": "bytes=1000-"})
    assert (beyond.status_code, code_of(beyond)) == (416, "bad_range")
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.verb, entry.subject, entry.api_key_id) == (
        "download", "recording:a0", known.key_id,
    )  # fmt: skip


def test_a_key_without_the_scope_neither_hears_nor_is_told_where(program, recorded):
    reader = program("attempts:read")
    assert reader.get("/attempts/a0").get_json()["recording_url"] is None
    assert code_of(reader.get("/attempts/a0/recording")) == "no_scope"


def test_what_is_not_there_not_over_or_deleted_is_not_heard(known, recorded, session_factory):
    assert code_of(known.get("/attempts/a1/recording")) == "not_found"
    assert code_of(known.get("/attempts/a4/recording")) == "wrong_state"
    (recorded / "a0.wav").unlink()
    assert code_of(known.get("/attempts/a0/recording")) == "not_found"
    (recorded / "a0.wav").write_bytes(SOUND)
    with session_factory.begin() as session:
        session.get_one(RecordingRow, "a0").deleted_at = START
    assert known.get("/attempts/a0").get_json()["recording_url"] is None
    assert code_of(known.get("/attempts/a0/recording")) == "not_found"
