"""Merging two contacts loses nothing, and undoing it leaves both as they were."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from dialer.model.errors import BadInput
from dialer.store import contacts, merging
from dialer.store.session import transaction
from dialer.store.tables import AuditEntry, ContactRow, Identity


@pytest.fixture
def make(world):
    def one(i, name="", email="", **fields):
        with world.transaction() as session:
            known = {"email": email} if email else {}
            contact_id = contacts.ensure(session, f"+3360000000{i}", name, known)
            session.get_one(ContactRow, contact_id).fields = fields
            return contact_id

    return one


def picture(factory):
    """All that contacts are, and who owns what."""
    with factory() as session:
        rows = session.scalars(select(ContactRow).order_by(ContactRow.id))
        people = [(row.id, row.name, dict(row.fields), row.merged_into) for row in rows]
        owned = session.execute(select(Identity.kind, Identity.value, Identity.contact_id))
        return people, sorted(owned.all())


def test_a_merge_gathers_identities_and_keeps_what_the_kept_one_had(world, make):
    kept, gone = make(1, "", ville="Paris"), make(2, "Awa Koné", "a@b.fr", ville="Lyon", age="41")
    with world.transaction() as session:
        merging.merge(session, kept, gone, world.agent_id)
    with world.factory() as session:
        assert contacts.numbers_of(session, kept) == ("+33600000001", "+33600000002")
        assert contacts.of_number(session, "+33600000002") == kept
        row = session.get(ContactRow, kept)
        assert row.name == "Awa Koné" and row.fields == {"ville": "Paris", "age": "41"}
        assert session.scalars(select(AuditEntry.verb)).all() == ["merge"]
        assert contacts.family(session, kept) == (kept, gone)


def test_what_was_changed_after_the_merge_stays_when_it_is_undone(world, make):
    kept, gone = make(1), make(2, "Awa", age="41")
    with world.transaction() as session:
        merge_id = merging.merge(session, kept, gone, None).id
        row = session.get_one(ContactRow, kept)
        row.name, row.fields = "Awa Diallo", {"age": "42"}
    with world.transaction() as session:
        merging.unmerge(session, merge_id, None)
    assert world.get(ContactRow, kept).name == "Awa Diallo"
    assert world.get(ContactRow, kept).fields == {"age": "42"}
    assert world.get(ContactRow, gone).fields == {"age": "41"}


def test_what_is_not_there_any_more_is_not_merged(world, make):
    one, two, three = make(1), make(2), make(3)
    with world.transaction() as session:
        first = merging.merge(session, one, two, None).id
    for pair in ((one, one), (three, two), (two, three), (one, 999)):
        with pytest.raises(BadInput, match="contact"), world.transaction() as session:
            merging.merge(session, *pair, None)
    with world.transaction() as session:
        merging.merge(session, three, one, None)
    with pytest.raises(BadInput, match="undo that first"), world.transaction() as session:
        merging.unmerge(session, first, None)


def test_a_merge_is_undone_once(world, make):
    one, two = make(1), make(2)
    with world.transaction() as session:
        merge_id = merging.merge(session, one, two, None).id
        merging.unmerge(session, merge_id, None)
    with pytest.raises(BadInput, match="not standing"), world.transaction() as session:
        merging.unmerge(session, merge_id, None)


@settings(max_examples=25, deadline=None)
@given(pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6))
def test_undoing_all_merges_backwards_restores_everything(fresh_people, pairs):
    factory, people = fresh_people()
    before, done = picture(factory), []
    for kept, gone in pairs:
        try:
            with transaction(factory) as session:
                done.append(merging.merge(session, people[kept], people[gone], None).id)
        except BadInput:
            continue
    for merge_id in reversed(done):
        with transaction(factory) as session:
            merging.unmerge(session, merge_id, None)
    assert picture(factory) == before


@pytest.fixture(scope="session")
def fresh_people(_factory):
    """Five contacts with names, fields and e-mails that partly agree, made anew for each case."""

    def make():
        with transaction(_factory) as session:
            session.execute(ContactRow.__table__.delete().where(False))
            session.connection().exec_driver_sql("TRUNCATE contacts RESTART IDENTITY CASCADE")
            people = []
            for i in range(5):
                known = {"email": f"p{i}@exemple.fr"} if i % 2 else {}
                person = contacts.ensure(
                    session, f"+3361000000{i}", f"P {i}" if i > 1 else "", known
                )
                session.get_one(ContactRow, person).fields = {"a": str(i % 2), f"k{i}": "x"}
                people.append(person)
        return _factory, people

    return make


def test_the_same_whole_name_or_a_shared_email_is_suggested_until_somebody_says_no(world, make):
    one, two = make(1, "Awa Koné", "a@b.fr"), make(2, "AWA KONE")
    three, other = make(3, "Zoé", "a@b.fr"), make(4, "Awa Konéta")
    with world.transaction() as session:
        assert [(s.contact.id, s.reason) for s in merging.suggestions(session, one)] == [
            (three, "EMAIL"), (two, "NAME"),
        ]  # fmt: skip
        merging.dismiss(session, two, one, None)
        merging.dismiss(session, one, three, None)
        assert merging.suggestions(session, one) == []
        assert merging.suggestions(session, two) == [] and merging.suggestions(session, other) == []
