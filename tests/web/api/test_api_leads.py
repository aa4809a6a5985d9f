"""Leads by the API: normalised, judged, added once whoever sends them how often, withdrawn."""

import threading

import pytest
from api_program import code_of, faults_of
from sqlalchemy import func, select
from web_rows import add_attempt

from dialer.model.events import LeadAdded, LeadWithdrawn
from dialer.store import do_not_call
from dialer.store.lists import create_list
from dialer.store.tables import AuditEntry, LeadList, LeadRow


@pytest.fixture
def leads(program):
    return program("leads:read", "leads:write")


@pytest.fixture
def batch(session_factory, campaign) -> LeadList:
    with session_factory.begin() as session:
        session.expire_on_commit = False
        return create_list(session, campaign.id, "API", "FR")


def n_leads(session_factory):
    with session_factory() as session:
        return session.scalar(select(func.count()).select_from(LeadRow))


def test_a_lead_is_added_with_its_number_in_e164_and_its_zone(leads, batch, session, bus):
    sent = {
        "list_id": batch.id, "number": "06 12 34 56 78", "name": "Awa", "fields": {"Ville": "Lyon"},
        "priority": 30, "due_at": "2026-11-23T10:00:00+01:00",
    }  # fmt: skip
    answer = leads.post("/leads", sent)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    shown = answer.get_json()
    assert (shown["number"], shown["time_zone"]) == ("+33612345678", "Europe/Paris")
    assert (shown["state"], shown["priority"], shown["fields"]) == ("NEW", 30, {"Ville": "Lyon"})
    assert shown["due_at"] == "2026-11-23T09:00:00Z" and shown["campaign_id"] == batch.campaign_id
    assert leads.get(answer.headers["Location"].removeprefix("/api/v1")).get_json() == shown
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.verb, entry.subject, entry.detail) == ("create", f"lead:{shown['id']}", "")
    assert bus.heard("0", 1) == []


def test_a_hot_lead_goes_before_the_others_and_the_controller_is_told(leads, batch, bus):
    answer = leads.post("/leads", {"list_id": batch.id, "number": "0612345678", "call_now": True})
    lead_id = answer.get_json()["id"]
    assert answer.get_json()["priority"] == 20
    assert [event for _, event in bus.heard("0", 1)] == [LeadAdded(batch.campaign_id, lead_id)]


def test_a_number_that_is_none_blocked_or_known_makes_no_lead(
    leads, batch, session_factory, campaign
):
    with session_factory.begin() as session:
        do_not_call.add(session, "+33699999999", source="ADMIN")
        other = create_list(session, campaign.id, "Autre", "FR").id

    def send(number, list_id=batch.id):
        return leads.post("/leads", {"list_id": list_id, "number": number})

    first = send("0612345678").get_json()["id"]
    for number, code in (("12", "bad_number"), ("0699999999", "do_not_call")):
        refused = send(number)
        assert faults_of(refused).keys() == {"#/number"}
        assert refused.get_json()["errors"][0]["code"] == code
    for list_id in (batch.id, other):
        known = send("+33 6 12 34 56 78", list_id)
        assert (known.status_code, code_of(known)) == (409, "duplicate")
        assert known.headers["Location"] == f"/api/v1/leads/{first}"
    assert n_leads(session_factory) == 1


def test_a_batch_tells_of_each_in_order_and_adds_what_is_good(leads, batch, session_factory):
    with session_factory.begin() as session:
        do_not_call.add(session, "+33699999999", source="ADMIN")
    numbers = ["0612345671", "12", "0699999999", "0612345672", "+33612345671"]
    body = {"list_id": batch.id, "leads": [{"number": number} for number in numbers]}
    answer = leads.post("/leads/batch", body).get_json()
    results = ["ADDED", "BAD_NUMBER", "DO_NOT_CALL", "ADDED", "DUPLICATE"]
    assert [one["result"] for one in answer["data"]] == results
    ids = [one["lead_id"] for one in answer["data"]]
    assert ids[0] == ids[4] and ids[1] is ids[2] is None and ids[3] != ids[0]
    counts = [answer[f"n_{name}"] for name in ("added", "duplicate", "do_not_call", "bad_number")]
    assert counts == [2, 1, 1, 1] and n_leads(session_factory) == 2
    again = leads.post("/leads/batch", body).get_json()
    assert again["n_added"] == 0 and again["n_duplicate"] == 3


