"""A recording in a real Chromium: it plays, it can be sought in, and the pages hold."""

import io
import math
import struct
import wave
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from web_rows import add_attempt, add_lead

from browser.pages import assert_accessible, assert_fits, wait_for
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
def recorded(var_dir, session_factory, campaign):
    """Two recorded calls of one person: one with its file, one whose file is missing."""
    folder = var_dir / "recordings"
    folder.mkdir()
    now = datetime.now(UTC)
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        for attempt_id in ("a1", "a2"):
            add_attempt(session, lead, attempt_id, outcome="HANDLED", ended_at=now)
            session.add(RecordingRow(attempt_id=attempt_id, node="fs1", state="ON", started_at=now))
    (folder / "a1.wav").write_bytes(_stereo_tone())
    return folder


@pytest.mark.parametrize("width", [1366, 360])
def test_a_recording_plays(recorded, open_page, make_user, session_factory, width):
    make_user(Role.ADMIN)
    page = open_page("admin", viewport={"width": width, "height": 768})
    page.wait_for_load_state()
    base = page.url.split("/campaigns")[0]
    for path in ("/recordings", "/attempts/a1"):
        page.goto(base + path)
        assert_accessible(page)
        assert_fits(page)
    sound = "document.querySelector('audio')"
    page.evaluate(f"{sound}.muted = true; {sound}.play()")
    wait_for(lambda: page.evaluate(f"{sound}.currentTime > 0.1"))
    assert page.evaluate(f"Math.round({sound}.duration)") == SECONDS
    page.evaluate(f"{sound}.currentTime = 4")
    wait_for(lambda: page.evaluate(f"{sound}.currentTime > 4.1 && !{sound}.error"))
    with session_factory() as session:
        listens = session.scalars(select(AuditEntry).where(AuditEntry.verb == "listen")).all()
    assert [entry.subject for entry in listens] == ["recording:a1"]


def test_deleting_asks_first(recorded, open_page, make_user):
    make_user(Role.ADMIN)
    page = open_page("admin")
    page.wait_for_load_state()
    page.goto(page.url.split("/campaigns")[0] + "/attempts/a1")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else 0)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.click("form[action$='/delete'] button")
    assert (recorded / "a1.wav").exists()
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("form[action$='/delete'] button")
    page.wait_for_selector(".notice.ok")
    assert len(sent) == 1, "the first time it was not sent"
    assert not (recorded / "a1.wav").exists()
