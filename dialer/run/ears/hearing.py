"""All legs that are listened to, in one batch: audio in, findings out. No clock and no pipe.

Theory of operation. A leg may be heard before its answer (tones and announcements), and is heard
from its answer on, until the policy's Listener is done with it. Each tick reads every tap, lets the
detector work on all of it at once, and hands each leg's findings on. A tap that fails, or brings
nothing, ends as UNSURE by the policy's own limits: what is wrong with one leg is that leg's alone.
"""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dialer.model.amd import Heard, SitCategory, ToneKind
from dialer.model.events import LegAnnounced, LegAwaitsMessage, LegLooksMachine, LegScreened
from dialer.model.ids import LegId
from dialer.policy.amd import (
    Cue,
    Decided,
    Finding,
    LateMachine,
    Listener,
    MessageCue,
    Stage,
    TurnedOutScreened,
)
from dialer.policy.amd_profiles import settings_of
from dialer.policy.early_media import EarlyListener, outcome_of
from dialer.run.ears.words import Forget, Heedless, Listen, ListenEarly, Order, PortOpen, Told
from dialer.switch.taps import BYTES_PER_S, Reader, RecordedReader, TapFault, UnicastReader

log = logging.getLogger(__name__)

BURST_S = 1.0
"""A switch that was busy may bring at once what it owed for so long. What has gathered when a leg
is first heard tells how long ago its audio began: orders may come late, which is no other rate."""
LONGEST_WAKING_S = 0.1
"""Of a tick that comes later, no more is waking time: the machine stood still, maybe with the
switch on it, and what it owes is still to come."""
MOST_LEGS = 1000
"""Heard at once: what a core keeps up with. Whoever answers beyond it is UNSURE at once."""


@dataclass(slots=True)
class _Leg:
    """One leg's tap and what listens to it: before the answer `early`, after it `ear`."""

    leg_id: LegId
    reader: Reader
    early: EarlyListener | None = None
    ear: Listener | None = None
    is_heard: bool = False
    """Its first audio has come."""
    behind_s: float = 0.0
    """By how much its audio is shorter than the time in which somebody was awake to hear it."""
    sit: SitCategory | None = None
    is_turned: bool = False
    """What was called a machine turned out to be an assistant."""


class Detector(Protocol):
    """What hears tones and speech, for all streams at once: dialer.amd.batch has it."""

    def open(self, stream_id: str, now: float) -> None: ...
    def feed(self, stream_id: str, pcm: bytes) -> None: ...
    def tick(self, now: float) -> list[Heard]: ...
    def close(self, stream_id: str) -> None: ...


