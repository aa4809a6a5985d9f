"""What the store read or refused, and what of an earlier run it knows."""

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
from dialer.model.screening import ScreeningCounts


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
    """Live answers of one day. `day`: proleptic ordinal (date.toordinal). `n_hung_up`: machines by
    the detector's word, any of which may have been a person."""

    day: int
    n_served: int
    n_abandoned: int
    n_hung_up: int = 0


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
    n_hung_up: int = 0
    """As in DayAnswers."""
    screening: ScreeningCounts = field(default_factory=ScreeningCounts)
    """Of the law's period."""
    outside_at: tuple[float, ...] = ()
    """When destinations were called in the last hour, UTC seconds, in order."""


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
class LeadFetched:
    """Answer to FetchLead; `lead` None: it is not to be had."""

    campaign_id: CampaignId
    lead: Lead | None


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


StoreEvent = (
    CampaignConfigured | CampaignEnded | HistoryRead | LeadsClaimed | LeadClaimed | LeadFetched
    | AttemptRefused | CallAdopted | AgentAdopted | SupervisionAdopted
)  # fmt: skip
