"""The greenlet that owns the engine: events in from a queue, commands out to the effects.

Only this greenlet touches engine state, so nothing is locked. A handler that fails is logged with
its event and does not stop the loop. The lag of the loop is watched: a late loop paces on stale
ages, so it is a figure of its own.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable

import gevent
from gevent.event import Event as Flag

from dialer.engine.dialing import LATE_S
from dialer.engine.dispatcher import Dispatcher
from dialer.engine.journal import Journal
from dialer.model.commands import Command
from dialer.model.errors import DialerError
from dialer.model.events import Event
from dialer.model.moment import Moment
from dialer.run.clocks import SystemClock

log = logging.getLogger(__name__)

IDLE_WAIT_S = 1.0
EVENTS_PER_TURN = 200
"""Handled before deadlines are looked at again."""
EVENTS_FIRST_S = 0.02
"""What is due waits so long at most for events that follow each other closely: ten answers that
came together are bridged before one decision is made for them all."""
READING_TURNS = 4
"""Turns of the other greenlets in which an event comes from the socket to the queue."""


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
        self._queue: deque[tuple[float, Event | Callable[[], None]]] = deque()
        """With the second at which each came in."""
        self._came = Flag()
        self._is_stopping = False

    def emit(self, event: Event) -> None:
        """Queue an event; callable from any greenlet."""
        self._put(event)

    def call(self, action: Callable[[], None]) -> None:
        """Have `action` run in the engine's greenlet, between two events."""
        self._put(action)

    def run(self) -> None:
        """Handle events and deadlines until `stop`."""
        while not self._is_stopping:
            self._wait()
            self._turn()

    def stop(self) -> None:
        """End `run` after the present turn."""
        self._is_stopping = True
        self.call(lambda: None)

    def _put(self, item: Event | Callable[[], None]) -> None:
        self._queue.append((self._clock.now().mono, item))
        self._came.set()

    def _wait(self) -> None:
        """Until something is to be done; the other greenlets have a turn in any case."""
        deadline = self.dispatcher.next_deadline()
        wait_s = IDLE_WAIT_S
        if deadline is not None:
            wait_s = min(deadline - self._clock.now().mono, IDLE_WAIT_S)
        if self._queue or wait_s <= 0.0:
            gevent.sleep(0)
        else:
            self._came.clear()
            self._came.wait(wait_s)

    def _turn(self) -> None:
        self._handle()
        deadline = self.dispatcher.next_deadline()
        if deadline is not None and deadline <= self._clock.now().mono:
            self._let_events_pass()
            self._expire()

    def _handle(self) -> None:
        for _ in range(min(len(self._queue), EVENTS_PER_TURN)):
            self._react(*self._queue.popleft())

    def _let_events_pass(self) -> None:
        until, n_quiet = self._clock.now().mono + EVENTS_FIRST_S, 0
        while n_quiet < READING_TURNS and self._clock.now().mono < until:
            gevent.sleep(0)
            n_quiet = 0 if self._queue else n_quiet + 1
            self._handle()

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

    def _failed(self, item: object, error: Exception) -> None:
        self.n_failures += 1
        log.error("engine: %s failed on %s", type(item).__name__, error, exc_info=error)
