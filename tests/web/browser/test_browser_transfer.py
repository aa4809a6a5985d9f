"""Bringing somebody in, in a real Chromium: the panel, the consultation, three-way, by keyboard."""

import re
import time

import pytest
from web_rows import add_attempt, add_lead

from browser.pages import (
    assert_accessible,
    assert_fits,
    expect,
    note,
    picture,
    shot,
    told,
    wait_for,
)
from dialer.bus import codec
from dialer.bus.redis import snapshot_key
from dialer.model.agent import AgentState
from dialer.model.commands import PopLead
from dialer.model.events import (
    AgentAskedThreeWay,
    AgentConsulted,
    AgentHandedOver,
    AgentHungUp,
    AgentReturned,
    AgentTransferredOut,
)
from dialer.model.snapshot import AgentView
from dialer.store.agents import note_agent
from dialer.store.tables import CampaignRow, Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SENTENCES = {
    "fr": ("En consultation avec Zoé. Le client est en garde.",
           "Conférence à trois : vous, le client et Zoé.", "Cet agent n’est plus libre."),
    "en": ("Consulting Zoé. The customer is on hold.",
           "Three-way call: you, the customer and Zoé.", "That agent is no longer free."),
}  # fmt: skip


@pytest.fixture
def language():
    """Of the agent; tests that name another override it."""
    return "fr"


@pytest.fixture
def talk(make_user, session_factory, campaign, bus, language):
    """An agent in conversation, a free colleague, one who is busy, and two destinations."""
    agent_id = make_user(Role.AGENT, locale=language)
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        add_attempt(session, lead, "a1", agent_id=agent_id)
        note_agent(session, note(agent_id, AgentState.TALKING, attempt_id="a1"))
        session.get_one(CampaignRow, campaign.id).destinations = [
            {"label": "Service client", "number": "+33155667788"},
            {"label": "Dépannage", "number": "+33145454545"},
        ]
    views = (
        AgentView(7, "Zoé", AgentState.READY, 1.0, "", True, None, 0),
        AgentView(8, "Paul Ndong", AgentState.TALKING, 1.0, "", True, "a9", 3),
    )
    bus.redis.set(snapshot_key(campaign.id), codec.encode(picture(1, agents=views)))
    bus.show_agent(
        PopLead(agent_id, 1, "a1", lead.id, 1, lead.number, "Awa Kone", (), False, time.time())
    )
    bus.show_agent(note(agent_id, AgentState.TALKING, attempt_id="a1"))
    return agent_id


def show(bus, agent_id, **facts):
    bus.show_agent(note(agent_id, AgentState.TALKING, attempt_id="a1", **facts))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_consultation_by_keyboard_from_the_question_to_the_hand_over(
    open_page, bus, talk, language
):  # fmt: skip
    consulting, three_way, refused = SENTENCES[language]
    page = open_page("agent", language=language)
    page.wait_for_selector("#call-transfer:visible")
    page.keyboard.press("Control+Shift+T")
    page.wait_for_selector("#transfer-panel:not([hidden]) [data-what=consult]")
    expect(page.locator("#targets-colleagues li")).to_have_count(2)  # the busy one has no button
    expect(page.locator("#targets-colleagues button")).to_have_count(2)
    assert "+331" not in page.inner_html("#transfer-panel")  # labels only
    assert_accessible(page)
    shot(page, f"transfer_panel_{language}")
    with page.expect_response("**/agent/call/consult"):
        page.keyboard.press("Enter")  # the first button: consult the free colleague
    wait_for(lambda: told(bus, AgentConsulted) == [AgentConsulted(talk, "a1", 7)])
    expect(page.locator("#third")).to_be_hidden()  # nothing is shown before the dialer says so

    show(bus, talk, refused="NOT_FREE")
    page.wait_for_selector(f"text={refused}")
    show(bus, talk, stage="CONSULTING", third="JOINING", third_name="Zoé")
    page.wait_for_selector("#third:not([hidden])")
    expect(page.locator("#third-meet")).to_be_disabled()
    expect(page.locator("#third-give")).to_be_disabled()
    show(bus, talk, stage="CONSULTING", third="TALKING", third_name="Zoé")
    page.wait_for_selector("#third-meet:enabled")
    expect(page.locator("#third-word")).to_have_text(consulting)
    expect(page.locator("#call-hold")).to_be_hidden()
    expect(page.locator("#call-transfer")).to_be_hidden()
    assert_accessible(page)
    shot(page, f"consulting_{language}")

    page.keyboard.press("Control+Shift+Y")
    wait_for(lambda: told(bus, AgentAskedThreeWay) == [AgentAskedThreeWay(talk, "a1")])
    show(bus, talk, stage="THREE_WAY", third="TALKING", third_name="Zoé")
    page.wait_for_selector("#third[data-stage=THREE_WAY]")
    expect(page.locator("#third-word")).to_have_text(three_way)
    shot(page, f"three_way_{language}")
    page.keyboard.press("Control+Shift+G")
    wait_for(lambda: told(bus, AgentHandedOver) == [AgentHandedOver(talk, "a1")])
    page.keyboard.press("Control+Shift+L")
    wait_for(lambda: told(bus, AgentReturned) == [AgentReturned(talk, "a1")])


