"""Lists by the API: made, changed by whoever saw the newest version, paged, put away."""

import pytest
from api_program import code_of, faults_of
from sqlalchemy import select
from web_rows import add_lead

from dialer.model.events import LeadWithdrawn
from dialer.store.tables import AuditEntry, LeadList


@pytest.fixture
def lists(program):
    return program("lists:read", "lists:write")


def test_a_list_is_made_empty_and_ready_and_its_making_is_in_the_audit_log(
    lists, campaign, session
):
    answer = lists.post("/lists", {"campaign_id": campaign.id, "name": "Prospects"})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    shown = answer.get_json()
    assert (shown["name"], shown["state"], shown["is_active"]) == ("Prospects", "READY", True)
    assert answer.headers["Location"] == f"/api/v1/lists/{shown['id']}"
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.verb, entry.subject) == ("create", f"list:{shown['id']}")
    assert (entry.api_key_id, entry.user_id) == (lists.key_id, None)


def test_a_list_of_no_campaign_is_refused_and_names_the_fault(lists):
    answer = lists.post("/lists", {"campaign_id": 99, "name": "Prospects"})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["code"] == "campaign_unknown"


def test_what_is_unknown_or_of_another_type_is_refused_by_its_place(lists, campaign):
    sent = {"campaign_id": str(campaign.id), "name": "", "region": "fr", "color": "red"}
    faults = faults_of(lists.post("/lists", sent))
    assert set(faults) == {"#/campaign_id", "#/name", "#/region", "#/color"}


def test_a_change_is_carried_out_for_whoever_saw_the_newest_version(lists, campaign):
    made = lists.post("/lists", {"campaign_id": campaign.id, "name": "Prospects"})
    path = f"/lists/{made.get_json()['id']}"
    seen = lists.get(path).headers["ETag"]
    assert seen == made.headers["ETag"]
    changed = lists.patch(path, {"is_active": False}, headers={"If-Match": seen})
    assert changed.get_json()["is_active"] is False and changed.headers["ETag"] != seen
    late = lists.patch(path, {"name": "Autre"}, headers={"If-Match": seen})
    assert late.status_code == 412 and code_of(late) == "changed"
    assert lists.get(path).get_json()["name"] == "Prospects"


def test_an_archived_list_is_off_stays_off_and_its_claimed_leads_are_withdrawn(
    lists, campaign, session_factory, bus
):
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id, state="CLAIMED")
        add_lead(session, campaign.id, "+33612345679", state="NEW")
        list_id, lead_id = lead.list_id, lead.id
    answer = lists.post(f"/lists/{list_id}/archive")
    assert answer.status_code == 200 and answer.get_json()["is_active"] is False
    assert [e for _, e in bus.heard("0", 1)] == [LeadWithdrawn(campaign.id, lead_id)]
    assert faults_of(lists.patch(f"/lists/{list_id}", {"is_active": True})).keys() == {
        "#/is_active"
    }
    assert list_id not in [one["id"] for one in lists.get("/lists").get_json()["data"]]
    assert lists.get("/lists?is_archived=true").get_json()["data"][0]["id"] == list_id


def test_pages_meet_each_list_once_while_new_ones_come(lists, campaign, session_factory):
    def add(n):
        with session_factory.begin() as session:
            session.add_all(LeadList(campaign_id=campaign.id, name=f"l{i}") for i in range(n))

    add(7)
    met, cursor = [], ""
    while cursor is not None:
        page = lists.get(f"/lists?limit=3{cursor and '&cursor=' + cursor}").get_json()
        met += [one["id"] for one in page["data"]]
        cursor = page["next_cursor"]
        add(2)
    assert met == [7, 6, 5, 4, 3, 2, 1]


def test_a_cursor_that_no_page_gave_is_refused(lists):
    for cursor in ("AA", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk", "é", "a b"):
        answer = lists.get("/lists", query_string={"cursor": cursor})
        assert faults_of(answer).keys() == {"cursor"}, cursor


def test_a_list_that_is_none_is_not_found_even_by_a_number_beyond_the_database(lists):
    for named in ("99", 2**63 - 1, 2**63, 2**70, "0", "-1", "01", "1.0", "x", "%00", "١"):
        assert code_of(lists.get(f"/lists/{named}")) == "not_found", named
        assert code_of(lists.patch(f"/lists/{named}", {})) == "not_found", named
