"""Listening to agents: who may, what goes to the dialer, what is kept, and who is shown it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from web_rows import add_attempt, add_lead

from dialer.bus.codec import decode_people_event
from dialer.bus.redis import PEOPLE_STREAM
from dialer.model.events import SupervisorAsked, SupervisorStopped
from dialer.model.phone import PhoneKind
from dialer.model.supervision import SupervisionMode
from dialer.store.tables import AuditEntry, Role, SupervisionRow, User

WISH = {"agent_id": 7, "attempt_id": "t-1", "mode": "LISTEN"}


def told(bus):
    return [decode_people_event(body[b"event"]) for _, body in bus.redis.xrange(PEOPLE_STREAM)]


@pytest.fixture
def phone(session_factory):
    """Gives a person a phone."""

    def give(person, address="2090", kind=PhoneKind.SIP):
        with session_factory.begin() as session:
            row = session.get_one(User, person.user_id)
            row.phone_address, row.phone_kind = address, kind
        return person

    return give


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMIN])
@pytest.mark.parametrize("mode", SupervisionMode)
def test_a_wish_goes_to_the_dialer_with_its_call_and_the_supervisors_phone(
    enter, phone, bus, role, mode
):
    person = phone(enter(role))
    answer = person.post("/supervisor/listening/ask", json=WISH | {"mode": mode})
    assert answer.status_code == 202
    name = f"Name of {role}"
    assert told(bus) == [SupervisorAsked(person.user_id, 7, "t-1", mode, name, "2090")]


def test_stop_goes_to_the_dialer(enter, bus):
    person = enter(Role.SUPERVISOR)
    assert person.post("/supervisor/listening/stop").status_code == 202
    assert told(bus) == [SupervisorStopped(person.user_id)]


@pytest.mark.parametrize("role", [Role.AGENT, Role.ANALYST])
@pytest.mark.parametrize("path", ["ask", "stop"])
def test_who_may_not_listen_is_refused_and_the_dialer_hears_nothing(enter, phone, bus, role, path):
    person = phone(enter(role))
    assert person.post(f"/supervisor/listening/{path}", json=WISH).status_code == 403
    assert told(bus) == []


def test_every_wish_is_in_the_audit_log(enter, phone, session_factory):
    person = phone(enter(Role.SUPERVISOR))
    for mode in ("LISTEN", "BARGE"):
        person.post("/supervisor/listening/ask", json=WISH | {"mode": mode})
    with session_factory() as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.subject == "attempt:t-1").order_by(AuditEntry.id)
        ).all()
    assert [(row.user_id, row.verb, row.detail) for row in rows] == [
        (person.user_id, "listen", "agent 7"), (person.user_id, "barge", "agent 7"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "kind"), [("", PhoneKind.SIP), ("2090", PhoneKind.WEBRTC), ("0612", "OUTSIDE")]
)
def test_a_supervisor_without_a_phone_to_call_is_told_so(enter, phone, bus, address, kind):
    person = phone(enter(Role.SUPERVISOR), address, kind)
    answer = person.post("/supervisor/listening/ask", json=WISH)
    assert (answer.status_code, "téléphone" in answer.json["error"]) == (409, True)
    assert told(bus) == []


def test_an_outside_phone_is_called_as_such(enter, phone, bus):
    person = phone(enter(Role.SUPERVISOR), "+33612345678", PhoneKind.OUTSIDE)
    person.post("/supervisor/listening/ask", json=WISH)
    (event,) = told(bus)
    assert (event.phone_address, event.phone_kind) == ("+33612345678", PhoneKind.OUTSIDE)


@pytest.mark.parametrize(
    "change",
    [{"agent_id": "7"}, {"agent_id": True}, {"agent_id": None}, {"attempt_id": ""},
     {"attempt_id": 7}, {"attempt_id": "x" * 65}, {"mode": "EAVESDROP"}, {"mode": ["LISTEN"]},
     {"mode": None}],
)  # fmt: skip
def test_a_wish_that_is_none_is_refused(enter, phone, bus, change):
    person = phone(enter(Role.SUPERVISOR))
    assert person.post("/supervisor/listening/ask", json=WISH | change).status_code == 400
    assert person.post("/supervisor/listening/ask", json=[]).status_code == 400
    assert told(bus) == []


def test_wishes_are_limited(enter, phone, bus):
    person = phone(enter(Role.SUPERVISOR))
    codes = [person.post("/supervisor/listening/ask", json=WISH).status_code for _ in range(62)]
    assert (codes.count(202), codes[-1]) == (60, 429)


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.SUPERVISOR, True), (Role.ADMIN, True), (Role.ANALYST, False)]
)
def test_who_listened_is_shown_with_the_call_to_those_who_may(
    enter, make_user, session_factory, campaign, role, sees
):
    agent_id = make_user(Role.AGENT, "awa")
    listener = make_user(Role.SUPERVISOR, "sam")
    with session_factory.begin() as session:
        add_attempt(session, add_lead(session, campaign.id), "t-1", agent_id=agent_id)
        session.add(
            SupervisionRow(
                supervision_id="s1", supervisor_id=listener, campaign_id=campaign.id,
                agent_id=agent_id, attempt_id="t-1", state="WHISPERING",
                started_at=datetime.now(UTC), ended_at=None,
            )
        )  # fmt: skip
    page = enter(role).get("/attempts/t-1").get_data(as_text=True)
    assert ("Souffle à l’agent" in page, "Name of sam" in page) == (sees, sees)
