"""Hands events to their handlers: one call's events in order, one slow handler in nobody's way.

Every event has a strand, that of its leg.  While a handler works on a strand, later events of the
same strand wait behind it and those of all others go on; when no handler blocks, events are handled
in the order they came.  The number of waiting events is bounded: over it, `put` refuses, and the
owner closes the connection and starts again from the switch's own state.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

import gevent
from gevent.lock import Semaphore

from esl.clock import monotonic
from esl.errors import EslError
from esl.events import EslEvent

log = logging.getLogger(__name__)
Handler = Callable[[EslEvent], object]
_LIFE = "life of the connection"
_TURN_S = 0.01  # how long events are handled before the reader gets its turn
_SPARE_WORKERS = 4
LIFE_EVENTS = frozenset({"CONNECTED", "DISCONNECT"})


class DispatchOverflow(EslError):
    """More events wait than may; handlers do not keep up."""


class Dispatcher:
    """Handlers by event name (a CUSTOM event: by subclass too), and `*` for all the switch sends.

    limit: events that may wait.  workers: handlers that may block at the same time.
    """

    def __init__(self, *, limit: int = 20_000, workers: int = 256) -> None:
        self.handlers: dict[str, list[Handler]] = {}
        self.handler_errors = 0
        self.waiting = 0
        self._limit = limit
        self._max_workers = workers
        self._queue: deque[EslEvent] = deque()
        self._items = Semaphore(0)
        self._behind: dict[str, deque[EslEvent]] = {}  # by strand a handler is working on
        self._workers: set[gevent.Greenlet[[], None]] = set()
        self._idle = 0
        self._turn_ends = 0.0

    def add(self, name: str, handler: Handler) -> None:
        """Register; the same handler under the same name only once, however often asked."""
        known = self.handlers.setdefault(name, [])
        if handler not in known:
            known.append(handler)

    def remove(self, name: str, handler: Handler) -> None:
        """Raises ValueError when it is not registered."""
        if name not in self.handlers:
            raise ValueError(f"No handlers found for event: {name}")
        self.handlers[name].remove(handler)
        if not self.handlers[name]:
            del self.handlers[name]

    def wants(self, name: str) -> bool:
        """Whether an event of this name may have a handler; CUSTOM is known after decoding only."""
        return name in self.handlers or "*" in self.handlers or name == "CUSTOM"

    def put(self, event: EslEvent) -> None:
        """Queue an event, without waiting.  Raises DispatchOverflow.

        The events of the connection's own life are always taken.
        """
        if self.waiting >= self._limit and event.name not in LIFE_EVENTS:
            raise DispatchOverflow(f"{self.waiting} events wait for their handlers")
        self._queue.append(event)
        self.waiting += 1
        self._items.release()
        self._ensure_worker()

    def clear(self) -> int:
        """Forget the events that wait, all but those of the connection's life; how many."""
        dropped = 0
        for queue in (self._queue, *self._behind.values()):
            kept = [event for event in queue if event.name in LIFE_EVENTS]
            dropped += len(queue) - len(kept)
            queue.clear()
            queue.extend(kept)
        self.waiting -= dropped
        return dropped

    def stop(self) -> None:
        """End every worker but the one that may be calling."""
        current = gevent.getcurrent()
        workers = [worker for worker in self._workers if worker is not current]
        self.clear()
        gevent.killall(workers)
        # One killed before its first turn could not count itself out.
        self._workers.difference_update(workers)
        self._idle = 0

    def _ensure_worker(self) -> None:
        if not self._idle and len(self._workers) < self._max_workers:
            self._idle += 1
            worker = gevent.spawn(self._work)
            self._workers.add(worker)
            worker.link(self._workers.discard)

    def _work(self) -> None:
        try:
            while self._idle <= _SPARE_WORKERS:
                self._items.acquire()
                if not self._queue:
                    continue  # forgotten by clear()
                event = self._queue.popleft()
                self._idle -= 1
                if self._queue:
                    self._ensure_worker()  # this one may block
                try:
                    self._work_on(event)
                finally:
                    self._idle += 1
                self._breathe()
        finally:
            self._idle -= 1

    def _breathe(self) -> None:
        """Between events only: order across calls would suffer inside one."""
        if monotonic() >= self._turn_ends:
            gevent.sleep(0)
            self._turn_ends = monotonic() + _TURN_S

    def _work_on(self, event: EslEvent) -> None:
        strand = _strand(event)
        behind = self._behind.get(strand)
        if behind is not None:
            behind.append(event)
            return
        self._behind[strand] = behind = deque()
        try:
            self._handle(event)
            while behind:
                self._breathe()
                self._handle(behind.popleft())
        finally:
            del self._behind[strand]

    def _handle(self, event: EslEvent) -> None:
        self.waiting -= 1
        handlers, name = self.handlers, event.headers.get("Event-Name", "")
        if name == "CUSTOM" and event.subclass:
            self._call_all(event.subclass, event)
        if name in handlers:
            self._call_all(name, event)
        if "*" in handlers and name not in LIFE_EVENTS:
            self._call_all("*", event)

    def _call_all(self, key: str, event: EslEvent) -> None:
        for handler in tuple(self.handlers.get(key, ())):
            self._call(handler, event)

    def _call(self, handler: Handler, event: EslEvent) -> None:
        try:
            handler(event)
        except Exception:
            self.handler_errors += 1
            log.exception("handler %r failed on %s %s", handler, event.key, event.uuid)


def _strand(event: EslEvent) -> str:
    headers = event.headers
    name = headers.get("Event-Name", "")
    if name in LIFE_EVENTS:
        return _LIFE
    return headers.get("Unique-ID") or headers.get("Job-UUID") or name
