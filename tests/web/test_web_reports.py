"""History, its filters and pages, CSV; totals by the ledger; hostile text everywhere."""

from datetime import UTC, datetime, timedelta

import pytest
from web_rows import add_attempt, add_lead

from dialer.store.tables import LedgerEntry, MessageRow, Role

HOSTILE = '<script>alert("x")</script>\'"><img src=x onerror=alert(1)>'
FORMULAS = ("=1+1", "+1+1", "-1", "@SUM(A1)", "\t=1", "＝1")


@pytest.fixture
def analyst(enter):
    return enter(Role.ANALYST)


def test_hostile_names_and_notes_stay_text(enter, session_factory, campaign, bus):
    agent, admin = enter(Role.AGENT), enter(Role.ADMIN)
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id, name=HOSTILE, fields={HOSTILE: HOSTILE})
        attempt = add_attempt(session, lead, "a1", agent_id=agent.user_id, note=HOSTILE)
        add_attempt(
            session, lead, "a0", note=HOSTILE, outcome="HANDLED", ended_at=datetime.now(UTC)
        )
        session.add(
            MessageRow(
                attempt_id=attempt.id, lead_id=lead.id, campaign_id=campaign.id, text=HOSTILE,
                day=datetime.now(UTC).date(), number=lead.number,
            )
        )  # fmt: skip
    pages = [
        agent.get("/agent/recent"),
        agent.get("/agent/attempts/a1/timeline"),
        *(admin.get(path) for path in ("/attempts", "/attempts/a1", "/messages")),
        admin.get("/attempts", query_string={"number": HOSTILE, "since": HOSTILE}),
        admin.get("/audit", query_string={"q": HOSTILE}),
    ]
    for page in pages:
        assert page.status_code == 200
        text = page.get_data(as_text=True)
        assert "<script>alert" not in text
        assert "<img" not in text


@pytest.mark.parametrize("text", FORMULAS)
def test_an_export_holds_no_formula(analyst, session_factory, campaign, text):
    with session_factory.begin() as session:
        add_attempt(session, add_lead(session, campaign.id, name=text), "a1", note=text)
    lines = analyst.get("/attempts.csv").get_data(as_text=True)
    assert f"'{text}" in lines
    assert f";{text}" not in lines


def test_filters_and_pages(analyst, session_factory, campaign):
    now = datetime.now(UTC)
    with session_factory.begin() as session:
        for n in range(60):
            lead = add_lead(session, campaign.id, f"+336120000{n:02}", name=f"P{n:02}")
            outcome = "BUSY" if n % 2 else "NO_ANSWER"
            times = {"started_at": now - timedelta(minutes=n), "ended_at": now}
            add_attempt(session, lead, f"a{n:02}", outcome=outcome, **times)
    first = analyst.get("/attempts").get_data(as_text=True)
    assert ("P49" in first, "P50" in first) == (True, False)
    following = first.split('<p class="pager"><a class="button" href="')[1].split('"')[0]
    second = analyst.get(following.replace("&amp;", "&")).get_data(as_text=True)
    assert ("P49" in second, "P50" in second, "P59" in second) == (False, True, True)
    busy = analyst.get("/attempts?outcome=BUSY").get_data(as_text=True)
    assert ("P01" in busy, "P02" in busy) == (True, False)
    one = analyst.get("/attempts?number=06 12 00 00 51").get_data(as_text=True)
    assert ("P51" in one, "P50" in one) == (True, False)
    assert analyst.get("/attempts.csv?outcome=BUSY").get_data(as_text=True).count("\r\n") == 31


def test_totals_take_the_abandon_rate_from_the_ledger(analyst, session_factory, campaign):
    now = datetime.now(UTC)
    with session_factory.begin() as session:
        for n, kind in enumerate(["SERVED"] * 39 + ["ABANDONED"] + ["MACHINE"] * 5):
            lead = add_lead(session, campaign.id, f"+336120000{n:02}")
            add_attempt(session, lead, f"a{n:02}", ended_at=now, outcome="HANDLED")
            session.add(
                LedgerEntry(attempt_id=f"a{n:02}", campaign_id=campaign.id, at=now, kind=kind)
            )
    page = analyst.get("/totals").get_data(as_text=True)
    assert "1 / 40" in page
    assert "2,50" in page


def test_machine_detection_is_reported_with_its_interval(analyst, session_factory, campaign):
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        add_attempt(
            session, lead, "a1", amd_verdict="MACHINE", amd_cause="SPEECH", amd_is_checked=True,
            amd_p_machine=0.99, disposition="MACHINE", ended_at=datetime.now(UTC),
        )  # fmt: skip
    page = analyst.get("/machines")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert campaign.name in text
    assert "0 / 1" in text and "97" in text, "one check proves hardly anything"
    assert "Aucune réponse écoutée" in analyst.get("/machines?until=2020-01-01").get_data(True)
    assert "Qui a décroché" in analyst.get("/attempts/a1").get_data(as_text=True)
