"""What agents, supervisors and administrators ask for."""

from dataclasses import dataclass

from dialer.model.ids import (
    AgentId,
    AttemptId,
    CampaignId,
    LeadId,
    LegId,
    SupervisorId,
)
from dialer.model.phone import PhoneKind
from dialer.model.supervision import SupervisionMode


@dataclass(frozen=True, slots=True)
class AgentLoggedIn:
    agent_id: AgentId
    campaign_id: CampaignId
    name: str
    phone_address: str
    phone_kind: PhoneKind = PhoneKind.SIP


@dataclass(frozen=True, slots=True)
class AgentAskedPhone:
    """The phone can be called now: the page has registered it, or the agent presses "call me".

    `lost_leg_id`: a leg that the page knows to be gone (it was loaded anew), or empty.
    """

    agent_id: AgentId
    lost_leg_id: LegId


@dataclass(frozen=True, slots=True)
class AgentAskedReady:
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class AgentAskedPause:
    """During a call it takes effect after wrap-up."""

    agent_id: AgentId
    pause_code: str


@dataclass(frozen=True, slots=True)
class AgentCalledLead:
    """The agent calls the lead that is on his desk. It is named: a late press is void."""

    agent_id: AgentId
    lead_id: LeadId


@dataclass(frozen=True, slots=True)
class AgentSkippedLead:
    """The agent passes the lead on his desk over. `reason`: a word of SkipReason."""

    agent_id: AgentId
    lead_id: LeadId
    reason: str


@dataclass(frozen=True, slots=True)
class AgentAskedLead:
    """The agent wants a lead of his own choice on his desk, or called at once."""

    agent_id: AgentId
    lead_id: LeadId
    is_call_now: bool


@dataclass(frozen=True, slots=True)
class AgentHungUp:
    """The agent ended the conversation with the customer, or cancelled a call of his own that
    nobody has answered; the agent's own leg stays."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class AgentAskedHold:
    """Put the customer on hold, or come back. Each act names its call: a late one is void."""

    agent_id: AgentId
    attempt_id: AttemptId
    is_on: bool


@dataclass(frozen=True, slots=True)
class AgentAskedMute:
    agent_id: AgentId
    attempt_id: AttemptId
    is_on: bool


@dataclass(frozen=True, slots=True)
class AgentSentDigits:
    """Keys for the machine at the customer's end (menu, extension)."""

    agent_id: AgentId
    attempt_id: AttemptId
    digits: str


@dataclass(frozen=True, slots=True)
class AgentPlayed:
    """Play one of the campaign's recordings to the customer; an empty name stops it."""

    agent_id: AgentId
    attempt_id: AttemptId
    sound: str


@dataclass(frozen=True, slots=True)
class AgentAskedRecording:
    """Record (again), or pause: card numbers and the like are not to be kept."""

    agent_id: AgentId
    attempt_id: AttemptId
    is_on: bool


@dataclass(frozen=True, slots=True)
class AgentDroppedMessage:
    """A machine answered: leave the campaign's message there and free the agent at once."""

    agent_id: AgentId
    attempt_id: AttemptId


@dataclass(frozen=True, slots=True)
class AgentTransferred:
    """Give the customer to another agent of the campaign, who must be free at this moment."""

    agent_id: AgentId
    attempt_id: AttemptId
    to_agent_id: AgentId


@dataclass(frozen=True, slots=True)
class AgentTransferredOut:
    """Give the customer to one of the campaign's destinations, named by its label."""

    agent_id: AgentId
    attempt_id: AttemptId
    destination: str


@dataclass(frozen=True, slots=True)
class AgentConsulted:
    """Put the customer on hold and talk with another agent, who must be free at this moment."""

    agent_id: AgentId
    attempt_id: AttemptId
    to_agent_id: AgentId


@dataclass(frozen=True, slots=True)
class AgentConsultedOut:
    """Put the customer on hold and call one of the campaign's destinations."""

    agent_id: AgentId
    attempt_id: AttemptId
    destination: str


@dataclass(frozen=True, slots=True)
class AgentAskedThreeWay:
    """Let the customer into the consultation."""

    agent_id: AgentId
    attempt_id: AttemptId


@dataclass(frozen=True, slots=True)
class AgentHandedOver:
    """Leave; the customer goes on with the third party."""

    agent_id: AgentId
    attempt_id: AttemptId


@dataclass(frozen=True, slots=True)
class AgentReturned:
    """Let the third party go, or give up reaching it; go on with the customer alone."""

    agent_id: AgentId
    attempt_id: AttemptId


@dataclass(frozen=True, slots=True)
class AgentDisposed:
    """The disposition is stored already; this ends wrap-up."""

    agent_id: AgentId
    attempt_id: AttemptId
    is_machine: bool
    is_ready_after: bool = True


@dataclass(frozen=True, slots=True)
class AgentLoggedOut:
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class DeskFellSilent:
    """The agent's page answers no more: closed without a log-out, frozen, or cut off."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class SupervisorAsked:
    """Hear an agent's conversation, speak into it, or take it over. It names its call: once that
    is over, it is void."""

    supervisor_id: SupervisorId
    agent_id: AgentId
    attempt_id: AttemptId
    mode: SupervisionMode
    name: str
    phone_address: str
    phone_kind: PhoneKind = PhoneKind.SIP


@dataclass(frozen=True, slots=True)
class SupervisorStopped:
    """End what the supervisor does; from a conversation that was taken over, the customer's leg."""

    supervisor_id: SupervisorId


@dataclass(frozen=True, slots=True)
class NumberBlocked:
    """A number entered a do-not-call list while its leads may be in the hopper."""

    number: str


@dataclass(frozen=True, slots=True)
class LeadAdded:
    """A lead that is to be called now, before all others: its person waits for it."""

    campaign_id: CampaignId
    lead_id: LeadId


@dataclass(frozen=True, slots=True)
class LeadWithdrawn:
    """A lead was taken out of the campaign (list removed, callback moved, merged)."""

    campaign_id: CampaignId
    lead_id: LeadId


PeopleEvent = (
    AgentLoggedIn | AgentAskedReady | AgentAskedPause | AgentHungUp | AgentDisposed
    | AgentCalledLead | AgentSkippedLead | AgentAskedLead
    | AgentAskedHold | AgentAskedMute | AgentSentDigits | AgentPlayed | AgentAskedRecording
    | AgentDroppedMessage | AgentTransferred | AgentTransferredOut | AgentConsulted
    | AgentConsultedOut | AgentAskedThreeWay | AgentHandedOver | AgentReturned | AgentAskedPhone
    | AgentLoggedOut | DeskFellSilent | SupervisorAsked | SupervisorStopped
    | NumberBlocked | LeadAdded | LeadWithdrawn
)  # fmt: skip
