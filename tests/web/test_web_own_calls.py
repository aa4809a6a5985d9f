"""Calls that agents place: what the web makes of a press, a number, a search."""

import time

import pytest
from web_rows import add_attempt, add_lead

from dialer.bus.redis import Bus
from dialer.model.agent import AgentState
from dialer.model.commands import NoteAgent, OfferLead
from dialer.model.events import AgentAskedLead, AgentCalledLead, AgentSkippedLead
from dialer.model.preview import SkipReason
from dialer.store.agents import note_agent
from dialer.store.tables import CampaignRow, LeadRow, Role


@pytest.fixture
def seated(enter, session_factory, campaign):
    """An agent who is logged in to a campaign with manual calls."""
    agent = enter(Role.AGENT)
    with session_factory.begin() as session:
        session.get_one(CampaignRow, campaign.id).has_manual_calls = True
        note_agent(session, NoteAgent(agent.user_id, campaign.id, AgentState.PAUSED, 1.0))
    return agent


def told(bus: Bus):
    return [event for _identity, event in bus.heard("0", 1)]


def test_a_press_names_its_lead(seated, bus):
    assert seated.post("/agent/lead/call", json={"lead_id": 5}).status_code == 202
    sent = {"lead_id": 5, "reason": "KNOWN"}
    assert seated.post("/agent/lead/skip", json=sent).status_code == 202
    assert seated.post("/agent/lead/open", json={"lead_id": 6}).status_code == 202
    me = seated.user_id
    assert told(bus) == [
        AgentCalledLead(me, 5),
        AgentSkippedLead(me, 5, SkipReason.KNOWN),
        AgentAskedLead(me, 6, is_call_now=False),
    ]


@pytest.mark.parametrize("lead_id", [None, "5", True, 0, -1, 2**63, 5.0, [5]])
@pytest.mark.parametrize("path", ["call", "skip", "open"])
def test_what_names_no_lead_is_refused(seated, bus, path, lead_id):
    sent = {"lead_id": lead_id, "reason": "KNOWN"}
    assert seated.post(f"/agent/lead/{path}", json=sent).status_code == 400
    assert told(bus) == []


@pytest.mark.parametrize("reason", [None, "", "OVERRUN", "known", 3, ["KNOWN"]])
def test_a_skip_needs_a_reason_of_the_list(seated, bus, reason):
    answer = seated.post("/agent/lead/skip", json={"lead_id": 5, "reason": reason})
    assert (answer.status_code, answer.json["field"]) == (422, "reason")
    assert told(bus) == []


def test_a_typed_number_becomes_a_lead_that_is_called_at_once(seated, bus, session_factory):
    answer = seated.post("/agent/lead/dial", json={"number": "01 44 71 23 45"})
    assert answer.status_code == 202
    (asked,) = told(bus)
    with session_factory() as session:
        row = session.get_one(LeadRow, asked.lead_id)
        assert row.number == "+33144712345"
    assert asked == AgentAskedLead(seated.user_id, row.id, is_call_now=True)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("12", "n’existe pas"),
        ("0899123456", "genre"),
        ("+881612345678", "n’existe pas|genre"),
        (None, "n’existe pas"),
    ],
)
def test_a_number_that_may_not_be_called_is_refused_in_words(seated, bus, number, words):
    answer = seated.post("/agent/lead/dial", json={"number": number})
    assert (answer.status_code, answer.json["field"]) == (422, "number")
    assert any(word in answer.json["error"] for word in words.split("|"))
    assert told(bus) == []


def test_without_manual_calls_or_a_seat_nothing_is_dialled_or_found(
    seated, enter, bus, session_factory, campaign
):
    stranger = enter(Role.AGENT, "stranger")
    with session_factory.begin() as session:
        session.get_one(CampaignRow, campaign.id).has_manual_calls = False
    for one in (seated, stranger):
        assert one.post("/agent/lead/dial", json={"number": "0144712345"}).status_code == 422
        assert one.get("/agent/lead/search?text=Awa").status_code == 422
    assert told(bus) == []


def test_a_search_shows_the_leads_of_the_agents_campaign(seated, session_factory, campaign):
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id, name="Awa Diallo", state="WAITING_RETRY")
    answer = seated.get("/agent/lead/search?text=diallo")
    assert answer.json["leads"] == [
        {
            "lead_id": lead.id,
            "name": "Awa Diallo",
            "number": "+33612345678",
            "state": "À rappeler",
        }
    ]
    assert seated.get("/agent/lead/search?text=a").status_code == 422


def test_the_history_of_a_lead_is_for_whose_desk_it_lies_on(seated, bus, session_factory, campaign):
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        add_attempt(session, lead, "a1", outcome="BUSY")
    path = f"/agent/lead/{lead.id}/timeline"
    assert seated.get(path).status_code == 404
    now = time.time()
    bus.show_agent(
        OfferLead(
            seated.user_id, campaign.id, lead.id, 2, lead.number, "Awa", (), False, False, 3,
            now, now + 60.0, ends_in_call=False,
        )
    )  # fmt: skip
    assert "Occupé" in seated.get(path).get_data(as_text=True)


def test_only_agents_place_calls(enter, bus):
    admin = enter(Role.ADMIN)
    assert admin.post("/agent/lead/call", json={"lead_id": 5}).status_code == 403
    assert admin.post("/agent/lead/dial", json={"number": "0144712345"}).status_code == 403
    assert told(bus) == []
