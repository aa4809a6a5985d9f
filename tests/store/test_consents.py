"""Consents are recorded with evidence and withdrawn; the forgotten leave figures only."""

import pytest
from sqlalchemy import func, select, text
from store_facts import NOON

from dialer.model.errors import BadInput
from dialer.store import campaigns, consents, contacts, do_not_call, erasure
from dialer.store.tables import (
    AttemptRow,
    Consent,
    ContactRow,
    Identity,
    LeadRow,
    NumberHistory,
)
from dialer.store.timeline import timeline

DAY_S = 86_400.0
FACTS = {"given_at": NOON - DAY_S, "source": "FORM", "evidence": "https://exemple.fr/contact v3"}


def opt_in(world):
    """Only who agreed is called, at any hour."""
    always = [{"weekdays": list(range(7)), "opens_min": 0, "closes_min": 1440}]
    with world.transaction() as session:
        campaigns.update_settings(session, world.campaign_id, {"rule_set": "DE", "windows": always})


def test_a_consent_opens_the_way_at_once_and_its_withdrawal_closes_it(world):
    opt_in(world)
    world.add_leads(1)
    assert world.claim() == ()
    with world.transaction() as session:
        assert consents.record(session, ["+33100000000"], **FACTS) == 1
    (lead,) = world.claim()
    with world.transaction() as session:
        assert consents.withdraw(session, [lead.number], source="ADMIN", at=NOON) == 1
        assert consents.withdraw(session, [lead.number], source="ADMIN", at=NOON) == 0
    assert world.open(lead, now=NOON + 1) == set(), "asked again before the dial"
    with world.factory() as session:
        (kept,) = consents.consents_of(session, lead.number)
        assert kept.evidence == FACTS["evidence"] and kept.withdrawn_at is not None


def test_a_block_taken_out_later_brings_no_older_consent_back(world):
    opt_in(world)
    world.add_leads(1)
    number = "+33100000000"
    with world.transaction() as session:
        consents.record(session, [number], **FACTS)
        do_not_call.block_person(session, [number], source="REPLY")
        do_not_call.remove(session, number)
        (kept,) = consents.consents_of(session, number)
        assert kept.withdrawn_at is not None
        consents.record(session, [number], **FACTS)  # another paper of the day before the wish
    assert world.claim() == ()
    with world.factory() as session:
        assert session.scalars(select(LeadRow.held_for)).all() == ["CONSENT_WITHDRAWN"]
        lines = timeline(session, contacts.ensure(session, number))
        assert [(line.kind, line.word) for line in lines] == [("WITHDRAWAL", "REPLY")]


@pytest.mark.parametrize(("given_after_s", "is_called"), [(-1.0, False), (0.0, False), (1.0, True)])
def test_a_consent_counts_again_when_it_was_given_after_the_wish(world, given_after_s, is_called):
    opt_in(world)
    world.add_leads(1)
    asked_at = NOON - 600
    with world.transaction() as session:
        consents.withdraw(session, ["+33100000000"], source="AGENT", at=asked_at)
        facts = FACTS | {"given_at": asked_at + given_after_s}
        consents.record(session, ["+33100000000"], **facts)
    assert bool(world.claim()) is is_called


def test_another_s_list_takes_nothing_back(world):
    opt_in(world)
    world.add_leads(1)
    with world.transaction() as session:
        consents.record(session, ["+33100000000"], **FACTS)
        do_not_call.add(session, "+33100000000", source="IMPORT")
        do_not_call.remove(session, "+33100000000")
    assert len(world.claim()) == 1


def test_a_wish_against_one_campaign_is_none_against_another(world):
    opt_in(world)
    world.add_leads(1)
    with world.transaction() as session:
        other = world.another_campaign(session).id
        consents.record(session, ["+33100000000"], **FACTS)
        do_not_call.add(session, "+33100000000", source="ADMIN", campaign_id=other)
    assert len(world.claim()) == 1


def test_a_whole_list_is_recorded_but_for_those_who_have_one(world):
    world.add_leads(3)
    with world.transaction() as session:
        consents.record(session, ["+33100000001"], **FACTS)
        assert consents.record_for_list(session, world.list_id, **FACTS) == 2
        assert consents.record_for_list(session, world.list_id, **FACTS) == 0
        assert session.scalar(select(func.count()).select_from(Consent)) == 3


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"source": "RUMOUR"}, "source: must be one of"),
        ({"evidence": " \0 "}, "evidence: must be 1 to"),
        ({"expires_at": NOON - 2 * DAY_S}, "expires_at: must be after"),
    ],
)
def test_a_consent_without_evidence_is_none(world, wrong, fault):
    with world.transaction() as session, pytest.raises(BadInput, match=fault):
        consents.record(session, ["+33100000000"], **FACTS | wrong)


def test_forgetting_a_person_leaves_rows_and_figures_but_nothing_of_him(world):
    world.add_leads(1, name="Awa", fields={"ville": "Lyon"})
    lead = world.dial()
    world.handled(lead)
    other = "+33100000009"
    with world.transaction() as session:
        consents.record(session, [lead.number], **FACTS)
        session.add(contact := ContactRow(name="Awa"))
        session.flush()
        session.add_all(
            Identity(kind="PHONE", value=number, contact_id=contact.id)
            for number in (lead.number, other)
        )
        session.flush()
        contact_id = contact.id
    with world.transaction() as session:
        assert erasure.forget(session, lead.number, NOON, None) == (lead.number, other)
    kept = world.get(LeadRow, lead.lead_id)
    assert (kept.number, kept.name, kept.fields) == (f"forgotten:{kept.id}", "", {})
    assert world.get(AttemptRow, "a1").number == "forgotten:a1"
    assert world.get(AttemptRow, "a1").outcome == "HANDLED"
    assert world.get(NumberHistory, lead.number) is None
    assert world.get(ContactRow, contact_id).name == ""
    with world.factory() as session:
        assert consents.consents_of(session, lead.number) == ()
        for number in (lead.number, other):
            assert do_not_call.is_listed(session, number), "a later list does not bring him back"
        tables = session.scalars(
            text("SELECT count(*) FROM leads WHERE number = :n UNION ALL "
                 "SELECT count(*) FROM attempts WHERE number = :n"), {"n": lead.number},
        ).all()  # fmt: skip
    assert set(tables) == {0}
    assert world.claim() == ()


def test_nobody_is_forgotten_in_the_middle_of_a_call(world):
    world.add_leads(1)
    lead = world.dial()
    with world.transaction() as session, pytest.raises(BadInput, match="in a call"):
        erasure.forget(session, lead.number, NOON, None)


def test_a_call_to_one_number_of_a_person_counts_for_all_of_them(world):
    with world.transaction() as session:
        session.add(contact := ContactRow(name="Awa"))
        session.flush()
        session.add_all(
            Identity(kind="PHONE", value=number, contact_id=contact.id)
            for number in ("+33100000000", "+33100000001")
        )
        campaigns.update_settings(session, world.campaign_id, {"min_gap_s": 600.0})
    world.add_leads(2)
    lead = world.dial()
    world.close(lead, retry_at=NOON + 1)
    assert world.claim(5, NOON + 599) == ()
    assert {one.number for one in world.claim(5, NOON + 660)} == {"+33100000000", "+33100000001"}
