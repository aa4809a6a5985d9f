"""Delivery reports: signed, in any order, any number of times."""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from web_person import SMS_TOKEN
from web_rows import add_attempt, add_lead

from dialer.store.tables import MessageRow
from web import create_app
from web.extensions import db
from web.webhooks.routes import is_signed

PATH = "/webhooks/sms/delivery"


@pytest.fixture
def message(session_factory, campaign):
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id)
        attempt = add_attempt(session, lead, "a1")
        row = MessageRow(
            attempt_id=attempt.id, lead_id=lead.id, campaign_id=campaign.id, text="Bonjour",
            day=datetime.now(UTC).date(), number=lead.number, state="SENT", provider_id="p1",
        )  # fmt: skip
        session.add(row)
    return row


def _report(app, body, token=SMS_TOKEN):
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    signature = hmac.new(token.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"X-Relance-Signature": f"sha256={signature}"}
    return app.test_client().post(PATH, data=raw, headers=headers)


def _state(session_factory, message):
    with session_factory() as session:
        return session.get_one(MessageRow, message.id).state


def test_reports_move_the_message_forward_only(app, message, session_factory):
    for status, result, state in (
        ("delivered", "stored", "DELIVERED"),
        ("sent", "ignored", "DELIVERED"),
        ("failed", "ignored", "DELIVERED"),
        ("delivered", "ignored", "DELIVERED"),
    ):
        answer = _report(app, {"id": "p1", "status": status})
        assert (answer.status_code, answer.json["result"]) == (200, result)
        assert _state(session_factory, message) == state


def test_a_failure_keeps_the_provider_s_word(app, message, session_factory):
    _report(app, {"id": "p1", "status": "failed"})
    with session_factory() as session:
        row = session.get_one(MessageRow, message.id)
        assert (row.state, row.error) == ("FAILED", "FAILED")


def test_a_report_without_the_right_signature_is_refused(app, message, session_factory):
    body = {"id": "p1", "status": "delivered"}
    assert _report(app, body, token="another").status_code == 401
    assert app.test_client().post(PATH, json=body).status_code == 401
    assert _state(session_factory, message) == "SENT"


def test_without_a_token_every_report_is_refused(settings, database_url, redis_url, message):
    app = create_app(replace(settings, sms_token=""), database_url, redis_url)
    answer = _report(app, {"id": "p1", "status": "delivered"}, token="")
    assert answer.status_code == 401
    with app.app_context():
        db.engine.dispose()
    app.extensions["relance_bus"].redis.close()


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"id": 1, "status": "?"}'])
def test_a_body_that_is_no_report_is_refused(app, session_factory, body):
    assert _report(app, body).status_code == 400


def test_an_unknown_message_is_404(app, session_factory):
    assert _report(app, {"id": "p9", "status": "sent"}).status_code == 404


def test_the_signature_covers_each_byte():
    good = hmac.new(b"t", b"abc", hashlib.sha256).hexdigest()
    assert is_signed(b"abc", good, "t")
    assert not is_signed(b"abd", good, "t")
    assert not is_signed(b"abc", "é", "t")
