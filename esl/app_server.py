"""EslAppServer: the switch connects to us with a call, by the dialplan's `socket` application.

One greenlet and one socket per call, bounded.  Over the bound a connection is closed at once, so
that the dialplan goes on to its next action instead of keeping the caller in silence.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable

from gevent import queue, socket
from gevent.event import AsyncResult
from gevent.pool import Pool
from gevent.server import StreamServer

from esl import commands
from esl.commands import Command, Connect, DivertEvents, EventFormat, Linger, MyEvents
from esl.connection import ClientConnection
from esl.errors import CommandFailed, EslError, LossStage, ReplyTimeout
from esl.events import EslEvent
from esl.link import Link, LinkLost, wait_for
from esl.messages import Incoming, Notice, Reply
from esl.transport import close_socket, tune

log = logging.getLogger(__name__)


class SessionOverflow(EslError):
    """A session's events are not taken."""


class AppSession:
    """One call handed over.  `channel` holds the leg as it was when it came.

    event_limit: events that may wait for `next_event`; over it the session is closed.
    """

    def __init__(
        self, sock: socket.socket, *, reply_deadline_s: float = 5.0, event_limit: int = 1000
    ) -> None:
        self.reply_deadline_s = reply_deadline_s
        self.channel = EslEvent({})
        self.hung_up = False
        self._executions: dict[str, AsyncResult[EslEvent]] = {}
        self._events: queue.Queue[EslEvent | None] = queue.Queue()
        self._event_limit = event_limit
        protocol = ClientConnection(handed_over=True)
        self._link = Link(sock, protocol, on_message=self._take, on_lost=self._on_lost)
        self._link.start()

    @property
    def uuid(self) -> str:
        """Unique-ID of the leg, "" before `connect`."""
        return self.channel.uuid

    @property
    def closed(self) -> bool:
        """No command can be sent any more."""
        return self._link.lost.is_set()

    def connect(
        self, *, linger_s: int = 5, event_format: EventFormat = "plain", divert: bool = False
    ) -> EslEvent:
        """Take the call over and ask for its events, its last ones included; returns the leg."""
        self.channel = EslEvent(self.request(Connect()).headers)
        self.request(Linger(linger_s))
        self.request(MyEvents(format=event_format))
        if divert:
            self.request(DivertEvents())
        return self.channel

    def request(self, command: Command) -> Reply:
        """Send a command; raises CommandFailed for -ERR, ReplyTimeout, LinkLost."""
        reply = self._link.request(command, self.reply_deadline_s)
        if not reply.ok:
            raise CommandFailed(reply.data)
        return reply

    def execute(self, app: str, arg: str = "", *, deadline_s: float) -> EslEvent:
        """Run a dialplan application and wait for its end; returns CHANNEL_EXECUTE_COMPLETE.

        Matched by Event-UUID, so that the same application may run twice.  Raises ReplyTimeout
        when it has not ended in time, LinkLost with the stage ACCEPTED when the call goes first.
        """
        event_uuid = str(uuid.uuid4())
        done = self._executions[event_uuid] = AsyncResult()
        try:
            self.request(commands.execute(app, arg, event_uuid=event_uuid, locked=True))
            ended = wait_for(done, deadline_s)
        finally:
            del self._executions[event_uuid]
        if ended is None:
            raise ReplyTimeout(f"execute {app}", deadline_s, LossStage.ACCEPTED)
        return ended

    def hangup(self, cause: str = "NORMAL_CLEARING") -> None:
        """End the call with a Q.850 cause name."""
        self.request(commands.hangup(cause=cause))

    def next_event(self, deadline_s: float) -> EslEvent | None:
        """The next event, None when none came in time or the session has ended."""
        try:
            event = self._events.get(timeout=deadline_s)
        except queue.Empty:
            return None
        if event is None:
            self._events.put(None)  # for the next who asks
        return event

    def close(self) -> None:
        """Leave the call to the dialplan."""
        self._link.close("closed by us")

    def _take(self, message: Incoming) -> None:
        if isinstance(message, Notice):
            self.hung_up = True  # a linger notice: the last events follow
        if not isinstance(message, EslEvent):
            return
        waiting = self._executions.get(message.application_uuid)
        if waiting is not None and message.name == "CHANNEL_EXECUTE_COMPLETE":
            waiting.set(message)
        if self._events.qsize() >= self._event_limit:
            raise SessionOverflow(f"{self._event_limit} events were not taken")
        self._events.put_nowait(message)

    def _on_lost(self, link: Link) -> None:
        self.hung_up = True
        self._events.put_nowait(None)
        for waiting in self._executions.values():
            if not waiting.ready():
                waiting.set_exception(LinkLost(LossStage.ACCEPTED, link.reason))


class EslAppServer:
    """Listens for calls and gives each to `handler(session)` in a greenlet of its own.

    The handler calls `session.connect()` first; the session is closed when it returns.
    port: 0 takes a free one, read it from `port` after `start`.
    """

    def __init__(
        self,
        handler: Callable[[AppSession], object],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        max_sessions: int = 200,
        reply_deadline_s: float = 5.0,
    ) -> None:
        self.sessions: set[AppSession] = set()
        self.refused = 0
        self.handler_errors = 0
        self._handler = handler
        self._max_sessions = max_sessions
        self._reply_deadline_s = reply_deadline_s
        self._server = StreamServer((host, port), self._serve, spawn=Pool())

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.server_port or 0

    def start(self) -> None:
        """Listen.  Raises OSError when the port is taken."""
        self._server.start()

    def stop(self, drain_s: float = 1.0) -> None:
        """Accept no more, close every session, wait `drain_s` seconds for the handlers to end."""
        self._server.close()
        for session in tuple(self.sessions):
            session.close()
        self._server.stop(timeout=drain_s)

    def _serve(self, sock: socket.socket, address: object) -> None:
        if len(self.sessions) >= self._max_sessions:
            self.refused += 1
            log.warning("call refused: %d sessions already", len(self.sessions))
            close_socket(sock)
            return
        tune(sock)
        session = AppSession(sock, reply_deadline_s=self._reply_deadline_s)
        self.sessions.add(session)
        try:
            self._handler(session)
        except EslError as error:
            log.info("session %s ended: %s", session.uuid, error)
        except Exception:
            self.handler_errors += 1
            log.exception("session %s failed", session.uuid)
        finally:
            self.sessions.discard(session)
            session.close()
