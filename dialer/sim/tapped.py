"""The switch's end of the taps: what a far end says, written to a file or sent, frame by frame.

As FreeSWITCH does it: 320 bytes each 20 ms, from the moment that sound is read from the leg. Before
the answer it is read only where the dial string says `consume`; a file that is asked for without
it is made, and stays empty until the answer. Datagrams come only while the leg is parked.
"""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import ceil

from dialer.sim.exchange import Exchange
from dialer.sim.legs import Leg
from dialer.sim.tracks import FRAME_S, Track, after_answer, before_answer

SUFFIXES = (".r8", ".raw")
"""Files of samples without a header; others are recordings for people, which hold nothing here."""


@dataclass(slots=True)
class _Tap:
    """One leg's sound on its way out by `write`; `close` ends it."""

    leg: Leg
    path: str
    write: Callable[[bytes], object]
    close: Callable[[], None]
    until: float = float("inf")
    must_be_parked: bool = False


@dataclass(slots=True)
class Taps:
    """All taps of one switch; one beat of 20 ms serves them all."""

    exchange: Exchange
    _taps: list[_Tap] = field(default_factory=list)
    _tracks: dict[str, Track] = field(default_factory=dict)
    _is_beating: bool = False

    def record(self, leg: Leg, path: str, limit_s: float) -> bool:
        """Write the leg's sound to a file; False when it cannot be made."""
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
        except OSError:
            return False
        until = self.exchange.mono + limit_s if limit_s else float("inf")
        self._begin(_Tap(leg, path, lambda frame: os.write(fd, frame), lambda: os.close(fd), until))
        return True

    def send(self, leg: Leg, host: str, port: int) -> None:
        """Send the leg's sound to a port, while it is parked."""
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.connect((host, port))
        self._begin(_Tap(leg, "", sock.send, sock.close, must_be_parked=True))

    def stop(self, leg: Leg, path: str) -> None:
        """uuid_record stop: that file, or every one for `all`."""
        for tap in list(self._taps):
            if tap.leg is leg and path in (tap.path, "all"):
                self._end(tap)

    def hung_up(self, leg: Leg) -> None:
        """The leg is gone."""
        for tap in [tap for tap in self._taps if tap.leg is leg]:
            self._end(tap)
        for kind in ("early", "answer"):
            self._tracks.pop(f"{leg.leg_id}:{kind}", None)

    def clear(self) -> None:
        """The switch died: nothing is written any more."""
        for tap in list(self._taps):
            self._end(tap)
        self._tracks.clear()
        self._is_beating = False

    def _begin(self, tap: _Tap) -> None:
        self._taps.append(tap)
        if not self._is_beating:
            self._is_beating = True
            self.exchange.agenda.at(self.exchange.mono + FRAME_S, self._beat)

    def _end(self, tap: _Tap) -> None:
        self._taps.remove(tap)
        tap.close()

    def _beat(self) -> None:
        now = self.exchange.mono
        for tap in list(self._taps):
            if _is_over(tap, now):
                self._end(tap)
            elif (frame := self._frame(tap.leg, now)) is not None:
                with suppress(OSError):  # a full disk: nothing more is written, and nobody told
                    tap.write(frame)
        self._is_beating = bool(self._taps)
        if self._is_beating:
            self.exchange.agenda.at(now + FRAME_S, self._beat)

    def _frame(self, leg: Leg, now: float) -> bytes | None:
        if leg.answered_at is not None:
            return self._track(leg, "answer").frame(_number(now - leg.answered_at))
        is_read = leg.order.variables.get("ignore_early_media") == "consume"
        if leg.media_at is None or not is_read:
            return None
        return self._track(leg, "early").frame(_number(now - leg.media_at))

    def _track(self, leg: Leg, kind: str) -> Track:
        name = f"{leg.leg_id}:{kind}"
        track = self._tracks.get(name)
        if track is None:
            make = after_answer if kind == "answer" else before_answer
            track = self._tracks[name] = make(leg.order.person, _key(leg))
        return track


def _is_over(tap: _Tap, now: float) -> bool:
    is_bridged = tap.leg.partner is not None
    return tap.leg.ended_at is not None or now > tap.until or (tap.must_be_parked and is_bridged)


def _number(seconds: float) -> int:
    """The frame that ends by then."""
    return max(0, ceil(seconds / FRAME_S - 1e-6) - 1)


def _key(leg: Leg) -> str:
    """The same call sounds the same again, whatever its leg is called."""
    lead = leg.order.variables.get("relance_lead", "") or leg.order.destination
    return f"{lead}:{leg.order.variables.get('relance_try', '')}"
