"""The supervisor's live page in a real Chromium: figures, and listening to an agent."""

import time
from contextlib import suppress
from itertools import count

import pytest
from playwright.sync_api import TimeoutError

from browser.pages import assert_accessible, expect, picture, shot, told, wait_for
from dialer.model.events import SupervisorAsked, SupervisorStopped
from dialer.model.snapshot import SupervisionView
from dialer.model.supervision import Reason, SupervisionMode, SupervisionState
from dialer.store import campaigns
from dialer.store.tables import Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def paint(bus, seen, **facts):
    """Picture after picture, as the dialer gives them, until the page shows what is to be seen."""
    versions = count(1)

    def is_seen():
        bus.publish(picture(next(versions), **facts))
        with suppress(TimeoutError):
            seen.wait_for(timeout=1000)
            return True

    wait_for(is_seen)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_supervisor_sees_live_figures(open_page, make_user, campaign, bus, language):
    words = {
        "fr": ("Alerte", "4,3", "Le risque d’abandon", "Pause · Repas", "OK"),
        "en": ("Alert", "4.3%", "The risk of an abandon", "Pause · Lunch", "OK"),
    }[language]
    make_user(Role.SUPERVISOR, locale=language)
    page = open_page("supervisor", language)
    page.click(f"a[href='/supervisor/{campaign.id}']")
    paint(bus, page.locator("[data-part=agents] tr[data-key]").first)
    expect(page.locator("[data-part=verdict]")).to_contain_text(words[0])
    expect(page.locator("[data-part=abandon]")).to_contain_text(words[1])
    expect(page.locator("[data-part=n_ringing]")).to_have_text("7")
    expect(page.locator("[data-part=limit]")).to_contain_text(words[2])
    expect(page.locator("[data-part=agents]")).to_contain_text(words[3])
    expect(page.locator(".chart canvas")).to_have_count(1)
    assert_accessible(page)
    ok = page.locator("[data-part=verdict]", has_text=words[4])
    paint(bus, ok, abandon_rate=0.01, n_waiting=0)
    page.wait_for_selector(".live.is-stale")  # nothing comes any more: 3 s later it shows


def test_only_a_campaign_that_goes_on_is_said_to_have_no_engine(
    open_page, make_user, campaign, session_factory
):
    with session_factory.begin() as session:
        over = campaigns.create_campaign(session, "Hiver")
        over.state = "FINISHED"
    make_user(Role.SUPERVISOR)
    page = open_page("supervisor")
    cards = {row.id: page.locator(f"[data-campaign='{row.id}']") for row in (campaign, over)}
    expect(cards[campaign.id].locator("[data-part=stale]")).to_contain_text("Aucun moteur")
    expect(cards[over.id].locator("[data-part=stale]")).to_have_text("")  # looked at in one turn


def _listening(user_id, state, reason=None, name="Sam", **facts):
    given = {
        "supervision_id": f"s{user_id}", "supervisor_id": user_id, "name": name, "agent_id": 1,
        "attempt_id": "a1", "state": state, "mode": SupervisionMode.LISTEN, "since": time.time(),
        "reason": reason,
    }  # fmt: skip
    return SupervisionView(**given | facts)


def _wishes(bus):
    return [(event.agent_id, event.attempt_id, event.mode) for event in told(bus, SupervisorAsked)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Décrochez", "Personne ne vous entend", "Seul l’agent", "La conversation est ter")),
        ("en", ("Pick up", "Nobody hears you", "Only the agent", "The conversation is over")),
    ],
)
def test_a_supervisor_listens_whispers_takes_over_and_stops(
    open_page, make_user, campaign, bus, language, words
):
    """The test is the dialer: the bar follows what it says, and asks it for what is pressed."""
    me = make_user(Role.SUPERVISOR, locale=language, phone_address="2090")
    page = open_page("supervisor", language)
    page.on("dialog", lambda dialog: dialog.accept())
    page.click(f"a[href='/supervisor/{campaign.id}']")

    def show(seen, *supervision, text=None, **facts):
        heard = (_listening(*supervision, **facts),)
        paint(bus, page.locator(seen, has_text=text), supervisions=heard)

    show("[data-part=agents]", 99, SupervisionState.LISTENING, text="Zoé", name="Zoé")
    expect(page.locator("#listening")).to_be_hidden()

    page.click("[data-listen='1']")
    wait_for(lambda: _wishes(bus) == [(1, "a1", "LISTEN")])
    show("#listening-sentence", me, SupervisionState.CALLING, text=words[0])
    expect(page.locator("#listening-take")).to_be_hidden()
    expect(page.locator("#listening")).to_be_focused()

    show("#listening-sentence", me, SupervisionState.LISTENING, text=words[1])
    expect(page.locator("input[data-state=LISTENING]")).to_be_checked()
    assert_accessible(page)
    shot(page, "listening")

    page.check("input[data-state=WHISPERING]", force=True)
    wait_for(lambda: _wishes(bus)[-1] == (1, "a1", "WHISPER"))
    show("#listening-sentence", me, SupervisionState.WHISPERING, text=words[2])

    page.click("#listening-take")
    wait_for(lambda: _wishes(bus)[-1] == (1, "a1", "TAKE_OVER"))
    show("#listening[data-state=TAKEN_OVER]", me, SupervisionState.TAKEN_OVER)
    expect(page.locator("#listening-ways")).to_be_hidden()

    show(
        "#listening-sentence",
        me,
        SupervisionState.STANDING_BY,
        Reason.CONVERSATION_OVER,
        text=words[3],
    )
    page.click("#listening-stop")
    wait_for(lambda: told(bus, SupervisorStopped) == [SupervisorStopped(me)])
    ended = _listening(me, SupervisionState.ENDED, Reason.STOPPED)
    bus.publish(picture(99, supervisions=(ended,)))
    expect(page.locator("#listening")).to_be_hidden()


def test_a_supervisor_without_a_phone_reads_why_nothing_happens(
    open_page, make_user, campaign, bus
):
    make_user(Role.SUPERVISOR)
    page = open_page("supervisor")
    page.click(f"a[href='/supervisor/{campaign.id}']")
    listen = page.locator("[data-listen='1']")
    paint(bus, listen)
    listen.click()
    page.locator("#listening-fault", has_text="n’a pas de téléphone").wait_for()
    assert_accessible(page)
