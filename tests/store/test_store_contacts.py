"""One contact for one person: made from leads once, whoever asks, and forgotten whole."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from dialer.model.contact import IdentityKind
from dialer.store import contacts, merging
from dialer.store.session import transaction
from dialer.store.tables import ContactLikeness, ContactNote, ContactRow, Identity


@pytest.fixture
def attach(world):
    def run(list_id=None, n=2):
        after = ""
        while after is not None:
            with world.transaction() as session:
                after = contacts.attach_list(session, list_id or world.list_id, after, n)

    return run


def owners(world, kind=IdentityKind.PHONE):
    with world.factory() as session:
        rows = session.execute(
            select(Identity.value, Identity.contact_id).where(Identity.kind == kind)
        )
        return dict(rows.all())


def test_each_number_gets_one_contact_with_the_leads_name_however_often_it_is_attached(
    world, attach
):
    world.add_leads(5)
    attach()
    attach()
    found = owners(world)
    assert len(found) == 5 and len(set(found.values())) == 5
    assert world.get(ContactRow, found["+33100000003"]).name == "Personne 3"
    with world.factory() as session:
        assert session.scalar(text("SELECT count(*) FROM contacts")) == 5


def test_leads_of_one_number_in_two_lists_are_one_contact(world, attach):
    world.add_leads(2, name="")
    other = world.add_list()
    world.add_leads(2, list_id=other)
    attach()
    attach(other)
    found = owners(world)
    assert len(found) == 2
    assert world.get(ContactRow, found["+33100000000"]).name == "Personne 0"


def test_fields_that_are_identities_find_the_person_again_and_shared_ones_are_a_likeness(
    world, attach
):
    world.add_leads(
        1, fields={"email": " Awa@Exemple.FR ", "external_id": "C-1", "ville": "Cotonou"}
    )
    world.add_leads(1, 1, fields={"email": "awa@exemple.fr", "whatsapp": "+22997000000"})
    attach(n=1)
    phones = owners(world)
    first, second = phones["+33100000000"], phones["+33100000001"]
    assert owners(world, IdentityKind.EMAIL) == {"awa@exemple.fr": first}
    assert owners(world, IdentityKind.EXTERNAL_ID) == {"C-1": first}
    assert owners(world, IdentityKind.WHATSAPP) == {"+22997000000": second}
    with world.factory() as session:
        (alike,) = session.scalars(select(ContactLikeness))
        assert (alike.low_id, alike.high_id, alike.reason) == (first, second, "EMAIL")


@pytest.mark.parametrize(
    "fields",
    [{"email": "no-sign"}, {"email": "a@b" + "c" * 300}, {"whatsapp": "12"}, {"external_id": " "}],
)
def test_what_cannot_be_an_identity_is_none(world, attach, fields):
    world.add_leads(1, fields=fields)
    attach()
    with world.factory() as session:
        assert session.scalars(select(Identity.kind)).all() == [IdentityKind.PHONE]


def test_an_email_that_many_leads_share_is_nobodys(world, attach):
    world.add_leads(8, fields={"email": "none@example.org"})
    attach(n=10)
    assert owners(world, IdentityKind.EMAIL) == {}
    with world.factory() as session:
        assert session.scalars(select(ContactLikeness)).all() == []


def test_two_who_need_a_contact_at_once_get_the_same(world):
    def ask(_):
        with transaction(world.factory) as session:
            return contacts.ensure(session, "+33612345678", "Awa", {"email": "a@b.fr"})

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(ask, range(24)))) == 1
    with world.factory() as session:
        assert session.scalar(text("SELECT count(*) FROM contacts")) == 1


def test_erasing_leaves_nothing_of_the_person_nor_of_what_was_merged(world):
    with world.transaction() as session:
        kept = contacts.ensure(session, "+33100000001", "Awa", {"email": "a@b.fr"})
        gone = contacts.ensure(session, "+33100000002", "A. Koné")
        session.add(ContactNote(contact_id=gone, text="habite Cotonou"))
        merging.merge(session, kept, gone, world.agent_id)
        contacts.erase(session, kept)
    with world.factory() as session:
        left = session.execute(text("SELECT * FROM contacts c, contact_merges m")).mappings().all()
        assert all(row["name"] == "" and row["moved"] == [] for row in left)
        assert session.scalar(text("SELECT count(*) FROM identities")) == 0
        assert session.scalar(text("SELECT count(*) FROM contact_notes")) == 0
        assert session.get(ContactRow, kept).erased_at is not None
