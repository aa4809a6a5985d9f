"""Verdicts without audio, for virtual time: what the detector would say, and how often wrongly.

Shares and times are those of the detector's benchmark (docs/amd.md), rounded. A call's verdict
belongs to the call: the same lead and try are heard alike in every run.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from dialer.model.amd import Cause, Verdict
from dialer.model.events import LegAwaitsMessage, LegLooksMachine, LegScreened, SwitchEvent
from dialer.model.ids import LegId
from dialer.sim import chance
from dialer.sim.exchange import Exchange
from dialer.sim.legs import Leg

PEOPLE_MISTAKEN = 0.01
"""Of people who answer, taken for machines."""
PEOPLE_UNHEARD = 0.04
"""Said nothing for four seconds."""
MACHINES_FOUND = 0.83
MACHINES_FOUND_LATE = 0.11
"""By the second look, once an agent has them."""
GREETING_S = (0.6, 1.8)
"""From the answer to the end of a person's greeting."""
PAUSE_S = (0.4, 1.2)
"""From there to the verdict."""
MACHINE_S = (2.0, 7.0)
UNHEARD_S = 4.0
LATE_S = 5.0
BEEP_AFTER_S = 4.0


@dataclass(slots=True)
class TypedEars:
    """`tell` takes events as the switch's do; `seed`: the population's."""

    exchange: Exchange
    seed: int
    tell: Callable[[SwitchEvent], None]
    _armed: dict[str, str] = field(default_factory=dict)

    def arm(self, leg_id: LegId, key: str) -> None:
        """The leg will be listened to. `key` names the call."""
        self._armed[leg_id] = key

    def answered(self, leg: Leg) -> None:
        """Somebody picked up: what will be said of him, and when."""
        key = self._armed.pop(leg.leg_id, None)
        if key is None:
            return
        u = chance.draws(self.seed, key, "ears")
        if leg.order.person.is_machine:
            self._hear_machine(leg, u)
        else:
            self._hear_person(leg, u)

    def gone(self, leg: Leg) -> None:
        """The leg ended."""
        self._armed.pop(leg.leg_id, None)

    def _hear_person(self, leg: Leg, u: chance.Draws) -> None:
        if u[0] < PEOPLE_MISTAKEN:
            self._verdict(leg, Verdict.MACHINE, chance.between(*MACHINE_S, u[1]))
        elif u[0] < PEOPLE_MISTAKEN + PEOPLE_UNHEARD:
            self._verdict(leg, Verdict.UNSURE, UNHEARD_S, cause=Cause.NO_SPEECH)
        else:
            end_s = chance.between(*GREETING_S, u[1])
            at_s = end_s + chance.between(*PAUSE_S, u[2])
            self._verdict(leg, Verdict.HUMAN, at_s, end_s, Cause.PAUSE)

    def _hear_machine(self, leg: Leg, u: chance.Draws) -> None:
        at_s = chance.between(*MACHINE_S, u[1])
        if u[0] < MACHINES_FOUND:
            self._verdict(leg, Verdict.MACHINE, at_s)
            cue = LegAwaitsMessage(LegId(leg.leg_id), may_speak=True)
            self._later(leg, at_s + BEEP_AFTER_S, cue)
            return
        self._verdict(leg, Verdict.HUMAN, at_s, at_s - PAUSE_S[0], Cause.PAUSE)
        if u[0] < MACHINES_FOUND + MACHINES_FOUND_LATE:
            late = LegLooksMachine(LegId(leg.leg_id), Cause.SPEECH, at_s + LATE_S, 0.99)
            self._later(leg, at_s + LATE_S, late)

    def _verdict(
        self, leg: Leg, verdict: Verdict, at_s: float, end_s: float | None = None,
        cause: Cause = Cause.SPEECH,
    ) -> None:  # fmt: skip
        told = LegScreened(LegId(leg.leg_id), verdict, cause, at_s, greeting_end_s=end_s)
        self._later(leg, at_s, told)

    def _later(self, leg: Leg, after_s: float, event: SwitchEvent) -> None:
        self.exchange.agenda.at(self.exchange.mono + after_s, self._say, leg, event)

    def _say(self, leg: Leg, event: SwitchEvent) -> None:
        if leg.ended_at is None:
            self.tell(event)
