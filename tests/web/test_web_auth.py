"""Login, sessions, language, headers."""

from datetime import UTC, datetime
from threading import get_ident

import pytest
from flask import Flask
from sqlalchemy import select
from web_person import PASSWORD, Person

from dialer.store import users
from dialer.store.tables import AuditEntry, Role, User
from web import clock
from web.sessions import ABSOLUTE_S


def _cookie(person: Person) -> str:
    return person.client.get_cookie("relance").value


def test_login_leads_to_the_role_s_first_page_and_is_audited(enter, session_factory):
    homes = {
        Role.ADMIN: "/campaigns", Role.SUPERVISOR: "/supervisor", Role.AGENT: "/agent",
        Role.ANALYST: "/attempts",
    }  # fmt: skip
    for role, home in homes.items():
        assert enter(role).get("/").location == home
    with session_factory() as session:
        verbs = session.scalars(select(AuditEntry.verb)).all()
    assert verbs == ["login"] * 4


def test_login_gives_the_session_a_new_identity_and_kills_the_old(app: Flask, make_user):
    make_user(Role.ADMIN)
    person = Person(app.test_client())
    person.get("/login")
    before = _cookie(person)
    person.post("/login", {"login": "admin", "password": PASSWORD})
    assert _cookie(person) != before
    other = Person(app.test_client())
    other.client.set_cookie("relance", before)
    assert other.get("/campaigns").status_code == 302


def test_a_wrong_password_and_an_unknown_login_look_alike(app: Flask, make_user):
    make_user(Role.ADMIN)
    person = Person(app.test_client())
    person.get("/login")
    pages = [
        person.post("/login", {"login": name, "password": "wrong password"})
        for name in ("admin", "nobody")
    ]
    assert [page.status_code for page in pages] == [401, 401]
    assert "Identifiant ou mot de passe inconnu." in pages[0].get_data(as_text=True)


def test_the_first_start_says_how_to_create_a_user(app: Flask, make_user):
    command = "relance user add"
    assert command in app.test_client().get("/login").get_data(as_text=True)
    make_user(Role.ADMIN)
    assert command not in app.test_client().get("/login").get_data(as_text=True)


def test_a_password_is_checked_beside_the_hub(app: Flask, make_user, monkeypatch):
    make_user(Role.ADMIN)
    threads = []
    check = users.hash_matches
    monkeypatch.setattr(
        users, "hash_matches", lambda *given: threads.append(get_ident()) or check(*given)
    )
    person = Person(app.test_client())
    person.get("/login")
    for name, code in (("nobody", 401), ("admin", 302)):
        answer = person.post("/login", {"login": name, "password": PASSWORD})
        assert answer.status_code == code
    assert len(threads) == 2
    assert get_ident() not in threads


def test_the_sixth_try_in_a_minute_is_refused_even_with_the_right_password(app: Flask, make_user):
    make_user(Role.ADMIN)
    person = Person(app.test_client())
    person.get("/login")
    for _ in range(5):
        person.post("/login", {"login": "admin", "password": "wrong password"})
    answer = person.post("/login", {"login": "admin", "password": PASSWORD})
    assert answer.status_code == 429


def test_logout_ends_the_session_on_the_server(enter, app: Flask):
    person = enter(Role.ADMIN)
    kept = _cookie(person)
    assert person.post("/logout").status_code == 302
    thief = Person(app.test_client())
    thief.client.set_cookie("relance", kept)
    assert thief.get("/campaigns").status_code == 302


@pytest.mark.parametrize("change", [{"is_active": False}, {"password_hash": "another"}])
def test_deactivation_and_a_new_password_end_open_sessions(enter, session_factory, change):
    person = enter(Role.ANALYST)
    assert person.get("/attempts").status_code == 200
    with session_factory.begin() as session:
        row = session.get_one(User, person.user_id)
        for name, value in change.items():
            setattr(row, name, value)
    assert person.get("/attempts").status_code == 302


def test_a_session_ends_after_its_absolute_limit(enter, monkeypatch):
    person = enter(Role.ANALYST)
    later = clock.now().timestamp() + ABSOLUTE_S + 1
    monkeypatch.setattr(clock, "now", lambda: datetime.fromtimestamp(later, UTC))
    assert person.get("/attempts").status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_login_never_leads_to_another_site(app: Flask, make_user, target):
    make_user(Role.ADMIN)
    person = Person(app.test_client())
    person.get("/login")
    answer = person.post(
        "/login", {"login": "admin", "password": PASSWORD}, query_string={"next": target}
    )
    assert answer.location == "/"


def test_the_chosen_language_is_kept_with_the_user(enter, session_factory):
    person = enter(Role.ANALYST)
    assert "Historique des appels" in person.get("/attempts").get_data(as_text=True)
    person.post("/language", {"language": "en", "next": "/attempts"})
    page = person.get("/attempts").get_data(as_text=True)
    assert "Call history" in page
    assert '<html lang="en">' in page
    with session_factory() as session:
        assert session.get_one(User, person.user_id).locale == "en"


def test_a_post_without_the_token_changes_nothing(enter, session_factory):
    person = enter(Role.ADMIN)
    person.token = ""
    answer = person.post("/users/new", {"login": "x2", "name": "X", "role": "agent"})
    assert answer.status_code == 400
    with session_factory() as session:
        assert session.scalar(select(User).where(User.login == "x2")) is None


def test_headers_of_every_answer(enter):
    for answer in (enter(Role.ADMIN).get("/campaigns"), enter(Role.ADMIN).get("/nowhere")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(app: Flask):
    cookie = app.test_client().get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    over_https = app.test_client().get("/login", base_url="https://relance.example")
    assert "Secure" in over_https.headers["Set-Cookie"]


def test_health(app: Flask):
    client = app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "postgresql": True, "redis": True}
