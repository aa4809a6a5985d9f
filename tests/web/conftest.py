"""The application on the real servers, people of every role, and clients that carry the token."""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # else `web` would be this folder

import pytest
from flask import Flask
from web_person import PASSWORD, SMS_TOKEN, Person

from dialer.bus.redis import Bus, connect
from dialer.config import Settings
from dialer.store import campaigns, users
from dialer.store.session import SessionFactory
from dialer.store.tables import CampaignRow, Role, User
from web import create_app
from web.extensions import db


@cache
def _hash() -> str:
    return users.password_hash(PASSWORD)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database_url="", redis_url="", switches=(), var_dir=tmp_path, secret_key="k" * 32,
        sms_url="http://127.0.0.1:9/", sms_token=SMS_TOKEN, http_port=8080, log_level="INFO",
    )  # fmt: skip


@pytest.fixture
def app(
    settings: Settings, database_url: str, redis_url: str, session_factory: SessionFactory
) -> Flask:
    made = create_app(settings, database_url, redis_url)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    made.extensions["relance_bus"].redis.close()


@pytest.fixture
def bus(redis_url: str) -> Bus:
    made = connect(redis_url)
    yield made
    made.redis.close()


@pytest.fixture
def make_user(session_factory: SessionFactory) -> Callable[..., int]:
    def make(role: Role, login: str = "", **columns) -> int:
        row = User(
            login=login or str(role), name=f"Name of {login or role}", role=str(role),
            password_hash=_hash(), **columns,
        )  # fmt: skip
        with session_factory.begin() as session:
            session.add(row)
        return row.id

    return make


@pytest.fixture
def enter(app: Flask, make_user: Callable[..., int]) -> Callable[..., Person]:
    """Makes a user of the role (once per login) and logs him in."""
    known: dict[str, int] = {}

    def log_in(role: Role, login: str = "") -> Person:
        name = login or str(role)
        known[name] = known.get(name) or make_user(role, name)
        person = Person(app.test_client(), known[name])
        person.get("/login")
        answer = person.post("/login", {"login": name, "password": PASSWORD})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        redis = app.extensions["relance_bus"].redis
        for key in redis.scan_iter("relance:web:limit:*"):
            redis.delete(key)
        person.get("/no-such-page")  # a page with the new session's token
        return person

    return log_in


@pytest.fixture
def campaign(session_factory: SessionFactory) -> CampaignRow:
    """A running campaign."""
    with session_factory.begin() as session:
        row = campaigns.create_campaign(session, "Printemps", script="Bonjour", wrap_up_limit_s=45)
        row.state = "RUNNING"
    return row
