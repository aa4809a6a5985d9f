"""Recordings are heard by those who may, in pieces, from our folder; each listening is noted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from web_rows import add_attempt, add_lead

from dialer.store.tables import AuditEntry, RecordingRow, Role

SOUND = b"RIFF" + bytes(range(256)) * 40


@pytest.fixture
def folder(settings):
    made = settings.var_dir / "recordings"
    made.mkdir()
    return made


@pytest.fixture
def settings(settings):
    return replace(settings, recordings=str(settings.var_dir / "recordings"), recording_days=90)


@pytest.fixture
def record(session_factory, campaign, folder):
    """A recorded call with its file."""

    def made(attempt_id, content=SOUND, **columns):
        now = datetime.now(UTC)
        with session_factory.begin() as session:
            n = session.query(RecordingRow).count()
            name = f"Personne {attempt_id}"
            lead = add_lead(session, campaign.id, f"+3361234000{n}", name=name)
            times = {"started_at": now - timedelta(minutes=n), "ended_at": now}
            add_attempt(session, lead, attempt_id, **({"outcome": "HANDLED"} | times | columns))
            session.add(
                RecordingRow(
                    attempt_id=attempt_id, node="fs1", state="ON", started_at=times["started_at"]
                )
            )
        if content is not None:
            (folder / f"{attempt_id}.wav").write_bytes(content)

    return made


@pytest.fixture
def supervisor(enter):
    return enter(Role.SUPERVISOR)


def _fetch(person, path, **headers):
    """Status, body and headers, as a browser that reads to the end."""
    with person.client.get(path, headers=headers) as answer:
        return answer.status_code, answer.data, answer.headers


def _noted(session_factory, verb):
    with session_factory() as session:
        rows = session.scalars(select(AuditEntry).filter_by(verb=verb).order_by(AuditEntry.id))
        return [(row.user_id, row.subject) for row in rows]


def test_a_player_gets_the_whole_or_the_piece_it_asks_for(supervisor, record):
    record("a1")
    status, body, headers = _fetch(supervisor, "/recordings/a1/audio")
    assert (status, body, headers["Content-Type"]) == (200, SOUND, "audio/wav")
    assert (headers["Accept-Ranges"], headers["Cache-Control"]) == ("bytes", "no-store")
    status, body, headers = _fetch(supervisor, "/recordings/a1/audio", Range="bytes=10-19")
    assert (status, body) == (206, SOUND[10:20])
    assert headers["Content-Range"] == f"bytes 10-19/{len(SOUND)}"
    assert _fetch(supervisor, "/recordings/a1/audio", Range="bytes=-5")[1] == SOUND[-5:]
    assert _fetch(supervisor, "/recordings/a1/audio", Range=f"bytes={len(SOUND)}-")[0] == 416


def test_one_listening_is_one_entry_however_many_pieces(supervisor, record, session_factory, bus):
    record("a1")
    for first in (0, 100, 200):
        _fetch(supervisor, "/recordings/a1/audio", Range=f"bytes={first}-")
    heard = (supervisor.user_id, "recording:a1")
    assert _noted(session_factory, "listen") == [heard]
    (key,) = bus.redis.scan_iter("relance:web:listening:*")
    assert 0 < bus.redis.ttl(key) <= 60
    bus.redis.delete(key)  # a minute went by
    _fetch(supervisor, "/recordings/a1/audio")
    assert _noted(session_factory, "listen") == [heard, heard]


def test_a_download_is_an_attachment_and_noted(supervisor, record, session_factory):
    record("a1")
    _status, body, headers = _fetch(supervisor, "/recordings/a1.wav")
    assert body == SOUND
    assert headers["Content-Disposition"] == 'attachment; filename="a1.wav"'
    assert _noted(session_factory, "download") == [(supervisor.user_id, "recording:a1")]


@pytest.mark.parametrize(
    ("attempt_id", "content", "status", "words"),
    [
        ("gone", None, 404, "n’est pas dans le dossier"),
        ("nobody", None, 404, "n’existe pas"),
    ],
)
def test_what_cannot_be_heard_says_why(
    supervisor, record, session_factory, attempt_id, content, status, words
):
    if attempt_id != "nobody":
        record(attempt_id, content)
    for path in (f"/recordings/{attempt_id}/audio", f"/recordings/{attempt_id}.wav"):
        answer = supervisor.get(path)
        assert answer.status_code == status
        assert words in answer.get_data(as_text=True)
    assert _noted(session_factory, "listen") == []


def test_a_live_call_and_a_link_are_not_played(supervisor, record, folder):
    record("live", ended_at=None)
    assert supervisor.get("/recordings/live/audio").status_code == 422
    record("link", content=None)
    (folder / "link.wav").symlink_to("/etc/hostname")
    answer = supervisor.get("/recordings/link/audio")
    assert answer.status_code == 404
    assert "pas un fichier d’enregistrement" in answer.get_data(as_text=True)
    page = supervisor.get("/recordings").get_data(as_text=True)
    assert "pas un fichier d’enregistrement" in page and "L’appel est en cours" in page
    assert "<audio" not in page


def test_the_list_pages_and_filters(supervisor, record):
    for n in range(3):
        record(f"a{n}")
    page = supervisor.get("/recordings?number=06 12 34 00 01").get_data(as_text=True)
    assert ("Personne a1" in page, "Personne a0" in page) == (True, False)
    every = supervisor.get("/recordings").get_data(as_text=True)
    assert every.index("Personne a0") < every.index("Personne a2")
    assert every.count("<audio") == 3
    assert "90 jours" in every
    assert supervisor.get("/recordings?after=nonsense").status_code == 422


def test_only_an_admin_deletes_and_the_file_goes_too(enter, supervisor, record, folder, app):
    record("a1")
    assert supervisor.post("/recordings/a1/delete").status_code == 403
    assert "/recordings/a1/delete" not in supervisor.get("/recordings").get_data(as_text=True)
    admin = enter(Role.ADMIN)
    assert "/recordings/a1/delete" in admin.get("/recordings").get_data(as_text=True)
    answer = admin.post("/recordings/a1/delete", follow_redirects=True)
    assert "Supprimé, fichier compris." in answer.get_data(as_text=True)
    assert not (folder / "a1.wav").exists()
    assert admin.get("/recordings/a1/audio").status_code == 404
    page = admin.get("/recordings").get_data(as_text=True)
    assert "Supprimé le" in page and "Name of admin" in page and "<audio" not in page


def test_a_deletion_holds_though_the_file_is_out_of_reach(enter, record, folder, session_factory):
    admin = enter(Role.ADMIN)
    record("a1")
    folder.rename(folder.parent / "elsewhere")
    answer = admin.post("/recordings/a1/delete", follow_redirects=True)
    assert "sera effacé cette nuit" in answer.get_data(as_text=True)
    with session_factory() as session:
        row = session.get_one(RecordingRow, "a1")
        assert row.deleted_by == admin.user_id and row.erased_at is None
    (folder.parent / "elsewhere").rename(folder)
    assert admin.get("/recordings/a1/audio").status_code == 404


def test_a_live_calls_recording_is_not_deleted(enter, record, folder):
    record("a1", ended_at=None)
    answer = enter(Role.ADMIN).post("/recordings/a1/delete")
    assert answer.status_code == 422
    assert "attendez qu’il finisse" in answer.get_data(as_text=True)
    assert (folder / "a1.wav").exists()


def test_the_call_and_the_history_show_it_to_those_who_may(enter, supervisor, record):
    record("a1")
    page = supervisor.get("/attempts/a1").get_data(as_text=True)
    assert "/recordings/a1/audio" in page and "/recordings/a1.wav" in page
    assert 'title="Enregistré"' in supervisor.get("/attempts").get_data(as_text=True)
    analyst = enter(Role.ANALYST)
    page = analyst.get("/attempts/a1").get_data(as_text=True)
    assert "<audio" not in page and "/recordings/" not in page
    assert 'title="Enregistré"' not in analyst.get("/attempts").get_data(as_text=True)


def test_the_calls_of_one_person_stand_together(supervisor, session_factory, campaign):
    now = datetime.now(UTC)
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        add_attempt(session, lead, "a1", ended_at=now, outcome="HANDLED")
        add_attempt(session, lead, "a2", ended_at=now, outcome="BUSY")
        add_attempt(session, add_lead(session, campaign.id, "+33612345679"), "a3", ended_at=now)
    page = supervisor.get("/attempts/a1").get_data(as_text=True)
    assert "Appels à cette personne" in page
    assert "/attempts/a2" in page and "/attempts/a3" not in page
