"""The agent desktop's server side: stream, acts, dispositions, and whose attempt it is."""

import itertools
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest
from web_rows import add_attempt, add_lead

from dialer.bus.redis import desk_key, snapshot_key
from dialer.model.agent import AgentState
from dialer.model.commands import NoteAgent, NoteArrival, PopLead
from dialer.model.events import (
    AgentAskedHold,
    AgentAskedMute,
    AgentAskedPause,
    AgentAskedReady,
    AgentAskedRecording,
    AgentAskedThreeWay,
    AgentConsulted,
    AgentConsultedOut,
    AgentDisposed,
    AgentDroppedMessage,
    AgentHandedOver,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
    AgentPlayed,
    AgentReturned,
    AgentSentDigits,
    AgentTransferred,
    AgentTransferredOut,
    NumberBlocked,
)
from dialer.model.snapshot import AgentView
from dialer.store import contacts, merging
from dialer.store.agents import note_agent
from dialer.store.arrivals import note_arrivals
from dialer.store.tables import AttemptRow, CampaignRow, LeadRow, Role, User


def _told(bus):
    return [event for _identity, event in bus.heard("0", 1)]


def _frames(answer, count):
    """The next `count` frames of a stream, as (id, event name, body)."""
    frames = []
    for piece in itertools.islice(answer.response, count):
        text = piece.decode() if isinstance(piece, bytes) else piece
        lines = dict(line.split(": ", 1) for line in text.strip().splitlines() if ": " in line)
        body = orjson.loads(lines["data"]) if "data" in lines else None
        frames.append((lines.get("id"), lines.get("event"), body))
    answer.close()
    return frames


@pytest.fixture
def agent(enter):
    return enter(Role.AGENT)


@pytest.fixture
def attempt(session_factory, campaign, agent):
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        return add_attempt(session, lead, "attempt-1", agent_id=agent.user_id)


def _note(agent, state, since=1.0, **facts):
    return NoteAgent(agent.user_id, 1, state, since, **facts)


def test_the_stream_draws_the_screen_then_says_so(agent, bus):
    bus.show_agent(_note(agent, AgentState.PAUSED))
    bus.show_agent(_note(agent, AgentState.READY))
    frames = _frames(agent.client.get("/agent/events"), 4)
    assert [body and body.get("state") for _id, _name, body in frames[1:3]] == ["PAUSED", "READY"]
    assert frames[3][1] == "drawn"


def test_a_page_is_heard_when_it_opens_its_stream_and_when_it_answers_a_heartbeat(agent, bus):
    assert bus.desk_silences([agent.user_id]) == {}
    agent.client.get("/agent/events").close()
    assert bus.desk_silences([agent.user_id])[agent.user_id] < 30
    bus.redis.delete(desk_key(agent.user_id))
    assert agent.post("/agent/alive", {}).status_code == 202
    assert list(bus.desk_silences([agent.user_id])) == [agent.user_id]


def test_the_stream_goes_on_after_the_last_event_the_browser_saw(agent, bus):
    for since in (1.0, 2.0, 3.0):
        bus.show_agent(_note(agent, AgentState.READY, since))
    seen = bus.agent_tail(agent.user_id)[0][0]
    by_header = agent.client.get("/agent/events", headers={"Last-Event-ID": seen})
    by_query = agent.client.get("/agent/events", query_string={"after": seen})
    for answer in (by_header, by_query):
        frames = _frames(answer, 4)
        assert frames[1][1] == "drawn"
        assert [body["since"] for _id, _name, body in frames[2:]] == [2.0, 3.0]
        assert all(identity > seen for identity, _name, _body in frames[2:])


def test_a_forged_event_id_draws_anew(agent, bus):
    bus.show_agent(_note(agent, AgentState.READY))
    answer = agent.client.get("/agent/events", headers={"Last-Event-ID": "0 STREAMS x"})
    assert _frames(answer, 2)[1][2]["state"] == "READY"


def test_an_agent_sees_only_his_own_stream(agent, enter, bus):
    other = enter(Role.AGENT, "other")
    bus.show_agent(_note(other, AgentState.READY))
    assert _frames(agent.client.get("/agent/events"), 2)[1][1] == "drawn"


