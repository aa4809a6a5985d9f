"""SMS through Twilio: forms both ways, and a signature over the address and the form.

Twilio keeps no idempotency keys for messages. A send whose answer was lost is therefore never
repeated: a message too few is better than two to one person. Signatures:
https://www.twilio.com/docs/usage/security#validating-requests
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import httpx

from dialer.channels.base import (
    DeliveryReport,
    IncomingMessage,
    NotSigned,
    OutgoingMessage,
    SendFailed,
    WebhookCall,
)
from dialer.channels.reading import Words, delivery_report, first, form, incoming_message
from dialer.channels.sms_http import ANSWER_LIMIT_S, CONNECT_LIMIT_S, RETRYABLE, id_in
from dialer.model.errors import ConfigurationError
from dialer.model.message import MessageTrigger

DELIVERY_PATH = "/webhooks/sms/delivery"
TRIGGERS: Mapping[str, MessageTrigger] = {
    "ACCEPTED": MessageTrigger.SEND,
    "SCHEDULED": MessageTrigger.SEND,
    "QUEUED": MessageTrigger.SEND,
    "SENDING": MessageTrigger.SEND,
    "SENT": MessageTrigger.SEND,
    "DELIVERED": MessageTrigger.DELIVER,
    "READ": MessageTrigger.DELIVER,
    "UNDELIVERED": MessageTrigger.FAIL,
    "FAILED": MessageTrigger.FAIL,
    "CANCELED": MessageTrigger.FAIL,
}
WORDS = Words(
    ids=("MessageSid", "SmsSid"),
    statuses=("MessageStatus", "SmsStatus"),
    senders=("From",),
    texts=("Body",),
    triggers=TRIGGERS,
)
_ADDRESS = re.compile(r"https?://[^/]+/[0-9-]+/Accounts/(AC[0-9a-f]{32})/Messages\.json")
_SERVICE = re.compile("MG[0-9a-f]{32}")
_SENDER = re.compile(r"\+[1-9][0-9]{5,14}|[0-9]{3,8}|[A-Za-z0-9 ]{1,11}")


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """`url`: its Messages.json. `sender`: a number, a short code, a name or a messaging service.
    `public_url`: what the web is called from outside, as Twilio is to call it."""

    url: str
    token: str
    sender: str
    public_url: str


class Twilio:
    """A Channel for one account; one pooled client for the life of the process."""

    def __init__(
        self, account: TwilioAccount, transport: httpx.BaseTransport | None = None
    ) -> None:
        """`transport` replaces the network in tests. Raises ConfigurationError."""
        address = _ADDRESS.fullmatch(account.url)
        if address is None:
            raise ConfigurationError("RELANCE_SMS_URL: must end in /Accounts/AC…/Messages.json")
        if not (_SERVICE.fullmatch(account.sender) or _SENDER.fullmatch(account.sender)):
            raise ConfigurationError("RELANCE_SMS_FROM: must be a number, a name or a service MG…")
        if not account.public_url.startswith(("https://", "http://")):
            raise ConfigurationError("RELANCE_PUBLIC_URL: Twilio needs it, with https://")
        self._account = account
        self._public_url = account.public_url.rstrip("/")
        self._client = httpx.Client(
            auth=(address[1], account.token),
            timeout=httpx.Timeout(ANSWER_LIMIT_S, connect=CONNECT_LIMIT_S),
            follow_redirects=False,
            transport=transport,
        )

    def send(self, message: OutgoingMessage) -> str:
        """Hand the message over; Twilio's identity for it. Raises SendFailed."""
        try:
            answer = self._client.post(self._account.url, data=self._form(message))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise SendFailed(type(error).__name__, is_retryable=True) from error
        except httpx.TransportError as error:
            reason = f"{type(error).__name__}: it may have been sent"
            raise SendFailed(reason, is_retryable=False) from error
        if not answer.is_success:
            reason = f"HTTP {answer.status_code}"
            raise SendFailed(reason, is_retryable=answer.status_code in RETRYABLE)
        return id_in(answer, ("sid",)) or message.idempotency_key

    def read_webhook(self, call: WebhookCall) -> Mapping[str, object]:
        """The form that Twilio sent. Raises NotSigned, and always without a token; BadInput."""
        fields = form(call.raw)
        expected = signature(f"{self._public_url}{call.path}", fields, self._account.token)
        given = call.headers.get("X-Twilio-Signature", "").encode()
        if not self._account.token or not hmac.compare_digest(expected.encode(), given):
            raise NotSigned
        return dict(fields)

    def parse_delivery_report(self, body: Mapping[str, object]) -> DeliveryReport:
        """The report in a form, with Twilio's number of the error. Raises BadInput."""
        report = delivery_report(body, WORDS)
        return replace(report, detail=f"{report.detail} {first(body, ('ErrorCode',))}".strip())

    def parse_incoming(self, body: Mapping[str, object]) -> IncomingMessage:
        """The message in a form. Raises BadInput naming what is missing."""
        return incoming_message(body, WORDS)

    def close(self) -> None:
        """Close the pooled connections."""
        self._client.close()

    def _form(self, message: OutgoingMessage) -> dict[str, str]:
        sender = self._account.sender
        by = "MessagingServiceSid" if _SERVICE.fullmatch(sender) else "From"
        return {
            "To": message.number, "Body": message.text, by: sender,
            "StatusCallback": f"{self._public_url}{DELIVERY_PATH}",
        }  # fmt: skip


def signature(url: str, fields: Iterable[tuple[str, str]], token: str) -> str:
    """HMAC-SHA1, in Base64, of the address and then each field's name and value, by name; a field
    that is sent twice with one value counts once."""
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), hashlib.sha1)).decode()
