"""Users and passwords, agents' logins and states, and the small logs."""

import argon2
import pytest
from sqlalchemy import func, select
from store_facts import NOON

from dialer.model.agent import AgentState
from dialer.model.commands import NoteAgent, RaiseAlarm
from dialer.model.errors import BadInput
from dialer.store import agents, alarms, audit, pacing_memory, users
from dialer.store.tables import AgentSession, AgentStateInterval

PASSWORD = "correct horse battery"


def test_password_opens_only_its_own_active_account(session):
    assert not users.has_users(session)
    user = users.create_user(session, " Awa ", "Awa K.", PASSWORD, "agent", phone_address="1001")
    assert users.has_users(session)
    assert users.check_password(session, "AWA", PASSWORD) is user
    assert users.check_password(session, "awa", PASSWORD + "x") is None
    for login in ("nobody", "a\0b", "", "x" * 10_000):
        assert users.check_password(session, login, PASSWORD) is None
    user.is_active = False
    assert users.check_password(session, "awa", PASSWORD) is None
    assert PASSWORD not in user.password_hash


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("login", {"login": "a b"}), ("login", {"login": ""}), ("password", {"password": "short"}),
        ("role", {"role": "root"}), ("phone_address", {"phone_address": "1001,loopback/x"}),
        ("locale", {"locale": "xx"}), ("name", {"name": " "}),
    ],
)  # fmt: skip
def test_bad_user_is_refused_by_field(session, field, facts):
    plain = {"login": "awa", "name": "Awa", "password": PASSWORD, "role": "agent"}
    with pytest.raises(BadInput, match=rf"^{field}: "):
        users.create_user(session, **{**plain, **facts})


def test_login_is_taken_once(session):
    users.create_user(session, "awa", "Awa", PASSWORD, "agent")
    with pytest.raises(BadInput, match=r"^login: "):
        users.create_user(session, "AWA", "Other", PASSWORD, "agent")
    assert users.check_password(session, "awa", PASSWORD)


def test_the_slow_part_is_the_same_for_an_unknown_login_and_runs_where_the_caller_says(session):
    user = users.create_user(session, "awa", "Awa", PASSWORD, "agent")
    given = []

    def run(function, *arguments):
        given.append((function, *arguments))
        return function(*arguments)

    assert users.check_password(session, "awa", PASSWORD, run) is user
    assert users.check_password(session, "nobody", PASSWORD, run) is None
    assert given == [
        (users.hash_matches, user.password_hash, PASSWORD),
        (users.hash_matches, users.DECOY, PASSWORD),
    ]
    costs = [argon2.extract_parameters(stored) for stored in (user.password_hash, users.DECOY)]
    assert costs[0] == costs[1]


@pytest.mark.parametrize("stored", ["", "another", users.DECOY, users.DECOY[:-3]])
def test_what_is_no_hash_of_the_password_matches_nothing(stored):
    assert not users.hash_matches(stored, PASSWORD)


def note(world, state, since, **facts):
    with world.transaction() as session:
        command = NoteAgent(world.agent_id, world.campaign_id, AgentState(state), since, **facts)
        agents.note_agent(session, command)


def test_states_of_a_login_add_up_to_its_length(world):
    note(world, "PAUSED", NOON, pause_code="LOGIN")
    note(world, "READY", NOON + 10, leg_id="leg")
    note(world, "READY", NOON + 10, leg_id="leg", is_phone_up=True)
    note(world, "TALKING", NOON + 30, attempt_id="a1", leg_id="leg")
    note(world, "WRAP_UP", NOON + 90, attempt_id="a1", leg_id="leg", wants_pause="CAFE")
    with world.factory() as session:
        (login,) = agents.open_sessions(session, [world.campaign_id])
    assert (login.state, login.since, login.attempt_id) == (AgentState.WRAP_UP, NOON + 90, "a1")
    assert (login.leg_id, login.name) == ("leg", "Awa")
    note(world, "OFFLINE", NOON + 100)
    note(world, "OFFLINE", NOON + 120)
    with world.factory() as session:
        length = AgentStateInterval.ended_at - AgentStateInterval.started_at
        total = session.scalar(select(func.sum(length)))
        ended = session.scalars(select(AgentSession)).one().ended_at
        assert session.scalar(select(func.count()).select_from(AgentStateInterval)) == 4
        assert agents.open_sessions(session, [world.campaign_id]) == ()
    assert total.total_seconds() == 100 and ended.timestamp() == NOON + 100


def test_small_logs_are_read_newest_first(world):
    with world.transaction() as session:
        alarm = RaiseAlarm(world.campaign_id, "NODE_DOWN", "n1", NOON)
        alarms.write_alarms(session, [alarm, RaiseAlarm(None, "LATE", "", NOON + 1)])
        audit.write_audit(session, world.agent_id, "pause", "campaign 1")
        audit.write_audit(session, None, "start", "campaign 1")
        assert pacing_memory.load_memory(session, world.campaign_id) is None
        pacing_memory.save_memory(session, world.campaign_id, {"theta": 1.0}, NOON)
        pacing_memory.save_memory(session, world.campaign_id, {"theta": 1.2}, NOON + 5)
    with world.factory() as session:
        assert [a.code for a in alarms.recent_alarms(session)] == ["LATE", "NODE_DOWN"]
        assert len(alarms.recent_alarms(session, campaign_id=world.campaign_id)) == 1
        newest, older = audit.recent_audit(session)
        assert (newest.verb, audit.recent_audit(session, before_id=newest.id)) == (
            "start",
            (older,),
        )
        assert pacing_memory.load_memory(session, world.campaign_id) == ({"theta": 1.2}, NOON + 5)
