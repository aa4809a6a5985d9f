"""Bringing somebody in, in a real Chromium: the panel, the consultation, three-way, by keyboard."""

import os
import time
from pathlib import Path

import pytest
from test_browser import (  # noqa: F401
    _note,
    _picture,
    _told,
    _wait_for,
    address,
    assert_accessible,
    chromium,
    open_page,
    server,
)
from web_rows import add_attempt, add_lead

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


def shot(page, tmp_path, name):
    folder = Path(os.environ.get("RELANCE_SCREENSHOTS", tmp_path))
    page.screenshot(path=folder / f"{name}.png")


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
        note_agent(session, _note(agent_id, AgentState.TALKING, attempt_id="a1"))
        session.get_one(CampaignRow, campaign.id).destinations = [
            {"label": "Service client", "number": "+33155667788"},
            {"label": "Dépannage", "number": "+33145454545"},
        ]
    views = (
        AgentView(7, "Zoé", AgentState.READY, 1.0, "", True, None, 0),
        AgentView(8, "Paul Ndong", AgentState.TALKING, 1.0, "", True, "a9", 3),
    )
    picture = codec.encode(_picture(1, agents=views))
    bus.redis.set(snapshot_key(campaign.id), picture)
    bus.show_agent(
        PopLead(agent_id, 1, "a1", lead.id, 1, lead.number, "Awa Kone", (), False, time.time())
    )
    bus.show_agent(_note(agent_id, AgentState.TALKING, attempt_id="a1"))
    return agent_id


def show(bus, agent_id, **facts):
    bus.show_agent(_note(agent_id, AgentState.TALKING, attempt_id="a1", **facts))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_consultation_by_keyboard_from_the_question_to_the_hand_over(
    open_page, bus, talk, tmp_path, language  # noqa: F811
):  # fmt: skip
    consulting, three_way, refused = SENTENCES[language]
    page = open_page("agent", language=language)
    page.wait_for_selector("#call-transfer:visible")
    page.keyboard.press("Control+Shift+T")
    page.wait_for_selector("#transfer-panel:not([hidden]) [data-what=consult]")
    assert page.locator("#targets-colleagues li").count() == 2  # the busy one without a button
    assert page.locator("#targets-colleagues button").count() == 2
    assert "+331" not in page.inner_html("#transfer-panel")  # labels only
    assert_accessible(page)
    shot(page, tmp_path, f"transfer_panel_{language}")
    page.keyboard.press("Enter")  # the first button: consult the free colleague
    _wait_for(lambda: _told(bus, AgentConsulted) == [AgentConsulted(talk, "a1", 7)])
    assert page.is_hidden("#third")  # nothing is shown before the dialer says so

    show(bus, talk, refused="NOT_FREE")
    page.wait_for_selector(f"text={refused}")
    show(bus, talk, stage="CONSULTING", third="JOINING", third_name="Zoé")
    page.wait_for_selector("#third:not([hidden])")
    assert page.is_disabled("#third-meet") and page.is_disabled("#third-give")
    show(bus, talk, stage="CONSULTING", third="TALKING", third_name="Zoé")
    page.wait_for_selector("#third-meet:enabled")
    assert page.inner_text("#third-word") == consulting
    assert page.is_hidden("#call-hold") and page.is_hidden("#call-transfer")
    assert_accessible(page)
    shot(page, tmp_path, f"consulting_{language}")

    page.keyboard.press("Control+Shift+Y")
    _wait_for(lambda: _told(bus, AgentAskedThreeWay) == [AgentAskedThreeWay(talk, "a1")])
    show(bus, talk, stage="THREE_WAY", third="TALKING", third_name="Zoé")
    page.wait_for_selector("#third[data-stage=THREE_WAY]")
    assert page.inner_text("#third-word") == three_way
    shot(page, tmp_path, f"three_way_{language}")
    page.keyboard.press("Control+Shift+G")
    _wait_for(lambda: _told(bus, AgentHandedOver) == [AgentHandedOver(talk, "a1")])
    page.keyboard.press("Control+Shift+L")
    _wait_for(lambda: _told(bus, AgentReturned) == [AgentReturned(talk, "a1")])


def test_the_customer_goes_to_an_outside_number_by_its_label(
    open_page, bus, talk, tmp_path  # noqa: F811
):  # fmt: skip
    page = open_page("agent", viewport={"width": 360, "height": 780})
    page.click("#call-transfer")
    button = "#targets-outside [data-what=transfer]"
    page.wait_for_selector(button)
    assert_accessible(page)
    shot(page, tmp_path, "transfer_panel_phone")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(button).first.click()
    asked = AgentTransferredOut(talk, "a1", "Service client")
    _wait_for(lambda: _told(bus, AgentTransferredOut) == [asked])


def test_an_outside_number_that_does_not_answer_is_said(open_page, bus, talk):  # noqa: F811
    page = open_page("agent")
    calling = {"stage": "CONSULTING", "third": "CALLING", "third_name": "Dépannage"}
    show(bus, talk, **calling)
    page.wait_for_selector("#third:not([hidden])")
    assert page.inner_text("#third-return-word") == "Annuler l’appel"
    show(bus, talk)
    page.wait_for_selector("text=n’a pas pu être joint")


def test_a_colleague_who_is_asked_sees_the_lead_and_owes_no_form(
    open_page, bus, talk, tmp_path  # noqa: F811
):  # fmt: skip
    page = open_page("agent")
    show(bus, talk, stage="CONSULTING", third="TALKING", third_name="Nina", is_consulted=True)
    page.wait_for_selector("text=Nina vous consulte.")
    assert page.is_hidden("#disposition") and page.is_hidden("#third-give")
    assert page.is_hidden("#call-keys")
    assert page.inner_text("#fiche-title") == "Awa Kone"
    shot(page, tmp_path, "consulted")
    assert page.inner_text("#hang-up-word") == "Quitter la consultation"
    page.keyboard.press("Control+Shift+X")
    _wait_for(lambda: _told(bus, AgentHungUp) == [AgentHungUp(talk)])


def test_escape_and_arrows_in_the_panel(open_page, bus, talk):  # noqa: F811
    page = open_page("agent")
    page.click("#call-transfer")
    page.wait_for_selector("#transfer-panel:not([hidden])")
    page.keyboard.press("ArrowDown")
    assert "Service client" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowUp")
    assert "Zoé" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Escape")
    assert page.is_hidden("#transfer-panel")
    assert page.evaluate("document.activeElement.id") == "call-transfer"
