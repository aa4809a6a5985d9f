"""Kinds of phones: what an administrator may store, and what an agent may log in with."""

import pytest

from dialer.model.events import AgentAskedPhone, AgentLoggedIn
from dialer.model.phone import PhoneKind
from dialer.store.tables import Role, User

MAIN = {"login": "zoe", "name": "Zoé", "role": "agent", "locale": "fr",
        "password": "long enough password"}  # fmt: skip


@pytest.fixture
def admin(enter):
    return enter(Role.ADMIN)


def made(admin, **phone):
    return admin.post("/users/new", MAIN | phone)


def given(session_factory, user_id, kind, address):
    with session_factory.begin() as session:
        row = session.get_one(User, user_id)
        row.phone_kind, row.phone_address = kind, address


def told(bus):
    return [event for _identity, event in bus.heard("0", 1)]


@pytest.mark.parametrize(
    ("kind", "written", "stored"),
    [("SIP", "1001", "1001"), ("SIP", "", ""), ("WEBRTC", "2001", "2001"),
     ("OUTSIDE", "+33 6 12 34 56 78", "+33612345678")],
)  # fmt: skip
def test_each_kind_keeps_its_address(admin, session_factory, kind, written, stored):
    assert made(admin, phone_kind=kind, phone_address=written).status_code == 302
    with session_factory() as session:
        zoe = session.query(User).filter_by(login="zoe").one()
        assert (zoe.phone_kind, zoe.phone_address) == (kind, stored)


@pytest.mark.parametrize(
    ("kind", "written", "says"),
    [("WEBRTC", "", "par exemple 1001"), ("WEBRTC", "+33612345678", "par exemple 1001"),
     ("SIP", "1001@evil", "par exemple 1001"), ("SIP", "1001,1002", "par exemple 1001"),
     ("OUTSIDE", "", "+33123456789"), ("OUTSIDE", "1001", "+33123456789"),
     ("OUTSIDE", "0612345678", "+33123456789"), ("OUTSIDE", "+33 6 12", "+33123456789"),
     ("OUTSIDE", "+33899123456", "surtaxés"), ("OUTSIDE", "+881612345678", "satellite"),
     ("FAX", "1001", "Choisissez dans la liste")],
)  # fmt: skip
def test_an_address_of_another_form_is_refused_at_its_field(admin, kind, written, says):
    answer = made(admin, phone_kind=kind, phone_address=written)
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)


def test_only_an_agents_page_is_a_phone(admin):
    answer = made(admin, role="supervisor", phone_kind="WEBRTC", phone_address="2001")
    assert answer.status_code == 422
    assert "Seule la page d’un agent" in answer.get_data(as_text=True)


def test_a_browsers_extension_is_one_persons_only(admin, enter, session_factory):
    awa = enter(Role.AGENT)
    given(session_factory, awa.user_id, "WEBRTC", "2001")
    for kind in ("WEBRTC", "SIP"):
        answer = made(admin, phone_kind=kind, phone_address="2001")
        assert answer.status_code == 422
        assert "navigateur d’un autre utilisateur" in answer.get_data(as_text=True)


def test_an_agent_cannot_sit_at_the_extension_of_a_colleagues_browser(
    enter, bus, campaign, session_factory
):
    awa, ben = enter(Role.AGENT), enter(Role.AGENT, "ben")
    given(session_factory, awa.user_id, "WEBRTC", "2001")
    answer = ben.post("/agent/login", json={"campaign_id": campaign.id, "phone": "2001"})
    assert (answer.status_code, answer.json["field"]) == (422, "phone")
    assert told(bus) == []


@pytest.mark.parametrize(("kind", "address"), [("WEBRTC", "2001"), ("OUTSIDE", "+33612345678")])
def test_what_the_administrator_stored_is_dialled_whatever_the_page_sends(
    enter, bus, campaign, session_factory, kind, address
):
    awa = enter(Role.AGENT)
    given(session_factory, awa.user_id, kind, address)
    sent = {"campaign_id": campaign.id, "phone": "+33699999999", "phone_kind": "OUTSIDE"}
    assert awa.post("/agent/login", json=sent).status_code == 202
    (event,) = told(bus)
    assert event == AgentLoggedIn(
        awa.user_id, campaign.id, "Name of agent", address, PhoneKind(kind)
    )


def test_an_agent_whose_desk_phone_is_no_extension_stays_where_he_is(enter, bus, campaign):
    awa = enter(Role.AGENT)
    sent = {"campaign_id": campaign.id, "phone": "+33699999999"}
    assert awa.post("/agent/login", json=sent).status_code == 422
    assert told(bus) == []


def test_the_page_asks_for_its_phone_to_be_called(enter, bus):
    awa = enter(Role.AGENT)
    assert awa.post("/agent/phone/call", json={"lost_leg_id": "leg-1"}).status_code == 202
    assert told(bus) == [AgentAskedPhone(awa.user_id, "leg-1")]


@pytest.mark.parametrize("body", [{}, {"lost_leg_id": None}, {"lost_leg_id": "x" * 65}, [], "x"])
def test_a_malformed_wish_is_refused(enter, bus, body):
    assert enter(Role.AGENT).post("/agent/phone/call", json=body).status_code == 400
    assert told(bus) == []


def test_asking_again_and_again_is_bounded(enter):
    awa = enter(Role.AGENT)
    statuses = {
        awa.post("/agent/phone/call", json={"lost_leg_id": ""}).status_code for _ in range(25)
    }
    assert statuses == {202, 429}
