"""Journeys in a real Chromium: the web server is a process of its own, the test is the dialer.

Playwright's loop and gevent stay apart: the server runs as it does in production, patched, in
another process on the test's PostgreSQL and Redis.
"""

import os
import re
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select
from web_person import PASSWORD
from web_rows import add_attempt, add_lead

from dialer.bus.redis import desk_key
from dialer.model.agent import AgentState
from dialer.model.campaign import CampaignState, PacingMode
from dialer.model.commands import NoteAgent, OfferLead, PopLead, ShowResult
from dialer.model.events import (
    AgentAskedHold,
    AgentAskedLead,
    AgentAskedRecording,
    AgentCalledLead,
    AgentDisposed,
    AgentDroppedMessage,
    AgentHungUp,
    AgentLoggedIn,
    AgentSentDigits,
    AgentSkippedLead,
    SupervisorAsked,
    SupervisorStopped,
)
from dialer.model.outcome import Outcome
from dialer.model.snapshot import AgentView, CampaignView, PacingView, SupervisionView
from dialer.model.supervision import Reason, SupervisionMode, SupervisionState
from dialer.store.agents import note_agent
from dialer.store.tables import AttemptRow, CampaignRow, LeadList, Role

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("RELANCE_CHROMIUM", "/usr/bin/chromium")
AXE = ROOT / "web" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SERVE = """
from gevent import monkey
monkey.patch_all()
from psycogreen.gevent import patch_psycopg
patch_psycopg()
from web import sse
sse.HEARTBEAT_S = 2  # or the tests would wait for it
from web.cli import web
web()
"""
LOCALES = {"fr": "fr-FR", "en": "en-GB"}


@pytest.fixture(scope="module")
def chromium():
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; RELANCE_CHROMIUM names another")
    if not (ROOT / "web/static/dist/manifest.json").exists():
        pytest.skip("the front end is not built: python scripts/build_assets")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Server:
    """The web server as a process; it may be stopped and started again on its port."""

    def __init__(self, environment):
        self.environment = environment
        self.port = "0"
        self.process = None

    def start(self):
        command = [sys.executable, "-c", SERVE, "--port", self.port]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        self.address = re.search(r"http://\S+", self.process.stdout.readline())[0]
        self.port = self.address.rpartition(":")[2]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        assert code == 0, "the server must stop by itself at SIGTERM"


@pytest.fixture
def server(database_url, redis_url, session_factory, tmp_path):
    plain_url = database_url.replace("postgresql+psycopg2://", "postgresql://")
    running = Server(
        os.environ
        | {
            "DATABASE_URL": plain_url, "REDIS_URL": redis_url, "RELANCE_VAR": str(tmp_path),
            "PYTHONPATH": str(ROOT),
        }
    )  # fmt: skip
    running.start()
    yield running
    running.stop()


@pytest.fixture
def address(server):
    return server.address


