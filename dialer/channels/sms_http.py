"""SMS through a provider's HTTP interface: one JSON request for each message.

Knows nothing of campaigns or the database. Whether a failure may be tried again is decided here,
since only here is it known what the answer meant: no answer, 429 and 5xx pass; other refusals
stay. The idempotency key goes along, so that a try whose answer was lost is not sent twice by a
provider that keeps keys.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from dialer.channels.base import (
    DeliveryReport,
    IncomingMessage,
    NotSigned,
    OutgoingMessage,
    SendFailed,
    WebhookCall,
)
from dialer.channels.reading import (
    Words,
    delivery_report,
    first,
    form,
    incoming_message,
    json_object,
)
from dialer.model.errors import BadInput, ConfigurationError
from dialer.model.message import MessageTrigger

CONNECT_LIMIT_S = 5.0
ANSWER_LIMIT_S = 15.0
RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})
ANSWER_BYTES = 65_536
FORM = "application/x-www-form-urlencoded"
ID_FIELDS = ("id", "message_id", "messageId")
TRIGGERS: Mapping[str, MessageTrigger] = {
    "SENT": MessageTrigger.SEND,
    "ACCEPTED": MessageTrigger.SEND,
    "DELIVERED": MessageTrigger.DELIVER,
    "DELIVRD": MessageTrigger.DELIVER,
    "FAILED": MessageTrigger.FAIL,
    "UNDELIVERED": MessageTrigger.FAIL,
    "UNDELIV": MessageTrigger.FAIL,
    "REJECTED": MessageTrigger.FAIL,
    "REJECTD": MessageTrigger.FAIL,
    "EXPIRED": MessageTrigger.FAIL,
}
"""Words of providers, SMPP's abbreviations among them."""
WORDS = Words(
    ids=ID_FIELDS,
    statuses=("status", "state"),
    senders=("from", "sender", "msisdn", "number"),
    texts=("text", "body", "message", "content"),
    triggers=TRIGGERS,
)


@dataclass(frozen=True, slots=True)
class SmsTemplate:
    """How the provider wants it: `body` maps its field names to `number`, `text` or `key`."""

    url: str
    token: str
    token_header: str = "Authorization"
    token_prefix: str = "Bearer "
    body: tuple[tuple[str, str], ...] = (("to", "number"), ("text", "text"))


class SmsHttp:
    """A Channel for one provider; one pooled client for the life of the process."""

    def __init__(self, template: SmsTemplate, transport: httpx.BaseTransport | None = None) -> None:
        """`transport` replaces the network in tests. Raises ConfigurationError for a bad URL."""
        if not template.url.startswith(("https://", "http://")):
            raise ConfigurationError("RELANCE_SMS_URL: must start with https:// or http://")
        if not template.token.isprintable() or not template.token.isascii():
            raise ConfigurationError("RELANCE_SMS_TOKEN: must be printable ASCII")
        self._template = template
        self._client = httpx.Client(
            timeout=httpx.Timeout(ANSWER_LIMIT_S, connect=CONNECT_LIMIT_S),
            follow_redirects=False,
            transport=transport,
        )

    def send(self, message: OutgoingMessage) -> str:
        """Hand the message over; the provider's identity for it. Raises SendFailed."""
        try:
            answer = self._client.post(
                self._template.url, json=self._body(message), headers=self._headers(message)
            )
        except httpx.TransportError as error:
            raise SendFailed(type(error).__name__, is_retryable=True) from error
        if not answer.is_success:
            reason = f"HTTP {answer.status_code}"
            raise SendFailed(reason, is_retryable=answer.status_code in RETRYABLE)
        return id_in(answer) or message.idempotency_key

    def read_webhook(self, call: WebhookCall) -> Mapping[str, object]:
        """A JSON object or a form, signed by HMAC-SHA256 over its bytes with the token.

        Raises NotSigned, and always without a token; BadInput.
        """
        expected = hmac.new(self._template.token.encode(), call.raw, hashlib.sha256).hexdigest()
        given = call.headers.get("X-Relance-Signature", "").removeprefix("sha256=").strip().lower()
        if not self._template.token or not hmac.compare_digest(expected.encode(), given.encode()):
            raise NotSigned
        is_form = call.headers.get("Content-Type", "").partition(";")[0].strip().lower() == FORM
        return dict(form(call.raw)) if is_form else json_object(call.raw)

    def parse_delivery_report(self, body: Mapping[str, object]) -> DeliveryReport:
        """The report in a webhook's body. Raises BadInput naming what is missing."""
        return delivery_report(body, WORDS)

    def parse_incoming(self, body: Mapping[str, object]) -> IncomingMessage:
        """The message in a webhook's body. Raises BadInput naming what is missing."""
        return incoming_message(body, WORDS)

    def close(self) -> None:
        """Close the pooled connections."""
        self._client.close()

    def _body(self, message: OutgoingMessage) -> dict[str, str]:
        facts = {
            "number": message.number, "text": message.text, "key": message.idempotency_key,
        }  # fmt: skip
        return {name: facts[fact] for name, fact in self._template.body}

    def _headers(self, message: OutgoingMessage) -> dict[str, str]:
        token = f"{self._template.token_prefix}{self._template.token}"
        return {
            self._template.token_header: token,
            "Idempotency-Key": message.idempotency_key,
        }


def id_in(answer: httpx.Response, names: tuple[str, ...] = ID_FIELDS) -> str:
    """The identity that the provider's answer gives the message; empty where it gives none."""
    if len(answer.content) > ANSWER_BYTES:
        return ""
    try:
        return first(json_object(answer.content), names)
    except BadInput:
        return ""
