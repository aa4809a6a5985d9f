"""FreeSWITCH event socket: frames, events, commands and both ends of a connection.

Bytes become messages and back without a socket (`ClientConnection`, `ServerConnection`); over
gevent's sockets we connect to a switch (`EslClient`) or a switch connects to us (`EslAppServer`).
Nothing here patches anything.
"""

from esl import verbs
from esl.app_server import AppSession, EslAppServer
from esl.backoff import Backoff
from esl.client import EslClient
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
from esl.dispatch import DispatchOverflow
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
from esl.link import LinkLost
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
from esl.stats import ClientStats
from esl.subscriptions import Subscriptions

__all__ = [
    "POKE",
    "Api",
    "ApiCommand",
    "AppSession",
    "Auth",
    "AuthRejected",
    "Backoff",
    "BgApi",
    "ClientConnection",
    "ClientState",
    "ClientStats",
    "Command",
    "CommandFailed",
    "Connect",
    "ConnectionLost",
    "DispatchOverflow",
    "DivertEvents",
    "EslAppServer",
    "EslClient",
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
    "LinkLost",
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
