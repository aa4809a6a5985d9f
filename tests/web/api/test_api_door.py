"""Who gets in: keys by their scope, term and rate; nobody by a cookie, an address or a guess."""

from datetime import UTC, datetime, timedelta

from api_program import BASE, Program, code_of
from flask import Flask

from dialer.model.scope import Scope
from dialer.store import api_keys
from dialer.store.tables import ApiKey, Role
from web import clock
from web.api import door
from web.api.routes import ENDPOINTS

SAMPLE = {"attempt_id": "a1"}


def _ask(program: Program, endpoint):
    path = endpoint.path
    for part in path.split("/"):
        if part.startswith("{"):
            path = path.replace(part, SAMPLE.get(part.strip("{}"), "999999"))
    body = {} if endpoint.body is not None else None
    return program.ask(endpoint.method, path, body)


def test_every_address_opens_to_its_scope_and_to_none_of_the_others(program):
    wrong = []
    for scope in Scope:
        holder, others = program(scope), program(*set(Scope) - {scope})
        for endpoint in (one for one in ENDPOINTS if one.scope is scope):
            refused, answer = _ask(others, endpoint), _ask(holder, endpoint)
            if code_of(refused) != "no_scope" or answer.status_code in (401, 403, 500):
                wrong.append((endpoint.name, refused.status_code, answer.status_code))
    assert wrong == []


def test_nobody_gets_in_without_a_key_not_even_a_person_who_is_logged_in(app, enter, monkeypatch):
    monkeypatch.setattr(door, "WRONG_PER_MIN", 10_000)
    stranger, person = Program(app.test_client(), ""), Program(enter(Role.ADMIN).client, "")
    for endpoint in ENDPOINTS:
        answer = _ask(stranger, endpoint)
        assert code_of(answer) == "no_key", endpoint.name
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert _ask(person, endpoint).status_code == 401, endpoint.name


HEADERS = (
    "", "Bearer", "Bearer ", "Basic {key}", "Bearer {key}x", "Bearer rlk_{prefix}_" + "A" * 43,
    "Bearer {key}\u00e9", "Token {key}",
)  # fmt: skip


def test_what_only_resembles_a_key_opens_nothing(app: Flask, make_key):
    issued = make_key()
    for header in HEADERS:
        shown = header.format(key=issued.text, prefix=issued.row.prefix)
        headers = {"Authorization": shown} if header else {}
        answer = app.test_client().get(f"{BASE}/lists", headers=headers)
        assert code_of(answer) == "no_key", header


def test_a_key_in_the_address_opens_nothing(app: Flask, make_key):
    answer = app.test_client().get(f"{BASE}/lists?key={make_key().text}")
    assert answer.status_code == 401


def test_a_key_ends_with_its_term(program, monkeypatch):
    now = clock.now()
    known = program("lists:read", expires_at=now.timestamp() + 60)
    assert known.get("/lists").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=61))
    assert code_of(known.get("/lists")) == "no_key"


def test_a_key_may_ask_so_often_in_a_minute_and_is_told_how_often_it_still_may(program):
    known = program("lists:read", max_per_min=2)
    first = known.get("/lists")
    told = {name: first.headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining", "Policy")}
    assert told == {"Limit": "2", "Remaining": "1", "Policy": "2;w=60"}
    assert known.get("/lists").headers["RateLimit-Remaining"] == "0"
    refused = known.get("/lists")
    assert code_of(refused) == "too_many_requests" and refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert program("lists:read").get("/lists").status_code == 200


def test_an_address_that_guesses_keys_is_told_to_wait(app: Flask, make_key):
    stranger = Program(app.test_client(), "rlk_000000000000_" + "A" * 43)
    codes = [stranger.get("/lists").status_code for _ in range(31)]
    assert codes == [401] * 30 + [429]
    assert Program(app.test_client(), make_key().text).get("/lists").status_code == 200


def test_the_last_use_is_kept_to_the_minute(program, session_factory, monkeypatch):
    known, now = program("lists:read"), datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def used_at(later_s):
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=later_s))
        assert known.get("/lists").status_code == 200
        with session_factory() as session:
            return session.get_one(ApiKey, known.key_id).last_used_at

    assert [used_at(s) for s in (0, 59, 60)] == [now, now, now + timedelta(seconds=60)]


def test_keys_differ_in_prefix_and_secret(make_key):
    texts = {make_key().text for _ in range(20)}
    assert len(texts) == 20 and all(api_keys.KEY.fullmatch(text) for text in texts)
    assert len({text[:16] for text in texts}) == 20
