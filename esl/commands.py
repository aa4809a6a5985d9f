"""What we may ask of the switch, one frozen value per command, each of which renders itself.

Text is checked when a command is made, so a bad value fails where it was written, not in the
writer.  All checks are those of `escaping.py`.  API commands (uuid_bridge and the like) are in
`verbs.py` and `originate.py`; here is what carries them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from esl import escaping
from esl.errors import LocalError

EventFormat = Literal["json", "plain"]


class Command:
    """Base of all commands: lines, and perhaps a body, rendered as bytes."""

    __slots__ = ()

    def lines(self) -> list[str]:
        """The command line, then header lines."""
        raise NotImplementedError

    def content(self) -> bytes:
        """Bytes after the empty line; announced by Content-Length."""
        return b""

    def encode(self) -> bytes:
        """Bytes to write.  Raises LocalError for what mod_event_socket would misread."""
        lines, content = self.lines(), self.content()
        if content:
            lines.append(f"Content-Length: {len(content)}")
        raw = "\n".join(lines).encode("utf-8", "surrogateescape")
        _refuse_module_reload(raw)
        if len(raw) + 2 > escaping.COMMAND_LIMIT_BYTES:
            raise LocalError(f"command of {len(raw)} bytes: the switch would cut it in two")
        return raw + b"\n\n" + content


class ApiCommand:
    """Base of typed API commands: one line of text for Api and BgApi."""

    __slots__ = ()

    def render(self) -> str:
        """The API line, as typed at the console."""
        raise NotImplementedError


def _refuse_module_reload(raw: bytes) -> None:
    """Any line with both words is replaced by a reload of the module we are talking to."""
    lowered = raw.lower() if b"ocket" in raw or b"OCKET" in raw else b""
    if b"mod_event_socket" in lowered and (b"reload" in lowered or b"unload" in lowered):
        raise LocalError("'reload' beside 'mod_event_socket' would reload the event socket")


def _api_line(command: str | ApiCommand) -> str:
    text = command.render() if isinstance(command, ApiCommand) else command
    if not text.strip():
        raise LocalError("command: empty")
    return escaping.line("command", text)


def _header_lines(headers: Mapping[str, str]) -> list[str]:
    return [
        f"{escaping.name('header', name)}: {escaping.line(name, value)}"
        for name, value in headers.items()
    ]


@dataclass(frozen=True, slots=True)
class Raw(Command):
    """A command as text, for callers written against greenswitch: lines, but never two at once."""

    text: str

    def __post_init__(self) -> None:
        if "\r" in self.text or "\0" in self.text or "\n\n" in self.text:
            raise LocalError("command: holds a second command, CR or NUL")
        if not self.text.strip() or self.text != self.text.strip("\n"):
            raise LocalError("command: empty or with a line end around it")

    def lines(self) -> list[str]:
        return self.text.split("\n")


@dataclass(frozen=True, slots=True)
class Line(Command):
    """A command of one line without arguments to check: `exit`, `noevents`, `nolinger`..."""

    text: str

    def lines(self) -> list[str]:
        return [escaping.line("command", self.text)]


@dataclass(frozen=True, slots=True)
class Auth(Command):
    """Password of the switch, or of one of its users when `user` (name@domain) is given."""

    password: str = field(repr=False)
    user: str = ""

    def __post_init__(self) -> None:
        escaping.line("password", self.password)
        escaping.line("user", self.user)

    def lines(self) -> list[str]:
        if self.user:
            return [f"userauth {self.user}:{self.password}"]
        return [f"auth {self.password}"]


@dataclass(frozen=True, slots=True)
class Api(Command):
    """Run in the listener's thread: events and later commands of this connection wait for it."""

    command: str | ApiCommand

    def lines(self) -> list[str]:
        return ["api " + _api_line(self.command)]


@dataclass(frozen=True, slots=True)
class BgApi(Command):
    """Run in a thread of its own; the result is a BACKGROUND_JOB event with our `job_uuid`.

    `via_api` sends `api bgapi uuid:<job> ...` instead, which mod_commands serves without the
    acknowledgement loop of mod_event_socket: 9 400 against 800 per second on one connection.
    """

    command: str | ApiCommand
    job_uuid: str
    via_api: bool = False

    def __post_init__(self) -> None:
        escaping.uuid("job_uuid", self.job_uuid)

    def lines(self) -> list[str]:
        line = _api_line(self.command)
        if self.via_api:
            return [f"api bgapi uuid:{self.job_uuid} {line}"]
        return ["bgapi " + line, f"Job-UUID: {self.job_uuid}"]


@dataclass(frozen=True, slots=True)
class Subscribe(Command):
    """Ask for events.  Additive; the format is the connection's, the last one asked wins."""

    events: Sequence[str]
    subclasses: Sequence[str] = ()
    format: EventFormat = "json"

    def __post_init__(self) -> None:
        for event in self.events:
            escaping.name("events", event)
        for subclass in self.subclasses:
            escaping.word("subclasses", subclass)
        if not self.events and not self.subclasses:
            raise LocalError("events: none")

    def lines(self) -> list[str]:
        names = [name for name in self.events if name != "CUSTOM"]
        if self.subclasses or len(names) < len(self.events):
            names += ["CUSTOM", *self.subclasses]  # every word after CUSTOM is a subclass
        return [" ".join(("event", self.format, *names))]


