"""Server-sent events on the wire: how one event, a heartbeat and a stream's response look."""

from collections.abc import Callable, Iterable, Iterator

import orjson
from flask import Response

from web import clock

HEARTBEAT = b": heartbeat\nevent: beat\ndata: {}\n\n"
"""A comment for proxies, and an event that the page's watchdog can see."""
HEARTBEAT_S = 10.0
LEAST_WAIT_S, LONGEST_WAIT_S = 0.1, 2.0
"""Of one read: never none, or a stream without events would spin; and shorter than the five seconds
after which the Redis client gives up."""
RETRY_MS = 1500


def event(body: object, identity: str = "", name: str = "") -> bytes:
    """One event; `identity` is what the browser sends back as Last-Event-ID."""
    head = (f"id: {identity}\n" if identity else "") + (f"event: {name}\n" if name else "")
    return head.encode() + b"data: " + orjson.dumps(body) + b"\n\n"


def until_heartbeat(read: Callable[[float], Iterable[bytes]]) -> Iterator[bytes]:
    """The events until a heartbeat is due, then the heartbeat. `read` waits so many seconds at most
    for what comes next; it is asked once at least."""
    due_at = clock.mono() + HEARTBEAT_S
    is_due = False
    while not is_due:
        wait_s = due_at - clock.mono()
        yield from read(min(max(wait_s, LEAST_WAIT_S), LONGEST_WAIT_S))
        is_due = clock.mono() >= due_at
    yield HEARTBEAT


def stream(events: Iterable[bytes]) -> Response:
    """The response; no proxy may gather its pieces."""

    def pieces() -> Iterator[bytes]:
        yield f"retry: {RETRY_MS}\n\n".encode()
        yield from events

    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return Response(pieces(), mimetype="text/event-stream", headers=headers)
