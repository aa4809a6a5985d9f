"""The third party of a call: a colleague, or somebody at an outside number.

Theory of operation. A third party is CALLING until its leg is up and free (an outside number rings;
a colleague's leg is up already, and the agent's leaves its bridge meanwhile). It is then JOINING
whom it is to talk to: the agent alone (consult), the room of three, or the customer. The switch's
word makes it TALKING. The state of the call says with whom: CONSULTING with the agent, THREE_WAY
with both, ENTRUSTED and OUTSIDE with the customer.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from dialer.model.ids import AgentId, LegId
from dialer.model.machine import Machine


class ThirdState(StrEnum):
    CALLING = "CALLING"
    JOINING = "JOINING"
    TALKING = "TALKING"
    LEFT = "LEFT"


class Refused(StrEnum):
    """Why a third party was not asked in."""

    NOT_FREE = "NOT_FREE"
    UNKNOWN = "UNKNOWN"
    """No destination of the campaign's list."""
    TOO_MANY = "TOO_MANY"
    """Calls to outside numbers, at once or in this hour."""
    NO_LINE = "NO_LINE"


class ThirdTrigger(StrEnum):
    ANSWER = "answer"
    JOIN = "join"
    MOVE = "move"
    LEAVE = "leave"


_S, _T = ThirdState, ThirdTrigger

THIRD_MACHINE: Machine[ThirdState, ThirdTrigger] = Machine(
    name="third",
    initial=_S.CALLING,
    final=frozenset({_S.LEFT}),
    table={
        (_S.CALLING, _T.ANSWER): _S.JOINING,
        (_S.CALLING, _T.LEAVE): _S.LEFT,
        (_S.JOINING, _T.JOIN): _S.TALKING,
        (_S.JOINING, _T.LEAVE): _S.LEFT,
        (_S.JOINING, _T.MOVE): _S.JOINING,  # all three are on their way, and one is lost
        (_S.TALKING, _T.MOVE): _S.JOINING,
        (_S.TALKING, _T.LEAVE): _S.LEFT,
    },
    ignored=frozenset(
        {(s, _T.ANSWER) for s in _S if s is not _S.CALLING}  # told again after a gap
        | {(_S.CALLING, _T.JOIN), (_S.TALKING, _T.JOIN), (_S.LEFT, _T.JOIN)}
        | {(_S.LEFT, _T.LEAVE)}
    ),
    timeouts={_S.CALLING: _T.LEAVE, _S.JOINING: _T.LEAVE},
)


@dataclass(slots=True)
class Third:
    """`agent_id` None: outside. `since`: monotonic second of the present state."""

    leg_id: LegId
    name: str
    """The colleague's, or the destination's label."""
    since: float
    agent_id: AgentId | None = None
    state: ThirdState = ThirdState.CALLING
    trunk: str = ""
    """The way out that an outside leg took."""
    in_room: set[LegId] = field(default_factory=set)
    """Legs of the call that the switch told to be in the room of three."""

    @property
    def is_outside(self) -> bool:
        return self.agent_id is None

    def fire(self, trigger: ThirdTrigger, now: float) -> None:
        """Advance by the table at monotonic second `now`; raises as Machine.step does."""
        self.state = THIRD_MACHINE.step(self.state, trigger)
        self.since = now
