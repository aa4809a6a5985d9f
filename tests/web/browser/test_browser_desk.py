"""The agent's desk in a real Chromium: calls by keyboard, the call bar, a lost link, two tabs."""

import re
import time

import pytest
from web_rows import add_attempt, add_lead

from browser.pages import (
    assert_accessible,
    assert_fits,
    expect,
    note,
    shot,
    told,
    wait_for,
)
from dialer.bus.redis import desk_key
from dialer.model.agent import AgentState
from dialer.model.commands import PopLead
from dialer.model.events import (
    AgentAskedHold,
    AgentAskedRecording,
    AgentDisposed,
    AgentDroppedMessage,
    AgentHungUp,
    AgentLoggedIn,
    AgentSentDigits,
)
from dialer.store.tables import AttemptRow, CampaignRow, Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_agent_takes_a_call_by_keyboard(
    open_page, make_user, session_factory, campaign, bus, language
):
    agent_id = make_user(Role.AGENT, locale=language, phone_address="1001")
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id, name="Awa <b>Kone</b>")
        add_attempt(session, lead, "a1", agent_id=agent_id)
    page = open_page("agent", language)
    expect(page.locator("#seat-phone")).to_have_value("1001")
    assert_accessible(page)
    page.click("#seat-form button[type=submit]")
    wait_for(lambda: told(bus, AgentLoggedIn))

    bus.show_agent(note(agent_id, AgentState.PAUSED))
    page.wait_for_selector("#ready:not([disabled])")
    begun_at = time.monotonic()
    bus.show_agent(note(agent_id, AgentState.READY))
    page.wait_for_selector("main[data-state=READY]")
    plain_s = time.monotonic() - begun_at  # of this machine, as it is now
    fields = (("Ville", "Lyon"), ("<i>", "<script>alert(1)</script>"))
    pop = PopLead(agent_id, 1, "a1", lead.id, 1, lead.number, lead.name, fields, False, time.time())
    bus.show_agent(note(agent_id, AgentState.RESERVED, attempt_id="a1"))
    shown_at = time.monotonic()
    bus.show_agent(pop)
    bus.show_agent(note(agent_id, AgentState.TALKING, attempt_id="a1"))
    page.get_by_role("heading", name="Awa <b>Kone</b>").wait_for()
    assert time.monotonic() - shown_at < 1.0 + 4 * plain_s
    expect(page.locator("#fiche-fields")).to_contain_text("<script>alert(1)</script>")
    page.wait_for_selector("[data-zone='Europe/Paris']")
    assert_accessible(page)

    bus.show_agent(note(agent_id, AgentState.WRAP_UP, attempt_id="a1"))
    page.wait_for_selector("main[data-state=WRAP_UP]")
    page.fill("#note", "rappeler lundi")
    page.reload()  # what was typed survives
    page.wait_for_selector("main[data-state=WRAP_UP]")
    page.wait_for_selector(".choice")
    expect(page.locator("#note")).to_have_value("rappeler lundi")

    page.keyboard.press("Control+Enter")  # no disposition yet: refused, with words
    page.wait_for_selector("#disposition-fault:not(:empty)")
    page.keyboard.press("Control+Digit1")
    page.keyboard.press("Control+Digit2")
    page.keyboard.press("Control+Enter")
    disposed = wait_for(lambda: told(bus, AgentDisposed))
    assert disposed == [AgentDisposed(agent_id, "a1", False, True)]
    with session_factory() as session:
        row = session.get_one(AttemptRow, "a1")
        assert (row.disposition, row.note) == ("OK", "rappeler lundi")
    bus.show_agent(note(agent_id, AgentState.READY))
    page.wait_for_selector("main[data-state=READY]")
    expect(page.locator("#disposition")).to_be_hidden()


def test_a_callback_asks_for_its_time_and_note(
    open_page, make_user, session_factory, campaign, bus
):
    agent_id = make_user(Role.AGENT)
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        add_attempt(session, lead, "a1", agent_id=agent_id)
    pop = PopLead(agent_id, 1, "a1", lead.id, 1, lead.number, "Awa", (), False, time.time())
    bus.show_agent(pop)
    bus.show_agent(note(agent_id, AgentState.WRAP_UP, attempt_id="a1"))
    page = open_page("agent")
    page.wait_for_selector(".choice")
    page.keyboard.press("Control+Digit2")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#callback")).to_be_focused()
    page.click("[data-callback='10']")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("le matin")
    page.keyboard.press("Control+Enter")
    wait_for(lambda: told(bus, AgentDisposed))


