"""What every messaging channel can do, and how its failures are told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from dialer.model.message import MessageTrigger


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message to hand over. `idempotency_key`: the same for every try of the same message."""

    idempotency_key: str
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a provider reports of a message; `detail` is its own word for it."""

    provider_id: str
    trigger: MessageTrigger
    detail: str = ""


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """What somebody sent us. `sender` as the provider wrote it: a number, a short code, a name."""

    provider_id: str
    sender: str
    text: str


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """A request as it came. `path`: with its query. `headers`: looked up by any case."""

    path: str
    headers: Mapping[str, str]
    raw: bytes


class NotSigned(Exception):
    """A webhook's call does not prove that it comes from the provider."""


class SendFailed(Exception):
    """The provider did not take the message. Retry only when `is_retryable`."""

    def __init__(self, reason: str, *, is_retryable: bool) -> None:
        super().__init__(reason)
        self.is_retryable = is_retryable


class Channel(Protocol):
    """A way to send messages. Implementations hold a deadline on every wait."""

    def send(self, message: OutgoingMessage) -> str:
        """Hand the message over; the provider's identity for it. Raises SendFailed."""
        ...

    def read_webhook(self, call: WebhookCall) -> Mapping[str, object]:
        """The body of a call that the provider signed. Raises NotSigned; BadInput."""
        ...

    def parse_delivery_report(self, body: Mapping[str, object]) -> DeliveryReport:
        """The report in a webhook's decoded body. Raises BadInput."""
        ...

    def parse_incoming(self, body: Mapping[str, object]) -> IncomingMessage:
        """The message in a webhook's decoded body. Raises BadInput."""
        ...
