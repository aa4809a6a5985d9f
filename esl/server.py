"""The switch's end of a connection, without a socket, as FreeSWITCH writes it.

What a command does is the caller's affair; this file gives the requests and renders the answers
with FreeSWITCH's own header order.  Used by the simulated switch and to test the client.
"""

from __future__ import annotations

from collections.abc import Mapping

from esl import states
from esl.events import JSON, PLAIN, EslEvent
from esl.messages import Request
from esl.render import Fields, json_body, plain_body
from esl.requests import RequestReader
from esl.states import Input, ServerState
from esl.subscriptions import Subscriptions

GOODBYE = "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"
GO_AWAY = "Access Denied, go away.\n"


class ServerConnection:
    """One client of the switch: bytes in, requests out; answers and events in, bytes out.

    `subscriptions` applies event, nixevent, noevents and filter commands with their replies.
    session_uuid: the leg handed over, when it is the switch that opened the connection.
    """

    def __init__(self, *, session_uuid: str = "") -> None:
        self.state = ServerState.ACCEPTED
        self.session_uuid = session_uuid
        self.subscriptions = Subscriptions()
        self._requests = RequestReader()
        if session_uuid:
            self._advance(Input.HANDED_OVER)

    def receive_data(self, data: bytes | bytearray | memoryview) -> list[Request]:
        """Commands completed by this segment.  Raises FrameError for a command over the limit."""
        if self.state is ServerState.CLOSED:
            return []
        requests = self._requests.feed(data)
        for _ in requests:
            self._advance(Input.COMMAND)
        return requests

    def receive_end(self) -> None:
        """The client closed its side."""
        self._advance(Input.END)

    # -- greeting

    def auth_request(self) -> bytes:
        """The greeting.  FreeSWITCH then waits 25 s for the password."""
        self._advance(Input.GREETING)
        return b"Content-Type: auth/request\n\n"

    def accept_auth(self) -> bytes:
        self._advance(Input.AUTH_ACCEPTED)
        return _reply("+OK accepted")

    def refuse_auth(self) -> bytes:
        """The refusal and the goodbye; close the socket after them."""
        self._advance(Input.AUTH_REFUSED)
        return _reply("-ERR invalid") + _notice({}, GOODBYE)

    def rude_rejection(self) -> bytes:
        """Instead of the greeting, to an address the access list refuses; close after it."""
        self._advance(Input.REJECTION)
        return (
            render_head(
                {"Content-Type": "text/rude-rejection", "Content-Length": str(len(GO_AWAY))}
            )
            + GO_AWAY.encode()
        )

    # -- replies

    def command_reply(self, text: str, headers: Mapping[str, str] | None = None) -> bytes:
        """`text` starts with +OK or -ERR; `headers` follow it, as Job-UUID does."""
        self._advance(Input.REPLY)
        return _reply(text, headers)

    def job_reply(self, job_uuid: str) -> bytes:
        """To `bgapi`; the result follows as a BACKGROUND_JOB event."""
        return self.command_reply(f"+OK Job-UUID: {job_uuid}", {"Job-UUID": job_uuid})

    def api_response(self, output: str | bytes) -> bytes:
        """To `api`; FreeSWITCH replaces empty output by `-ERR no reply`."""
        self._advance(Input.REPLY)
        raw = output.encode("utf-8", "surrogateescape") if isinstance(output, str) else output
        raw = raw or b"-ERR no reply\n"
        return _framed_head("Content-Type: api/response\nContent-Length: %d\n\n", raw)

    def connect_reply(self, fields: Fields, *, full: bool = True, is_async: bool = True) -> bytes:
        """To `connect`: the whole leg in one head without body, every value url-encoded."""
        self._advance(Input.REPLY)
        pairs = [*(fields.items() if isinstance(fields, Mapping) else fields)]
        pairs += [
            ("Content-Type", "command/reply"),
            ("Reply-Text", "+OK\n"),
            ("Socket-Mode", "async" if is_async else "static"),
            ("Control", "full" if full else "single-channel"),
        ]
        # The one Content-Type of an event that is read as a head, so its slash stays: it is safe.
        return plain_body(pairs)

    # -- what comes unasked

    def event(self, event: EslEvent) -> bytes:
        """An event in this connection's format, whether or not it is subscribed to."""
        self._advance(Input.EVENT)
        return render_event(event.headers, event.body, self.subscriptions.format)

    def publish(self, event: EslEvent, rendered: dict[str, bytes] | None = None) -> bytes:
        """The event's bytes, or none when the client did not ask for it.

        Give the same empty `rendered` dictionary to every connection to render once per format.
        """
        if self.state is not ServerState.READY or not self.subscriptions.wants(event):
            return b""
        cache = {} if rendered is None else rendered
        format_ = self.subscriptions.format
        if format_ not in cache:
            cache[format_] = self.event(event)
        return cache[format_]

    def disconnect_notice(self) -> bytes:
        """The last words, after `exit` or when the switch closes; close the socket after them."""
        self._advance(Input.NOTICE)
        return _notice(self._session_headers("disconnect"), GOODBYE)

    def linger_notice(self, channel_name: str, seconds: int) -> bytes:
        """The leg has ended; its last events follow for `seconds` seconds."""
        headers = self._session_headers("linger")
        headers |= {"Channel-Name": channel_name, "Linger-Time": str(seconds)}
        return _notice(headers, "")

    def log_line(self, headers: Mapping[str, str], text: str) -> bytes:
        """One line of the log; `headers` as in `Log-Level`, `Log-File`, `User-Data`."""
        raw = text.encode()
        head = {"Content-Type": "log/data", "Content-Length": str(len(raw)), **headers}
        return render_head(head) + raw

    def _session_headers(self, disposition: str) -> dict[str, str]:
        if not self.session_uuid:
            return {}
        return {"Controlled-Session-UUID": self.session_uuid, "Content-Disposition": disposition}

    def _advance(self, what: Input) -> None:
        self.state = states.advance(states.SERVER, self.state, what, client=False)


def render_event(headers: Fields, body: str | None, format_: str) -> bytes:
    """One whole event frame; events, unlike replies, put Content-Length first."""
    json = format_ == "json"
    content = json_body(headers, body) if json else plain_body(headers, body)
    kind = JSON if json else PLAIN
    return b"Content-Length: %d\nContent-Type: %s\n\n%s" % (len(content), kind.encode(), content)


def render_head(headers: Mapping[str, str]) -> bytes:
    """Header lines as they are, and the empty line."""
    lines = (f"{name}: {value}\n" for name, value in headers.items())
    return "".join((*lines, "\n")).encode("utf-8", "surrogateescape")


def _reply(text: str, headers: Mapping[str, str] | None = None) -> bytes:
    return render_head({"Content-Type": "command/reply", "Reply-Text": text, **(headers or {})})


def _framed_head(head: str, raw: bytes) -> bytes:
    return (head % len(raw)).encode() + raw


def _notice(headers: Mapping[str, str], text: str) -> bytes:
    head = {"Content-Type": "text/disconnect-notice", **headers, "Content-Length": str(len(text))}
    return render_head(head) + text.encode()
