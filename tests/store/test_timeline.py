"""A contact's timeline: every list, every channel, one order."""

from datetime import timedelta

from sqlalchemy import select
from store_facts import NOON

from dialer.model.commands import NoteArrival
from dialer.store import arrivals, contacts, merging
from dialer.store.instants import instant
from dialer.store.tables import AttemptRow, ContactNote, LeadRow, MessageRow
from dialer.store.timeline import timeline


def add_call(session, lead_id, attempt_id, at, **columns):
    lead = session.get_one(LeadRow, lead_id)
    session.add(
        AttemptRow(
            id=attempt_id, campaign_id=lead.campaign_id, list_id=lead.list_id, lead_id=lead.id,
            number=lead.number, attempt_number=1, caller_id="+33100000000", rule_set="FR",
            node="n1", leg_id=attempt_id, started_at=instant(at), ended_at=instant(at + 60),
            **columns,
        )
    )  # fmt: skip
    session.flush()


def test_all_that_happened_on_every_list_and_channel_in_one_order(world):
    (first,) = world.add_leads(1)
    (second,) = world.add_leads(1, list_id=world.add_list())
    with world.transaction() as session:
        me = contacts.ensure(session, "+33100000000")
        add_call(
            session, first, "a1", NOON, outcome="HANDLED", bridged_at=instant(NOON + 20),
            agent_id=world.agent_id, disposition="REFUSAL", note="non merci",
        )  # fmt: skip
        add_call(session, second, "a2", NOON + 300, outcome="NO_ANSWER")
        session.add(
            MessageRow(
                attempt_id="a2", lead_id=second, campaign_id=world.campaign_id,
                day=instant(NOON).date(), number="+33100000000", text="Rappelez", state="SENT",
                created_at=instant(NOON + 360),
            )
        )  # fmt: skip
        note = NoteArrival("leg", world.campaign_id, "0100000000", "+33155667788", NOON + 600)
        arrivals.note_arrivals(session, [note])
        visit = {"kind": "VISIT", "text": "en agence", "written_by": world.agent_id}
        session.add(ContactNote(contact_id=me, at=instant(NOON + 900), **visit))
    with world.factory() as session:
        lines = timeline(session, me)
        assert [(str(line.kind), line.word, line.text) for line in lines] == [
            ("NOTE", "VISIT", "en agence"), ("ARRIVAL", "", ""), ("MESSAGE", "SENT", "Rappelez"),
            ("CALL", "NO_ANSWER", ""), ("CALL", "HANDLED", "non merci"),
        ]  # fmt: skip
        assert lines[-1].talk_s == 40.0 and lines[-1].who == "Awa" and lines[-1].campaign == "Essai"
        assert lines[-1].attempt_id == "a1"


def test_pages_follow_each_other_without_a_gap(world):
    (lead,) = world.add_leads(1)
    with world.transaction() as session:
        me = contacts.ensure(session, "+33100000000")
        for i in range(7):
            add_call(session, lead, f"a{i}", NOON + i)
    with world.factory() as session:
        page = timeline(session, me, n=4)
        rest = timeline(session, me, before=page[-1].at, n=4)
        assert [line.attempt_id for line in page + rest] == [f"a{i}" for i in reversed(range(7))]


def test_a_merged_contact_brings_its_history_and_takes_it_back(world):
    (lead,) = world.add_leads(1)
    with world.transaction() as session:
        kept, gone = (
            contacts.ensure(session, "+33611111111"),
            contacts.ensure(session, "+33100000000"),
        )
        add_call(session, lead, "a1", NOON)
        session.add(
            ContactNote(contact_id=gone, text="note", at=instant(NOON) + timedelta(hours=1))
        )
        merge_id = merging.merge(session, kept, gone, None).id
        assert [str(line.kind) for line in timeline(session, kept)] == ["NOTE", "CALL"]
        merging.unmerge(session, merge_id, None)
        assert timeline(session, kept) == () and len(timeline(session, gone)) == 2
        assert session.scalars(select(AttemptRow.lead_id)).all() == [lead]
