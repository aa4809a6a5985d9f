"""Whom a search finds, by which words, and that nothing typed can break it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialer.store import contacts, merging
from dialer.store.contact_search import MOST_FOUND, search
from dialer.store.session import transaction

PEOPLE = (
    (
        "+33612345678",
        "Élodie N’Guessan-Koné",
        {"email": "Elodie@Exemple.fr", "external_id": "C-77"},
    ),
    ("+33698765432", "Jean Paul Dupont", {}),
    ("+22997112233", "DUPONT Marie", {"whatsapp": "+22966000011"}),
    ("+33155667788", "", {"external_id": "8812345"}),
)


@pytest.fixture
def people(world):
    with world.transaction() as session:
        for number, name, fields in PEOPLE:
            contacts.ensure(session, number, name, fields)
    return world


def found(world, wanted, region="FR"):
    with world.factory() as session:
        return [one.numbers[0] for one in search(session, wanted, region)]


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ("elodie", [0]), ("ÉLO", [0]), ("koné", [0]), ("kon", [0]), ("guessan kone", [0]),
        ("dupont", [2, 1]), ("jean dup", [1]), ("dupont jea", [1]), ("paul", [1]),
        ("paul dup", [1]), ("marie dupont", [2]), ("zzz", []), ("du", []),
        ("06 12 34", [0]), ("0612345678", [0]), ("+33 6 98", [1]), ("0033 1", [3]), ("22997", [2]),
        ("5678", [0]), ("66 00 00 11", [2]), ("elodie@ex", [0]), ("c-77", []), ("C-77", [0]),
        ("88123", [3]), ("000", []),
    ],
)  # fmt: skip
def test_search_finds(people, wanted, places):
    assert found(people, wanted) == [PEOPLE[place][0] for place in places]


def test_a_number_is_read_in_the_way_of_the_region(people):
    assert found(people, "0155", "FR") == ["+33155667788"]
    assert found(people, "0155", "BJ") == []


def test_a_lead_without_contact_is_found_by_its_number_and_gets_one_at_once(world):
    world.add_leads(1)
    with world.transaction() as session:
        (one,) = search(session, "01 00 00 00 00")
        assert contacts.of_number(session, "+33100000000") == one.contact_id
        assert one.name == "Personne 0"


def test_a_contact_that_was_merged_is_found_as_the_one_it_became(people):
    with people.transaction() as session:
        kept, gone = (contacts.of_number(session, PEOPLE[i][0]) for i in (1, 2))
        merging.merge(session, kept, gone, None)
    with people.factory() as session:
        assert [one.contact_id for one in search(session, "dupont")] == [kept]
        assert [one.contact_id for one in search(session, "+22997")] == [kept]


def test_a_search_shows_a_screenful(world):
    with world.transaction() as session:
        for i in range(MOST_FOUND + 5):
            contacts.ensure(session, f"+336{i:08d}", f"Jean Test {i}")
    for wanted in ("jean", "test", "+336"):
        assert len(found(world, wanted)) == MOST_FOUND


@pytest.fixture(scope="session")
def searchable(_factory):
    return _factory


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wanted=st.one_of(st.text(max_size=120), st.text("'\\&|!:*()<>%_\0@+0 a", max_size=20)))
def test_nothing_typed_breaks_a_search(searchable, wanted):
    with transaction(searchable) as session:
        assert isinstance(search(session, wanted), tuple)
