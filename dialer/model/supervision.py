"""One supervisor's phone, and what it does on the call of an agent.

Theory of operation. The phone is called (CALLING) on the switch of the agent who is to be heard,
and its leg overhears the agent's: LISTENING hears both and is heard by nobody, WHISPERING is heard
by the agent alone, BARGED by the customer too. These change into each other at will. TAKING_OVER
asks the switch to join the customer to the supervisor; once joined (TAKEN_OVER) the agent is in
wrap-up and owes the disposition.

A supervision follows the agent through hold and mute, and ends with the agent's conversation,
however that ends: the next customer of the same agent is never heard unasked. The phone then stays
up for a while (STANDING_BY), so that the next conversation is heard without ringing again.
"""

from dataclasses import dataclass
from enum import StrEnum

from dialer.model.ids import AgentId, AttemptId, CampaignId, LegId, NodeName, SupervisorId
from dialer.model.machine import Machine
from dialer.model.phone import PhoneKind


class SupervisionMode(StrEnum):
    """What a supervisor may ask for."""

    LISTEN = "LISTEN"
    WHISPER = "WHISPER"
    BARGE = "BARGE"
    TAKE_OVER = "TAKE_OVER"


class Hearers(StrEnum):
    """Who hears a supervisor who overhears."""

    NOBODY = "NOBODY"
    AGENT = "AGENT"
    EVERYBODY = "EVERYBODY"


class SupervisionState(StrEnum):
    CALLING = "CALLING"
    LISTENING = "LISTENING"
    WHISPERING = "WHISPERING"
    BARGED = "BARGED"
    TAKING_OVER = "TAKING_OVER"
    TAKEN_OVER = "TAKEN_OVER"
    STANDING_BY = "STANDING_BY"
    ENDED = "ENDED"


class SupervisionTrigger(StrEnum):
    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"
    TAKE_OVER = "take_over"
    BRIDGE = "bridge"
    PART = "part"
    END = "end"


class Reason(StrEnum):
    """Why a supervision is over, or stands by."""

    STOPPED = "STOPPED"
    """The supervisor asked for it, or went on to somebody else."""
    CONVERSATION_OVER = "CONVERSATION_OVER"
    PHONE_UNREACHABLE = "PHONE_UNREACHABLE"
    PHONE_LOST = "PHONE_LOST"
    NOT_HEARD = "NOT_HEARD"
    """The switch does not let the leg be overheard."""
    NOT_TAKEN_OVER = "NOT_TAKEN_OVER"
    """The switch did not join the customer to the supervisor."""
    UNUSED = "UNUSED"
    """The phone stood by for too long."""


_S, _T = SupervisionState, SupervisionTrigger
_OVERHEARING = (_S.LISTENING, _S.WHISPERING, _S.BARGED)
_OVERHEARD = {_T.LISTEN: _S.LISTENING, _T.WHISPER: _S.WHISPERING, _T.BARGE: _S.BARGED}

OVERHEARING = frozenset(_OVERHEARING)
"""States in which the supervisor's leg overhears the agent's."""
HEARERS: dict[SupervisionState, Hearers] = {
    _S.LISTENING: Hearers.NOBODY,
    _S.WHISPERING: Hearers.AGENT,
    _S.BARGED: Hearers.EVERYBODY,
}
AUDITED = OVERHEARING | {_S.TAKEN_OVER}
"""States whose beginning and end are kept; while TAKING_OVER the former one lasts."""
TRIGGERS: dict[SupervisionMode, SupervisionTrigger] = {
    SupervisionMode.LISTEN: _T.LISTEN,
    SupervisionMode.WHISPER: _T.WHISPER,
    SupervisionMode.BARGE: _T.BARGE,
    SupervisionMode.TAKE_OVER: _T.TAKE_OVER,
}

SUPERVISION_MACHINE: Machine[SupervisionState, SupervisionTrigger] = Machine(
    name="supervision",
    initial=_S.CALLING,
    final=frozenset({_S.ENDED}),
    table={
        (start, trigger): state
        for start in (_S.CALLING, *_OVERHEARING, _S.STANDING_BY)
        for trigger, state in {**_OVERHEARD, _T.TAKE_OVER: _S.TAKING_OVER}.items()
    }
    | {(state, _T.PART): _S.STANDING_BY for state in (*_OVERHEARING, _S.TAKING_OVER, _S.TAKEN_OVER)}
    | {(state, _T.END): _S.ENDED for state in _S if state is not _S.ENDED}
    | {
        (_S.TAKING_OVER, _T.BRIDGE): _S.TAKEN_OVER,
        (_S.TAKING_OVER, _T.LISTEN): _S.LISTENING,  # the switch refused the bridge
    },
    ignored=frozenset(
        {(state, _T.BRIDGE) for state in _S if state is not _S.TAKING_OVER}
        | {(state, _T.PART) for state in (_S.CALLING, _S.STANDING_BY)}
        | {(_S.ENDED, trigger) for trigger in _T}
    ),
    timeouts={_S.CALLING: _T.END, _S.TAKING_OVER: _T.END, _S.STANDING_BY: _T.END},
)


@dataclass(slots=True)
class Supervision:
    """One supervisor at work. Times are seconds on the monotonic clock."""

    supervision_id: str
    supervisor_id: SupervisorId
    name: str
    phone_address: str
    phone_kind: PhoneKind
    campaign_id: CampaignId
    node: NodeName
    agent_id: AgentId
    attempt_id: AttemptId
    mode: SupervisionMode
    """What was asked for last; taken up once the phone is up."""
    since: float
    until: float
    """End of the present state's limit; infinite when it has none."""
    state: SupervisionState = SupervisionState.CALLING
    leg_id: LegId | None = None
    trunk: str = ""
    """The way out to an outside phone."""
    is_answered: bool = False
    saw_mute: bool = False
    """Whether the agent was muted when last looked at."""
    n_falls: int = 0
    """How often the switch let go of the agent's leg since a mode was asked for."""
    reason: Reason | None = None
    """Why it is over or stands by; None while it goes on."""

    @property
    def is_over(self) -> bool:
        return self.state is SupervisionState.ENDED

    def fire(self, trigger: SupervisionTrigger, now: float) -> None:
        """Advance by the table; raises as Machine.step does and then changes nothing."""
        self.state = SUPERVISION_MACHINE.step(self.state, trigger)
        self.since = now
