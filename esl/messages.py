"""What comes out of a connection: replies, events, and the few frames that are neither.

Values only; they know nothing of how they were received.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from esl.commands import BgApi, Command
from esl.errors import LossStage
from esl.events import EslEvent


@dataclass(eq=False, slots=True)
class Ticket:
    """Our end of one command: what was asked, how far it came, whether anyone still waits.

    An abandoned ticket stays in line as a tombstone, so that its late reply is not given to the
    next command.
    """

    command: Command
    stage: LossStage = LossStage.NOT_SENT
    abandoned: bool = False
    awaits_job: bool = False

    @property
    def job_uuid(self) -> str:
        """Job-UUID we chose, "" for commands that are no background job."""
        return self.command.job_uuid if isinstance(self.command, BgApi) else ""


@dataclass(slots=True)
class Reply:
    """Answer to one command, with the names greenswitch uses: `headers`, `data`.

    `body` is the raw content of an api/response (any charset); empty for a command/reply.
    """

    ticket: Ticket
    headers: dict[str, str]
    body: bytes = b""

    @property
    def data(self) -> str:
        """Output of an API command, else the Reply-Text."""
        if self.headers.get("Content-Type") == "api/response":
            return self.body.decode("utf-8", "replace")
        return self.headers.get("Reply-Text", "")

    @property
    def ok(self) -> bool:
        """False for -ERR and -USAGE.  API commands may answer anything else: `true`, a table."""
        return not self.data.startswith(("-ERR", "-USAGE"))


@dataclass(slots=True)
class Greeting:
    """The switch asks for a password (auth/request)."""


@dataclass(slots=True)
class JobDone:
    """The result of a background job that was waited for on this connection."""

    ticket: Ticket
    event: EslEvent

    @property
    def data(self) -> str:
        """Output of the command the job ran."""
        return self.event.body or ""


@dataclass(slots=True)
class LogLine:
    """One line of the switch's log (log/data)."""

    headers: dict[str, str]
    data: str


@dataclass(slots=True)
class Notice:
    """The switch says that this connection ends (text/disconnect-notice).

    `lingering`: the leg has ended but events go on for Linger-Time seconds.
    """

    headers: dict[str, str]
    data: str

    @property
    def lingering(self) -> bool:
        return self.headers.get("Content-Disposition") == "linger"


@dataclass(slots=True)
class Rejection:
    """The switch's access list refuses our address (text/rude-rejection)."""

    data: str


Incoming = Reply | EslEvent | JobDone | Greeting | LogLine | Notice | Rejection


@dataclass(slots=True)
class Request:
    """One command as the server's side reads it.

    `verb` is the first word in lower case, `args` the rest of the line, `headers` the further
    lines under lower-case names (the switch looks them up without regard to case).
    """

    verb: str
    args: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
