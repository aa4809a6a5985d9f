"""Every way the event socket can fail, in one tree.

`LocalError` means the caller asked for something that may not be written on the wire; `RemoteError`
means the switch did something we cannot go on with.  Any exception outside this tree that leaves
the package is a bug of the package.  This file knows nothing of sockets.
"""

from __future__ import annotations

from enum import StrEnum


class LossStage(StrEnum):
    """How far a command had come when its connection was lost.

    NOT_SENT: no byte was handed to the socket; the command may be repeated freely.
    UNCONFIRMED: bytes may have arrived; look for the effect (uuid_exists) before repeating.
    ACCEPTED: the switch said +OK to a background job whose result will now never come.
    """

    NOT_SENT = "not_sent"
    UNCONFIRMED = "unconfirmed"
    ACCEPTED = "accepted"


class EslError(Exception):
    """Root of the tree; never raised itself."""


class LocalError(EslError):
    """We were asked to send what must not be sent, or at a moment when nothing may be sent."""


class RemoteError(EslError):
    """The switch refused us or broke the protocol."""


class AuthRejected(RemoteError, ValueError):
    """Wrong password, or an address the switch's access list refuses.

    Also a ValueError because that is what greenswitch raises for a wrong password.
    """


class FrameError(RemoteError):
    """Bytes that are not the protocol.

    The connection must be dropped: FreeSWITCH can splice a disconnect notice into the middle of an
    event body (its killer thread writes without a lock), so there is no safe place to resume.
    """


class CommandFailed(RemoteError):
    """The switch answered -ERR or -USAGE where only +OK lets the caller go on.

    `reply` is the text of the answer without its line end.
    """

    def __init__(self, reply: str) -> None:
        super().__init__(reply.strip())
        self.reply = reply.strip()


class ConnectionLost(EslError):
    """The connection ended before the answer; `stage` says whether repeating is safe."""

    def __init__(self, stage: LossStage, reason: str = "") -> None:
        super().__init__(f"connection lost ({stage}): {reason}" if reason else f"lost ({stage})")
        self.stage = stage
        self.reason = reason


class ReplyTimeout(EslError):
    """No answer within the deadline; the command may still run, its late answer is discarded.

    `waited_s` is the deadline in seconds; `stage` is how far the command had come.
    """

    def __init__(self, what: str, waited_s: float, stage: LossStage) -> None:
        super().__init__(f"no reply to {what!r} within {waited_s:g} s ({stage})")
        self.waited_s = waited_s
        self.stage = stage