def test_a_thousand_leads_are_added_at_once_and_no_more(leads, batch, session_factory):
    many = [{"number": f"06123{i:05d}"} for i in range(1001)]
    refused = leads.post("/leads/batch", {"list_id": batch.id, "leads": many})
    assert faults_of(refused).keys() == {"#/leads"}
    answer = leads.post("/leads/batch", {"list_id": batch.id, "leads": many[:1000]})
    assert answer.get_json()["n_added"] == 1000 == n_leads(session_factory)


def test_faults_in_a_batch_are_named_by_their_place_and_nothing_is_added(
    leads, batch, session_factory
):
    sent = [{"number": "0612345678"}, {"number": ""}, {"number": "0612345679", "fields": {"a": 1}}]
    refused = leads.post("/leads/batch", {"list_id": batch.id, "leads": sent})
    assert set(faults_of(refused)) == {"#/leads/1/number", "#/leads/2/fields/a"}
    assert n_leads(session_factory) == 0


def test_one_person_sent_twice_at_the_same_moment_is_one_lead(app, leads, batch, session_factory):
    codes = []

    def send():
        one = type(leads)(app.test_client(), leads.key)
        codes.append(one.post("/leads", {"list_id": batch.id, "number": "0612345678"}).status_code)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [201] + [409] * 5 and n_leads(session_factory) == 1


def test_a_list_that_is_put_away_or_being_imported_takes_no_leads(leads, batch, session_factory):
    for change in ({"state": "IMPORTING"}, {"state": "READY", "is_manual": True}):
        with session_factory.begin() as session:
            for name, value in change.items():
                setattr(session.get_one(LeadList, batch.id), name, value)
        refused = leads.post("/leads", {"list_id": batch.id, "number": "0612345678"})
        assert code_of(refused) == "wrong_state"
    missing = leads.post("/leads", {"list_id": 99, "number": "0612345678"})
    assert faults_of(missing).keys() == {"#/list_id"}


@pytest.fixture
def lead_id(leads, batch):
    sent = {"list_id": batch.id, "number": "0612345678", "fields": {"a": "1"}}
    return leads.post("/leads", sent).get_json()["id"]


def test_a_lead_is_changed_for_whoever_saw_the_newest_version(leads, lead_id):
    path = f"/leads/{lead_id}"
    seen = leads.get(path).headers["ETag"]
    sent = {"fields": {"b": "2"}, "priority": 21}
    changed = leads.patch(path, sent, headers={"If-Match": seen}).get_json()
    assert (changed["fields"], changed["priority"], changed["name"]) == ({"b": "2"}, 21, "")
    assert code_of(leads.patch(path, sent, headers={"If-Match": seen})) == "changed"
    for bad in ({"number": "+33612345679"}, {"state": "DONE"}, {"priority": 10}):
        assert faults_of(leads.patch(path, bad)).keys() == {f"#/{next(iter(bad))}"}


def test_a_withdrawn_lead_is_done_and_whoever_may_be_about_to_dial_it_is_told(
    leads, lead_id, bus, session_factory
):
    path = f"/leads/{lead_id}/withdraw"
    with session_factory.begin() as session:
        session.get_one(LeadRow, lead_id).state = "CLAIMED"
    answer = leads.post(path, {"reason": "signed elsewhere"})
    assert answer.get_json()["state"] == "DONE"
    assert [event for _, event in bus.heard("0", 1)] == [LeadWithdrawn(1, lead_id)]
    assert leads.post(path, {"reason": "twice"}).get_json()["state"] == "DONE"
    with session_factory() as session:
        withdrawn = select(AuditEntry.detail).where(AuditEntry.verb == "withdraw")
        details = session.scalars(withdrawn.order_by(AuditEntry.id))
        assert details.all() == ["signed elsewhere", "twice"]


def test_a_lead_that_is_being_called_is_not_withdrawn(leads, lead_id, session_factory):
    with session_factory.begin() as session:
        row = session.get_one(LeadRow, lead_id)
        row.state = "DIALING"
        add_attempt(session, row, "a1")
    assert code_of(leads.post(f"/leads/{lead_id}/withdraw", {"reason": "x"})) == "wrong_state"
    assert faults_of(leads.post(f"/leads/{lead_id}/withdraw", {})).keys() == {"#/reason"}


def test_leads_are_found_by_list_number_and_state(leads, batch, lead_id):
    leads.post("/leads", {"list_id": batch.id, "number": "0612345679"})

    def found(query):
        return [one["id"] for one in leads.get(f"/leads?{query}").get_json()["data"]]

    assert found(f"list_id={batch.id}") == [lead_id + 1, lead_id]
    assert found("number=%2B33612345678") == [lead_id] and found("state=DONE") == []
    assert found(f"campaign_id={batch.campaign_id}&limit=1") == [lead_id + 1]