@dataclass(frozen=True, slots=True)
class NixEvent(Command):
    """Stop some events."""

    events: Sequence[str]
    subclasses: Sequence[str] = ()

    def lines(self) -> list[str]:
        subscribe = Subscribe(self.events, self.subclasses).lines()[0]
        return [subscribe.replace("event json", "nixevent", 1)]


@dataclass(frozen=True, slots=True)
class Filter(Command):
    """Let through only events whose header has this value, any case; filters are ORed.

    An event without the header is not let through by this filter.  `veto` turns it round; with
    vetoes alone nothing comes at all.  Regular expressions are refused: the switch compiles them
    for each event while it holds the lock of every listener.
    """

    header: str
    value: str
    veto: bool = False

    def __post_init__(self) -> None:
        escaping.name("header", self.header)
        escaping.line("value", self.value)
        if not self.value or self.value[0] in "/+- ":
            raise LocalError("value: empty, a pattern or signed")

    def lines(self) -> list[str]:
        return [f"filter add {self.header} {'-' if self.veto else ''}{self.value}"]


@dataclass(frozen=True, slots=True)
class FilterDelete(Command):
    """Forget the filters of a header, or of one value of it, or `all`."""

    header: str = "all"
    value: str = ""

    def lines(self) -> list[str]:
        header = escaping.name("header", self.header)
        value = escaping.line("value", self.value)
        return [f"filter delete {header} {value}".rstrip()]


@dataclass(frozen=True, slots=True)
class SendMsg(Command):
    """Queue work for a leg; on a connection handed over by the dialplan `uuid` may be left out.

    +OK means queued, not done: done is CHANNEL_EXECUTE_COMPLETE with Application-UUID equal to
    `event_uuid`.  `locked` makes the leg finish one message before it starts the next.
    """

    uuid: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    event_uuid: str = ""
    locked: bool = False

    def __post_init__(self) -> None:
        if self.uuid:
            escaping.uuid("uuid", self.uuid)
        if self.event_uuid:
            escaping.uuid("event_uuid", self.event_uuid)

    def lines(self) -> list[str]:
        lines = [f"sendmsg {self.uuid}".rstrip(), *_header_lines(self.headers)]
        if self.event_uuid:
            lines.append(f"Event-UUID: {self.event_uuid}")
        if self.locked:
            lines.append("event-lock: true")
        return lines


def execute(
    app: str,
    arg: str = "",
    *,
    uuid: str = "",
    event_uuid: str = "",
    locked: bool = False,
    background: bool = False,
) -> SendMsg:
    """Run a dialplan application on a leg.  `arg` may hold no `$`: it would be expanded.

    `background` queues on a `socket` connection that is not in async mode.
    """
    headers = {"call-command": "execute", "execute-app-name": escaping.name("app", app)}
    if arg:
        headers["execute-app-arg"] = escaping.unexpanded("arg", arg)
    if background:
        headers["async"] = "true"
    return SendMsg(uuid, headers, event_uuid, locked)


def hangup(uuid: str = "", cause: str = "NORMAL_CLEARING") -> SendMsg:
    """End a leg with a Q.850 cause name."""
    return SendMsg(uuid, {"call-command": "hangup", "hangup-cause": escaping.name("cause", cause)})


@dataclass(frozen=True, slots=True)
class SendEvent(Command):
    """Make an event.  With a `unique-id` header it also goes to that leg's own queue."""

    event: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def lines(self) -> list[str]:
        if any(name.lower() == "content-length" for name in self.headers):
            raise LocalError("headers: Content-Length is computed from the body")
        return [f"sendevent {escaping.name('event', self.event)}", *_header_lines(self.headers)]

    def content(self) -> bytes:
        return self.body.encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Connect(Command):
    """First command on a connection the switch opened; the reply holds the whole leg."""

    def lines(self) -> list[str]:
        return ["connect"]


@dataclass(frozen=True, slots=True)
class MyEvents(Command):
    """Only events of one leg: the one handed over, or `uuid`."""

    uuid: str = ""
    format: EventFormat = "plain"

    def lines(self) -> list[str]:
        uuid = escaping.uuid("uuid", self.uuid) if self.uuid else ""
        return [" ".join(part for part in ("myevents", uuid, _format_word(self.format)) if part)]


def _format_word(format_: EventFormat) -> str:
    return "json" if format_ == "json" else ""


@dataclass(frozen=True, slots=True)
class Linger(Command):
    """Keep the socket open `seconds` after the leg has ended, to receive its last events."""

    seconds: int

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= 3600:  # without a number it lingers for ever
            raise LocalError("seconds: between 1 and 3600")

    def lines(self) -> list[str]:
        return [f"linger {self.seconds}"]


@dataclass(frozen=True, slots=True)
class DivertEvents(Command):
    """Have events the leg's own applications make (input callbacks) come to this connection."""

    on: bool = True

    def lines(self) -> list[str]:
        return [f"divert_events {'on' if self.on else 'off'}"]


NoEvents = Line("noevents")
NoLinger = Line("nolinger")
Resume = Line("resume")
Exit = Line("exit")
POKE = b"\n"
"""A bare line end wakes the switch's 20 ms poll and is thrown away: event latency 12.7 -> 1.3 ms.

It may be written between commands only, never inside one.
"""