def test_the_customer_goes_to_an_outside_number_by_its_label(
    open_page, bus, talk
):  # fmt: skip
    page = open_page("agent", viewport={"width": 360, "height": 780})
    page.click("#call-transfer")
    button = "#targets-outside [data-what=transfer]"
    page.wait_for_selector(button)
    assert_accessible(page)
    shot(page, "transfer_panel_phone")
    assert_fits(page)
    page.locator(button).first.click()
    asked = AgentTransferredOut(talk, "a1", "Service client")
    wait_for(lambda: told(bus, AgentTransferredOut) == [asked])


def test_an_outside_number_that_does_not_answer_is_said(open_page, bus, talk):
    page = open_page("agent")
    calling = {"stage": "CONSULTING", "third": "CALLING", "third_name": "Dépannage"}
    show(bus, talk, **calling)
    page.wait_for_selector("#third:not([hidden])")
    expect(page.locator("#third-return-word")).to_have_text("Annuler l’appel")
    show(bus, talk)
    page.wait_for_selector("text=n’a pas pu être joint")


def test_a_colleague_who_is_asked_sees_the_lead_and_owes_no_form(
    open_page, bus, talk
):  # fmt: skip
    page = open_page("agent")
    show(bus, talk, stage="CONSULTING", third="TALKING", third_name="Nina", is_consulted=True)
    page.wait_for_selector("text=Nina vous consulte.")
    for selector in ("#disposition", "#third-give", "#call-keys"):
        expect(page.locator(selector)).to_be_hidden()
    expect(page.locator("#fiche-title")).to_have_text("Awa Kone")
    shot(page, "consulted")
    expect(page.locator("#hang-up-word")).to_have_text("Quitter la consultation")
    page.keyboard.press("Control+Shift+X")
    wait_for(lambda: told(bus, AgentHungUp) == [AgentHungUp(talk)])


def test_escape_and_arrows_in_the_panel(open_page, bus, talk):
    page = open_page("agent")
    page.click("#call-transfer")
    page.wait_for_selector("#transfer-panel:not([hidden])")
    focused = page.locator(":focus")
    page.keyboard.press("ArrowDown")
    expect(focused).to_have_attribute("aria-label", re.compile("Service client"))
    page.keyboard.press("ArrowUp")
    expect(focused).to_have_attribute("aria-label", re.compile("Zoé"))
    page.keyboard.press("Escape")
    expect(page.locator("#transfer-panel")).to_be_hidden()
    expect(page.locator("#call-transfer")).to_be_focused()
