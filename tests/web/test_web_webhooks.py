"""What the SMS provider tells: signed, in any order, any number of times."""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from sqlalchemy import select
from web_person import SMS_TOKEN
from web_rows import add_attempt, add_lead

from dialer.channels.twilio import Twilio, TwilioAccount, signature
from dialer.model.events import NumberBlocked
from dialer.store import do_not_call
from dialer.store.tables import IncomingMessageRow, MessageRow, Role
from web import create_app
from web.extensions import db
from web.webhooks.routes import MAX_BODY_BYTES

PATH = "/webhooks/sms/delivery"
INCOMING = "/webhooks/sms/incoming"
STOP = {"id": "m1", "from": "33612345678", "text": "Stop <svp>"}


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
    return _signed(app, PATH, body, token)


def _incoming(app, body, token=SMS_TOKEN):
    return _signed(app, INCOMING, body, token)


def _signed(app, path, body, token):
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    signature = hmac.new(token.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"X-Relance-Signature": f"sha256={signature}"}
    return app.test_client().post(path, data=raw, headers=headers)


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


@pytest.fixture
def change(session_factory):
    def set_columns(row, **columns):
        with session_factory.begin() as session:
            for name, value in columns.items():
                setattr(session.merge(row), name, value)

    return set_columns


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


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"{}", b'{"id": 1, "status": "?"}', b"\xff", b'{"id": "\\ud800"}']
)
def test_a_body_that_is_no_report_is_refused(app, session_factory, body):
    assert _report(app, body).status_code == 400


def test_an_unknown_message_is_404(app, session_factory):
    assert _report(app, {"id": "p9", "status": "sent"}).status_code == 404


def test_a_stop_is_obeyed_once_and_told_to_the_dialer_and_shown_to_people(
    app, bus, enter, message, session_factory
):
    for result in ("stored", "ignored"):
        answer = _incoming(app, STOP)
        assert (answer.status_code, answer.json) == (200, {"result": result})
    assert [event for _id, event in bus.heard("0", 1)] == [NumberBlocked("+33612345678")]
    with session_factory() as session:
        assert do_not_call.is_listed(session, "+33612345678")
        lead_id = message.lead_id
    admin = enter(Role.ADMIN)
    timeline = admin.get(f"/contacts/of-lead/{lead_id}", follow_redirects=True)
    for page in (timeline, admin.get("/incoming-messages")):
        shown = page.get_data(as_text=True)
        assert "Stop &lt;svp&gt;" in shown and "Ne veut plus d’appels" in shown
    assert "A écrit" in timeline.get_data(as_text=True)


def test_a_message_that_waited_for_a_blocked_number_says_why_it_failed(enter, message, change):
    change(message, state="FAILED", error="do not call")
    admin = enter(Role.ADMIN)
    for path in ("/messages", "/attempts/a1"):
        shown = admin.get(path).get_data(as_text=True)
        assert "Sur une liste « ne plus appeler »" in shown and "do not call" not in shown


def test_any_other_message_is_kept_and_blocks_nobody(app, bus, session_factory):
    assert _incoming(app, STOP | {"text": "Rappelez-moi demain"}).json == {"result": "stored"}
    assert list(bus.heard("0", 1)) == []
    with session_factory() as session:
        assert not do_not_call.is_listed(session, "+33612345678")
        assert session.scalars(select(IncomingMessageRow.text)).all() == ["Rappelez-moi demain"]


@pytest.mark.parametrize("sender", ["36105", "RELANCE"])
def test_what_no_person_sent_is_taken_and_forgotten(app, session_factory, sender):
    answer = _incoming(app, STOP | {"from": sender})
    assert (answer.status_code, answer.json) == (200, {"result": "ignored"})
    with session_factory() as session:
        assert session.scalars(select(IncomingMessageRow)).all() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", "body"), (b"[]", "body"), ({"id": "m1", "from": "33612345678"}, "text"),
        ({**STOP, "id": None}, "id"), ({**STOP, "from": ""}, "from"),
        ({**STOP, "from": "0612345678"}, "from"),
    ],
)  # fmt: skip
def test_a_message_that_cannot_be_read_is_refused_by_field(app, session_factory, body, field):
    answer = _incoming(app, body)
    assert answer.status_code == 400 and answer.json["error"].startswith(f"{field}: ")


def test_twilio_s_forms_are_obeyed_once_too(app, session_factory, monkeypatch):
    account = TwilioAccount(
        f"https://api.twilio.com/2010-04-01/Accounts/AC{'0' * 32}/Messages.json", "12345",
        "+33700000000", "https://relance.example",
    )  # fmt: skip
    twilio = Twilio(account)
    monkeypatch.setitem(app.extensions, "relance_sms", twilio)
    form = {"MessageSid": "SM1", "From": "+33612345678", "Body": "STOP"}
    signed = signature(f"https://relance.example{INCOMING}", form.items(), "12345")
    for result in ("stored", "ignored"):
        headers = {"X-Twilio-Signature": signed}
        answer = app.test_client().post(INCOMING, data=form, headers=headers)
        assert (answer.status_code, answer.json) == (200, {"result": result})
    assert app.test_client().post(INCOMING, data=form | {"Body": "x"}).status_code == 401
    twilio.close()
    with session_factory() as session:
        assert do_not_call.is_listed(session, "+33612345678")


def test_a_message_is_signed_and_of_bounded_size(app, session_factory):
    assert _incoming(app, STOP, token="another").status_code == 401
    assert app.test_client().post(INCOMING, json=STOP).status_code == 401
    assert _incoming(app, STOP | {"text": "x" * MAX_BODY_BYTES}).status_code == 413
    with session_factory() as session:
        assert session.scalars(select(IncomingMessageRow)).all() == []
