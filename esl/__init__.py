"""FreeSWITCH event socket: frames, events, commands and both ends of a connection.

Bytes become messages and back without a socket (`ClientConnection`, `ServerConnection`); the gevent
clients are in `esl.client` and `esl.app_server`, so that this import needs no gevent.
"""

from esl import verbs
from esl.commands import (
    POKE,
    Api,
    ApiCommand,
    Auth,
    BgApi,
    Command,
    Connect,
    DivertEvents,
    Exit,
    Filter,
    FilterDelete,
    Linger,
    MyEvents,
    NixEvent,
    NoEvents,
    NoLinger,
    Raw,
    SendEvent,
    SendMsg,
    Subscribe,
    execute,
    hangup,
)
from esl.connection import ClientConnection
from esl.errors import (
    AuthRejected,
    CommandFailed,
    ConnectionLost,
    EslError,
    FrameError,
    LocalError,
    LossStage,
    RemoteError,
    ReplyTimeout,
)
from esl.events import EslEvent, EventName, parse_event
from esl.frames import Frame, FrameReader
from esl.messages import (
    Greeting,
    Incoming,
    JobDone,
    LogLine,
    Notice,
    Rejection,
    Reply,
    Request,
    Ticket,
)
from esl.originate import Originate
from esl.server import ServerConnection, render_event
from esl.states import ClientState, ServerState
from esl.subscriptions import Subscriptions

__all__ = [
    "POKE",
    "Api",
    "ApiCommand",
    "Auth",
    "AuthRejected",
    "BgApi",
    "ClientConnection",
    "ClientState",
    "Command",
    "CommandFailed",
    "Connect",
    "ConnectionLost",
    "DivertEvents",
    "EslError",
    "EslEvent",
    "EventName",
    "Exit",
    "Filter",
    "FilterDelete",
    "Frame",
    "FrameError",
    "FrameReader",
    "Greeting",
    "Incoming",
    "JobDone",
    "Linger",
    "LocalError",
    "LogLine",
    "LossStage",
    "MyEvents",
    "NixEvent",
    "NoEvents",
    "NoLinger",
    "Notice",
    "Originate",
    "Raw",
    "Rejection",
    "RemoteError",
    "Reply",
    "ReplyTimeout",
    "Request",
    "SendEvent",
    "SendMsg",
    "ServerConnection",
    "ServerState",
    "Subscribe",
    "Subscriptions",
    "Ticket",
    "execute",
    "hangup",
    "parse_event",
    "render_event",
    "verbs",
]