@pytest.fixture
def open_page(chromium, address):
    """Opens a logged-in page; the test fails when a page's script or policy complains."""
    contexts, complaints = [], []

    def opened(login, language="fr", before=None, **options):
        settings = {"viewport": {"width": 1366, "height": 768}} | options
        context = chromium.new_context(locale=LOCALES[language], **settings)
        context.set_default_timeout(25_000)  # of a machine with much else to do
        contexts.append(context)
        if before is not None:
            before(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type == "error" and "Failed to load resource" not in message.text
                else None
            ),
        )
        page.goto(address + "/login")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.click("button.primary")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def assert_accessible(page):
    """No serious or critical fault by axe-core (WCAG 2.2 A and AA)."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: python scripts/build_assets")
    page.evaluate(AXE.read_text())  # not a script tag: the page's policy would refuse it
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate("tags => axe.run({runOnly: tags})", tags)
    faults = [
        (v["id"], v["nodes"][0]["html"][:160], v["nodes"][0]["failureSummary"][:300])
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert faults == [], page.url


def _note(agent_id, state, **facts):
    return NoteAgent(agent_id, 1, state, time.time(), is_phone_up=True, **facts)


def _wait_for(condition, limit_s=8.0):
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came true")


def _told(bus, kind):
    return [event for _id, event in bus.heard("0", 1) if isinstance(event, kind)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_admin_creates_a_campaign_and_uploads_a_list(
    open_page, make_user, session_factory, tmp_path, language
):
    words = {
        "fr": ("Créer la campagne", "Envoyer le fichier", "Importer", "Démarrer", "En cours"),
        "en": ("Create the campaign", "Send the file", "Import", "Start", "Running"),
    }[language]
    make_user(Role.ADMIN, locale=language)
    page = open_page("admin", language)
    page.goto(page.url.split("/campaigns")[0] + "/campaigns/new")
    page.fill("#f-name", "Énergie")
    page.fill("#f-abandon_target", "2.5")
    page.get_by_role("button", name=words[0]).click()
    page.get_by_role("heading", name="Énergie").wait_for()
    assert_accessible(page)

    rows = tmp_path / "prospects.csv"
    rows.write_text("Téléphone;Nom\n0612345678;Awa\n0612345679;Éloïse\n")
    page.click("a[href*='/lists/new']")
    page.set_input_files("#file", rows)
    assert page.input_value("#name") == "prospects"
    page.get_by_role("button", name=words[1]).click()
    page.locator("select[name=role-0]").wait_for()  # the file was sent in parts
    assert page.input_value("select[name=role-0]") == "number"
    assert page.locator("input[name=name-0]").is_disabled()
    assert "Éloïse" in page.inner_text("table")
    assert_accessible(page)
    hint = page.locator("[data-no-evidence]")
    assert page.is_checked("#consent") and hint.is_visible()  # France asks; no column tells of one
    page.select_option("select[name=role-1]", "consent")
    hint.wait_for(state="hidden")
    page.select_option("select[name=role-1]", "name")
    hint.wait_for()
    page.uncheck("#consent")
    hint.wait_for(state="hidden")
    page.get_by_role("button", name=words[2], exact=True).click()
    page.wait_for_selector("[data-course]")
    assert_accessible(page)
    with session_factory.begin() as session:  # the worker's part
        row = session.scalars(select(LeadList)).one()
        row.state, row.n_read, row.n_inserted = "READY", 2, 2
    page.wait_for_selector(".sum")
    assert page.locator("[data-course]").count() == 0
    assert page.locator(".wizard [aria-current]").inner_text().startswith("4")
    assert page.locator(".wizard .done").count() == 3
    assert_accessible(page)

    page.goto(page.url.replace("/lists/1", "/campaigns/1"))
    page.get_by_role("button", name=words[3]).click()
    page.locator(".chip", has_text=words[4]).wait_for()
    with session_factory() as session:
        assert session.get_one(CampaignRow, 1).state == "RUNNING"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_agent_takes_a_call_by_keyboard(
    open_page, make_user, session_factory, campaign, bus, language
):
    agent_id = make_user(Role.AGENT, locale=language, phone_address="1001")
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id, name="Awa <b>Kone</b>")
        add_attempt(session, lead, "a1", agent_id=agent_id)
    page = open_page("agent", language)
    assert page.input_value("#seat-phone") == "1001"
    assert_accessible(page)
    page.click("#seat-form button[type=submit]")
    _wait_for(lambda: _told(bus, AgentLoggedIn))

    bus.show_agent(_note(agent_id, AgentState.PAUSED))
    page.wait_for_selector("#ready:not([disabled])")
    bus.show_agent(_note(agent_id, AgentState.READY))
    page.wait_for_selector("main[data-state=READY]")
    fields = (("Ville", "Lyon"), ("<i>", "<script>alert(1)</script>"))
    pop = PopLead(agent_id, 1, "a1", lead.id, 1, lead.number, lead.name, fields, False, time.time())
    bus.show_agent(_note(agent_id, AgentState.RESERVED, attempt_id="a1"))
    shown_at = time.monotonic()
    bus.show_agent(pop)
    bus.show_agent(_note(agent_id, AgentState.TALKING, attempt_id="a1"))
    page.get_by_role("heading", name="Awa <b>Kone</b>").wait_for()
    assert time.monotonic() - shown_at < 1.0
    assert "<script>alert(1)</script>" in page.inner_text("#fiche-fields")
    page.wait_for_selector("[data-zone='Europe/Paris']")
    assert_accessible(page)

    bus.show_agent(_note(agent_id, AgentState.WRAP_UP, attempt_id="a1"))
    page.wait_for_selector("main[data-state=WRAP_UP]")
    page.fill("#note", "rappeler lundi")
    page.reload()  # what was typed survives
    page.wait_for_selector("main[data-state=WRAP_UP]")
    page.wait_for_selector(".choice")
    assert page.input_value("#note") == "rappeler lundi"

    page.keyboard.press("Control+Enter")  # no disposition yet: refused, with words
    page.wait_for_selector("#disposition-fault:not(:empty)")
    page.keyboard.press("Control+Digit1")
    page.keyboard.press("Control+Digit2")
    page.keyboard.press("Control+Enter")
    disposed = _wait_for(lambda: _told(bus, AgentDisposed))
    assert disposed == [AgentDisposed(agent_id, "a1", False, True)]
    with session_factory() as session:
        row = session.get_one(AttemptRow, "a1")
        assert (row.disposition, row.note) == ("OK", "rappeler lundi")
    bus.show_agent(_note(agent_id, AgentState.READY))
    page.wait_for_selector("main[data-state=READY]")
    assert page.is_hidden("#disposition")


def _offer(agent_id, lead, **facts):
    now = time.time()
    given = {
        "attempt_number": 2, "number": lead.number, "name": lead.name,
        "fields": (("Ville", "Lyon"),), "is_callback": False, "is_own_choice": False,
        "n_skips_left": 2, "at": now, "until": now + 45.0, "ends_in_call": False,
    }  # fmt: skip
    return OfferLead(agent_id=agent_id, campaign_id=1, lead_id=lead.id, **given | facts)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_agent_looks_at_a_lead_then_skips_or_calls_it(
    open_page, make_user, session_factory, campaign, bus, language
):
    agent_id = make_user(Role.AGENT, locale=language)
    with session_factory.begin() as session:
        first = add_lead(session, campaign.id, "+33612345601", name="Awa Diallo")
        second = add_lead(session, campaign.id, "+33612345602", name="Koffi Zinsou")
        add_attempt(session, first, "a0", outcome="BUSY")
    bus.show_agent(_offer(agent_id, first))
    bus.show_agent(_note(agent_id, AgentState.PREVIEWING))
    page = open_page("agent", language)
    page.get_by_role("heading", name="Awa Diallo").wait_for()
    page.wait_for_selector("#timeline .timeline")  # what was tried before
    assert page.inner_text("#preview-left")
    assert_accessible(page)
    page.select_option("#skip-reason", "KNOWN")
    page.click("#skip-lead")
    skipped = _wait_for(lambda: _told(bus, AgentSkippedLead))
    assert skipped == [AgentSkippedLead(agent_id, first.id, "KNOWN")]

    bus.show_agent(_offer(agent_id, second, n_skips_left=0))
    bus.show_agent(_note(agent_id, AgentState.PREVIEWING))
    page.get_by_role("heading", name="Koffi Zinsou").wait_for()
    assert page.is_disabled("#skip-lead")
    page.keyboard.press("Control+Enter")
    assert _wait_for(lambda: _told(bus, AgentCalledLead)) == [AgentCalledLead(agent_id, second.id)]

    pop = PopLead(agent_id, 1, "a1", second.id, 2, second.number, second.name, (), False, 1.0)
    bus.show_agent(pop)
    bus.show_agent(_note(agent_id, AgentState.RESERVED, attempt_id="a1", is_ringing=True))
    ringing = {"fr": "Ça sonne…", "en": "Ringing…"}[language]
    page.get_by_text(ringing).wait_for()
    page.click("#cancel-call")
    assert _wait_for(lambda: _told(bus, AgentHungUp)) == [AgentHungUp(agent_id)]
    bus.show_agent(ShowResult(agent_id, 1, second.id, Outcome.BUSY, time.time()))
    bus.show_agent(_note(agent_id, AgentState.READY))
    page.wait_for_selector("#own-result:not([hidden])")
    assert page.inner_text("#own-result") == {"fr": "Occupé", "en": "Busy"}[language]
    assert page.is_hidden("#cancel-call")


def test_an_agent_types_a_number_or_looks_a_lead_up(
    open_page, make_user, session_factory, campaign, bus
):
    agent_id = make_user(Role.AGENT)
    with session_factory.begin() as session:
        session.get_one(CampaignRow, campaign.id).has_manual_calls = True
        note_agent(session, NoteAgent(agent_id, campaign.id, AgentState.PAUSED, 1.0))
        lead = add_lead(session, campaign.id, name="Awa <b>", state="DONE")
    bus.show_agent(_note(agent_id, AgentState.PAUSED, may_choose=True))
    page = open_page("agent")
    page.fill("#dial-number", "0899 12 34 56")
    page.keyboard.press("Enter")
    page.wait_for_selector("#manual-fault:not(:empty)")
    assert "genre" in page.inner_text("#manual-fault")
    page.fill("#dial-number", "01 44 71 23 45")
    page.keyboard.press("Enter")
    (asked,) = _wait_for(lambda: _told(bus, AgentAskedLead))
    assert asked.is_call_now and asked.lead_id != lead.id

    page.fill("#search-text", "awa")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found [data-lead]")
    assert "Awa <b>" in page.inner_text("#found")
    assert_accessible(page)
    page.click("#found [data-lead]")
    _wait_for(lambda: AgentAskedLead(agent_id, lead.id, False) in _told(bus, AgentAskedLead))
    bus.show_agent(_offer(agent_id, lead, is_own_choice=True, n_skips_left=0))
    bus.show_agent(_note(agent_id, AgentState.PREVIEWING))
    page.get_by_role("heading", name="Awa <b>").wait_for()
    assert page.is_hidden("#manual") and page.is_hidden("#skip-reason")
    page.click("#skip-lead")
    _wait_for(lambda: _told(bus, AgentSkippedLead))


def test_a_callback_asks_for_its_time_and_note(
    open_page, make_user, session_factory, campaign, bus
):
    agent_id = make_user(Role.AGENT)
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        add_attempt(session, lead, "a1", agent_id=agent_id)
    pop = PopLead(agent_id, 1, "a1", lead.id, 1, lead.number, "Awa", (), False, time.time())
    bus.show_agent(pop)
    bus.show_agent(_note(agent_id, AgentState.WRAP_UP, attempt_id="a1"))
    page = open_page("agent")
    page.wait_for_selector(".choice")
    page.keyboard.press("Control+Digit2")
    page.keyboard.press("Control+Enter")
    assert page.locator("#callback").evaluate("one => one === document.activeElement")
    page.click("[data-callback='10']")
    page.keyboard.press("Control+Enter")
    assert page.locator("#note").evaluate("one => one === document.activeElement")
    page.keyboard.type("le matin")
    page.keyboard.press("Control+Enter")
    _wait_for(lambda: _told(bus, AgentDisposed))


def test_a_lost_connection_is_said_and_what_was_missed_is_caught_up(
    open_page, make_user, campaign, bus, server
):
    agent_id = make_user(Role.AGENT)
    bus.show_agent(_note(agent_id, AgentState.READY))
    page = open_page("agent")
    page.wait_for_selector("main[data-state=READY]")
    server.stop()
    page.wait_for_selector("#link-banner:not([hidden])", timeout=30_000)
    assert page.inner_text("#link-text").startswith("Connexion perdue")
    bus.show_agent(_note(agent_id, AgentState.PAUSED, pause_code="LUNCH"))
    server.start()
    page.wait_for_selector("main[data-state=PAUSED]", timeout=30_000)
    page.wait_for_selector("#link-banner", state="hidden")


def test_the_desk_answers_heartbeats_so_the_dialer_knows_that_it_lives(open_page, make_user, bus):
    agent_id = make_user(Role.AGENT, "awa")
    page = open_page("awa")
    page.wait_for_selector("#link-state[data-state=ok]")
    bus.redis.delete(desk_key(agent_id))
    _wait_for(lambda: bus.desk_silences([agent_id]))
    page.close()
    bus.redis.delete(desk_key(agent_id))
    time.sleep(2.5)
    assert bus.desk_silences([agent_id]) == {}


def test_the_call_bar_shows_what_the_dialer_says_and_obeys_the_keyboard(
    open_page, make_user, session_factory, campaign, bus, tmp_path
):
    agent_id = make_user(Role.AGENT)
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        add_attempt(session, lead, "a1", agent_id=agent_id)
        other = add_lead(session, campaign.id, "+33612345602")
        add_attempt(session, other, "a2", agent_id=agent_id)
        row = session.get_one(CampaignRow, campaign.id)
        row.recording, row.machine_message, row.sounds = "ON_DEMAND", "message_fr", ["tarif_fr"]
    bus.show_agent(
        PopLead(agent_id, 1, "a1", lead.id, 1, lead.number, "Awa Kone", (), False, time.time())
    )
    talking = {"attempt_id": "a1"}
    bus.show_agent(_note(agent_id, AgentState.TALKING, **talking))
    page = open_page("agent")
    page.wait_for_selector("#call-message:not([hidden])")
    page.keyboard.press("Control+Shift+H")
    _wait_for(lambda: AgentAskedHold(agent_id, "a1", True) in _told(bus, AgentAskedHold))
    assert page.get_attribute("#call-hold", "aria-pressed") == "false"  # not before it is done
    bus.show_agent(_note(agent_id, AgentState.TALKING, is_held=True, recording="ON", **talking))
    page.wait_for_selector("#call-hold[aria-pressed=true]")
    page.keyboard.press("Control+Shift+P")
    _wait_for(lambda: AgentAskedRecording(agent_id, "a1", False) in _told(bus, AgentAskedRecording))
    page.keyboard.press("Control+Shift+D")
    page.keyboard.press("5")
    page.click("[data-key='#']")
    _wait_for(lambda: [key.digits for key in _told(bus, AgentSentDigits)] == ["5", "#"])
    assert_accessible(page)
    page.screenshot(path=os.environ.get("RELANCE_SCREENSHOT", tmp_path / "call_bar.png"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+V")
    _wait_for(lambda: _told(bus, AgentDroppedMessage) == [AgentDroppedMessage(agent_id, "a1")])
    bus.show_agent(_note(agent_id, AgentState.WRAP_UP, attempt_id="a1", met_machine=True))
    page.wait_for_selector("#choices [aria-pressed=true]")
    page.keyboard.press("Control+Enter")
    _wait_for(lambda: _told(bus, AgentDisposed) == [AgentDisposed(agent_id, "a1", True)])

    bus.show_agent(
        PopLead(agent_id, 1, "a2", other.id, 1, other.number, "Koffi", (), False, time.time())
    )
    bus.show_agent(_note(agent_id, AgentState.TALKING, attempt_id="a2", looks_machine=True))
    page.wait_for_selector("#call-machine.primary:not([hidden])")
    page.keyboard.press("Control+Shift+K")  # says what it was, and ends it
    _wait_for(lambda: _told(bus, AgentHungUp) == [AgentHungUp(agent_id)])
    with session_factory() as session:
        assert session.get_one(AttemptRow, "a2").disposition == "MACHINE"


def test_a_second_tab_rests_until_it_is_asked_to_take_over(open_page, make_user, campaign):
    make_user(Role.AGENT)
    first = open_page("agent")
    first.wait_for_selector("[data-desk]")
    second = first.context.new_page()
    second.goto(first.url)
    second.wait_for_selector("#elsewhere[open]")
    second.click("#take-over")
    first.wait_for_selector("#elsewhere[open]")
    assert second.is_hidden("#elsewhere")


def _picture(version, **facts):
    agents = (
        AgentView(1, "Awa", AgentState.TALKING, time.time() - 75, "", True, "a1", 4),
        AgentView(2, "Bilal", AgentState.PAUSED, time.time(), "LUNCH", False, None, 2),
    )
    given = {
        "campaign_id": 1, "name": "Printemps", "version": version, "at": time.time(),
        "state": CampaignState.RUNNING, "mode": PacingMode.PREDICTIVE, "abandon_target": 0.028,
        "max_calls_per_s": 10.0, "is_window_open": True, "n_hopper": 120, "n_dialing": 2,
        "n_ringing": 5, "n_waiting": 1, "n_connected": 1, "n_attempts": 300, "n_answered": 90,
        "n_bridged": 88, "n_abandoned": 4, "n_live": 92, "abandon_rate": 4 / 92,
        "occupancy": 0.81, "longest_wait_s": 1.2, "agents": agents, "alarms": (),
        "pacing": PacingView(2, 1, 1.5, 7, 2.1, 0.3, 0.04, 0.03, 1.1, "risk"),
    }  # fmt: skip
    return CampaignView(**given | facts)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_supervisor_sees_live_figures(open_page, make_user, campaign, bus, language):
    words = {
        "fr": ("Alerte", "4,3", "Le risque d’abandon", "Pause · Repas", "OK"),
        "en": ("Alert", "4.3%", "The risk of an abandon", "Pause · Lunch", "OK"),
    }[language]
    make_user(Role.SUPERVISOR, locale=language)
    bus.publish(_picture(1))
    page = open_page("supervisor", language)
    page.click(f"a[href='/supervisor/{campaign.id}']")
    page.wait_for_selector("[data-part=agents] tr[data-key]")
    assert words[0] in page.inner_text("[data-part=verdict]")
    assert words[1] in page.inner_text("[data-part=abandon]")
    assert page.inner_text("[data-part=n_ringing]") == "7"
    assert words[2] in page.inner_text("[data-part=limit]")
    assert words[3] in page.inner_text("[data-part=agents]")
    assert page.locator(".chart canvas").count() == 1
    assert_accessible(page)
    bus.publish(_picture(2, abandon_rate=0.01, n_waiting=0))
    page.locator("[data-part=verdict]", has_text=words[4]).wait_for()
    page.wait_for_selector(".live.is-stale")  # nothing comes any more: 3 s later it shows


def _listening(user_id, state, reason=None, name="Sam", **facts):
    given = {
        "supervision_id": f"s{user_id}", "supervisor_id": user_id, "name": name, "agent_id": 1,
        "attempt_id": "a1", "state": state, "mode": SupervisionMode.LISTEN, "since": time.time(),
        "reason": reason,
    }  # fmt: skip
    return SupervisionView(**given | facts)


def _wishes(bus):
    return [(event.agent_id, event.attempt_id, event.mode) for event in _told(bus, SupervisorAsked)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Décrochez", "Personne ne vous entend", "Seul l’agent", "La conversation est ter")),
        ("en", ("Pick up", "Nobody hears you", "Only the agent", "The conversation is over")),
    ],
)
def test_a_supervisor_listens_whispers_takes_over_and_stops(
    open_page, make_user, campaign, bus, tmp_path, language, words
):
    """The test is the dialer: the bar follows what it says, and asks it for what is pressed."""
    me = make_user(Role.SUPERVISOR, locale=language, phone_address="2090")
    versions = count(1)

    def paint(*supervisions):
        bus.publish(_picture(next(versions), supervisions=supervisions))

    paint(_listening(99, SupervisionState.LISTENING, name="Zoé"))
    page = open_page("supervisor", language)
    page.on("dialog", lambda dialog: dialog.accept())
    page.click(f"a[href='/supervisor/{campaign.id}']")
    page.locator("[data-part=agents]", has_text="Zoé").wait_for()
    assert page.is_hidden("#listening")

    page.click("[data-listen='1']")
    _wait_for(lambda: _wishes(bus) == [(1, "a1", "LISTEN")])
    paint(_listening(me, SupervisionState.CALLING))
    page.locator("#listening-sentence", has_text=words[0]).wait_for()
    assert page.is_hidden("#listening-take")
    assert page.evaluate("document.activeElement.id") == "listening"

    paint(_listening(me, SupervisionState.LISTENING))
    page.locator("#listening-sentence", has_text=words[1]).wait_for()
    assert page.is_checked("input[data-state=LISTENING]")
    assert_accessible(page)
    page.screenshot(path=tmp_path / "listening.png")

    page.check("input[data-state=WHISPERING]", force=True)
    _wait_for(lambda: _wishes(bus)[-1] == (1, "a1", "WHISPER"))
    paint(_listening(me, SupervisionState.WHISPERING))
    page.locator("#listening-sentence", has_text=words[2]).wait_for()

    page.click("#listening-take")
    _wait_for(lambda: _wishes(bus)[-1] == (1, "a1", "TAKE_OVER"))
    paint(_listening(me, SupervisionState.TAKEN_OVER))
    page.locator("#listening[data-state=TAKEN_OVER]").wait_for()
    assert page.is_hidden("#listening-ways")

    paint(_listening(me, SupervisionState.STANDING_BY, Reason.CONVERSATION_OVER))
    page.locator("#listening-sentence", has_text=words[3]).wait_for()
    page.click("#listening-stop")
    _wait_for(lambda: _told(bus, SupervisorStopped) == [SupervisorStopped(me)])
    paint(_listening(me, SupervisionState.ENDED, Reason.STOPPED))
    page.wait_for_selector("#listening", state="hidden")


def test_a_supervisor_without_a_phone_reads_why_nothing_happens(
    open_page, make_user, campaign, bus
):
    make_user(Role.SUPERVISOR)
    bus.publish(_picture(1))
    page = open_page("supervisor")
    page.click(f"a[href='/supervisor/{campaign.id}']")
    page.click("[data-listen='1']")
    page.locator("#listening-fault", has_text="n’a pas de téléphone").wait_for()
    assert_accessible(page)


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1366, "light"),
        pytest.param(1366, "dark", marks=pytest.mark.slow),
        pytest.param(360, "light", marks=pytest.mark.slow),
        pytest.param(360, "dark", marks=pytest.mark.slow),
    ],
)
def test_every_page_passes_axe(open_page, make_user, session_factory, campaign, scheme, width):
    make_user(Role.ADMIN)
    with session_factory.begin() as session:
        add_attempt(session, add_lead(session, campaign.id), "a1", outcome="HANDLED")
    size = {"viewport": {"width": width, "height": 768}, "color_scheme": scheme}
    page = open_page("admin", **size)
    base = page.url.split("/campaigns")[0]
    paths = (
        "/campaigns", "/campaigns/1", "/campaigns/new", "/lists", "/lists/new", "/lists/1",
        "/users", "/users/new", "/do-not-call", "/do-not-call/new", "/audit", "/messages",
        "/incoming-messages",
        "/attempts", "/attempts/a1", "/totals", "/supervisor", "/supervisor/1", "/nowhere",
        "/recordings", "/pacing", "/machines", "/segments/new", "/contacts", "/api-keys/new",
    )  # fmt: skip
    for path in paths:
        page.goto(base + path)
        assert_accessible(page)
        wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], f"{path} scrolls sideways at {width}"
