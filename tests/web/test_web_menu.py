"""The menu: each area and tab leads where its visitor may go, and no further."""

import re

import pytest

from dialer.store.tables import Role
from web.menu import AREAS
from web.permissions import mark_of

TOP = {
    Role.ADMIN: ["Direct", "Campagnes", "Listes", "Contacts", "Historique", "Bilans", "Règles",
                 "Administration"],
    Role.SUPERVISOR: ["Direct", "Listes", "Contacts", "Historique", "Bilans", "Règles"],
    Role.ANALYST: ["Contacts", "Historique", "Bilans"],
}  # fmt: skip


def _links(page, of):
    found = re.search(rf'<nav class="{of}".*?</nav>', page, re.DOTALL)
    return re.findall(r"<a [^>]*>([^<]+)</a>", found[0]) if found else []


def test_a_page_of_the_menu_asks_for_the_right_that_its_view_asks_for(app):
    with app.app_context():
        assert {
            page.endpoint: str(mark_of(page.endpoint)) for area in AREAS for page in area.pages
        } == {page.endpoint: str(page.right) for area in AREAS for page in area.pages}


def test_every_page_of_the_menu_is_below_itself(app):
    assert all(page.endpoint.startswith(page.below) for area in AREAS for page in area.pages)


@pytest.mark.parametrize("role", TOP)
def test_each_role_sees_the_areas_that_it_may_enter(enter, role):
    assert _links(enter(role).get("/contacts").get_data(as_text=True), "menu") == TOP[role]


def test_tabs_stand_on_the_pages_of_an_area_and_say_which_is_open(enter):
    admin = enter(Role.ADMIN)
    page = admin.get("/audit").get_data(as_text=True)
    assert _links(page, "pages") == ["Utilisateurs", "Clés d’API", "Journal"]
    assert '<a href="/audit" aria-current="page">Journal</a>' in page
    assert '<a href="/users" aria-current="true">Administration</a>' in page
    assert _links(admin.get("/users/new").get_data(as_text=True), "pages") == []


def test_one_page_alone_has_no_tabs(enter):
    assert _links(enter(Role.ANALYST).get("/contacts").get_data(as_text=True), "pages") == []
