"""What providers tell by webhook, read field by field: a body's fields under their many names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

import orjson

from dialer.channels.base import DeliveryReport, IncomingMessage
from dialer.model.errors import BadInput
from dialer.model.message import MessageTrigger

FIELD_LENGTH = 200
TEXT_LENGTH = 1600
"""Of an incoming message so much is kept: ten parts of an SMS."""
MAX_FIELDS = 200
"""Of a form."""


@dataclass(frozen=True, slots=True)
class Words:
    """A provider's names for fields, of which the first that is there counts, and for states."""

    ids: tuple[str, ...]
    statuses: tuple[str, ...]
    senders: tuple[str, ...]
    texts: tuple[str, ...]
    triggers: Mapping[str, MessageTrigger]


def delivery_report(body: Mapping[str, object], words: Words) -> DeliveryReport:
    """The report in a webhook's body. Raises BadInput naming what is missing."""
    provider_id = first(body, words.ids)
    status = first(body, words.statuses).upper()
    if not provider_id:
        raise BadInput("id: missing")
    if status not in words.triggers:
        raise BadInput(f"status: {status[:40]!r} is unknown")
    return DeliveryReport(provider_id, words.triggers[status], status)


def incoming_message(body: Mapping[str, object], words: Words) -> IncomingMessage:
    """The message in a webhook's body. Raises BadInput naming what is missing.

    An empty text is one: a picture came alone. An identity is never cut, or two messages might be
    taken for one.
    """
    provider_id = next(_found(body, words.ids), "")
    sender = next(_found(body, words.senders), "")
    text = next(_found(body, words.texts), None)
    if not 0 < len(provider_id) <= FIELD_LENGTH:
        raise BadInput(f"id: must be there, with at most {FIELD_LENGTH} characters")
    if not sender:
        raise BadInput("from: missing")
    if text is None:
        raise BadInput("text: missing")
    return IncomingMessage(provider_id, sender[:FIELD_LENGTH], text[:TEXT_LENGTH])


def first(body: Mapping[str, object], names: tuple[str, ...]) -> str:
    """The first of the fields that holds a text or a number, cut short; else nothing."""
    return next(_found(body, names), "")[:FIELD_LENGTH]


def json_object(raw: bytes) -> Mapping[str, object]:
    """A JSON object. Raises BadInput."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise BadInput("body: must be a JSON object")
    return body


def form(raw: bytes) -> list[tuple[str, str]]:
    """The fields of a form (application/x-www-form-urlencoded), as sent. Raises BadInput."""
    try:
        return parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, strict_parsing=bool(raw), errors="strict",
            max_num_fields=MAX_FIELDS,
        )  # fmt: skip
    except ValueError:
        raise BadInput("body: must be a form") from None


def _found(body: Mapping[str, object], names: tuple[str, ...]) -> Iterator[str]:
    """Those of the fields that hold a text or a number, without what no table can hold."""
    for name in names:
        value = body.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            yield str(value).replace("\0", "")
