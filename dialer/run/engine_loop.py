"""The greenlet that owns the engine: events in from a queue, commands out to the effects.

Only this greenlet touches engine state, so nothing is locked. A handler that fails is logged with
its event and does not stop the loop. The lag of the loop is watched: a late loop paces on stale
ages, so it is a figure of its own.
"""

import logging
from collections.abc import Callable, Iterable

import gevent
from gevent.queue import Empty, Queue

from dialer.engine.dialing import LATE_S
from dialer.engine.dispatcher import Dispatcher
from dialer.engine.journal import Journal
from dialer.model.commands import BridgeLegs, Command
from dialer.model.errors import DialerError
from dialer.model.events import Event
from dialer.model.moment import Moment
from dialer.run.clocks import SystemClock

log = logging.getLogger(__name__)

IDLE_WAIT_S = 1.0
EVENTS_PER_TURN = 200
"""Handled before deadlines are looked at again."""


class EngineLoop:
    """`perform` carries out one command and must not block."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        perform: Callable[[Command], None],
        clock: SystemClock,
        journal: Journal | None = None,
    ) -> None:
        self.dispatcher = dispatcher
        self.n_failures = 0
        self.lag_s = 0.0
        """How late the last deadline was carried out."""
        self._perform = perform
        self._clock = clock
        self._journal = journal
        self._queue: Queue[tuple[float, Event | Callable[[], None]]] = Queue()
        """With the second at which each came in."""
        self._is_stopping = False

    def emit(self, event: Event) -> None:
        """Queue an event; callable from any greenlet."""
        self._queue.put((self._clock.now().mono, event))

    def call(self, action: Callable[[], None]) -> None:
        """Have `action` run in the engine's greenlet, between two events."""
        self._queue.put((self._clock.now().mono, action))

    def run(self) -> None:
        """Handle events and deadlines until `stop`."""
        while not self._is_stopping:
            self._turn()

    def stop(self) -> None:
        """End `run` after the present turn."""
        self._is_stopping = True
        self.call(lambda: None)

    def _turn(self) -> None:
        for _ in range(EVENTS_PER_TURN):
            entry = self._next()
            if entry is None:
                break
            self._react(*entry)
        self._expire()
        gevent.sleep(0)

    def _next(self) -> tuple[float, Event | Callable[[], None]] | None:
        deadline = self.dispatcher.next_deadline()
        wait_s = IDLE_WAIT_S
        if deadline is not None:
            wait_s = min(max(deadline - self._clock.now().mono, 0.0), IDLE_WAIT_S)
        try:
            if wait_s == 0.0:
                return None if self._queue.empty() else self._queue.get_nowait()
            return self._queue.get(timeout=wait_s)
        except Empty:
            return None

    def _react(self, came_at: float, item: Event | Callable[[], None]) -> None:
        now = self._clock.now()
        if now.mono > came_at + LATE_S:
            self.dispatcher.fall_behind(now)
        try:
            if callable(item):
                item()
            else:
                self._carry_out(now, item, self.dispatcher.handle(item, now))
        except DialerError as error:
            self._failed(item, error)
        except Exception as error:  # noqa: BLE001 - one bad event must not stop every campaign
            self._failed(item, error)

    def _expire(self) -> None:
        now = self._clock.now()
        deadline = self.dispatcher.next_deadline()
        if deadline is None or deadline > now.mono:
            return
        self.lag_s = now.mono - deadline
        try:
            self._carry_out(now, None, self.dispatcher.expire(now))
        except Exception as error:  # noqa: BLE001 - see _react
            self._failed("deadline", error)

    def _carry_out(self, now: Moment, event: Event | None, commands: Iterable[Command]) -> None:
        done = list(commands)
        if self._journal is not None:
            self._journal.note(now, event, done)
        for command in done:
            self._perform(command)
        if any(isinstance(command, BridgeLegs) for command in done):
            gevent.sleep(0)  # somebody said hello: the switch hears of it before the next event

    def _failed(self, item: object, error: Exception) -> None:
        self.n_failures += 1
        log.error("engine: %s failed on %s", type(item).__name__, error, exc_info=error)