def test_the_stream_is_not_stored_and_not_gathered(agent):
    answer = agent.client.get("/agent/events")
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    answer.close()


def test_acts_become_events_on_the_bus(agent, bus, campaign, session_factory):
    me = agent.user_id
    login = {"campaign_id": campaign.id, "phone": "1007"}
    assert agent.post("/agent/login", json=login).status_code == 202
    agent.post("/agent/ready", json={})
    agent.post("/agent/pause", json={"code": "LUNCH"})
    agent.post("/agent/hang-up", json={})
    agent.post("/agent/leave", json={})
    assert _told(bus) == [
        AgentLoggedIn(me, campaign.id, "Name of agent", "1007"),
        AgentAskedReady(me),
        AgentAskedPause(me, "LUNCH"),
        AgentHungUp(me),
        AgentLoggedOut(me),
    ]
    with session_factory() as session:
        assert session.get_one(User, me).phone_address == "1007"


@pytest.mark.parametrize("phone", ["", "1001 ,x", "a&system(id)", "{x=1}1001", "1" * 70])
def test_a_phone_that_a_dial_string_would_misread_is_refused(agent, bus, campaign, phone):
    answer = agent.post("/agent/login", json={"campaign_id": campaign.id, "phone": phone})
    assert answer.status_code == 422
    assert _told(bus) == []


def test_leaving_the_application_leaves_the_seat(agent, bus):
    agent.post("/logout")
    assert _told(bus) == [AgentLoggedOut(agent.user_id)]


def test_an_unknown_pause_code_is_refused(agent, bus):
    assert agent.post("/agent/pause", json={"code": "<b>"}).status_code == 422
    assert _told(bus) == []


def test_a_disposition_is_stored_then_told(agent, bus, attempt, session_factory):
    body = {"attempt_id": attempt.id, "code": "RDV", "note": "mardi", "is_ready_after": False}
    assert agent.post("/agent/dispositions", json=body).status_code == 200
    with session_factory() as session:
        row = session.get_one(AttemptRow, attempt.id)
        assert (row.disposition, row.note) == ("RDV", "mardi")
    assert _told(bus) == [AgentDisposed(agent.user_id, attempt.id, False, False)]


def test_do_not_call_is_told_before_the_wrap_up_ends(agent, bus, attempt):
    agent.post("/agent/dispositions", json={"attempt_id": attempt.id, "code": "STOP", "note": ""})
    assert [type(event) for event in _told(bus)] == [NumberBlocked, AgentDisposed]


def test_a_callback_is_a_time_in_the_lead_s_zone(agent, session_factory, campaign, attempt):
    day = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id, "+2290197000000", time_zone="Africa/Porto-Novo")
        add_attempt(session, lead, "attempt-2", agent_id=agent.user_id)
    body = {
        "attempt_id": "attempt-2", "code": "RAPPEL", "note": "le soir", "callback": f"{day}T18:30",
    }  # fmt: skip
    assert agent.post("/agent/dispositions", json=body).status_code == 200
    with session_factory() as session:
        due = session.get_one(LeadRow, lead.id).due_at
    assert due.astimezone(ZoneInfo("Africa/Porto-Novo")).isoformat()[:16] == f"{day}T18:30"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "NOPE"}, "code"),
        ({"code": "RAPPEL", "note": "", "callback": "2099-01-01T10:00"}, "callback_at"),
        ({"code": "RAPPEL", "note": "x", "callback": None}, "callback_at"),
        ({"code": "RAPPEL", "note": "x", "callback": "yesterday"}, "callback_at"),
        ({"attempt_id": "none"}, "attempt"),
    ],
)
def test_a_refused_disposition_names_its_field(agent, bus, attempt, change, field):
    body = {"attempt_id": attempt.id, "code": "RDV", "note": ""} | change
    answer = agent.post("/agent/dispositions", json=body)
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert _told(bus) == []