class Hearing:
    """`tell` takes what is found, at once."""

    def __init__(self, detector: Detector, tell: Callable[[Told], None]) -> None:
        self._detector = detector
        self._tell = tell
        self._legs: dict[LegId, _Leg] = {}
        self._ticked_at = math.inf

    def __len__(self) -> int:
        return len(self._legs)

    def obey(self, order: Order) -> None:
        """Begin or end listening to a leg."""
        match order:
            case Listen():
                self._listen(order)
            case ListenEarly(leg_id, path):
                if leg_id not in self._legs and len(self._legs) < MOST_LEGS:
                    early = _Leg(leg_id, RecordedReader(Path(path)), early=EarlyListener())
                    self._legs[leg_id] = early
            case Forget(leg_id):
                self._forget(leg_id)

    def tick(self, now: float) -> None:
        """Hear what came since the last tick, for all legs at once."""
        waking_s = min(max(now - self._ticked_at, 0.0), LONGEST_WAKING_S)
        self._ticked_at = now
        for leg in list(self._legs.values()):
            leg.behind_s += waking_s
            self._feed(leg, now)
        for heard in self._detector.tick(now):
            if (found := self._legs.get(LegId(heard.stream_id))) is not None:
                self._hear(found, heard)
        for leg in list(self._legs.values()):
            self._leave(leg)

    def close(self) -> None:
        """Let go of all taps."""
        for leg_id in list(self._legs):
            self._forget(leg_id)

    # --- orders ---------------------------------------------------------------------------------

    def _listen(self, order: Listen) -> None:
        settings = settings_of(order.profile)
        before = self._legs.get(order.leg_id)
        is_again = before is not None and before.ear is not None
        if settings is None or is_again:
            return
        ear = Listener(settings)
        self._forget(order.leg_id)  # what was heard before the answer says no more than it did
        reader = self._open(order) if len(self) < MOST_LEGS else None
        if reader is None:
            self._pass_on(_Leg(order.leg_id, _NoReader(), ear=ear), ear.give_up())
            return
        self._legs[order.leg_id] = _Leg(order.leg_id, reader, ear=ear)

    def _open(self, order: Listen) -> Reader | None:
        if order.path:
            return RecordedReader(Path(order.path))
        try:
            reader = UnicastReader()
        except TapFault as fault:
            log.warning("leg=%s %s", order.leg_id, fault)
            return None
        self._tell(PortOpen(order.leg_id, reader.port))
        return reader

    def _forget(self, leg_id: LegId) -> None:
        gone = self._legs.pop(leg_id, None)
        if gone is not None:
            gone.reader.close()
            self._detector.close(leg_id)

    # --- audio ----------------------------------------------------------------------------------

    def _feed(self, leg: _Leg, now: float) -> None:
        try:
            piece = leg.reader.read()
        except TapFault as fault:
            log.warning("leg=%s %s", leg.leg_id, fault)
            self._give_up(leg)
            return
        if not piece:
            return
        seconds = len(piece) / BYTES_PER_S
        leg.behind_s = max(0.0, leg.behind_s - seconds)
        if not leg.is_heard:
            leg.is_heard = True
            self._detector.open(leg.leg_id, now - seconds - BURST_S)
        self._detector.feed(leg.leg_id, piece)

    def _give_up(self, leg: _Leg) -> None:
        """No audio will come."""
        if leg.ear is not None:
            self._pass_on(leg, leg.ear.give_up())
        self._forget(leg.leg_id)
        self._tell(Heedless(leg.leg_id))

    # --- findings -------------------------------------------------------------------------------

    def _hear(self, leg: _Leg, heard: Heard) -> None:
        if leg.ear is not None:
            for tone in heard.tones:
                if tone.kind is ToneKind.SIT:
                    leg.sit = tone.category
            self._pass_on(leg, leg.ear.hear(heard))
        elif leg.early is not None:
            for finding in leg.early.hear(heard):
                if (outcome := outcome_of(finding)) is not None:
                    self._tell(LegAnnounced(leg.leg_id, outcome))

    def _leave(self, leg: _Leg) -> None:
        """Listen no more to whom no audio comes from, or too little, or of whom all is known."""
        ear = leg.ear
        if ear is None:
            return
        if leg.behind_s >= ear.settings.audio_late_s:
            self._pass_on(leg, ear.give_up())
        if ear.stage is Stage.DONE:
            self._forget(leg.leg_id)
            self._tell(Heedless(leg.leg_id))

    def _pass_on(self, leg: _Leg, findings: list[Finding]) -> None:
        for finding in findings:
            match finding:
                case Decided(verdict, cause, at_s, p_machine, onset_s, end_s):
                    self._tell(
                        LegScreened(
                            leg.leg_id, verdict, cause, at_s, p_machine, onset_s, end_s, leg.sit
                        )
                    )
                case LateMachine(cause, at_s, p_machine):
                    self._tell(LegLooksMachine(leg.leg_id, cause, at_s, p_machine))
                case TurnedOutScreened():
                    leg.is_turned = True
                case MessageCue(cue):
                    self._tell(LegAwaitsMessage(leg.leg_id, cue is not Cue.NONE, leg.is_turned))


class _NoReader:
    """In place of a tap that could not be opened."""

    def read(self) -> bytes:
        return b""

    def close(self) -> None:
        return None
