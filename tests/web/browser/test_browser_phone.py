"""The phone in the page, in a real Chromium; its SIP peer asks the product's directory."""

import base64
import re

import pytest

from browser.pages import assert_accessible, expect, note, told, wait_for
from browser.sip_peer import SECRET, SOCKET, Directory, SipPeer
from dialer.model.agent import AgentState
from dialer.model.events import AgentAskedPhone, AgentLoggedIn
from dialer.model.phone import PhoneKind
from dialer.store.tables import Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

REFUSED = """() => {
  const refuse = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  navigator.mediaDevices.getUserMedia = refuse;
}"""


@pytest.fixture
def peer(address):
    proof = base64.b64encode(f"relance:{SECRET}".encode()).decode()
    return SipPeer(Directory(address, f"Basic {proof}"))


@pytest.fixture
def desk(open_page, make_user, campaign, peer):
    """The desk of an agent whose phone is the browser, before and after its page is loaded."""
    agent_id = make_user(Role.AGENT, phone_kind="WEBRTC", phone_address="2001")
    page = open_page(
        "agent", before=lambda context: context.route_web_socket(re.compile(SOCKET), peer.accept)
    )
    page.agent_id = agent_id
    return page


def phone_is(page, state):
    page.wait_for_selector(f"#phone-box[data-phone='{state}']")


def answers(page, peer, status, call_id):
    return wait_for(
        lambda: page.evaluate("1") and any(
            text.startswith(f"SIP/2.0 {status}") and f"Call-ID: {call_id}\r\n" in text
            for text in list(peer.seen)
        )
    )  # fmt: skip


def mine(page):
    return f"X-Relance-Agent: {page.agent_id}"


def test_the_page_registers_with_a_minted_password_and_takes_the_seat(desk, peer, bus):
    phone_is(desk, "registered")
    assert_accessible(desk)
    desk.click("#seat-form button[type=submit]")
    (event,) = wait_for(lambda: desk.evaluate("1") and told(bus, AgentLoggedIn))
    assert (event.phone_kind, event.phone_address) == (PhoneKind.WEBRTC, "2001")


def test_the_page_picks_up_its_own_leg_and_no_other(desk, peer, bus):
    phone_is(desk, "registered")
    desk.click("#seat-form button[type=submit]")
    wait_for(lambda: desk.evaluate("1") and told(bus, AgentLoggedIn))
    peer.call("X-Relance-Agent: 999999", "strange")
    answers(desk, peer, 403, "strange")
    peer.call("Subject: none of ours", "unmarked")
    answers(desk, peer, 403, "unmarked")
    peer.call(mine(desk), "own")
    answers(desk, peer, 200, "own")
    phone_is(desk, "in_call")
    peer.call(mine(desk), "second")
    answers(desk, peer, 486, "second")
    peer.end("own")
    phone_is(desk, "registered")


def test_a_refused_microphone_is_said_and_no_seat_is_taken(desk, peer, bus):
    phone_is(desk, "registered")
    desk.evaluate(REFUSED)
    desk.click("#seat-form button[type=submit]")
    phone_is(desk, "mic_denied")
    expect(desk.locator("#seat-fault")).not_to_be_empty()
    expect(desk.locator("#phone-allow")).to_be_visible()
    assert told(bus, AgentLoggedIn) == []
    peer.call(mine(desk), "mute")
    answers(desk, peer, 480, "mute")


def test_a_socket_that_drops_is_said_and_comes_back_by_itself(desk, peer):
    phone_is(desk, "registered")
    peer.hang_up_socket()
    phone_is(desk, "lost")
    phone_is(desk, "registered")
    assert len(peer.sockets) == 2


def test_a_password_made_worthless_is_asked_for_anew(desk, peer, app):
    """Another desk of the same agent was opened, or Redis was emptied."""
    phone_is(desk, "registered")
    redis = app.extensions["relance_bus"].redis
    redis.delete("relance:web:phone:2001")
    n_seen = len(peer.seen)
    desk.evaluate("relancePhone.lines[0].ua.register()")
    wait_for(lambda: desk.evaluate("1") and len(peer.seen) > n_seen + 2)
    phone_is(desk, "registered")
    assert redis.exists("relance:web:phone:2001")


def test_a_page_loaded_anew_names_the_leg_that_it_lost(desk, peer, bus):
    bus.show_agent(note(desk.agent_id, AgentState.PAUSED, leg_id="leg-1"))
    desk.reload()
    phone_is(desk, "registered")
    asked = wait_for(lambda: desk.evaluate("1") and told(bus, AgentAskedPhone))
    assert asked == [AgentAskedPhone(desk.agent_id, "leg-1")]


def test_closing_the_page_in_a_conversation_asks_first(desk, peer, bus):
    phone_is(desk, "registered")
    bus.show_agent(note(desk.agent_id, AgentState.PAUSED, leg_id="leg-1"))
    wait_for(lambda: desk.evaluate("Boolean(relancePhone.microphone.stream)"))
    peer.call(mine(desk), "own")
    phone_is(desk, "in_call")
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.click("#phone-settings summary")  # a browser asks only on pages that were touched
    bus.show_agent(note(desk.agent_id, AgentState.TALKING, leg_id="leg-1", attempt_id="a1"))
    desk.wait_for_selector("main[data-state=TALKING]")
    desk.reload()
    assert asked == ["beforeunload"]


def test_log_out_makes_the_password_worthless(desk, peer):
    phone_is(desk, "registered")
    assert peer.directory.a1_of("2001") != ""
    desk.click("form[action='/logout'] button")
    desk.wait_for_url("**/login*")
    assert peer.directory.a1_of("2001") == ""
