"""The client's end of a connection, without a socket: bytes to messages, commands to bytes.

Replies carry no number: the n-th reply answers the n-th command.  So the line of tickets is kept
here, next to the bytes, and a caller that gives up leaves its ticket standing as a tombstone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from esl import states
from esl.commands import Auth, BgApi, Command, Connect, Line, Raw
from esl.errors import ConnectionLost, FrameError, LossStage
from esl.events import JSON, PLAIN, EslEvent, event_name, parse_event, plain_headers
from esl.frames import BODY_LIMIT_BYTES, Frame, FrameReader
from esl.messages import Greeting, Incoming, JobDone, LogLine, Notice, Rejection, Reply, Ticket
from esl.states import ClientState, Input

_EVENTS = frozenset((JSON, PLAIN))
Handler = Callable[["ClientConnection", Frame], Incoming | None]


def _everything(name: str) -> bool:
    return True


class ClientConnection:
    """One connection to a switch, from its first byte to its last.

    wants: asked with an event's name before it is decoded; unwanted events are dropped and counted.
    handed_over: the switch opened this connection (dialplan `socket`); there is no greeting.
    body_limit: bytes one frame may hold.
    """

    def __init__(
        self,
        *,
        wants: Callable[[str], bool] = _everything,
        handed_over: bool = False,
        body_limit: int = BODY_LIMIT_BYTES,
    ) -> None:
        self.state = ClientState.CONNECTING
        self.wants = wants
        self.dropped_events = 0
        self.repaired_events = 0
        self.late_replies = 0
        self._frames = FrameReader(body_limit=body_limit, skips=self._skips)
        self._line: deque[Ticket] = deque()
        self._jobs: dict[str, Ticket] = {}
        if handed_over:
            self._advance(Input.HANDED_OVER)

    @property
    def pending(self) -> int:
        """Commands whose reply has not come, tombstones included."""
        return len(self._line)

    def send(self, command: Command, *, await_job: bool = False) -> tuple[bytes, Ticket]:
        """Bytes to write, and the ticket its Reply will carry.

        The two belong together: write the bytes in the order of the calls.  `await_job` also asks
        for a JobDone when the BACKGROUND_JOB of a BgApi comes (needs that subscription).
        Raises LocalError.
        """
        data = command.encode()
        self._advance(_input_of(command))
        ticket = Ticket(command, awaits_job=await_job)
        if await_job and isinstance(command, BgApi):
            self._jobs[command.job_uuid] = ticket
        self._line.append(ticket)
        return data, ticket

    def abandon(self, ticket: Ticket) -> None:
        """Nobody waits any more: discard the late reply and the job's result."""
        ticket.abandoned = True
        self._jobs.pop(ticket.job_uuid, None)

    def receive_data(self, data: bytes | bytearray | memoryview) -> list[Incoming]:
        """Messages completed by this segment, in order.

        Raises FrameError when the bytes are not the protocol; the connection is then CLOSED and
        the caller must drop it.
        """
        try:
            messages: list[Incoming] = []
            for frame in self._frames.feed(data):
                self._receive(frame, messages)
        except FrameError:
            self._advance(Input.END)
            raise
        return messages

    def receive_end(self) -> None:
        """The stream ended.  Raises FrameError when it ended inside a frame."""
        self._advance(Input.END)
        if self._frames.pending_bytes:
            raise FrameError("the stream ended inside a frame")

    def lose(self, reason: str) -> list[tuple[Ticket, ConnectionLost]]:
        """Every ticket somebody still waits for, with what to tell him.  Forgets them all."""
        self._advance(Input.END)
        waiting = [ticket for ticket in self._line if not ticket.abandoned]
        known = set(map(id, waiting))
        waiting += [ticket for ticket in self._jobs.values() if id(ticket) not in known]
        self._line.clear()
        self._jobs.clear()
        return [(ticket, ConnectionLost(ticket.stage, reason)) for ticket in waiting]

    def _advance(self, what: Input) -> None:
        self.state = states.advance(states.CLIENT, self.state, what, client=True)

    def _receive(self, frame: Frame, messages: list[Incoming]) -> None:
        if frame.content_type in _EVENTS:
            self._receive_event(frame, messages)
            return
        receive = _RECEIVERS.get(frame.content_type)
        if receive is None:
            raise FrameError(f"unknown Content-Type {frame.content_type[:80]!r}")
        message = receive(self, frame)
        if message is not None:
            messages.append(message)

    def _skips(self, content_type: str, buffer: bytearray, at: int) -> bool:
        """Unwanted events are dropped where they lie, uncopied; most of a switch's events are."""
        if content_type not in _EVENTS or self.state is not ClientState.READY:
            return False
        name = event_name(buffer, at)
        if name is None or not self._drops(name):
            return False
        self.dropped_events += 1
        return True

    def _drops(self, name: str) -> bool:
        return not self.wants(name) and not (name == "BACKGROUND_JOB" and self._jobs)

    def _receive_event(self, frame: Frame, messages: list[Incoming]) -> None:
        if self.state is not ClientState.READY:
            self._advance(Input.EVENT)
        event = parse_event(frame.content_type, frame.body)
        if event.repaired:
            self.repaired_events += 1
        if self._jobs and event.name == "BACKGROUND_JOB":
            self._finish_job(event, messages)
        if self.wants(event.name):
            messages.append(event)

    def _finish_job(self, event: EslEvent, messages: list[Incoming]) -> None:
        ticket = self._jobs.pop(event.job_uuid, None)
        if ticket is not None:
            messages.append(JobDone(ticket, event))

    def _receive_reply(self, frame: Frame) -> Reply | None:
        if not self._line:
            raise FrameError("a reply to no command")
        ticket = self._line.popleft()
        reply = Reply(ticket, _reply_headers(ticket, frame), frame.body)
        self._advance(_input_of_reply(ticket, reply))
        if ticket.awaits_job:
            self._note_job(ticket, reply)
        if ticket.abandoned:
            self.late_replies += 1
            return None
        return reply

    def _note_job(self, ticket: Ticket, reply: Reply) -> None:
        if reply.ok:
            ticket.stage = LossStage.ACCEPTED
        else:
            self._jobs.pop(ticket.job_uuid, None)

    def _receive_greeting(self, frame: Frame) -> Greeting:
        self._advance(Input.GREETING)
        return Greeting()

    def _receive_rejection(self, frame: Frame) -> Rejection:
        self._advance(Input.REJECTION)
        return Rejection(_text(frame.body))

    def _receive_notice(self, frame: Frame) -> Notice:
        notice = Notice(dict(frame.headers), _text(frame.body))
        if not notice.lingering:
            self._advance(Input.NOTICE)
        return notice

    def _receive_log(self, frame: Frame) -> LogLine:
        self._advance(Input.EVENT)
        return LogLine(dict(frame.headers), _text(frame.body))


