"""A lead that another program sends with `call_now`: dialled within a second, for its own agent."""

import time

import pytest
from sqlalchemy import text

from dialer.model.scope import Scope
from dialer.store import api_keys
from dialer.store.lists import create_list
from dialer.store.session import transaction
from web import create_app

pytestmark = pytest.mark.timeout(180)

READY = """SELECT count(*) FROM agent_sessions
           WHERE campaign_id = :campaign_id AND ended_at IS NULL AND state = 'READY'"""
CALLED = """SELECT agent_id, extract(epoch FROM started_at)::float8 FROM attempts
            WHERE lead_id = :lead_id"""


@pytest.fixture
def crm(floor):
    """Sends a lead as another program does; its identity, and when it was sent."""
    with transaction(floor.found.sessions()) as session:
        key = api_keys.issue(session, "CRM", [Scope.LEADS_WRITE], now=time.time()).text
        list_id = create_list(session, floor.campaign_id, "Web", "FR").id
    app = create_app(floor.found.settings, floor.found.database_url, floor.found.redis_url)
    client, headers = app.test_client(), {"Authorization": f"Bearer {key}"}

    def send(number):
        sent_at = time.time()
        body = {"list_id": list_id, "number": number, "call_now": True}
        answer = client.post("/api/v1/leads", json=body, headers=headers)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return answer.get_json()["id"], sent_at

    return send


def called(floor, lead_id):
    """Who was to have the call, and when it was dialled."""
    with transaction(floor.found.sessions()) as session:
        return session.execute(text(CALLED), {"lead_id": lead_id}).first()


def test_a_hot_lead_is_dialled_within_a_second_for_an_agent_who_is_free(floor, crm):
    floor.open()
    floor.wait_for_bridges(4)
    floor.configure(ratio=1.0)
    with transaction(floor.found.sessions()) as session:
        session.execute(text("UPDATE lists SET is_active = false WHERE name <> 'Web'"))
    floor.wait("agents who wait for calls", lambda: floor.count(READY) >= 2, limit_s=90.0)
    waits = []
    for i in range(3):
        lead_id, sent_at = crm(f"+3361200000{i}")
        floor.wait("the call", lambda one=lead_id: called(floor, one) is not None, limit_s=5.0)
        agent_id, started_at = called(floor, lead_id)
        assert agent_id is not None, "an agent was reserved for it"
        waits.append(started_at - sent_at)
        floor.wait("an agent who is free", lambda: floor.count(READY) >= 1, limit_s=60.0)
    assert sorted(waits)[1] < 1.0, waits  # two of three: the machine may have a hiccup
    floor.close()
    floor.assert_whole()