def test_a_lost_connection_is_said_and_what_was_missed_is_caught_up(
    open_page, make_user, campaign, bus, server
):
    agent_id = make_user(Role.AGENT)
    bus.show_agent(note(agent_id, AgentState.READY))
    page = open_page("agent")
    page.wait_for_selector("main[data-state=READY]")
    server.stop()
    try:
        page.wait_for_selector("#link-banner:not([hidden])")
        expect(page.locator("#link-text")).to_have_text(re.compile("^Connexion perdue"))
        bus.show_agent(note(agent_id, AgentState.PAUSED, pause_code="LUNCH"))
    finally:
        server.start()  # the others' server, too
    page.wait_for_selector("main[data-state=PAUSED]")
    page.wait_for_selector("#link-banner", state="hidden")


def test_the_desk_answers_heartbeats_so_the_dialer_knows_that_it_lives(open_page, make_user, bus):
    closed_id, open_id = make_user(Role.AGENT, "awa"), make_user(Role.AGENT, "bilal")

    def hear_a_beat(agent_id):
        bus.redis.delete(desk_key(agent_id))
        wait_for(lambda: bus.desk_silences([agent_id]))

    closed = open_page("awa")
    closed.wait_for_selector("#link-state[data-state=ok]")
    hear_a_beat(closed_id)
    closed.close()
    open_page("bilal").wait_for_selector("#link-state[data-state=ok]")
    hear_a_beat(open_id)
    bus.redis.delete(desk_key(closed_id))
    hear_a_beat(open_id)
    hear_a_beat(open_id)  # a whole interval later
    assert bus.desk_silences([closed_id]) == {}


def test_the_call_bar_shows_what_the_dialer_says_and_obeys_the_keyboard(
    open_page, make_user, session_factory, campaign, bus
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
    bus.show_agent(note(agent_id, AgentState.TALKING, **talking))
    page = open_page("agent")
    page.wait_for_selector("#call-message:not([hidden])")
    with page.expect_response("**/agent/call/hold"):
        page.keyboard.press("Control+Shift+H")
    wait_for(lambda: AgentAskedHold(agent_id, "a1", True) in told(bus, AgentAskedHold))
    expect(page.locator("#call-hold")).to_have_attribute("aria-pressed", "false")  # not yet done
    bus.show_agent(note(agent_id, AgentState.TALKING, is_held=True, recording="ON", **talking))
    page.wait_for_selector("#call-hold[aria-pressed=true]")
    page.keyboard.press("Control+Shift+P")
    wait_for(lambda: AgentAskedRecording(agent_id, "a1", False) in told(bus, AgentAskedRecording))
    page.keyboard.press("Control+Shift+D")
    page.keyboard.press("5")
    page.click("[data-key='#']")
    wait_for(lambda: [key.digits for key in told(bus, AgentSentDigits)] == ["5", "#"])
    assert_accessible(page)
    shot(page, "call_bar")
    assert_fits(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+V")
    wait_for(lambda: told(bus, AgentDroppedMessage) == [AgentDroppedMessage(agent_id, "a1")])
    bus.show_agent(note(agent_id, AgentState.WRAP_UP, attempt_id="a1", met_machine=True))
    page.wait_for_selector("#choices [aria-pressed=true]")
    page.keyboard.press("Control+Enter")
    wait_for(lambda: told(bus, AgentDisposed) == [AgentDisposed(agent_id, "a1", True)])

    bus.show_agent(
        PopLead(agent_id, 1, "a2", other.id, 1, other.number, "Koffi", (), False, time.time())
    )
    bus.show_agent(note(agent_id, AgentState.TALKING, attempt_id="a2", looks_machine=True))
    page.wait_for_selector("#call-machine.primary:not([hidden])")
    page.keyboard.press("Control+Shift+K")  # says what it was, and ends it
    wait_for(lambda: told(bus, AgentHungUp) == [AgentHungUp(agent_id)])
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
    expect(second.locator("#elsewhere")).to_be_hidden()
