"""A call that comes in: somebody dials a number that we showed.

Theory of operation. The switch lets a number that we serve ring (RINGING) and asks nobody; the
campaign that shows the number answers it, and once the switch says so the caller hears who called
(ANSWERED). The leg ends when the notice does, or when the caller has heard enough (ENDED).
"""

from dataclasses import dataclass
from enum import StrEnum

from dialer.model.ids import LegId, NodeName
from dialer.model.machine import Machine


class ArrivalState(StrEnum):
    RINGING = "RINGING"
    ANSWERED = "ANSWERED"
    ENDED = "ENDED"


class ArrivalTrigger(StrEnum):
    ANSWER = "answer"
    END = "end"


_S, _T = ArrivalState, ArrivalTrigger

ARRIVAL_MACHINE: Machine[ArrivalState, ArrivalTrigger] = Machine(
    name="arrival",
    initial=_S.RINGING,
    final=frozenset({_S.ENDED}),
    table={
        (_S.RINGING, _T.ANSWER): _S.ANSWERED,
        (_S.RINGING, _T.END): _S.ENDED,
        (_S.ANSWERED, _T.END): _S.ENDED,
    },
    ignored=frozenset({(_S.ANSWERED, _T.ANSWER), (_S.ENDED, _T.ANSWER), (_S.ENDED, _T.END)}),
)


@dataclass(slots=True)
class Arrival:
    """One arriving call in progress."""

    leg_id: LegId
    node: NodeName
    ends_at: float
    """Monotonic second at which it is hung up, whatever has become of it."""
    state: ArrivalState = ArrivalState.RINGING

    def fire(self, trigger: ArrivalTrigger) -> None:
        """Advance by the table; raises as Machine.step does."""
        self.state = ARRIVAL_MACHINE.step(self.state, trigger)
