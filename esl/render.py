"""Headers to the exact bytes FreeSWITCH writes for an event, in both formats.

The inverse of `events.py`, used by the server's side of a connection.  Checked byte by byte
against recorded events.  Knows nothing of connections.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

import orjson

ARRAY_PREFIX = "ARRAY::"
ARRAY_MARK = "|:"

Fields = Mapping[str, str] | Iterable[tuple[str, str]]
"""Headers in order; pairs, where a name may occur twice as it does in CHANNEL_HANGUP_COMPLETE."""

# SWITCH_URL_UNSAFE of switch_utils.h, and everything that is not printable ASCII.
_SAFE = frozenset(range(0x20, 0x7F)) - frozenset(b'\r\n #%&+:;<=>?@[\\]^`{|}"')
_ENCODED = [chr(byte) if byte in _SAFE else f"%{byte:02X}" for byte in range(256)]
# An existing %XX is left alone, so plain events cannot tell `%0A` from a line end: field fact.
_UNSAFE = re.compile(rb"%[0-9A-F]{2}|[^!$'()*,\-./0-9A-Z_a-z~]")


def url_encode(value: str) -> str:
    """As switch_url_encode does without double encoding."""
    if value.isalnum() and value.isascii():
        return value
    return _UNSAFE.sub(_encode_match, _bytes(value)).decode("ascii")


def plain_body(headers: Fields, body: str | None = None) -> bytes:
    """Content of a text/event-plain frame."""
    lines = [f"{name}: {url_encode(value) or '_undef_'}\n" for name, value in _pairs(headers, body)]
    if body is None:
        return "".join((*lines, "\n")).encode()
    content = _bytes(body)
    return "".join((*lines, f"Content-Length: {len(content)}\n\n")).encode() + content


def json_body(headers: Fields, body: str | None = None) -> bytes:
    """Content of a text/event-json frame: one flat object, the body last under `_body`."""
    pairs = [*_pairs(headers, body)]
    if body is not None:
        pairs += [("Content-Length", str(len(_bytes(body)))), ("_body", body)]
    fields: dict[str, str | list[str]] = {name: _json_value(value) for name, value in pairs}
    if len(fields) == len(pairs):
        try:
            return orjson.dumps(fields)
        except TypeError:  # bytes that are not UTF-8, kept as surrogates: cJSON copies them too
            pass
    members = (f"{_dumps(name)}:{_dumps(_json_value(value))}" for name, value in pairs)
    return _bytes("{" + ",".join(members) + "}")


def _encode_match(match: re.Match[bytes]) -> bytes:
    found = match.group()
    return found if len(found) == 3 else _ENCODED[found[0]].encode()


def _pairs(headers: Fields, body: str | None) -> Iterable[tuple[str, str]]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    if body is None:
        return pairs
    return [pair for pair in pairs if pair[0] != "Content-Length"]


def _json_value(value: str) -> str | list[str]:
    if value.startswith(ARRAY_PREFIX):
        return value.removeprefix(ARRAY_PREFIX).split(ARRAY_MARK)
    return value


def _dumps(value: str | list[str]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
