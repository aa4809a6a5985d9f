"""Keys of other programs, and clients that carry one."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from api_program import Program
from flask import Flask
from web_rows import add_attempt, add_lead

from dialer.model.scope import Scope
from dialer.store import api_keys
from dialer.store.session import SessionFactory
from dialer.store.tables import DoNotCall
from web import clock


@pytest.fixture
def make_key(session_factory: SessionFactory) -> Callable[..., api_keys.Issued]:
    def make(*scopes: str, **facts) -> api_keys.Issued:
        with session_factory.begin() as session:
            session.expire_on_commit = False
            given = {"now": clock.now().timestamp(), "max_per_min": 10_000} | facts
            return api_keys.issue(session, "Test", scopes or list(Scope), **given)

    return make


@pytest.fixture
def program(app: Flask, make_key) -> Callable[..., Program]:
    """A program with a key of these scopes; of all when none is named."""

    def with_key(*scopes: str, **facts) -> Program:
        issued = make_key(*scopes, **facts)
        return Program(app.test_client(), issued.text, issued.row.id)

    return with_key


@pytest.fixture
def api_rows(session_factory: SessionFactory, campaign) -> None:
    """One of everything, each with the identity 1 where identities are numbers."""
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        add_attempt(session, lead, "a1", ended_at=datetime.now(UTC), outcome="HANDLED")
        session.add(DoNotCall(number="+33699999999", source="ADMIN"))