def test_a_mandatory_note_is_asked_for(agent, attempt):
    soon = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT10:00")
    body = {"attempt_id": attempt.id, "code": "RAPPEL", "note": " ", "callback": soon}
    answer = agent.post("/agent/dispositions", json=body)
    assert (answer.status_code, answer.json["field"]) == (422, "note")


def test_another_agent_can_neither_dispose_nor_read(attempt, enter):
    other = enter(Role.AGENT, "other")
    body = {"attempt_id": attempt.id, "code": "RDV", "note": ""}
    assert other.post("/agent/dispositions", json=body).status_code == 422
    assert other.get(f"/agent/attempts/{attempt.id}/timeline").status_code == 404


def test_the_timeline_opens_as_soon_as_the_pop_is_on_the_screen(
    agent, bus, session_factory, campaign
):
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        ended = datetime.now(UTC)
        add_attempt(session, lead, "old", note="à rappeler", ended_at=ended, outcome="HANDLED")
        add_attempt(session, lead, "new", bridged_at=None)
    path = "/agent/attempts/new/timeline"
    assert agent.get(path).status_code == 404
    pop = PopLead(agent.user_id, campaign.id, "new", lead.id, 2, lead.number, "Awa", (), False, 1.0)
    bus.show_agent(pop)
    page = agent.get(path).get_data(as_text=True)
    assert "à rappeler" in page
    assert 'data-zone="Europe/Paris"' in page


def test_the_timeline_is_the_persons_over_all_lists_and_numbers(agent, session_factory, campaign):
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        other = add_lead(session, campaign.id, "+33612345679")
        add_attempt(session, lead, "new", agent_id=agent.user_id)
        ended = datetime.now(UTC)
        add_attempt(session, other, "far", note="sur l’autre", ended_at=ended, outcome="HANDLED")
        kept = contacts.ensure(session, lead.number)
        gone = contacts.ensure(session, other.number)
    path = "/agent/attempts/new/timeline"
    assert "sur l’autre" not in agent.get(path).get_data(as_text=True)
    with session_factory.begin() as session:
        merging.merge(session, kept, gone, None)
    assert "sur l’autre" in agent.get(path).get_data(as_text=True)


def test_the_timeline_says_that_a_person_called_back(agent, bus, session_factory, campaign):
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        add_attempt(session, lead, "new", agent_id=agent.user_id)
        note = NoteArrival("in-1", campaign.id, lead.number, "+33188000001", 1_790_000_000.0)
        note_arrivals(session, [note])
    page = agent.get("/agent/attempts/new/timeline").get_data(as_text=True)
    assert "A appelé" in page


def test_the_campaign_s_words_come_in_the_agent_s_language(agent, campaign):
    facts = agent.get(f"/agent/campaigns/{campaign.id}").json
    assert (facts["script"], facts["wrap_up_limit_s"]) == ("Bonjour", 45)
    assert facts["dispositions"][0] == {
        "code": "RDV", "label": "Rendez-vous pris", "group": "SI OK",
        "needs_note": False, "needs_callback": False, "is_machine": False,
    }  # fmt: skip
    agent.post("/language", {"language": "en"})
    facts = agent.get(f"/agent/campaigns/{campaign.id}").json
    assert facts["dispositions"][0]["label"] == "Appointment made"


# --- the call in progress ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "event"),
    [
        ("hold", {"is_on": True}, lambda me: AgentAskedHold(me, "t-1", True)),
        ("mute", {"is_on": False}, lambda me: AgentAskedMute(me, "t-1", False)),
        ("recording", {"is_on": False}, lambda me: AgentAskedRecording(me, "t-1", False)),
        ("digits", {"digits": "12#"}, lambda me: AgentSentDigits(me, "t-1", "12#")),
        ("play", {"sound": "tarif_fr"}, lambda me: AgentPlayed(me, "t-1", "tarif_fr")),
        ("message", {}, lambda me: AgentDroppedMessage(me, "t-1")),
        ("transfer", {"to_agent_id": 9}, lambda me: AgentTransferred(me, "t-1", 9)),
        ("transfer", {"destination": "SAV"}, lambda me: AgentTransferredOut(me, "t-1", "SAV")),
        ("consult", {"to_agent_id": 9}, lambda me: AgentConsulted(me, "t-1", 9)),
        ("consult", {"destination": "SAV"}, lambda me: AgentConsultedOut(me, "t-1", "SAV")),
        ("three-way", {}, lambda me: AgentAskedThreeWay(me, "t-1")),
        ("hand-over", {}, lambda me: AgentHandedOver(me, "t-1")),
        ("return", {}, lambda me: AgentReturned(me, "t-1")),
    ],
)
def test_acts_on_the_call_go_to_the_dialer_with_the_calls_name(agent, bus, path, body, event):
    answer = agent.post(f"/agent/call/{path}", json=body | {"attempt_id": "t-1"})
    assert answer.status_code == 202
    assert _told(bus) == [event(agent.user_id)]


