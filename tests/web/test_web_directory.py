"""What the switch is told of phones: a browser's digest while its session stands, nothing else."""

import hashlib
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from flask import Flask

from dialer.config import PhoneSettings, Settings
from dialer.store.tables import Role, User
from web.switch.directory import LOOKUPS_PER_S, WRONG_PER_MINUTE

SECRET = "secret-of-the-switches"
DOMAIN = "sip.example.org"
WHO = ("relance", SECRET)
ASKED = {"section": "directory", "tag_name": "domain", "key_name": "name", "key_value": DOMAIN,
         "action": "sip_auth", "user": "2001", "domain": DOMAIN}  # fmt: skip
"""As FreeSWITCH 1.10.12 sends it for a REGISTER."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    phones = PhoneSettings(("wss://sip.example.org:7443",), DOMAIN, SECRET)
    return replace(settings, phones=phones)


@pytest.fixture
def agent(enter, make_user, session_factory):
    """An agent whose phone is the browser, logged in."""
    person = enter(Role.AGENT)
    with session_factory.begin() as session:
        row = session.get_one(User, person.user_id)
        row.phone_kind, row.phone_address = "WEBRTC", "2001"
    return person


def credential(agent):
    return agent.post("/agent/phone/credential", json={}).json


def ask(app: Flask, auth=WHO, **changed):
    return app.test_client().post("/switch/directory", data=ASKED | changed, auth=auth)


def told(answer):
    """Parameters of the user in the answer; None for the answer that says "not found"."""
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert "<?" not in text  # FreeSWITCH skips lines that hold it
    root = ElementTree.fromstring(text)
    if root.find("section[@name='result']/result[@status='not found']") is not None:
        return None
    return {param.get("name"): param.get("value") for param in root.iter("param")}


def test_a_minted_password_is_told_as_its_digest_only(app, agent):
    made = credential(agent)
    answer = ask(app)
    digest = hashlib.md5(f"2001:{DOMAIN}:{made['password']}".encode()).hexdigest()
    assert told(answer) == {
        "a1-hash": digest, "dial-string": "sofia/agents/${dialed_user}%${dialed_domain}",
    }  # fmt: skip
    assert made["password"] not in answer.get_data(as_text=True)
    assert told(ask(app, action="user_call"))["a1-hash"] == digest
    by_get = app.test_client().get("/switch/directory", query_string=ASKED, auth=WHO)
    assert told(by_get)["a1-hash"] == digest


def test_redis_never_holds_the_password(app, agent):
    password = credential(agent)["password"]
    redis = app.extensions["relance_bus"].redis
    held = [redis.get(key) for key in redis.scan_iter("relance:web:phone:*")]
    assert held
    assert all(password.encode() not in body for body in held)


def test_a_second_desk_makes_the_first_password_worthless(app, agent):
    first, second = credential(agent)["password"], credential(agent)["password"]
    assert first != second
    digest = hashlib.md5(f"2001:{DOMAIN}:{second}".encode()).hexdigest()
    assert told(ask(app))["a1-hash"] == digest


def test_after_log_out_the_phone_is_unknown(app, agent):
    credential(agent)
    agent.post("/logout")
    assert told(ask(app)) is None


@pytest.mark.parametrize(
    "changed",
    [{"is_active": False}, {"phone_address": "2002"}, {"phone_kind": "SIP"},
     {"password_hash": "another"}],
    ids=str,
)  # fmt: skip
def test_what_the_administrator_changes_ends_the_password_at_once(
    app, agent, session_factory, changed
):
    credential(agent)
    with session_factory.begin() as session:
        row = session.get_one(User, agent.user_id)
        for name, value in changed.items():
            setattr(row, name, value)
    assert told(ask(app)) is None


@pytest.mark.parametrize(
    "changed",
    [{"user": "2002"}, {"user": ""}, {"user": "2001 "}, {"user": "20*"}, {"user": "../2001"},
     {"user": "$${relance_esl_password}"}, {"user": "<X-PRE-PROCESS cmd=\"exec\" data=\"id\"/>"},
     {"user": "2001\n"}, {"user": "٢٠٠١"}, {"user": "2" * 5000}, {"domain": "evil.example"},
     {"domain": ""}, {"section": "dialplan"}, {"section": "configuration"}, {"section": ""},
     {"action": "reverse-auth-lookup"}, {"action": ""}, {"action": "message-count"}],
    ids=lambda changed: str(changed)[:40],
)  # fmt: skip
def test_whatever_else_is_asked_is_not_found_and_not_repeated(app, agent, changed):
    credential(agent)
    answer = ask(app, **changed)
    assert told(answer) is None
    assert len(answer.get_data()) < 200


def test_what_the_switch_asks_at_its_start_is_not_found(app):
    asked = {"section": "directory", "tag_name": "domain", "key_name": "name",
             "key_value": DOMAIN, "purpose": "gateways"}  # fmt: skip
    assert told(app.test_client().post("/switch/directory", data=asked, auth=WHO)) is None


@pytest.mark.parametrize(
    "auth", [None, ("relance", ""), ("relance", "wrong"), ("", SECRET), ("admin", SECRET)]
)
def test_who_has_not_the_secret_is_told_nothing(app, agent, auth):
    credential(agent)
    answer = ask(app, auth=auth)
    assert (answer.status_code, answer.get_data()) == (401, b"")


def test_another_scheme_is_no_proof(app):
    headers = {"Authorization": f"Bearer {SECRET}"}
    assert app.test_client().post("/switch/directory", headers=headers).status_code == 401


def test_guessing_the_secret_is_slowed_down(app, agent):
    statuses = [ask(app, auth=("relance", "x")).status_code for _ in range(WRONG_PER_MINUTE + 1)]
    assert (statuses[0], statuses[-1]) == (401, 429)
    credential(agent)
    assert told(ask(app)) is not None  # a guesser behind the same address shuts nobody out


def test_a_flood_of_lookups_is_refused_before_any_work(app):
    redis = app.extensions["relance_bus"].redis
    ask(app)
    (key,) = redis.scan_iter("relance:web:limit:*")
    redis.set(key, LOOKUPS_PER_S, ex=60)
    assert ask(app).status_code == 429


def test_a_body_that_is_too_large_is_refused(app):
    assert ask(app, user="2001", junk="x" * 100_000).status_code == 413


def test_without_a_secret_there_is_no_directory(app, settings):
    app.config["RELANCE_SETTINGS"] = replace(settings, phones=PhoneSettings())
    assert ask(app, auth=("relance", "")).status_code == 404


# --- the credential of the page -------------------------------------------------------------------


def test_the_page_gets_what_it_needs_to_register_and_no_cache_keeps_it(agent):
    answer = agent.post("/agent/phone/credential", json={})
    made = answer.json
    assert (made["extension"], made["domain"]) == ("2001", DOMAIN)
    assert made["urls"] == ["wss://sip.example.org:7443"]
    assert len(made["password"]) >= 32
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_credential_without_the_token_against_cross_site_requests(agent):
    assert agent.client.post("/agent/phone/credential", json={}).status_code == 400
    assert agent.client.get("/agent/phone/credential").status_code == 405


@pytest.mark.parametrize("kind", ["SIP", "OUTSIDE"])
def test_other_phones_get_no_password(agent, session_factory, kind):
    with session_factory.begin() as session:
        session.get_one(User, agent.user_id).phone_kind = kind
    assert agent.post("/agent/phone/credential", json={}).status_code == 409


def test_only_the_desk_of_a_browser_phone_may_use_the_microphone_and_reach_the_switch(
    agent, enter, session_factory
):
    desk = agent.get("/agent").headers
    assert "connect-src 'self' wss://sip.example.org:7443;" in desk["Content-Security-Policy"]
    assert "microphone=(self)" in desk["Permissions-Policy"]
    other = enter(Role.AGENT, "other").get("/agent").headers
    assert "connect-src 'self';" in other["Content-Security-Policy"]
    assert "microphone=()" in other["Permissions-Policy"]
