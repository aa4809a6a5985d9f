"""The switch's end of the taps: which legs of a node are armed, and what it is told for each.

A leg is armed with its dial, so that its first frame is heard: by then nobody knows who will
answer. What fails here costs a verdict: the engine's own limit makes it UNSURE.
"""

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from dialer.model.amd import AmdProfile, Cause, Verdict
from dialer.model.events import (
    LegAnswered,
    LegEnded,
    LegRinging,
    LegScreened,
    NodeRestarted,
    OriginateFailed,
    SwitchEvent,
)
from dialer.model.ids import LegId
from dialer.switch.taps import recorded, unicast
from esl import Command, EslError
from esl.commands import Api, ApiCommand

log = logging.getLogger(__name__)

UDP = "udp"
NO_TAP = "none"
LOOPBACK = "127.0.0.1"


class Ears(Protocol):
    """Who listens. `tapping` is told what the switch has to do for it."""

    def wake(self) -> None:
        """Somebody will have to be listened to soon."""

    def listen(self, leg_id: LegId, profile: AmdProfile, path: str, tapping: "Tapping") -> None:
        """The leg has been answered. `path` empty: its audio will come by datagrams."""

    def listen_early(self, leg_id: LegId, path: str, tapping: "Tapping") -> None:
        """The leg brings sound before its answer."""

    def forget(self, leg_id: LegId) -> None:
        """The leg is gone."""


@dataclass(slots=True)
class _Armed:
    profile: AmdProfile
    early_path: str = ""


class Tapping:
    """`tap`: a folder that this machine shares with the switch, `udp`, or `none`. `ask` gives the
    switch a command and waits for its answer; `spawn` runs something beside. `tell` takes what is
    to be said of a leg that nobody can listen to.
    """

    def __init__(
        self,
        tap: str,
        ears: Ears | None,
        ask: Callable[[Command], Any],
        spawn: Callable[..., Any],
        tell: Callable[[SwitchEvent], None],
    ) -> None:
        self._folder = Path(tap) if tap not in (UDP, NO_TAP) else None
        self._ears = ears if tap != NO_TAP else None
        self._ask = ask
        self._spawn = spawn
        self._emit = tell
        self._armed: dict[LegId, _Armed] = {}

    def wake(self) -> None:
        """Legs will be armed soon: whoever listens to them should be up by then."""
        if self._ears is not None:
            self._ears.wake()

    def arm(self, leg_id: LegId, profile: AmdProfile) -> ApiCommand | None:
        """The leg is about to be dialled; what the switch has to do itself at its answer."""
        if profile is AmdProfile.OFF:
            return None
        self._armed[leg_id] = _Armed(profile)
        if self._ears is None:
            return None
        self.wake()
        return None if self._folder is None else recorded.arm(leg_id, self._path(leg_id))

    def follow(self, event: SwitchEvent) -> None:
        """What the switch tells of legs, after the engine was told."""
        if isinstance(event, NodeRestarted):
            for leg_id in list(self._armed):
                self._forget(leg_id)
        elif isinstance(event, (LegRinging, LegAnswered, LegEnded, OriginateFailed)):
            armed = self._armed.get(event.leg_id)
            if armed is not None:
                self._follow(event, armed)

    def _follow(
        self, event: LegRinging | LegAnswered | LegEnded | OriginateFailed, armed: _Armed
    ) -> None:
        leg_id = event.leg_id
        match event:
            case LegRinging(has_early_media=True):
                self._hear_early(leg_id, armed)
            case LegAnswered():
                self._listen(leg_id, armed)
            case LegEnded() | OriginateFailed():
                self._forget(leg_id)

    def _listen(self, leg_id: LegId, armed: _Armed) -> None:
        if self._ears is None:
            self._emit(LegScreened(leg_id, Verdict.UNSURE, Cause.NO_LISTENER))
            return
        path = "" if self._folder is None else self._path(leg_id)
        self._ears.listen(leg_id, armed.profile, path, self)
        if armed.early_path:
            self._end(leg_id, armed.early_path)
            armed.early_path = ""

    def _forget(self, leg_id: LegId) -> None:
        armed = self._armed.pop(leg_id)
        if self._folder is not None:
            _remove(self._path(leg_id))
        if armed.early_path:
            _remove(armed.early_path)
        if self._ears is not None:
            self._ears.forget(leg_id)

    # --- what the ears say ----------------------------------------------------------------------

    def heedless(self, leg_id: LegId) -> None:
        """Nobody listens to the leg any more, or ever did."""
        if leg_id in self._armed and self._folder is not None:
            self._end(leg_id, self._path(leg_id))

    def port_open(self, leg_id: LegId, port: int) -> None:
        """The leg's audio is awaited there."""
        if leg_id in self._armed:
            self._tell(unicast.send(leg_id, LOOPBACK, port))

    # --- before the answer ----------------------------------------------------------------------

    def _hear_early(self, leg_id: LegId, armed: _Armed) -> None:
        """A second file, so that the one of the answer begins with the answer. Datagrams would need
        a parked leg."""
        if self._ears is not None and self._folder is not None and not armed.early_path:
            armed.early_path = self._path(leg_id, "early")
            self._tell(Api(recorded.arm(leg_id, armed.early_path)))
            self._ears.listen_early(leg_id, armed.early_path, self)

    def _path(self, leg_id: LegId, kind: str = "answer") -> str:
        assert self._folder is not None
        return str(self._folder / f"{leg_id}-{kind}{recorded.SUFFIX}")

    def _end(self, leg_id: LegId, path: str) -> None:
        self._spawn(self._end_now, Api(recorded.disarm(leg_id, path)), path)

    def _end_now(self, command: Command, path: str) -> None:
        self._tell_now(command)
        _remove(path)

    def _tell(self, command: Command) -> None:
        self._spawn(self._tell_now, command)

    def _tell_now(self, command: Command) -> None:
        try:
            self._ask(command)
        except EslError as error:
            log.warning("tap: %s", error)


def _remove(path: str) -> None:
    """A tap that nobody opened; one that was opened has no name any more."""
    with suppress(OSError):
        os.unlink(path)
