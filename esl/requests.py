"""Bytes to commands, as mod_event_socket reads them: the server's counterpart of `frames.py`.

It must not know what a command means.
"""

from __future__ import annotations

import re

from esl.errors import FrameError
from esl.escaping import COMMAND_LIMIT_BYTES
from esl.messages import Request

_END = re.compile(rb"\n\r*\n")  # two LF; the switch ignores CR between them
_BLANK = b"\r\n"


class RequestReader:
    """Feed it segments of any size; it gives back each command once it is whole."""

    def __init__(self, *, limit: int = COMMAND_LIMIT_BYTES) -> None:
        self._limit = limit  # bytes, for the lines and for the body
        self._buffer = bytearray()
        self._searched = 0
        self._request: Request | None = None  # whose body is not whole yet
        self._body_length = 0

    def feed(self, data: bytes | bytearray | memoryview) -> list[Request]:
        """Add a segment; return the commands it completes.  Raises FrameError over the limit."""
        self._buffer += data
        requests: list[Request] = []
        while self._next_head() and self._request is not None:
            if len(self._buffer) < self._body_length:
                break
            self._request.body = bytes(self._buffer[: self._body_length])
            del self._buffer[: self._body_length]
            requests.append(self._request)
            self._request = None
        return requests

    def _next_head(self) -> bool:
        if self._request is not None:
            return True
        if self._searched == 0:
            self._skip_line_ends()
        found = _END.search(self._buffer, self._searched)
        if found is None:
            if len(self._buffer) > self._limit:
                raise FrameError(f"command longer than {self._limit} bytes")
            # Step back over a line end that may be the first of the two.
            self._searched = len(self._buffer.rstrip(_BLANK)) if self._buffer else 0
            return False
        lines = bytes(self._buffer[: found.start()])
        del self._buffer[: found.end()]
        self._searched = 0
        self._request = parse_request(lines)
        self._body_length = _content_length(self._request, self._limit)
        return True

    def _skip_line_ends(self) -> None:
        blank = 0
        for byte in self._buffer:
            if byte not in _BLANK:
                break
            blank += 1
        del self._buffer[:blank]


def parse_request(raw: bytes) -> Request:
    """The lines of one command."""
    first, *rest = raw.decode("utf-8", "surrogateescape").replace("\r", "").split("\n")
    verb, _, args = first.partition(" ")
    headers = {}
    for line in rest:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.lower()] = value.lstrip(" ")
    return Request(verb.lower(), args.strip(), headers)


def _content_length(request: Request, limit: int) -> int:
    """As atoi reads it, within the limit."""
    digits = re.match(r"\s*([+-]?\d+)", request.headers.get("content-length", ""))
    length = int(digits.group(1)) if digits else 0
    if not 0 <= length <= limit:
        raise FrameError(f"body of {length} bytes")
    return length
