"""A recording in a real Chromium: it plays, it can be sought in, and the pages hold."""

import io
import math
import struct
import wave
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from test_browser import (  # noqa: F401
    _wait_for,
    address,
    assert_accessible,
    chromium,
    open_page,
    server,
)
from web_rows import add_attempt, add_lead

from dialer.store.tables import AuditEntry, RecordingRow, Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SECONDS, RATE = 6, 8000


def _stereo_tone() -> bytes:
    """What the switch writes: 16 bits, 8 kHz, left the customer, right the agent."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE)
        for n in range(SECONDS * RATE):
            tone = int(8000 * math.sin(n * 2 * math.pi * 440 / RATE))
            out.writeframesraw(struct.pack("<hh", tone, 0))
    return sound.getvalue()


@pytest.fixture
def recorded(tmp_path, monkeypatch, session_factory, campaign):
    """Two recorded calls of one person: one with its file, one whose file is missing."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    monkeypatch.setenv("RELANCE_RECORDINGS", str(folder))  # the server is started after this
    now = datetime.now(UTC)
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        for attempt_id in ("a1", "a2"):
            add_attempt(session, lead, attempt_id, outcome="HANDLED", ended_at=now)
            session.add(RecordingRow(attempt_id=attempt_id, node="fs1", state="ON", started_at=now))
    (folder / "a1.wav").write_bytes(_stereo_tone())
    return folder


@pytest.mark.parametrize("width", [1366, 360])
def test_a_recording_plays(recorded, open_page, make_user, session_factory, width):  # noqa: F811
    make_user(Role.ADMIN)
    page = open_page("admin", viewport={"width": width, "height": 768})
    page.wait_for_load_state()
    base = page.url.split("/campaigns")[0]
    for path in ("/recordings", "/attempts/a1"):
        page.goto(base + path)
        assert_accessible(page)
        wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], f"{path} scrolls sideways"
    sound = "document.querySelector('audio')"
    page.evaluate(f"{sound}.muted = true; {sound}.play()")
    _wait_for(lambda: page.evaluate(f"{sound}.currentTime > 0.1"))
    assert page.evaluate(f"Math.round({sound}.duration)") == SECONDS
    page.evaluate(f"{sound}.currentTime = 4")
    _wait_for(lambda: page.evaluate(f"{sound}.currentTime > 4.1 && !{sound}.error"))
    with session_factory() as session:
        listens = session.scalars(select(AuditEntry).where(AuditEntry.verb == "listen")).all()
    assert [entry.subject for entry in listens] == ["recording:a1"]


def test_deleting_asks_first(recorded, open_page, make_user):  # noqa: F811
    make_user(Role.ADMIN)
    page = open_page("admin")
    page.wait_for_load_state()
    page.goto(page.url.split("/campaigns")[0] + "/attempts/a1")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.click("form[action$='/delete'] button")
    assert (recorded / "a1.wav").exists()
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("form[action$='/delete'] button")
    page.wait_for_selector(".notice.ok")
    assert not (recorded / "a1.wav").exists()
