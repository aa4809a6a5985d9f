"""The page for API keys: a key is shown once, opens what it says, and nothing once revoked."""

import re

import pytest
from sqlalchemy import select

from dialer.model.scope import Scope
from dialer.store.tables import ApiKey, AuditEntry, Role
from web import labels

KEY = re.compile(r"rlk_[0-9a-f]{12}_[\w-]{43}")


@pytest.fixture
def admin(enter):
    return enter(Role.ADMIN)


def _made(admin, scopes=("lists:read",), **changes):
    form = {"name": "CRM", "days": "30", "max_per_min": "100", "scopes": list(scopes)} | changes
    return admin.post("/api-keys/new", form)


def _opens(app, key, path="/api/v1/lists"):
    client = app.test_client()
    return client.get(path, headers={"Authorization": f"Bearer {key}"}).status_code


def test_a_key_is_shown_once_opens_its_scope_and_is_kept_as_a_hash(app, admin, session_factory):
    page = _made(admin).get_data(as_text=True)
    (key,) = KEY.findall(page)
    assert _opens(app, key) == 200 and _opens(app, key, "/api/v1/attempts") == 403
    listed = admin.get("/api-keys").get_data(as_text=True)
    assert key not in listed and f"{key[:16]}_…" in listed and "CRM" in listed
    with session_factory() as session:
        row = session.scalars(select(ApiKey)).one()
        assert key.partition(row.prefix)[2][1:].encode() not in row.secret_hash
        assert (row.scopes, row.max_per_min) == (["lists:read"], 100)
        assert row.last_used_at is not None
        entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "create")).one()
        assert (entry.subject, entry.detail) == ("api_key:1", "CRM: lists:read")


def test_a_revoked_key_opens_nothing_and_stays_in_the_list(app, admin):
    (key,) = KEY.findall(_made(admin).get_data(as_text=True))
    assert admin.post("/api-keys/1/revoke").status_code == 302
    assert _opens(app, key) == 401
    assert "Révoquée" in admin.get("/api-keys").get_data(as_text=True)


def test_a_key_without_a_scope_or_with_an_unknown_one_is_not_made(admin, session):
    for scopes in ([], ["lists:read", "everything"]):
        answer = _made(admin, scopes)
        assert answer.status_code == 422 and 'id="f-scopes-fault"' in answer.get_data(as_text=True)
    assert session.scalars(select(ApiKey)).all() == []


@pytest.mark.parametrize("changes", [{"days": "9999"}, {"max_per_min": "0"}, {"name": ""}])
def test_a_form_outside_its_bounds_makes_no_key(admin, session, changes):
    assert _made(admin, **changes).status_code == 422
    assert session.scalars(select(ApiKey)).all() == []


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AGENT, Role.ANALYST])
def test_only_administrators_make_keys(enter, role):
    assert enter(role).get("/api-keys").status_code == 403


def test_what_a_program_did_is_in_the_journal_under_the_name_of_its_key(app, admin, campaign):
    (key,) = KEY.findall(_made(admin, ["lists:write"]).get_data(as_text=True))
    client = app.test_client()
    sent = {"campaign_id": campaign.id, "name": "Prospects"}
    client.post("/api/v1/lists", json=sent, headers={"Authorization": f"Bearer {key}"})
    assert "Clé d’API : CRM" in admin.get("/audit").get_data(as_text=True)


def test_every_scope_has_its_words():
    assert set(labels.api.SCOPES) == set(Scope)
