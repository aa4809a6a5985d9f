"""Do-not-call numbers by the API: entered with effect at once, taken out with a reason."""

import pytest
from api_program import code_of, faults_of
from sqlalchemy import select

from dialer.model.events import NumberBlocked
from dialer.store.tables import AuditEntry, DoNotCall

NUMBER = "+33612345678"


@pytest.fixture
def known(program):
    return program("dnc:read", "dnc:write")


def listed(known, numbers, **asked):
    answer = known.post("/do-not-call/check", {"numbers": numbers} | asked).get_json()
    return [one["number"] for one in answer["data"] if one["is_listed"]]


def test_an_entry_holds_at_once_and_a_second_one_changes_nothing(known, bus, session):
    sent = {"number": NUMBER, "reason": "asked by mail"}
    first = known.post("/do-not-call", sent)
    assert first.status_code == 200, first.get_data(as_text=True)
    assert first.get_json() == known.post("/do-not-call", sent).get_json()
    assert [event for _, event in bus.heard("0", 1)] == [NumberBlocked(NUMBER)] * 2
    assert len(session.scalars(select(DoNotCall)).all()) == 1
    noted = session.scalars(select(AuditEntry.detail).order_by(AuditEntry.id))
    assert noted.first() == f"{NUMBER} asked by mail"


def test_an_entry_of_one_campaign_holds_for_that_one_alone(known, campaign):
    known.post("/do-not-call", {"number": NUMBER, "campaign_id": campaign.id})
    assert listed(known, [NUMBER, "+33612345679"], campaign_id=campaign.id) == [NUMBER]
    assert listed(known, [NUMBER]) == []
    known.post("/do-not-call", {"number": NUMBER})
    assert listed(known, [NUMBER]) == [NUMBER]
    assert faults_of(known.post("/do-not-call", {"number": NUMBER, "campaign_id": 99})).keys() == {
        "#/campaign_id"
    }


def test_entries_are_listed_newest_first_by_number_or_campaign(known, campaign):
    ids = [
        known.post("/do-not-call", {"number": NUMBER}).get_json()["id"],
        known.post("/do-not-call", {"number": NUMBER, "campaign_id": campaign.id}).get_json()["id"],
    ]

    def found(**asked):
        answer = known.get("/do-not-call", query_string=asked).get_json()
        return [one["id"] for one in answer["data"]]

    assert found() == found(number=NUMBER) == ids[::-1]
    assert found(campaign_id=campaign.id) == ids[1:] and found(number="+33699999999") == []


def test_an_entry_is_taken_out_with_a_reason_that_is_kept(known, session):
    entry_id = known.post("/do-not-call", {"number": NUMBER}).get_json()["id"]
    path = f"/do-not-call/{entry_id}"
    assert faults_of(known.delete(path)).keys() == {"reason"}
    answer = known.delete(path, query_string={"reason": "signed a contract"})
    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert listed(known, [NUMBER]) == []
    assert code_of(known.delete(path, query_string={"reason": "again"})) == "not_found"
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "delete")).one()
    assert (entry.subject, entry.detail) == (
        f"do_not_call:{entry_id}",
        f"{NUMBER} signed a contract",
    )


def test_only_numbers_in_e164_are_taken_and_no_more_than_a_thousand_looked_up(known):
    for number in ("0612345678", "+0612345678", "+33 6", "+33612345678x", "+33\u0661\u0662345678"):
        assert faults_of(known.post("/do-not-call", {"number": number})).keys() == {"#/number"}
    many = [f"+336123{i:05d}" for i in range(1001)]
    assert faults_of(known.post("/do-not-call/check", {"numbers": many})).keys() == {"#/numbers"}
    assert listed(known, many[:1000]) == []
