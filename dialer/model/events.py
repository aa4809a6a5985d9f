"""What happened, in the past tense: everything that the engine reacts to.

Switch events speak of legs; the engine knows which call or agent a leg belongs to.
An event carries no time: the driver passes the Moment beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialer.model.call import CallState, RecordingState
from dialer.model.campaign import Campaign
from dialer.model.ids import (
    AgentId,
    AttemptId,
    CampaignId,
    LeadId,
    LegId,
    NodeName,
    SupervisorId,
)
from dialer.model.lead import Lead
from dialer.model.phone import PhoneKind
from dialer.model.supervision import SupervisionMode
from dialer.model.trunk import TrunkRules

# --- from a switch ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LegRinging:
    leg_id: LegId
    has_early_media: bool = False


@dataclass(frozen=True, slots=True)
class LegAnswered:
    leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegsBridged:
    """The order of the two legs is the switch's."""

    leg_id: LegId
    other_leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegParked:
    """The leg is alone again (first park, or after a bridge)."""

    leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegJoined:
    """The leg is in its room of three."""

    leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegPlayed:
    """A file played to the leg came to its end."""

    leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegPressed:
    """The far end pressed a key."""

    leg_id: LegId
    digit: str


@dataclass(frozen=True, slots=True)
class LegEnded:
    """`cause`: FreeSWITCH's name. `is_by_far_end`: the other side hung up or refused."""

    leg_id: LegId
    cause: str
    sip_status: int | None = None
    is_by_far_end: bool = False


@dataclass(frozen=True, slots=True)
class OriginateFailed:
    """`originate` answered -ERR. When `is_local`, no leg ever existed and no carrier was asked."""

    leg_id: LegId
    cause: str
    is_local: bool


@dataclass(frozen=True, slots=True)
class BridgeFailed:
    customer_leg_id: LegId
    agent_leg_id: LegId
    reason: str


@dataclass(frozen=True, slots=True)
class ControlFailed:
    """The switch did not do what a ControlCommand asked of the leg. `control`: its class name."""

    leg_id: LegId
    control: str
    reason: str


@dataclass(frozen=True, slots=True)
class NodeUp:
    """The node's links are up and its calls are known again; it may be used."""

    node: NodeName
    max_sessions: int
    sessions_per_s: int
    min_idle_cpu: float = 0.0
    """Percent; the switch refuses under it. 0: no such limit."""


@dataclass(frozen=True, slots=True)
class NodeDown:
    """Nothing is known of the node's calls until NodeUp: no originate meanwhile."""

    node: NodeName


@dataclass(frozen=True, slots=True)
class NodeRestarted:
    """The node came back as another process: none of its legs exists any more."""

    node: NodeName


@dataclass(frozen=True, slots=True)
class NodeBeat:
    node: NodeName
    n_sessions: int
    max_sessions: int
    idle_cpu: float
    """Percent."""


@dataclass(frozen=True, slots=True)
class NodeTrunks:
    """The node's ways out, in the order in which they are tried."""

    node: NodeName
    trunks: tuple[TrunkRules, ...]


@dataclass(frozen=True, slots=True)
class NodeDraining:
    """Asked for by the operator: no new leg on the node, or legs again."""

    node: NodeName
    is_draining: bool = True


# --- from the store ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LegArrived:
    """A call came in to a number that we serve, and rings. Numbers are as the carrier wrote them:
    hostile, and `caller` may be empty."""

    leg_id: LegId
    node: NodeName
    called: str
    caller: str


@dataclass(frozen=True, slots=True)
class CampaignEnded:
    """The campaign is over: its last call has ended, and nobody works for it any more."""

    campaign_id: CampaignId


@dataclass(frozen=True, slots=True)
class CampaignConfigured:
    """The campaign's row was read: at start, and after each change."""

    campaign: Campaign


@dataclass(frozen=True, slots=True)
class DayAnswers:
    """Live answers of one day. `day`: proleptic ordinal (date.toordinal)."""

    day: int
    n_served: int
    n_abandoned: int


