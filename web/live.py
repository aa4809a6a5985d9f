"""Pictures of campaigns for many supervisors: one Redis subscription per process, fanned out.

A slow client loses old pictures, never delays the others: each has a short queue of its own.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, cast

import gevent
from flask import current_app
from gevent.queue import Empty, Full, Queue
from redis import RedisError

from dialer.bus.redis import Bus
from web import sse

QUEUE_LENGTH = 32
RETRY_S = 1.0
WATCH_TIMEOUT_S = 5.0
log = logging.getLogger(__name__)


class Live:
    """The fan-out. The subscription starts with the first client."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.queues: dict[Queue[dict[str, Any]], int | None] = {}
        self.reader: gevent.Greenlet[..., None] | None = None

    def pictures(
        self, greeting: list[dict[str, Any]], campaign_id: int | None, is_alive: Callable[[], bool]
    ) -> Iterator[bytes]:
        """Events for one client: the pictures it starts from, then each new one while alive.

        `campaign_id` None follows all campaigns.
        """
        queue: Queue[dict[str, Any]] = Queue(QUEUE_LENGTH)
        self.queues[queue] = campaign_id
        self._start()
        try:
            for picture in greeting:
                yield sse.event(picture)
            yield sse.event({}, name="drawn")
            while is_alive():
                yield from sse.until_heartbeat(partial(_next, queue))
        finally:
            self.queues.pop(queue, None)

    def spread(self, picture: dict[str, Any]) -> None:
        """Give one picture to every client."""
        for queue, campaign_id in list(self.queues.items()):
            if campaign_id not in (None, picture.get("campaign_id")):
                continue
            try:
                queue.put_nowait(picture)
            except Full:
                queue.get_nowait()
                queue.put_nowait(picture)

    def _start(self) -> None:
        if self.reader is None or self.reader.dead:
            self.reader = gevent.spawn(self._read)

    def _read(self) -> None:
        while True:
            try:
                for picture in self.bus.watch(WATCH_TIMEOUT_S):
                    if picture:
                        self.spread(picture)
                    gevent.sleep(0)
            except RedisError as error:
                log.warning("live subscription lost: %s", error)
                gevent.sleep(RETRY_S)


def _next(queue: Queue[dict[str, Any]], wait_s: float) -> Iterator[bytes]:
    """The next picture, if one comes in that time."""
    with suppress(Empty):
        yield sse.event(queue.get(timeout=wait_s))


def live() -> Live:
    """The fan-out of the current application."""
    return cast(Live, current_app.extensions["relance_live"])
