"""Bytes to frames: a head of `Name: value` lines, an empty line, then exactly Content-Length bytes.

Incremental and without a socket.  It must not know what a frame means, and it never looks for a
place to resume after an error: whatever is broken ends the connection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from esl.errors import FrameError

HEAD_LIMIT_BYTES = 64 * 1024
BODY_LIMIT_BYTES = 16 * 1024 * 1024
_CACHED_HEADS = 1024
_CACHED_HEAD_BYTES = 256
_LF = 0x0A


Skips = Callable[[str, bytearray, int], bool]
"""Content-Type, bytes, and where the body begins among them: is this frame of no interest?"""


def _nothing(content_type: str, buffer: bytearray, at: int) -> bool:
    return False


class Frame(NamedTuple):
    """One whole frame.  `headers` may be shared between frames: read it, do not write it."""

    content_type: str
    headers: Mapping[str, str]
    body: bytes


class _Head(NamedTuple):
    content_type: str
    headers: Mapping[str, str]
    length: int


class FrameReader:
    """Feed it segments of any size; it gives back each frame once it is whole.

    `head_limit` and `body_limit` are in bytes and bound the memory a hostile peer can take.
    `skips` is asked about each whole frame before it is copied; those it skips are not given back.
    """

    def __init__(
        self,
        *,
        head_limit: int = HEAD_LIMIT_BYTES,
        body_limit: int = BODY_LIMIT_BYTES,
        skips: Skips = _nothing,
    ) -> None:
        self._skips = skips
        self._head_limit = head_limit
        self._body_limit = body_limit
        self._buffer = bytearray()
        self._searched = 0  # bytes of an unfinished head in which no empty line was found
        self._head: _Head | None = None  # of the frame whose body is not whole yet
        self._heads: dict[bytes, _Head] = {}

    @property
    def pending_bytes(self) -> int:
        """Bytes held for a frame that is not whole; 0 between frames."""
        return len(self._buffer) + (1 if self._head else 0)

    def feed(self, data: bytes | bytearray | memoryview) -> list[Frame]:
        """Add a segment; return the frames it completes.  Raises FrameError, then use no more."""
        buffer = self._buffer
        buffer += data
        if self._head is not None and len(buffer) < self._head.length:
            return []  # the common wait inside a large body: nothing to look for
        frames: list[Frame] = []
        with memoryview(buffer) as view:
            used = self._take_frames(view, frames)
        if used:
            del buffer[:used]  # CPython moves the start, it does not copy the rest
        return frames

    def _take_frames(self, view: memoryview, frames: list[Frame]) -> int:
        """Append every whole frame; return how many bytes are used up."""
        buffer, heads, skips = self._buffer, self._heads, self._skips
        at, size = 0, len(view)
        while True:
            head = self._head
            if head is None:
                if at < size and buffer[at] == _LF and not self._searched:
                    at = self._skip_blank_lines(view, at)
                end = buffer.find(b"\n\n", at + self._searched)
                if end < 0 or end - at > self._head_limit:
                    self._remember_search(size - at if end < 0 else end - at)
                    return at
                raw = bytes(view[at:end])
                head = heads.get(raw) or self._new_head(raw)
                at, self._searched = end + 2, 0
            content_type, headers, length = head
            if size - at < length:
                self._head = head
                return at
            if not (length and skips(content_type, buffer, at)):
                frames.append(Frame(content_type, headers, bytes(view[at : at + length])))
            at += length
            self._head = None

    @staticmethod
    def _skip_blank_lines(view: memoryview, at: int) -> int:
        """Blank lines between frames are harmless: userauth replies end in one too many."""
        while at < len(view) and view[at] == _LF:
            at += 1
        return at

    def _remember_search(self, head_size: int) -> None:
        if head_size > self._head_limit:
            raise FrameError(f"head longer than {self._head_limit} bytes")
        self._searched = max(0, head_size - 1)  # the last byte may be the first of two LF

    def _new_head(self, raw: bytes) -> _Head:
        """Parse a head, and keep it: those of events differ in their length only."""
        head = parse_head(raw, self._body_limit)
        if len(raw) <= _CACHED_HEAD_BYTES:
            if len(self._heads) >= _CACHED_HEADS:
                self._heads.clear()
            self._heads[raw] = head
        return head


def parse_head(raw: bytes, body_limit: int = BODY_LIMIT_BYTES) -> _Head:
    """Headers of one head, without its empty line.  Values are left as they came."""
    if b"\0" in raw or b"\r" in raw:
        raise FrameError("control byte in a head")
    headers: dict[str, str] = {}
    for line in raw.decode("utf-8", "replace").split("\n"):
        name, colon, value = line.partition(":")
        if not colon or not name or " " in name:
            raise FrameError(f"a head line of {len(line)} characters without a header name")
        if name in ("Content-Length", "Content-Type") and name in headers:
            raise FrameError(f"two {name} headers")
        headers[name] = value.removeprefix(" ")
    content_type = headers.get("Content-Type")
    if not content_type:
        raise FrameError("head without Content-Type")
    return _Head(content_type, headers, _length(headers.get("Content-Length"), body_limit))


def _length(text: str | None, body_limit: int) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit()):  # unlike int(): no +5, -1, ' 5'
        raise FrameError(f"Content-Length is not a number: {text[:40]!r}")
    if len(text) > 12 or int(text) > body_limit:
        raise FrameError(f"body of {text[:40]} bytes is over the limit of {body_limit}")
    return int(text)