@dataclass(frozen=True, slots=True)
class HistoryRead:
    """What is known of the campaign from before this run.

    Counts are of today, where the campaign's rule holds. `memory`: what pacing had learnt
    (policy/memory), or empty.
    """

    campaign_id: CampaignId
    n_served: int
    n_abandoned: int
    before: tuple[DayAnswers, ...] = ()
    """Of the days before, as far as the law looks back."""
    memory: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeadsClaimed:
    """Answer to RefillHopper; fewer leads than asked (or none) when no more are due."""

    campaign_id: CampaignId
    leads: tuple[Lead, ...]


@dataclass(frozen=True, slots=True)
class LeadClaimed:
    """Answer to ClaimLead; `lead` None: somebody else has it, or there is none of that identity."""

    campaign_id: CampaignId
    agent_id: AgentId
    lead_id: LeadId
    lead: Lead | None
    is_call_now: bool


@dataclass(frozen=True, slots=True)
class AttemptRefused:
    """The store did not open the attempt: another live one, a new do-not-call entry, or a fault."""

    attempt_id: AttemptId
    reason: str


@dataclass(frozen=True, slots=True)
class CallAdopted:
    """A call of an earlier run, found on the switch or only in the store, goes on.

    Times are ages in seconds at this moment. `is_live` False: no leg exists any more.
    """

    attempt_id: AttemptId
    leg_id: LegId
    campaign_id: CampaignId
    lead: Lead
    node: NodeName
    state: CallState
    is_live: bool
    dialed_ago_s: float
    answered_ago_s: float | None = None
    bridged_ago_s: float | None = None
    agent_id: AgentId | None = None
    recording: RecordingState = RecordingState.OFF
    trunk: str = ""
    outside_leg_id: LegId | None = None
    """OUTSIDE: the leg that the customer talks with, and since when no agent is there."""
    outside_name: str = ""
    entrusted_ago_s: float | None = None


@dataclass(frozen=True, slots=True)
class AgentAdopted:
    """An agent of an earlier run is still logged in; `leg_id` None when the phone's leg is gone.

    `state`, `pause_code`, `attempt_id`: as last stored.
    """

    agent_id: AgentId
    campaign_id: CampaignId
    name: str
    phone_address: str
    node: NodeName
    leg_id: LegId | None
    was_ready: bool
    pause_code: str = ""
    attempt_id: AttemptId | None = None
    phone_kind: PhoneKind = PhoneKind.SIP
    is_muted: bool = False


@dataclass(frozen=True, slots=True)
class SupervisionAdopted:
    """A supervisor of an earlier run talks to a customer who was taken over, and goes on."""

    supervision_id: str
    supervisor_id: SupervisorId
    name: str
    phone_address: str
    phone_kind: PhoneKind
    campaign_id: CampaignId
    agent_id: AgentId
    attempt_id: AttemptId
    node: NodeName
    leg_id: LegId


# --- from people ------------------------------------------------------------------------------


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
class LeadWithdrawn:
    """A lead was taken out of the campaign (list removed, callback moved, merged)."""

    campaign_id: CampaignId
    lead_id: LeadId


SwitchEvent = (
    LegArrived | LegRinging | LegAnswered | LegsBridged | LegParked | LegJoined | LegPlayed
    | LegPressed | LegEnded
    | OriginateFailed | BridgeFailed | ControlFailed | NodeUp | NodeDown | NodeRestarted | NodeBeat
    | NodeDraining | NodeTrunks
)  # fmt: skip
StoreEvent = (
    CampaignConfigured | CampaignEnded | HistoryRead | LeadsClaimed | LeadClaimed | AttemptRefused
    | CallAdopted | AgentAdopted | SupervisionAdopted
)  # fmt: skip
PeopleEvent = (
    AgentLoggedIn | AgentAskedReady | AgentAskedPause | AgentHungUp | AgentDisposed
    | AgentCalledLead | AgentSkippedLead | AgentAskedLead
    | AgentAskedHold | AgentAskedMute | AgentSentDigits | AgentPlayed | AgentAskedRecording
    | AgentDroppedMessage | AgentTransferred | AgentTransferredOut | AgentConsulted
    | AgentConsultedOut | AgentAskedThreeWay | AgentHandedOver | AgentReturned | AgentAskedPhone
    | AgentLoggedOut | SupervisorAsked | SupervisorStopped | NumberBlocked | LeadWithdrawn
)  # fmt: skip
Event = SwitchEvent | StoreEvent | PeopleEvent
