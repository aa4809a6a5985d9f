"""The HTTP connector alone: what is taken for an identity, a report, a passing failure."""

import hashlib
import hmac

import httpx
import pytest

from dialer.channels.base import (
    IncomingMessage,
    NotSigned,
    OutgoingMessage,
    SendFailed,
    WebhookCall,
)
from dialer.channels.reading import TEXT_LENGTH
from dialer.channels.sms_http import SmsHttp, SmsTemplate
from dialer.model.errors import BadInput, ConfigurationError
from dialer.model.message import MessageTrigger

MESSAGE = OutgoingMessage("key-1", "+33612345678", 'Zoé "x"\n')


@pytest.fixture
def channel():
    """A connector whose provider is the function put into `answers`."""
    made = []

    def make(answer, **facts):
        template = SmsTemplate("https://sms.example/send", "secret", **facts)
        made.append(SmsHttp(template, httpx.MockTransport(answer)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize(
    ("content", "identity"),
    [
        (b'{"id": "p1"}', "p1"),
        (b'{"message_id": 42}', "42"),
        (b'{"id": {"a": 1}}', "key-1"),
        (b"[1]", "key-1"),
        (b"OK", "key-1"),
        (b"", "key-1"),
        (b'{"id": "' + b"x" * 100_000 + b'"}', "key-1"),
    ],
)
def test_identity_is_the_providers_or_else_our_key(channel, content, identity):
    assert channel(lambda request: httpx.Response(202, content=content)).send(MESSAGE) == identity


@pytest.mark.parametrize(
    ("status", "is_retryable"),
    [(400, False), (401, False), (404, False), (408, True), (429, True), (500, True), (503, True),
     (302, False)],
)  # fmt: skip
def test_refusals_stay_and_troubles_pass(channel, status, is_retryable):
    provider = channel(lambda request: httpx.Response(status, headers={"location": "http://a/"}))
    with pytest.raises(SendFailed, match=f"HTTP {status}") as failed:
        provider.send(MESSAGE)
    assert failed.value.is_retryable is is_retryable


def test_time_out_passes_and_tells_no_address(channel):
    def hang(request):
        raise httpx.ReadTimeout("secret.example took long")

    with pytest.raises(SendFailed, match=r"^ReadTimeout$") as failed:
        channel(hang).send(MESSAGE)
    assert failed.value.is_retryable


def test_body_and_token_follow_the_template(channel):
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200)

    body = (("msisdn", "number"), ("message", "text"), ("ref", "key"))
    channel(answer, token_header="X-Key", token_prefix="", body=body).send(MESSAGE)
    assert seen[0].headers["X-Key"] == "secret"
    assert seen[0].read() == (
        b'{"msisdn":"+33612345678","message":"Zo\xc3\xa9 \\"x\\"\\n","ref":"key-1"}'
    )


def test_reports_are_read_or_refused_by_field(channel):
    provider = channel(lambda request: httpx.Response(200))
    report = provider.parse_delivery_report({"messageId": 7, "state": "delivrd"})
    assert (report.provider_id, report.trigger) == ("7", MessageTrigger.DELIVER)
    with pytest.raises(BadInput, match=r"^id: "):
        provider.parse_delivery_report({"status": "DELIVERED"})
    with pytest.raises(BadInput, match=r"^status: "):
        provider.parse_delivery_report({"id": "p1", "status": ["DELIVERED"]})


@pytest.mark.parametrize(
    "body",
    [
        {"id": "m1", "from": "+33612345678", "text": "STOP"},
        {"message_id": "m1", "sender": "+33612345678", "body": "STOP"},
        {"messageId": "m1", "msisdn": "+33612345678", "message": "STOP", "to": "36105"},
        {"id": "m1\0", "number": "+33612345678", "message": {"a": 1}, "content": "S\0TOP"},
    ],
)
def test_an_incoming_message_is_read_by_the_names_that_providers_use(channel, body):
    provider = channel(lambda request: httpx.Response(200))
    assert provider.parse_incoming(body) == IncomingMessage("m1", "+33612345678", "STOP")


def test_of_an_incoming_message_only_the_text_may_be_empty_and_is_bounded(channel):
    provider = channel(lambda request: httpx.Response(200))
    whole = {"id": 7, "from": 33612345678, "text": "x" * 5000}
    assert provider.parse_incoming(whole) == IncomingMessage("7", "33612345678", "x" * TEXT_LENGTH)
    assert provider.parse_incoming(whole | {"text": ""}).text == ""
    for wrong, field in (
        ({"id": ""}, "id"), ({"id": None}, "id"), ({"id": True}, "id"), ({"id": "x" * 201}, "id"),
        ({"from": ""}, "from"), ({"from": ["+33612345678"]}, "from"),
        ({"text": None}, "text"), ({"text": ["STOP"]}, "text"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=f"^{field}: "):
            provider.parse_incoming(whole | wrong)


@pytest.mark.parametrize(
    ("url", "token"), [("ftp://x", "a"), ("file:///etc", "a"), ("https://x", "a\r\nX: y")]
)
def test_bad_configuration_is_refused_at_once(url, token):
    with pytest.raises(ConfigurationError, match="RELANCE_SMS"):
        SmsHttp(SmsTemplate(url, token))


def _signed(raw, signed=None, **headers):
    digest = hmac.new(b"secret", raw if signed is None else signed, hashlib.sha256).hexdigest()
    return WebhookCall("/", {"X-Relance-Signature": f"sha256={digest}"} | headers, raw)


def test_a_webhook_is_json_or_a_form_signed_to_each_byte(channel):
    provider = channel(None)
    assert provider.read_webhook(_signed(b'{"id": 1}')) == {"id": 1}
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    assert provider.read_webhook(_signed(b"id=1&text=a+%26", **form)) == {"id": "1", "text": "a &"}
    for call in (_signed(b"{}", b"{ }"), WebhookCall("/", {"X-Relance-Signature": "\xe9"}, b"{}")):
        with pytest.raises(NotSigned):
            provider.read_webhook(call)
