"""Every route x every role, from the one table; nothing without a mark, nothing to strangers."""

import pytest
from flask import Flask
from web_person import entered

from dialer.store.tables import Role
from web.permissions import EVERYONE, KEYS, RIGHTS, USERS, Right, mark_of

ROLES = [*Role]


def _routes(app: Flask):
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            with app.test_request_context():
                values = {name: "999999" for name in rule.arguments}
                yield rule.endpoint, method, app.url_for(rule.endpoint, **values)


def test_every_endpoint_carries_a_mark_of_the_table(app: Flask):
    with app.app_context():
        marks = {rule.endpoint: mark_of(rule.endpoint) for rule in app.url_map.iter_rules()}
    assert {name for name, mark in marks.items() if mark is None} == set()
    assert set(marks.values()) <= {EVERYONE, USERS, KEYS, *map(str, Right)}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_the_table_gives_and_nothing_else(app: Flask, enter, role):
    person = enter(role)
    wrong = []
    for endpoint, method, path in _routes(app):
        if endpoint in ("auth.logout", "static") or path.endswith("/events"):
            continue
        with app.app_context():
            mark = mark_of(endpoint)
        if mark == KEYS:
            continue  # tests/web/api: a login opens none of them
        headers = {"X-CSRFToken": person.token}
        is_refused = person.client.open(path, method=method, headers=headers).status_code == 403
        is_given = mark in (EVERYONE, USERS) or mark in RIGHTS[role]
        if is_refused is is_given:
            wrong.append((method, path, mark))
    assert wrong == []


def test_event_streams_obey_the_table_too(enter):
    assert enter(Role.ANALYST).client.get("/supervisor/events").status_code == 403
    assert enter(Role.AGENT).client.get("/supervisor/events").status_code == 403
    assert enter(Role.ADMIN).client.get("/agent/events").status_code == 403


def test_a_stranger_meets_the_login_page_or_401(app: Flask):
    client = app.test_client()
    for endpoint, method, path in _routes(app):
        with app.app_context():
            is_open = mark_of(endpoint) in (EVERYONE, KEYS)
        if is_open or method != "GET":
            continue
        answer = client.get(path)
        is_to_login = answer.status_code == 302 and answer.location.startswith("/login")
        assert is_to_login or answer.status_code == 401, path


def test_a_view_without_a_mark_is_refused_even_to_the_admin(new_app: Flask, make_user):
    new_app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    admin = entered(new_app, "admin", make_user(Role.ADMIN, "admin"))
    assert admin.get("/forgotten").status_code == 403
