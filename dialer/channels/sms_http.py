"""SMS through a provider's HTTP interface: one JSON request for each message.

Knows nothing of campaigns or the database. Whether a failure may be tried again is decided here,
since only here is it known what the answer meant: no answer, 429 and 5xx pass; other refusals
stay. The idempotency key goes along, so that a try whose answer was lost is not sent twice by a
provider that keeps keys.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx

from dialer.channels.base import DeliveryReport, IncomingMessage, OutgoingMessage, SendFailed
from dialer.model.errors import BadInput, ConfigurationError
from dialer.model.message import MessageTrigger

CONNECT_LIMIT_S = 5.0
ANSWER_LIMIT_S = 15.0
RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})
ANSWER_BYTES = 65_536
ID_FIELDS = ("id", "message_id", "messageId")
STATUS_FIELDS = ("status", "state")
SENDER_FIELDS = ("from", "sender", "msisdn", "number")
TEXT_FIELDS = ("text", "body", "message", "content")
FIELD_LENGTH = 200
TEXT_LENGTH = 1600
"""Of an incoming message so much is kept: ten parts of an SMS."""
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
        return _provider_id(answer) or message.idempotency_key

    def parse_delivery_report(self, body: Mapping[str, object]) -> DeliveryReport:
        """The report in a webhook's decoded body. Raises BadInput naming what is missing."""
        provider_id = _first(body, ID_FIELDS)
        status = _first(body, STATUS_FIELDS).upper()
        if not provider_id:
            raise BadInput("id: missing")
        if status not in TRIGGERS:
            raise BadInput(f"status: {status[:40]!r} is unknown")
        return DeliveryReport(provider_id, TRIGGERS[status], status)

    def parse_incoming(self, body: Mapping[str, object]) -> IncomingMessage:
        """The message in a webhook's decoded body. Raises BadInput naming what is missing.

        An empty text is one: a picture came alone. An identity is never cut, or two messages might
        be taken for one.
        """
        provider_id = next(_found(body, ID_FIELDS), "")
        sender = next(_found(body, SENDER_FIELDS), "")
        text = next(_found(body, TEXT_FIELDS), None)
        if not 0 < len(provider_id) <= FIELD_LENGTH:
            raise BadInput(f"id: must be there, with at most {FIELD_LENGTH} characters")
        if not sender:
            raise BadInput("from: missing")
        if text is None:
            raise BadInput("text: missing")
        return IncomingMessage(provider_id, sender[:FIELD_LENGTH], text[:TEXT_LENGTH])

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


def _provider_id(answer: httpx.Response) -> str:
    if len(answer.content) > ANSWER_BYTES:
        return ""
    try:
        body = answer.json()
    except ValueError:
        return ""
    return _first(body, ID_FIELDS) if isinstance(body, dict) else ""


def _first(body: Mapping[str, object], names: tuple[str, ...]) -> str:
    return next(_found(body, names), "")[:FIELD_LENGTH]


def _found(body: Mapping[str, object], names: tuple[str, ...]) -> Iterator[str]:
    """Those of the fields that hold a text or a number, without what no table can hold."""
    for name in names:
        value = body.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            yield str(value).replace("\0", "")