_RECEIVERS: dict[str, Handler] = {
    "command/reply": ClientConnection._receive_reply,
    "api/response": ClientConnection._receive_reply,
    "auth/request": ClientConnection._receive_greeting,
    "text/disconnect-notice": ClientConnection._receive_notice,
    "text/rude-rejection": ClientConnection._receive_rejection,
    "log/data": ClientConnection._receive_log,
}


def _input_of(command: Command) -> Input:
    if isinstance(command, Auth):
        return Input.AUTH
    is_exit = isinstance(command, Line | Raw) and command.text == "exit"
    return Input.EXIT if is_exit else Input.COMMAND


def _input_of_reply(ticket: Ticket, reply: Reply) -> Input:
    if not isinstance(ticket.command, Auth):
        return Input.REPLY
    return Input.AUTH_ACCEPTED if reply.data.startswith("+OK") else Input.AUTH_REFUSED


def _reply_headers(ticket: Ticket, frame: Frame) -> dict[str, str]:
    """Only the reply to `connect` is url-encoded, its Reply-Text included (`%2BOK%0A`)."""
    if not isinstance(ticket.command, Connect):
        return dict(frame.headers)
    block = "".join(f"{name}: {value}\n" for name, value in frame.headers.items())
    return plain_headers(block)[0]


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
