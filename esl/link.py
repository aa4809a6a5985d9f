"""One TCP connection from its opening to its loss: a reader, a writer, and those who wait.

Rules.  The reader never waits for anybody but the socket: a client that stops reading makes
FreeSWITCH stop serving every client it has.  The writer joins what was queued in a turn into one
write; what somebody waits for on the phone goes past it, when it has nothing to do.  Every wait has
a deadline, and the loss of the connection ends every wait, once.
A link never comes back; reconnecting is `client.py`'s affair.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import gevent
from gevent import socket
from gevent.event import AsyncResult, Event
from greenswitch.esl import NotConnectedError

from esl.commands import POKE, Api, BgApi, Command
from esl.connection import ClientConnection
from esl.errors import (
    AuthRejected,
    CommandFailed,
    ConnectionLost,
    EslError,
    LossStage,
    ReplyTimeout,
)
from esl.messages import Greeting, Incoming, JobDone, Notice, Rejection, Reply, Ticket
from esl.states import ClientState
from esl.transport import close_socket

log = logging.getLogger(__name__)
READ_BYTES = 64 * 1024  # one turn's worth: larger reads would outrun the handlers' turns
DO_NOT_WAIT = 0.0  # seconds, a third argument that gevent adds to `send`
T = TypeVar("T")
Giver = Callable[[bytes, Ticket | None], None]


class LinkLost(ConnectionLost, NotConnectedError):  # type: ignore[misc]
    """ConnectionLost under the name greenswitch callers catch."""


class Link:
    """Drives a ClientConnection over a socket it owns.

    on_message: called in the reader for events, log lines and notices; it must not block.  An
        EslError it raises closes the link.
    on_lost: called once, with the reason, after every waiter has been told.
    """

    def __init__(
        self,
        sock: socket.socket,
        protocol: ClientConnection,
        *,
        on_message: Callable[[Incoming], None],
        on_lost: Callable[[Link], None] = lambda link: None,
    ) -> None:
        self.protocol = protocol
        self.reason = ""
        self.notice: Notice | None = None
        self.lost = Event()
        self.bytes_received = 0
        self._sock = sock
        self._on_message = on_message
        self._on_lost = on_lost
        self._outbox: list[tuple[bytes, Ticket | None]] = []
        self._is_writing = False
        self._wake = Event()
        self._greeting: AsyncResult[bool] = AsyncResult()
        self._replies: dict[Ticket, AsyncResult[Reply]] = {}
        self._jobs: dict[Ticket, AsyncResult[JobDone]] = {}
        self._greenlets: list[gevent.Greenlet[[], None]] = []

    def start(self) -> None:
        """Begin to read and write."""
        self._greenlets = [gevent.spawn(self._read), gevent.spawn(self._write)]

    def await_greeting(self, deadline_s: float) -> None:
        """Wait for auth/request.  Raises AuthRejected for a rude rejection, else LinkLost."""
        if wait_for(self._greeting, deadline_s) is None:
            self.close(f"no greeting within {deadline_s:g} s")
            raise LinkLost(LossStage.NOT_SENT, self.reason)

    def request(self, command: Command, deadline_s: float) -> Reply:
        """Send a command and wait for its reply.

        Raises LocalError, ReplyTimeout (the late reply will be discarded) or LinkLost.
        """
        ticket = self._submit(command, self._queue)
        return self._await(ticket, self._replies, deadline_s)

    def begin(self, command: Command, deadline_s: float) -> Callable[[], Reply]:
        """Write a command now; call what is returned, once, to wait for its reply.

        The bytes are the kernel's when this returns, unless others are being written.  Never
        yields.  Raises as `request` does, here or there.
        """
        ticket = self._submit(command, self._write_now)
        return lambda: self._await(ticket, self._replies, deadline_s)

    def run_job(self, command: BgApi, reply_deadline_s: float, job_deadline_s: float) -> JobDone:
        """Send a background job and wait for its result; needs the BACKGROUND_JOB subscription.

        Raises as `request` does, and CommandFailed when the switch does not accept the job.
        """
        ticket = self._submit(command, self._queue, await_job=True)
        try:
            reply = self._await(ticket, self._replies, reply_deadline_s)
            if not reply.ok:
                raise CommandFailed(reply.data)
            return self._await(ticket, self._jobs, job_deadline_s)
        finally:
            self._jobs.pop(ticket, None)

    def poke(self) -> None:
        """Wake the switch's poll, unless other bytes do: nothing is lost with one not written."""
        if not self._outbox and not self._is_writing and not self.lost.is_set():
            with suppress(OSError):
                self._sock.send(POKE, 0, DO_NOT_WAIT)  # type: ignore[call-arg]

    def watch(self, idle_s: float, deadline_s: float) -> None:
        """Close the link when the switch is silent: ask for a sign of life after `idle_s`.

        Runs until the link is lost.  While somebody waits for a reply his deadline speaks.
        """
        seen = -1
        while not self.lost.wait(idle_s):
            if self.bytes_received == seen and not self._replies:
                self._probe(deadline_s)
            seen = self.bytes_received

    def close(self, reason: str) -> None:
        """End the link: fail every waiter with the stage of its command, then report the loss."""
        if self.lost.is_set():
            return
        self.reason = reason
        self.lost.set()
        close_socket(self._sock)
        self._fail_waiters(reason)
        current = gevent.getcurrent()
        gevent.killall([one for one in self._greenlets if one is not current], block=False)
        self._on_lost(self)

    # -- waiting

    def _submit(self, command: Command, give: Giver, *, await_job: bool = False) -> Ticket:
        """Give the bytes away and stand in line for the reply, in one step: nothing yields here."""
        closing = self.protocol.state in (ClientState.CLOSING, ClientState.CLOSED)
        if self.lost.is_set() or closing:
            raise LinkLost(LossStage.NOT_SENT, self.reason or "the connection is closing")
        data, ticket = self.protocol.send(command, await_job=await_job)
        self._replies[ticket] = AsyncResult()
        if await_job:
            self._jobs[ticket] = AsyncResult()
        give(data, ticket)
        return ticket

    def _queue(self, data: bytes, ticket: Ticket | None) -> None:
        self._outbox.append((data, ticket))
        self._wake.set()

    def _write_now(self, data: bytes, ticket: Ticket | None) -> None:
        """With all that waits, past the writer unless it is at work: no other greenlet's turn comes
        in between.  What the kernel does not take at once is the writer's, with whatever is wrong.
        """
        if self._is_writing:
            self._queue(data, ticket)
            return
        self._outbox.append((data, ticket))
        waiting, n_taken = self._take_outbox(), 0
        with suppress(OSError):
            n_taken = self._sock.send(waiting, 0, DO_NOT_WAIT)  # type: ignore[call-arg]
        if n_taken < len(waiting):
            self._queue(waiting[n_taken:], None)

    def _take_outbox(self) -> bytes:
        """Bytes to write now; from here on a part of them may get through."""
        batch, self._outbox = self._outbox, []
        for _, ticket in batch:
            if ticket is not None:
                ticket.stage = LossStage.UNCONFIRMED
        return b"".join(data for data, _ in batch)

    def _await(self, ticket: Ticket, results: dict[Ticket, AsyncResult[T]], deadline_s: float) -> T:
        result = results[ticket]
        try:
            answer = wait_for(result, deadline_s)
        finally:
            if not result.ready():  # the deadline, or the waiter itself was killed
                self.protocol.abandon(ticket)
            results.pop(ticket, None)
        if answer is None:
            what = _name(ticket.command)
            raise ReplyTimeout(what, deadline_s, ticket.stage)
        return answer

    def _fail_waiters(self, reason: str) -> None:
        for ticket, loss in self.protocol.lose(reason):
            for result in (self._replies.get(ticket), self._jobs.get(ticket)):
                if result is not None and not result.ready():
                    result.set_exception(LinkLost(loss.stage, reason))
        if not self._greeting.ready():
            self._greeting.set_exception(LinkLost(LossStage.NOT_SENT, reason))

    def _probe(self, deadline_s: float) -> None:
        if self.protocol.pending:
            self.close("silent, and owes a reply nobody waits for any more")
            return
        try:
            self.request(Api("version short"), deadline_s)
        except ReplyTimeout:
            self.close(f"silent: no sign of life within {deadline_s:g} s")
        except EslError as error:
            log.debug("sign of life not asked for: %s", error)

    # -- the two ends of the socket

    def _read(self) -> None:
        try:
            reason = self._read_until_end()
        except (OSError, EslError) as error:
            reason = f"{type(error).__name__}: {error}"
        except Exception as error:
            log.exception("event socket reader")
            reason = f"bug: {error!r}"
        self.close(reason)

    def _read_until_end(self) -> str:
        buffer = bytearray(READ_BYTES)
        view = memoryview(buffer)
        while size := self._sock.recv_into(buffer):
            self.bytes_received += size
            for message in self.protocol.receive_data(view[:size]):
                self._take(message)
            if self.notice is not None:
                return "disconnect notice"
            gevent.sleep(0)  # recv_into does not yield while bytes are there: let handlers run
        self.protocol.receive_end()
        return "closed by the switch"

    def _take(self, message: Incoming) -> None:
        match message:
            case Reply():
                _answer(self._replies, message.ticket, message)
            case JobDone():
                _answer(self._jobs, message.ticket, message)
            case Greeting():
                self._greeting.set(True)
            case Rejection():
                self._greeting.set_exception(AuthRejected(message.data.strip()))
            case Notice() if not message.lingering:
                self.notice = message
            case _:
                self._on_message(message)

    def _write(self) -> None:
        try:
            while self._wake.wait():
                self._wake.clear()
                if data := self._take_outbox():
                    self._is_writing = True
                    self._sock.sendall(data)
                    self._is_writing = False
        except OSError as error:
            self.close(f"{type(error).__name__}: {error}")


def wait_for(result: AsyncResult[T], deadline_s: float) -> T | None:
    """The result, None when `deadline_s` passed; a timeout set around us by the caller goes on."""
    timer = gevent.Timeout(deadline_s)
    with timer:
        try:
            return result.get()
        except gevent.Timeout as fired:
            if fired is not timer:
                raise
    return result.get() if result.ready() else None  # it may have come in the same turn


def _answer(results: dict[Ticket, AsyncResult[T]], ticket: Ticket, value: T) -> None:
    result = results.get(ticket)
    if result is not None:
        result.set(value)


def _name(command: Command) -> str:
    """For messages: `api uuid_kill`, without the arguments, which may be numbers or secrets."""
    words = command.lines()[0].split(" ")
    return " ".join(words[:1] if words[0] in ("auth", "userauth") else words[:2])