@pytest.mark.parametrize(
    ("path", "body"),
    [("hold", {"is_on": True}), ("hold", {"attempt_id": "t-1"}),
     ("mute", {"attempt_id": "t-1", "is_on": 1}), ("message", {"attempt_id": 7}),
     ("transfer", {"attempt_id": "t-1", "to_agent_id": "9"}),
     ("transfer", {"attempt_id": "t-1", "to_agent_id": 9, "destination": "SAV"}),
     ("consult", {"attempt_id": "t-1"}), ("consult", {"attempt_id": "t-1", "destination": ""}),
     ("consult", {"attempt_id": "t-1", "destination": "x" * 65}), ("three-way", {}),
     ("digits", {"attempt_id": "x" * 65, "digits": "1"})],
)  # fmt: skip
def test_an_act_that_names_no_call_is_refused(agent, bus, path, body):
    assert agent.post(f"/agent/call/{path}", json=body).status_code == 400
    assert _told(bus) == []


@pytest.mark.parametrize("digits", ["", "12a", "1 2", "1" * 33])
def test_keys_that_are_none_are_refused(agent, bus, digits):
    sent = {"attempt_id": "t-1", "digits": digits}
    assert agent.post("/agent/call/digits", json=sent).status_code == 422
    assert _told(bus) == []


def test_the_desk_learns_what_its_campaign_allows(agent, campaign, session_factory):
    with session_factory.begin() as session:
        row = session.get(CampaignRow, campaign.id)
        row.recording, row.machine_message, row.sounds = "ON_DEMAND", "message_fr", ["tarif_fr"]
    told = agent.get(f"/agent/campaigns/{campaign.id}").json
    assert (told["recording"], told["has_message"]) == ("ON_DEMAND", True)
    assert told["sounds"] == ["tarif_fr"]
    assert [one["code"] for one in told["dispositions"] if one["is_machine"]] == ["MACHINE"]


def test_only_free_colleagues_of_my_campaign_are_offered(agent, bus, campaign, session_factory):
    nobody = {"colleagues": [], "busy": [], "destinations": []}
    assert agent.get("/agent/call/colleagues").json == nobody
    with session_factory.begin() as session:
        note_agent(session, NoteAgent(agent.user_id, campaign.id, AgentState.TALKING, 1.0))
        session.get_one(CampaignRow, campaign.id).destinations = [
            {"label": "SAV", "number": "+33155667788"}
        ]
    views = [
        AgentView(agent.user_id, "Moi", AgentState.TALKING, 1.0, "", True, "t-1", 0),
        AgentView(7, "Zoé", AgentState.READY, 1.0, "", True, None, 0),
        AgentView(8, "Ada", AgentState.READY, 1.0, "", True, None, 0),
        AgentView(9, "Paul", AgentState.READY, 1.0, "", False, None, 0),
        AgentView(10, "Nina", AgentState.PAUSED, 1.0, "", True, None, 0),
    ]
    bus.redis.set(snapshot_key(campaign.id), orjson.dumps({"agents": [asdict(v) for v in views]}))
    assert agent.get("/agent/call/colleagues").json == {
        "colleagues": [{"agent_id": 8, "name": "Ada"}, {"agent_id": 7, "name": "Zoé"}],
        "busy": [{"name": "Nina", "word": "Pause"}, {"name": "Paul", "word": "Prêt"}],
        "destinations": ["SAV"],  # the number stays here
    }
