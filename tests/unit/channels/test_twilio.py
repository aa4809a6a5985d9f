"""Twilio's own ways: forms, a signature over address and form, and no second try in doubt."""

from base64 import b64encode
from urllib.parse import parse_qs, urlencode

import httpx
import pytest

from dialer.channels.base import (
    DeliveryReport,
    IncomingMessage,
    NotSigned,
    OutgoingMessage,
    SendFailed,
    WebhookCall,
)
from dialer.channels.twilio import Twilio, TwilioAccount, signature
from dialer.model.errors import BadInput, ConfigurationError
from dialer.model.message import MessageTrigger

SID = "AC" + "0" * 32
URL = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"
OUTSIDE = "https://relance.example"
ACCOUNT = {"url": URL, "token": "12345", "sender": "+33700000000", "public_url": f"{OUTSIDE}/"}
MESSAGE = OutgoingMessage("key-1", "+33612345678", "Zoé")
STOP = {"MessageSid": "SM1", "From": "+33612345678", "To": "+33700000000", "Body": "STOP é &=+"}
PATH = "/webhooks/sms/incoming"


@pytest.fixture
def twilio():
    made = []

    def make(answer=None, **facts):
        made.append(Twilio(TwilioAccount(**ACCOUNT | facts), httpx.MockTransport(answer)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def call(fields, path=PATH, token="12345", signed=None):
    headers = {"X-Twilio-Signature": signature(OUTSIDE + path, fields.items(), token)}
    return WebhookCall(path, headers if signed is None else signed, urlencode(fields).encode())


def test_the_signature_is_the_one_of_twilio_s_own_documentation():
    fields = [
        ("To", "+18005551212"), ("From", "+14158675309"), ("Digits", "1234"),
        ("Caller", "+14158675309"), ("CallSid", "CA1234567890ABCDE"),
    ]  # fmt: skip
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    # HMAC-SHA1, key "12345", of the address and then CallSidCA1234567890ABCDECaller+14158675309
    # Digits1234From+14158675309To+18005551212 without a break
    assert signature(url, fields, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_message_is_read_as_it_was_signed(twilio):
    channel = twilio()
    body = channel.read_webhook(call(STOP))
    assert channel.parse_incoming(body) == IncomingMessage("SM1", "+33612345678", "STOP é &=+")
    assert channel.read_webhook(call(STOP, path=f"{PATH}?x=1")) == STOP


@pytest.mark.parametrize(
    ("token", "forged"),
    [
        ("12345", call(STOP, token="another")),
        ("12345", call(STOP, signed={})),
        ("12345", WebhookCall(PATH, call(STOP).headers, urlencode(STOP | {"Body": "x"}).encode())),
        ("12345", WebhookCall("/webhooks/sms/delivery", call(STOP).headers, call(STOP).raw)),
        ("", call(STOP, token="")),
    ],
    ids=["key", "none", "body", "address", "no token"],
)
def test_what_twilio_did_not_sign_is_refused(twilio, token, forged):
    with pytest.raises(NotSigned):
        twilio(token=token).read_webhook(forged)


@pytest.mark.parametrize("raw", ["é=1".encode(), b"a=%ff", b"a", b"&".join([b"a=1"] * 300)])
def test_a_body_that_is_no_form_is_refused(twilio, raw):
    with pytest.raises(BadInput, match=r"^body: "):
        twilio().read_webhook(WebhookCall(PATH, {}, raw))


@pytest.mark.parametrize(
    ("status", "error", "trigger", "detail"),
    [
        ("sent", None, MessageTrigger.SEND, "SENT"),
        ("delivered", None, MessageTrigger.DELIVER, "DELIVERED"),
        ("undelivered", "30003", MessageTrigger.FAIL, "UNDELIVERED 30003"),
    ],
)
def test_a_report_tells_how_far_a_message_got(twilio, status, error, trigger, detail):
    fields = {"MessageSid": "SM1", "MessageStatus": status}
    fields |= {"ErrorCode": error} if error else {}
    assert twilio().parse_delivery_report(fields) == DeliveryReport("SM1", trigger, detail)


@pytest.mark.parametrize(
    ("sender", "by"), [("+33700000000", "From"), ("MG" + "a" * 32, "MessagingServiceSid")]
)
def test_a_message_is_a_form_with_the_account_and_the_address_for_reports(twilio, sender, by):
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(201, json={"sid": "SM9", "status": "queued"})

    assert twilio(answer, sender=sender).send(MESSAGE) == "SM9"
    assert parse_qs(seen[0].read().decode()) == {
        "To": ["+33612345678"], "Body": ["Zoé"], by: [sender],
        "StatusCallback": ["https://relance.example/webhooks/sms/delivery"],
    }  # fmt: skip
    assert (
        seen[0].headers["Authorization"] == "Basic " + b64encode(f"{SID}:12345".encode()).decode()
    )


@pytest.mark.parametrize(
    ("trouble", "is_retryable"), [(httpx.ConnectError, True), (httpx.ReadTimeout, False)]
)
def test_a_lost_answer_is_no_reason_to_send_twice(twilio, trouble, is_retryable):
    def fail(request):
        raise trouble("x")

    with pytest.raises(SendFailed) as failed:
        twilio(fail).send(MESSAGE)
    assert failed.value.is_retryable is is_retryable


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"url": "https://api.twilio.com/"}, "RELANCE_SMS_URL"),
        ({"sender": ""}, "RELANCE_SMS_FROM"),
        ({"public_url": ""}, "RELANCE_PUBLIC_URL"),
    ],
)
def test_a_wrong_setting_is_named(twilio, wrong, name):
    with pytest.raises(ConfigurationError, match=f"^{name}: "):
        twilio(**wrong)
