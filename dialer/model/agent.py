"""The working day of one agent, as the dialer sees it.

Theory of operation. An agent logs in PAUSED, and becomes READY when he says so. A live answer
RESERVEs him (this closes the race between two calls), the bridge makes him TALKING, the end of
the call puts him in WRAP_UP until he gives a disposition. A wrap-up that lasts too long becomes
a pause, never READY: an unsaved form must not meet a new customer. One whom a colleague consults
is RESERVED and TALKING as with a customer, and READY again when the colleague lets go.

In preview a lead is shown before it is called: PREVIEWING, until the agent calls it (RESERVED from
the dial on, for that call alone) or passes it over. A lead that he chose himself is previewed out
of a pause. A preview that nobody looked at becomes a pause, as a wrap-up does.

The agent's phone is a second, smaller fact (`phone`): one leg is called at login and stays
parked. Only an agent who is READY *and* whose phone is UP can be given a call.
"""

from dataclasses import dataclass
from enum import StrEnum

from dialer.model.ids import AgentId, AttemptId, CampaignId, LegId, NodeName
from dialer.model.lead import Lead
from dialer.model.machine import Machine
from dialer.model.phone import PhoneKind


class AgentState(StrEnum):
    OFFLINE = "OFFLINE"
    PAUSED = "PAUSED"
    READY = "READY"
    PREVIEWING = "PREVIEWING"
    RESERVED = "RESERVED"
    TALKING = "TALKING"
    WRAP_UP = "WRAP_UP"


class AgentTrigger(StrEnum):
    LOG_IN = "log_in"
    GET_READY = "get_ready"
    PAUSE = "pause"
    PREVIEW = "preview"
    RESERVE = "reserve"
    CONNECT = "connect"
    RELEASE = "release"
    CALL_ENDED = "call_ended"
    OVERRUN = "overrun"
    TAKE_BACK = "take_back"
    LOG_OUT = "log_out"


class PhoneState(StrEnum):
    DOWN = "DOWN"
    CALLING = "CALLING"
    UP = "UP"


_S, _T = AgentState, AgentTrigger

AGENT_MACHINE: Machine[AgentState, AgentTrigger] = Machine(
    name="agent",
    initial=_S.OFFLINE,
    table={
        (_S.OFFLINE, _T.LOG_IN): _S.PAUSED,
        (_S.PAUSED, _T.GET_READY): _S.READY,
        (_S.PAUSED, _T.PAUSE): _S.PAUSED,  # another pause code
        (_S.READY, _T.PAUSE): _S.PAUSED,
        (_S.READY, _T.RESERVE): _S.RESERVED,
        (_S.READY, _T.CALL_ENDED): _S.WRAP_UP,  # of a customer he lost, and nobody else took
        (_S.READY, _T.PREVIEW): _S.PREVIEWING,
        (_S.PAUSED, _T.PREVIEW): _S.PREVIEWING,  # a lead of his own choice
        (_S.PREVIEWING, _T.RESERVE): _S.RESERVED,
        (_S.PREVIEWING, _T.RELEASE): _S.READY,
        (_S.PREVIEWING, _T.PAUSE): _S.PAUSED,
        (_S.PREVIEWING, _T.OVERRUN): _S.PAUSED,
        (_S.RESERVED, _T.CONNECT): _S.TALKING,
        (_S.RESERVED, _T.RELEASE): _S.READY,
        (_S.TALKING, _T.CALL_ENDED): _S.WRAP_UP,
        (_S.WRAP_UP, _T.GET_READY): _S.READY,
        (_S.WRAP_UP, _T.PAUSE): _S.PAUSED,
        (_S.WRAP_UP, _T.OVERRUN): _S.PAUSED,
        (_S.WRAP_UP, _T.TAKE_BACK): _S.RESERVED,  # whom he gave outside comes back to him
        (_S.PAUSED, _T.LOG_OUT): _S.OFFLINE,
        (_S.READY, _T.LOG_OUT): _S.OFFLINE,
        (_S.PREVIEWING, _T.LOG_OUT): _S.OFFLINE,
        (_S.RESERVED, _T.LOG_OUT): _S.OFFLINE,
        (_S.TALKING, _T.LOG_OUT): _S.OFFLINE,
        (_S.WRAP_UP, _T.LOG_OUT): _S.OFFLINE,
    },
    ignored=frozenset(
        {(_S.OFFLINE, t) for t in _T if t is not _T.LOG_IN}
        | {(s, _T.LOG_IN) for s in _S if s is not _S.OFFLINE}  # a second browser tab
        | {(_S.READY, _T.GET_READY), (_S.RESERVED, _T.GET_READY), (_S.TALKING, _T.GET_READY)}
        | {(_S.PREVIEWING, _T.GET_READY)}
        | {(_S.READY, _T.OVERRUN), (_S.PAUSED, _T.OVERRUN)}
        | {(_S.READY, _T.RELEASE), (_S.PAUSED, _T.RELEASE)}
    ),
    timeouts={_S.WRAP_UP: _T.OVERRUN, _S.PREVIEWING: _T.OVERRUN},
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A lead on the agent's desk, to be called or passed over. `until`: monotonic second."""

    lead: Lead
    until: float
    is_own_choice: bool = False
    """The agent picked it, so nobody counts it as a skip and nothing calls it by itself."""


@dataclass(slots=True)
class Agent:
    """One logged-in agent. Times are seconds on the monotonic clock."""

    agent_id: AgentId
    campaign_id: CampaignId
    name: str
    phone_address: str
    """An extension or an outside number, by `phone_kind`; checked before it is dialled."""
    node: NodeName
    since: float
    state: AgentState = AgentState.OFFLINE
    phone_kind: PhoneKind = PhoneKind.SIP
    phone: PhoneState = PhoneState.DOWN
    trunk: str = ""
    """The way out that the leg to an outside number took."""
    leg_id: LegId | None = None
    attempt_id: AttemptId | None = None
    """The call that holds the agent: while RESERVED, TALKING, and until it is disposed of."""
    pause_code: str = ""
    wants_pause: str | None = None
    """Pause code asked for during a call; taken at the end of wrap-up."""
    is_leaving: bool = False
    disposed_ready: bool | None = None
    """A disposition came during the talk: whether to be READY after it; None: not yet."""
    is_muted: bool = False
    """The customer does not hear the agent; belongs to one conversation, not to the phone."""
    met_machine: bool = False
    """The agent dropped the call on a message: the form opens with the machine's disposition."""
    n_phone_failures: int = 0
    offer: "Offer | None" = None
    """While PREVIEWING."""
    n_skips: int = 0
    """Offered leads passed over since the last call."""
    ready_since: float | None = None

    @property
    def is_free(self) -> bool:
        """Whether a call may be given to this agent now."""
        return self.state is AgentState.READY and self.phone is PhoneState.UP

    def fire(self, trigger: AgentTrigger, now: float) -> None:
        """Advance by the table at monotonic second `now`; raises as Machine.step does."""
        self.state = AGENT_MACHINE.step(self.state, trigger)
        self.since = now
        self.ready_since = now if self.state is AgentState.READY else None
