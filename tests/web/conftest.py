"""The application on the real servers, people of every role, and clients that carry the token."""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # else `web` would be this folder

import pytest
from flask import Flask
from web_person import PASSWORD, SMS_TOKEN, Person, entered

from dialer.bus.redis import Bus, connect
from dialer.config import Settings
from dialer.embedded import EmbeddedServers
from dialer.store import campaigns, users
from dialer.store.session import SessionFactory
from dialer.store.tables import CampaignRow, Role, User
from web import create_app
from web.extensions import db


@cache
def _hash() -> str:
    return users.password_hash(PASSWORD)


@pytest.fixture(autouse=True)
def _quick_passwords(quick_passwords: None) -> None:
    """All of them log in."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return _settings(tmp_path)


def _settings(var_dir: Path) -> Settings:
    return Settings(
        database_url="", redis_url="", switches=(), var_dir=var_dir, secret_key="k" * 32,
        sms_url="http://127.0.0.1:9/", sms_token=SMS_TOKEN, http_port=8080, log_level="INFO",
    )  # fmt: skip


@pytest.fixture(scope="session")
def _app(servers: EmbeddedServers, database_url: str, tmp_path_factory) -> Flask:
    """Made once: to compile its routes and templates takes longer than most tests do."""
    made = create_app(_settings(tmp_path_factory.mktemp("var")), database_url, servers.redis_url)
    yield made
    _close(made)


def _close(made: Flask) -> None:
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    made.extensions["relance_bus"].redis.close()


@pytest.fixture
def app(_app: Flask, settings: Settings, redis_url: str, session_factory: SessionFactory) -> Flask:
    """The application with this test's settings, on empty servers."""
    before = dict(_app.config)
    _app.config["RELANCE_SETTINGS"] = settings
    yield _app
    _app.config.clear()
    _app.config.update(before)
    with _app.app_context():
        db.session.remove()


@pytest.fixture
def new_app(
    settings: Settings, database_url: str, redis_url: str, session_factory: SessionFactory
) -> Iterator[Flask]:
    """Made for this test alone, which may add to it."""
    made = create_app(settings, database_url, redis_url)
    yield made
    _close(made)


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
        return entered(app, name, known[name])

    return log_in


@pytest.fixture
def campaign(session_factory: SessionFactory) -> CampaignRow:
    """A running campaign."""
    with session_factory.begin() as session:
        row = campaigns.create_campaign(session, "Printemps", script="Bonjour", wrap_up_limit_s=45)
        row.state = "RUNNING"
    return row
