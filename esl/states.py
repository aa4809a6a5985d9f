"""The life of a connection, for both ends, as tables.

Rule 1: whatever changes the state of a connection does so through `advance` and these tables.
Rule 2: this file knows neither bytes nor sockets.

Theory of operation.  The client waits for the switch's greeting, authenticates and is READY; an
`exit` or a notice makes it CLOSING, in which replies and events may still come; the end of the
stream makes it CLOSED from anywhere.  A connection the switch itself opened (the dialplan's
`socket` application) has no greeting and no password: HANDED_OVER makes it READY at once.
The server's side mirrors this.  What the table does not hold is an error of whoever did it: of the
caller (LocalError) for inputs we make, of the switch (FrameError) for inputs it makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from esl.errors import EslError, FrameError, LocalError


class ClientState(StrEnum):
    CONNECTING = "connecting"
    GREETED = "greeted"
    AUTHENTICATING = "authenticating"
    READY = "ready"
    CLOSING = "closing"
    CLOSED = "closed"


class ServerState(StrEnum):
    ACCEPTED = "accepted"
    GREETED = "greeted"
    READY = "ready"
    CLOSED = "closed"


class Input(StrEnum):
    """What happens to a connection; ours are sent, theirs received."""

    GREETING = "greeting"  # auth/request
    HANDED_OVER = "handed_over"  # opened by the dialplan: no greeting follows
    AUTH = "auth"  # a password was sent
    AUTH_ACCEPTED = "auth_accepted"
    AUTH_REFUSED = "auth_refused"
    REJECTION = "rejection"  # text/rude-rejection: the access list refuses our address
    COMMAND = "command"
    EXIT = "exit"
    REPLY = "reply"
    EVENT = "event"
    NOTICE = "notice"  # text/disconnect-notice that is not a linger
    END = "end"  # end of stream, reset, or bytes that are not the protocol


State = TypeVar("State", ClientState, ServerState)
Table = Mapping[tuple[State, Input], State]

_C, _S = ClientState, ServerState

CLIENT: Table[ClientState] = {
    (_C.CONNECTING, Input.GREETING): _C.GREETED,
    (_C.CONNECTING, Input.HANDED_OVER): _C.READY,
    (_C.CONNECTING, Input.REJECTION): _C.CLOSING,
    (_C.CONNECTING, Input.NOTICE): _C.CLOSING,
    (_C.GREETED, Input.AUTH): _C.AUTHENTICATING,
    (_C.GREETED, Input.NOTICE): _C.CLOSING,
    (_C.AUTHENTICATING, Input.AUTH_ACCEPTED): _C.READY,
    (_C.AUTHENTICATING, Input.AUTH_REFUSED): _C.CLOSING,
    (_C.AUTHENTICATING, Input.NOTICE): _C.CLOSING,
    (_C.READY, Input.COMMAND): _C.READY,
    (_C.READY, Input.REPLY): _C.READY,
    (_C.READY, Input.EVENT): _C.READY,
    (_C.READY, Input.EXIT): _C.CLOSING,
    (_C.READY, Input.NOTICE): _C.CLOSING,
    (_C.CLOSING, Input.REPLY): _C.CLOSING,
    (_C.CLOSING, Input.EVENT): _C.CLOSING,
    (_C.CLOSING, Input.NOTICE): _C.CLOSING,
    **{(state, Input.END): _C.CLOSED for state in _C},
}

SERVER: Table[ServerState] = {
    (_S.ACCEPTED, Input.GREETING): _S.GREETED,
    (_S.ACCEPTED, Input.HANDED_OVER): _S.READY,
    (_S.ACCEPTED, Input.COMMAND): _S.ACCEPTED,
    (_S.ACCEPTED, Input.REJECTION): _S.CLOSED,
    (_S.GREETED, Input.AUTH_ACCEPTED): _S.READY,
    (_S.GREETED, Input.AUTH_REFUSED): _S.CLOSED,
    (_S.GREETED, Input.COMMAND): _S.GREETED,
    (_S.GREETED, Input.REPLY): _S.GREETED,
    (_S.GREETED, Input.NOTICE): _S.CLOSED,
    (_S.READY, Input.COMMAND): _S.READY,
    (_S.READY, Input.REPLY): _S.READY,
    (_S.READY, Input.EVENT): _S.READY,
    (_S.READY, Input.NOTICE): _S.CLOSED,
    **{(state, Input.END): _S.CLOSED for state in _S},
}

_REMOTE = frozenset(
    {
        Input.GREETING,
        Input.AUTH_ACCEPTED,
        Input.AUTH_REFUSED,
        Input.REJECTION,
        Input.REPLY,
        Input.EVENT,
        Input.NOTICE,
    }
)


def advance(table: Table[State], state: State, what: Input, *, client: bool) -> State:
    """Next state.  Raises LocalError or FrameError when the table has no such step."""
    following = table.get((state, what))
    if following is None:
        blame: type[EslError] = FrameError if client and what in _REMOTE else LocalError
        raise blame(f"{what} while {state}")
    return following
