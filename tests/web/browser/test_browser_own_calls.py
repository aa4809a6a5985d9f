"""Calls that an agent places, in a real Chromium: a lead on his desk, a number, a lead he finds."""

import time

import pytest
from web_rows import add_attempt, add_lead

from browser.pages import assert_accessible, expect, note, told, wait_for
from dialer.model.agent import AgentState
from dialer.model.commands import NoteAgent, OfferLead, PopLead, ShowResult
from dialer.model.events import AgentAskedLead, AgentCalledLead, AgentHungUp, AgentSkippedLead
from dialer.model.outcome import Outcome
from dialer.store.agents import note_agent
from dialer.store.tables import CampaignRow, Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


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
    bus.show_agent(note(agent_id, AgentState.PREVIEWING))
    page = open_page("agent", language)
    page.get_by_role("heading", name="Awa Diallo").wait_for()
    page.wait_for_selector("#timeline .timeline")  # what was tried before
    expect(page.locator("#preview-left")).not_to_be_empty()
    assert_accessible(page)
    page.select_option("#skip-reason", "KNOWN")
    page.click("#skip-lead")
    skipped = wait_for(lambda: told(bus, AgentSkippedLead))
    assert skipped == [AgentSkippedLead(agent_id, first.id, "KNOWN")]

    bus.show_agent(_offer(agent_id, second, n_skips_left=0))
    bus.show_agent(note(agent_id, AgentState.PREVIEWING))
    page.get_by_role("heading", name="Koffi Zinsou").wait_for()
    expect(page.locator("#skip-lead")).to_be_disabled()
    page.keyboard.press("Control+Enter")
    assert wait_for(lambda: told(bus, AgentCalledLead)) == [AgentCalledLead(agent_id, second.id)]

    pop = PopLead(agent_id, 1, "a1", second.id, 2, second.number, second.name, (), False, 1.0)
    bus.show_agent(pop)
    bus.show_agent(note(agent_id, AgentState.RESERVED, attempt_id="a1", is_ringing=True))
    ringing = {"fr": "Ça sonne…", "en": "Ringing…"}[language]
    page.get_by_text(ringing).wait_for()
    page.click("#cancel-call")
    assert wait_for(lambda: told(bus, AgentHungUp)) == [AgentHungUp(agent_id)]
    bus.show_agent(ShowResult(agent_id, 1, second.id, Outcome.BUSY, time.time()))
    bus.show_agent(note(agent_id, AgentState.READY))
    page.wait_for_selector("main[data-state=READY]")
    expect(page.locator("#own-result")).to_be_visible()
    expect(page.locator("#own-result")).to_have_text({"fr": "Occupé", "en": "Busy"}[language])
    expect(page.locator("#cancel-call")).to_be_hidden()


def test_an_agent_types_a_number_or_looks_a_lead_up(
    open_page, make_user, session_factory, campaign, bus
):
    agent_id = make_user(Role.AGENT)
    with session_factory.begin() as session:
        session.get_one(CampaignRow, campaign.id).has_manual_calls = True
        note_agent(session, NoteAgent(agent_id, campaign.id, AgentState.PAUSED, 1.0))
        lead = add_lead(session, campaign.id, name="Awa <b>", state="DONE")
    bus.show_agent(note(agent_id, AgentState.PAUSED, may_choose=True))
    page = open_page("agent")
    page.fill("#dial-number", "0899 12 34 56")
    page.keyboard.press("Enter")
    expect(page.locator("#manual-fault")).to_contain_text("genre")
    page.fill("#dial-number", "01 44 71 23 45")
    page.keyboard.press("Enter")
    (asked,) = wait_for(lambda: told(bus, AgentAskedLead))
    assert asked.is_call_now and asked.lead_id != lead.id

    page.fill("#search-text", "awa")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found [data-lead]")
    expect(page.locator("#found")).to_contain_text("Awa <b>")
    assert_accessible(page)
    page.click("#found [data-lead]")
    wait_for(lambda: AgentAskedLead(agent_id, lead.id, False) in told(bus, AgentAskedLead))
    bus.show_agent(_offer(agent_id, lead, is_own_choice=True, n_skips_left=0))
    bus.show_agent(note(agent_id, AgentState.PREVIEWING))
    page.get_by_role("heading", name="Awa <b>").wait_for()
    expect(page.locator("#manual")).to_be_hidden()
    expect(page.locator("#skip-reason")).to_be_hidden()
    page.click("#skip-lead")
    wait_for(lambda: told(bus, AgentSkippedLead))
