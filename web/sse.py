"""Server-sent events on the wire: how one event, a heartbeat and a stream's response look."""

from collections.abc import Iterable, Iterator

import orjson
from flask import Response

HEARTBEAT = b": heartbeat\nevent: beat\ndata: {}\n\n"
"""A comment for proxies, and an event that the page's watchdog can see."""
HEARTBEAT_S = 10
RETRY_MS = 1500


def event(body: object, identity: str = "", name: str = "") -> bytes:
    """One event; `identity` is what the browser sends back as Last-Event-ID."""
    head = (f"id: {identity}\n" if identity else "") + (f"event: {name}\n" if name else "")
    return head.encode() + b"data: " + orjson.dumps(body) + b"\n\n"


def stream(events: Iterable[bytes]) -> Response:
    """The response; no proxy may gather its pieces."""

    def pieces() -> Iterator[bytes]:
        yield f"retry: {RETRY_MS}\n\n".encode()
        yield from events

    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return Response(pieces(), mimetype="text/event-stream", headers=headers)
