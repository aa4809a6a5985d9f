"""EslClient: we connect to a switch, stay connected, and ask and hear through one object.

A drop-in for greenswitch.InboundESL: same names (connect, send, register_handle, stop, connected),
same shape of replies and events; receiving, sending and dispatching are ours.  It uses gevent's
sockets directly and needs no monkey-patching.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence

import gevent
from gevent.event import Event
from greenswitch import InboundESL

from esl.backoff import Backoff
from esl.clock import monotonic
from esl.commands import Api, ApiCommand, Auth, BgApi, Command, EventFormat, Exit, Filter, Raw
from esl.connection import ClientConnection
from esl.dispatch import Dispatcher, DispatchOverflow, Handler
from esl.errors import AuthRejected, CommandFailed, EslError, LossStage
from esl.events import EslEvent
from esl.frames import BODY_LIMIT_BYTES
from esl.ledger import Ledger
from esl.link import Link, LinkLost
from esl.login import log_in
from esl.messages import Incoming, LogLine, Reply
from esl.stats import ClientStats
from esl.transport import open_socket

log = logging.getLogger(__name__)


class EslClient(InboundESL):  # type: ignore[misc]
    """A connection to one switch that comes back by itself.

    subscriptions: event names; those with `::` are CUSTOM subclasses.  Asked for again, once, on
        every new connection, as are those sent later with `send`.
    reply_deadline_s: for every reply without a deadline of its own; also for connecting.
    on_up, on_down: handlers of the CONNECTED and DISCONNECT events, each delivered once per
        connection, in order, outside the reader; they may block and may call `api`.
    queue_limit: events that may wait for handlers; over it the connection is closed and remade.
    keepalive_s: silence after which a sign of life is asked for; 0: never.
    """

    def __init__(
        self,
        host: str,
        port: int,
        password: str,
        *,
        user: str = "",
        subscriptions: Sequence[str] = (),
        filters: Sequence[Filter] = (),
        json_events: bool = True,
        reply_deadline_s: float = 5.0,
        on_up: Handler | None = None,
        on_down: Handler | None = None,
        queue_limit: int = 20_000,
        body_limit: int = BODY_LIMIT_BYTES,
        keepalive_s: float = 10.0,
        backoff: Backoff | None = None,
    ) -> None:
        super().__init__(host, port, password, timeout=reply_deadline_s)
        self.stats = ClientStats()
        self.reply_deadline_s = reply_deadline_s
        self._auth = Auth(password, user)
        event_format: EventFormat = "json" if json_events else "plain"
        self._ledger = Ledger(subscriptions, filters, event_format)
        self._dispatcher = Dispatcher(limit=queue_limit)
        self.event_handlers = self._dispatcher.handlers
        self._backoff = backoff or Backoff()
        self._body_limit = body_limit
        self._keepalive_s = keepalive_s
        self._link: Link | None = None
        self._early: list[EslEvent] = []  # came during login, before CONNECTED
        self._up_since = 0.0
        self._stopping, self._hurried = Event(), Event()
        self._supervisor: gevent.Greenlet[[], None] | None = None
        for name, handler in (("CONNECTED", on_up), ("DISCONNECT", on_down)):
            if handler is not None:
                self.register_handle(name, handler)

    # -- life

    def connect(self) -> None:
        """Connect now and stay connected.

        Raises AuthRejected (a ValueError, as greenswitch has it) or LinkLost (a NotConnectedError)
        when the first attempt fails; then nothing goes on in the background.
        """
        if self._supervisor is None:
            self._stopping.clear()
            self._establish()
            self._supervisor = gevent.spawn(self._supervise)

    def start(self) -> None:
        """Connect in the background, now or whenever the switch comes up."""
        if self._supervisor is None:
            self._stopping.clear()
            self._supervisor = gevent.spawn(self._supervise)

    def hurry(self) -> None:
        """The switch is known to be back: connect now, if not connected."""
        if not self.connected:
            self._hurried.set()

    def stop(self) -> None:
        """Say exit, close, end every greenlet.  Waits a second at most; no DISCONNECT follows."""
        self._stopping.set()
        link, supervisor = self._link, self._supervisor
        if link is not None:
            try:
                link.request(Exit, min(1.0, self.reply_deadline_s))
            except EslError as error:
                log.debug("exit not confirmed: %s", error)
            link.close("stopped")
        if supervisor is not None and supervisor is not gevent.getcurrent():
            supervisor.kill()
        self._supervisor = None
        self._dispatcher.stop()

    # -- asking

    def send(self, data: str | Command) -> Reply:
        """Send a command, as text or as a value, and return its reply whatever it says."""
        return self.request(Raw(data) if isinstance(data, str) else data)

    def request(self, command: Command, deadline_s: float | None = None) -> Reply:
        """Send a command and wait for its reply; subscriptions are remembered for reconnects.

        Raises LocalError, ReplyTimeout, or LinkLost with the stage of the loss.
        """
        reply = self._linked().request(command, self._deadline(deadline_s))
        if reply.ok:
            self._ledger.remember(command)
        return reply

    def begin(self, command: Command, deadline_s: float | None = None) -> Callable[[], Reply]:
        """Write a command in this very turn; call what is returned, once, to wait for its reply."""
        return self._linked().begin(command, self._deadline(deadline_s))

    def api(self, command: str | ApiCommand, deadline_s: float | None = None) -> str:
        """Output of an API command, `-ERR ...` included: what the switch answers is a value."""
        return self.request(Api(command), deadline_s).data

    def bgapi(
        self,
        command: str | ApiCommand,
        job_uuid: str = "",
        *,
        via_api: bool = False,
        deadline_s: float | None = None,
    ) -> str:
        """Start a background job and return its Job-UUID once the switch has accepted it.

        Choose and note `job_uuid` before the call: the result may come on another connection first.
        Raises CommandFailed when it is not accepted.
        """
        job = BgApi(command, job_uuid or str(uuid.uuid4()), via_api)
        reply = self.request(job, deadline_s)
        if not reply.ok:
            raise CommandFailed(reply.data)
        return job.job_uuid

    def run_job(
        self, command: str | ApiCommand, job_uuid: str = "", *, job_deadline_s: float
    ) -> str:
        """Run a background job and wait for its output; needs BACKGROUND_JOB subscribed here.

        A loss after the switch accepted it raises LinkLost with the stage ACCEPTED.
        """
        job = BgApi(command, job_uuid or str(uuid.uuid4()))
        return self._linked().run_job(job, self.reply_deadline_s, job_deadline_s).data

    def poke(self) -> None:
        """Wake the switch's 20 ms poll: events come in 1 ms, not 13.  For while phones ring."""
        if self._link is not None:
            self._link.poke()

    # -- hearing

    def register_handle(self, name: str, handler: Handler) -> None:
        """Call `handler(event)` for events of this name, subclass, CONNECTED, DISCONNECT or `*`."""
        self._dispatcher.add(name, handler)

    def unregister_handle(self, name: str, handler: Handler) -> None:
        """Raises ValueError when it is not registered."""
        self._dispatcher.remove(name, handler)

    def handle_event(self, event: EslEvent) -> None:
        """Give an event to the handlers as if the switch had sent it."""
        self._dispatcher.put(event)

    @property
    def handler_errors(self) -> int:
        """Exceptions raised by handlers; each is logged, none stops the dispatch."""
        return self._dispatcher.handler_errors

    @property
    def waiting_events(self) -> int:
        """Events that wait for their handlers; at `queue_limit` the connection is closed."""
        return self._dispatcher.waiting

    # -- inside

    def _linked(self) -> Link:
        if self._link is None:
            raise LinkLost(LossStage.NOT_SENT, "not connected")
        return self._link

    def _deadline(self, deadline_s: float | None) -> float:
        return self.reply_deadline_s if deadline_s is None else deadline_s

    def _supervise(self) -> None:
        while not self._stopping.is_set():
            if self._link is not None:
                self._link.lost.wait()
            else:
                self._hurried.wait(self._backoff.delay_s())
                self._hurried.clear()
                self._try_again()

    def _try_again(self) -> None:
        try:
            self._establish()
        except AuthRejected as error:
            self._backoff.rejected()
            log.error("%s:%s refuses us: %s", self.host, self.port, error)
        except EslError as error:
            self._backoff.failed()
            log.warning("%s:%s not connected: %s", self.host, self.port, error)

    def _establish(self) -> None:
        """Open, log in, subscribe, then report CONNECTED.  Leaves nothing behind when it fails."""
        try:
            sock = open_socket(self.host, self.port, self.reply_deadline_s)
        except OSError as error:
            raise LinkLost(LossStage.NOT_SENT, f"{type(error).__name__}: {error}") from error
        protocol = ClientConnection(wants=self._dispatcher.wants, body_limit=self._body_limit)
        link = Link(sock, protocol, on_message=self._take, on_lost=self._on_lost)
        self._early = []
        link.start()
        try:
            greeting = log_in(link, self._auth, self._ledger, self.reply_deadline_s)
        except BaseException:
            link.close("login failed")
            raise
        self._adopt(link, greeting)

    def _adopt(self, link: Link, greeting: Reply) -> None:
        if link.lost.is_set():
            raise LinkLost(LossStage.NOT_SENT, link.reason)
        self._link, self.connected = link, True
        self._up_since = monotonic()
        self.stats.connections += 1
        number = str(self.stats.connections)
        up = {"Event-Name": "CONNECTED", "Connection-Number": number, **greeting.headers}
        early, self._early = self._early, []
        try:
            for event in (EslEvent(up), *early):
                self._queue(event)
        except DispatchOverflow as error:
            link.close(str(error))
        if self._keepalive_s:
            gevent.spawn(link.watch, self._keepalive_s, self.reply_deadline_s)

    def _take(self, message: Incoming) -> None:
        """In the reader: queue and return."""
        event = message
        if isinstance(message, LogLine):
            event = EslEvent({**message.headers, "Event-Name": "log"}, message.data)
        if not isinstance(event, EslEvent):
            return
        if self._link is None:
            self._early.append(event)
            if len(self._early) < self._dispatcher._limit:
                return
            raise DispatchOverflow("events flood the login")
        self._queue(event)

    def _queue(self, event: EslEvent) -> None:
        try:
            self._dispatcher.put(event)
        except DispatchOverflow:
            self.stats.overflows += 1
            self.stats.dropped_events += self._dispatcher.clear() + 1
            raise

    def _on_lost(self, link: Link) -> None:
        self.stats.dropped_events += link.protocol.dropped_events
        self.stats.repaired_events += link.protocol.repaired_events
        self.stats.late_replies += link.protocol.late_replies
        if link is not self._link:
            return  # it never came up
        self._link, self.connected = None, False
        self._backoff.lost(monotonic() - self._up_since)
        if self._stopping.is_set():
            return
        self.stats.losses += 1
        log.warning("%s:%s lost: %s", self.host, self.port, link.reason)
        headers = link.notice.headers if link.notice else {}
        down = {"Event-Name": "DISCONNECT", "Reason": link.reason, **headers}
        self._dispatcher.put(EslEvent(down, link.notice.data if link.notice else None))
