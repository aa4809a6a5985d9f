"""What the switch tells: the content of an event frame as headers and a body.

Knows both formats and nothing of connections.  Two rules greenswitch broke are kept here: a block
is split into lines BEFORE any value is unquoted, so `%0AName: x` inside a caller's name forges no
header; and a body stays a body.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import orjson

from esl.errors import FrameError
from esl.render import ARRAY_MARK, ARRAY_PREFIX

JSON = "text/event-json"
PLAIN = "text/event-plain"
UNDEFINED = "_undef_"  # how plain events write an empty value
_JSON_NAME = b'{"Event-Name":"'
_PLAIN_NAME = b"Event-Name: "
NAME_LIMIT_BYTES = 100
"""Longest name that is looked for without parsing."""


class EventName(StrEnum):
    """Events a dialer subscribes to; others are plain strings."""

    CHANNEL_OUTGOING = "CHANNEL_OUTGOING"
    CHANNEL_CREATE = "CHANNEL_CREATE"
    CHANNEL_ORIGINATE = "CHANNEL_ORIGINATE"
    CHANNEL_PROGRESS = "CHANNEL_PROGRESS"
    CHANNEL_PROGRESS_MEDIA = "CHANNEL_PROGRESS_MEDIA"
    CHANNEL_ANSWER = "CHANNEL_ANSWER"
    CHANNEL_PARK = "CHANNEL_PARK"
    CHANNEL_UNPARK = "CHANNEL_UNPARK"
    CHANNEL_BRIDGE = "CHANNEL_BRIDGE"
    CHANNEL_UNBRIDGE = "CHANNEL_UNBRIDGE"
    CHANNEL_HOLD = "CHANNEL_HOLD"
    CHANNEL_UNHOLD = "CHANNEL_UNHOLD"
    CHANNEL_EXECUTE = "CHANNEL_EXECUTE"
    CHANNEL_EXECUTE_COMPLETE = "CHANNEL_EXECUTE_COMPLETE"
    CHANNEL_HANGUP = "CHANNEL_HANGUP"
    CHANNEL_HANGUP_COMPLETE = "CHANNEL_HANGUP_COMPLETE"
    CHANNEL_DESTROY = "CHANNEL_DESTROY"
    CHANNEL_DATA = "CHANNEL_DATA"
    BACKGROUND_JOB = "BACKGROUND_JOB"
    DTMF = "DTMF"
    RECORD_START = "RECORD_START"
    RECORD_STOP = "RECORD_STOP"
    PLAYBACK_START = "PLAYBACK_START"
    PLAYBACK_STOP = "PLAYBACK_STOP"
    HEARTBEAT = "HEARTBEAT"
    SHUTDOWN = "SHUTDOWN"
    CUSTOM = "CUSTOM"


class EslEvent:
    """One event: `headers` as the switch sent them (a repeated name keeps its last value), `body`.

    An empty value and plain's `_undef_` are both "".  An array is `ARRAY::a|:b` in both formats.
    `repaired` says that bytes were not UTF-8 and were replaced by U+FFFD.
    """

    __slots__ = ("body", "headers", "repaired")

    def __init__(
        self, headers: dict[str, str], body: str | None = None, *, repaired: bool = False
    ) -> None:
        self.headers = headers
        self.body = body
        self.repaired = repaired

    def __repr__(self) -> str:
        return f"<EslEvent {self.key or '?'} {self.uuid}>"

    def get(self, name: str, default: str = "") -> str:
        """Value of a header, `default` when it is absent."""
        return self.headers.get(name, default)

    def variable(self, name: str, default: str = "") -> str:
        """Value of a channel variable."""
        return self.headers.get("variable_" + name, default)

    def integer(self, name: str) -> int | None:
        """Value of a header as a number, None when absent or not one."""
        text = self.headers.get(name, "")
        return int(text) if text.removeprefix("-").isdecimal() else None

    @property
    def name(self) -> str:
        """Event-Name, "" for frames that are no event (a disconnect notice)."""
        return self.headers.get("Event-Name", "")

    @property
    def subclass(self) -> str:
        """Event-Subclass of a CUSTOM event."""
        return self.headers.get("Event-Subclass", "")

    @property
    def key(self) -> str:
        """What handlers register under: the subclass of a CUSTOM event, else the name."""
        return (self.subclass or self.name) if self.name == "CUSTOM" else self.name

    @property
    def data(self) -> str | None:
        """The body, under the name greenswitch gives it."""
        return self.body

    @property
    def uuid(self) -> str:
        """Unique-ID of the leg, "" for events about no leg."""
        return self.headers.get("Unique-ID", "")

    @property
    def other_uuid(self) -> str:
        """Unique-ID of the leg this one is bridged to or was originated by."""
        return self.headers.get("Other-Leg-Unique-ID", "")

    @property
    def job_uuid(self) -> str:
        """Job-UUID of a BACKGROUND_JOB."""
        return self.headers.get("Job-UUID", "")

    @property
    def application_uuid(self) -> str:
        """Event-UUID of the sendmsg that asked for this CHANNEL_EXECUTE(_COMPLETE)."""
        return self.headers.get("Application-UUID", "")

    @property
    def core_uuid(self) -> str:
        """Identity of the running switch; a new one means it restarted and every call is gone."""
        return self.headers.get("Core-UUID", "")

    @property
    def hangup_cause(self) -> str:
        """Q.850 name, such as USER_BUSY."""
        return self.headers.get("Hangup-Cause", "")

    @property
    def timestamp_us(self) -> int | None:
        """When the event was made: microseconds of wall time, in steps of the core tick (20 ms)."""
        return self.integer("Event-Date-Timestamp")


def event_name(content: bytes | bytearray, at: int = 0) -> str | None:
    """Name of an undecoded event that begins at byte `at`, None when it must be parsed to know.

    Event-Name is the first header of every core event, so unwanted ones cost 0.5 us, not 15.
    """
    if content.startswith(_JSON_NAME, at):
        start, mark = at + len(_JSON_NAME), b'"'
    elif content.startswith(_PLAIN_NAME, at):
        start, mark = at + len(_PLAIN_NAME), b"\n"
    else:
        return None
    end = content.find(mark, start, start + NAME_LIMIT_BYTES)
    name = content[start:end]
    return name.decode("ascii") if end > 0 and name.isascii() else None


def parse_event(content_type: str, content: bytes) -> EslEvent:
    """Decode the content of an event frame.  Raises FrameError when it is no event."""
    if content_type == JSON:
        return parse_json(content)
    if content_type == PLAIN:
        return parse_plain(content)
    raise FrameError(f"unknown event format {content_type!r}")


def parse_plain(content: bytes) -> EslEvent:
    """text/event-plain: `Name: url-encoded` lines, then an empty line and a raw body if any."""
    head, _, rest = content.partition(b"\n\n")
    text, damaged = _decode(head)
    headers, broken = plain_headers(text)
    body, spoilt = _decode(rest)
    return EslEvent(headers, body if rest else None, repaired=damaged or broken or spoilt)


def plain_headers(text: str) -> tuple[dict[str, str], bool]:
    """Headers of an url-encoded block, and whether a value was not UTF-8."""
    headers: dict[str, str] = {}
    broken = False
    for line in text.rstrip("\n").split("\n"):
        name, colon, value = line.partition(": ")
        if not colon:
            raise FrameError(f"an event line of {len(line)} characters without a header name")
        if "%" in value:
            value = _unquote(value)
            broken = broken or "\ufffd" in value
        headers[name] = "" if value == UNDEFINED else value
    return headers, broken


@lru_cache(maxsize=4096)
def _unquote(value: str) -> str:
    """Most values come again in the next event of the same call: 102 -> 70 us for an event."""
    return unquote(value, errors="replace")


def parse_json(content: bytes) -> EslEvent:
    """text/event-json: one flat object.  cJSON copies bytes unchecked: bad UTF-8 is replaced."""
    repaired = False
    try:
        fields = orjson.loads(content)
    except ValueError:
        fields, repaired = _loads_damaged(content), True
    if type(fields) is not dict:
        raise FrameError("a JSON event that is no object")
    try:
        _EMPTY.join(fields.values())  # the cheapest way to ask whether all are text: 1 us, not 4
    except TypeError:
        _make_text(fields)
    return EslEvent(fields, fields.pop("_body", None), repaired=repaired)


_EMPTY = ""


def _make_text(fields: dict[str, Any]) -> None:
    """Few values of an event are arrays, so the dictionary stays and they alone are changed."""
    for name, value in fields.items():
        if type(value) is not str:
            fields[name] = _text(value)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ARRAY_PREFIX + ARRAY_MARK.join(map(str, value))
    raise FrameError(f"a JSON event holds {type(value).__name__}, not text")


def _loads_damaged(content: bytes) -> object:
    """Second try for bytes orjson refuses; control bytes and lone surrogates are let through."""
    try:
        fields = json.loads(content.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        raise FrameError("a JSON event that is not JSON") from error
    if not isinstance(fields, dict):
        return fields
    return {_scrub(name): _scrub(value) for name, value in fields.items()}


def _scrub(value: object) -> object:
    """Replace lone surrogates, which no database and no log accepts."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return [_scrub(item) for item in value] if isinstance(value, list) else value


def _decode(raw: bytes) -> tuple[str, bool]:
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace"), True
