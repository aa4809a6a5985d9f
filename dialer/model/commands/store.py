"""What is to be kept, claimed or closed in the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dialer.model.agent import AgentState
from dialer.model.call import RecordingState
from dialer.model.ids import (
    AgentId,
    AttemptId,
    CampaignId,
    LeadId,
    LegId,
    NodeName,
    SupervisorId,
)
from dialer.model.minute import Decided, MinuteCounts
from dialer.model.outcome import Outcome
from dialer.model.permit import Refusal
from dialer.model.preview import SkipReason
from dialer.model.screening import Screening
from dialer.model.supervision import SupervisionState


@dataclass(frozen=True, slots=True)
class RefillHopper:
    """Claim up to `n_leads` due leads; answered by LeadsClaimed."""

    campaign_id: CampaignId
    n_leads: int
    lease_s: float


@dataclass(frozen=True, slots=True)
class ReleaseLeads:
    """Give claimed leads back undialled, not before `due_at`, or held until a refusal ends."""

    campaign_id: CampaignId
    lead_ids: tuple[LeadId, ...]
    due_at: float
    refusal: Refusal | None = None
    is_finished: bool = False
    """They were DONE before an agent chose them, and are so again."""


@dataclass(frozen=True, slots=True)
class ClaimLead:
    """Claim one lead that an agent wants to call; answered by LeadClaimed."""

    campaign_id: CampaignId
    agent_id: AgentId
    lead_id: LeadId
    lease_s: float
    is_call_now: bool


@dataclass(frozen=True, slots=True)
class FetchLead:
    """Claim one lead whose person waits for a call; answered by LeadFetched."""

    campaign_id: CampaignId
    lead_id: LeadId
    lease_s: float


@dataclass(frozen=True, slots=True)
class HoldLead:
    """The claimed lead is on an agent's desk: keep it claimed until then (UTC seconds)."""

    lead_id: LeadId
    until: float


@dataclass(frozen=True, slots=True)
class NoteSkip:
    """An agent passed an offered lead over, and why."""

    campaign_id: CampaignId
    agent_id: AgentId
    lead_id: LeadId
    reason: SkipReason
    at: float


@dataclass(frozen=True, slots=True)
class BlockPerson:
    """Who was called asked, by a key, not to be called again: by no campaign, at no number."""

    attempt_id: AttemptId


@dataclass(frozen=True, slots=True)
class NoteAttempt:
    """Facts of a call in progress; only those given are written."""

    attempt_id: AttemptId
    ringing_at: float | None = None
    answered_at: float | None = None
    bridged_at: float | None = None
    agent_id: AgentId | None = None
    entrusted_at: float | None = None


@dataclass(frozen=True, slots=True)
class CloseAttempt:
    """The call is over. Writes attempt, lead, ledger entry and fallback message in one transaction.

    `retry_at` None closes the lead. `is_abandoned`: for the ledger: a live answer that was not
    bridged within the limit (also one bridged too late).
    """

    attempt_id: AttemptId
    campaign_id: CampaignId
    lead_id: LeadId
    outcome: Outcome
    cause: str
    sip_status: int | None
    ended_at: float
    retry_at: float | None
    is_live_answer: bool
    is_abandoned: bool
    sends_message: bool
    answered_at: float | None = None
    bridged_at: float | None = None
    agent_id: AgentId | None = None
    screening: Screening | None = None
    """What was found out of who answered."""
    entrusted_at: float | None = None
    """When the last agent gave the customer to an outside number."""


class Step(StrEnum):
    """What happened to the customer, in the record of one attempt."""

    TALK = "TALK"
    CONSULT = "CONSULT"
    THREE_WAY = "THREE_WAY"
    ENTRUSTED = "ENTRUSTED"
    OUTSIDE = "OUTSIDE"
    ALONE = "ALONE"
    """Nobody was left: waits for an agent, after somebody else was lost."""


@dataclass(frozen=True, slots=True)
class NoteStep:
    """From `at` on; the next step ends it, and the last one ends with the call.

    `agent_id`: who talks with the customer. `other_name`: colleague or destination; `leg_id`:
    its leg.
    """

    attempt_id: AttemptId
    step: Step
    at: float
    agent_id: AgentId | None = None
    other_name: str = ""
    leg_id: LegId | None = None


@dataclass(frozen=True, slots=True)
class NoteOutsideCall:
    """A destination is being called; how many there may be in an hour outlives this run."""

    campaign_id: CampaignId
    attempt_id: AttemptId
    leg_id: LegId
    name: str
    at: float


@dataclass(frozen=True, slots=True)
class NoteAgent:
    """The agent's state changed at `since`: one row of the state log, and the screen."""

    agent_id: AgentId
    campaign_id: CampaignId
    state: AgentState
    since: float
    pause_code: str = ""
    attempt_id: AttemptId | None = None
    leg_id: LegId | None = None
    is_phone_up: bool = False
    wants_pause: str | None = None
    is_ringing: bool = False
    """RESERVED for a call of his own, which rings at the other end."""
    may_choose: bool = False
    """Whether he may call a number or a lead of his own choice now."""
    is_held: bool = False
    is_muted: bool = False
    recording: RecordingState = RecordingState.OFF
    met_machine: bool = False
    looks_machine: bool = False
    """The second look: who is talking with the agent speaks like a recording."""
    stage: str = ""
    """CONSULTING or THREE_WAY while a third party is in the call."""
    third: str = ""
    """State of the third party (model/third.py)."""
    third_name: str = ""
    """Of whoever is in the call besides this agent and the customer."""
    is_consulted: bool = False
    """This agent is the third party: the customer is another one's."""
    refused: str = ""
    """Why what the agent asked for just now was not done; a word of `Refused`."""


@dataclass(frozen=True, slots=True)
class NoteRecording:
    """A call's recording began, was paused or goes on; its file is named by the attempt."""

    attempt_id: AttemptId
    node: NodeName
    state: RecordingState
    at: float


@dataclass(frozen=True, slots=True)
class NoteSupervision:
    """What a supervisor does on an agent's call since `at`: who heard whom is kept, and painted."""

    supervision_id: str
    supervisor_id: SupervisorId
    campaign_id: CampaignId
    agent_id: AgentId
    attempt_id: AttemptId
    state: SupervisionState
    at: float


@dataclass(frozen=True, slots=True)
class NoteArrival:
    """Somebody called a number that the campaign shows. Numbers are as the carrier wrote them."""

    leg_id: LegId
    campaign_id: CampaignId
    caller: str
    called: str
    at: float


@dataclass(frozen=True, slots=True)
class NotePacing:
    """A minute of pacing is over: what was decided in it and why, and what it counted."""

    campaign_id: CampaignId
    begins_at: float
    decided: tuple[Decided, ...]
    counts: MinuteCounts
    abandon_rate: float
    """By the ledger, at the end of the minute."""
    settings: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FinishCampaign:
    """A draining campaign has no call left."""

    campaign_id: CampaignId


StoreCommand = (
    RefillHopper | ClaimLead | FetchLead | HoldLead | NoteSkip | BlockPerson | ReleaseLeads
    | NoteAttempt | CloseAttempt | NoteAgent | NoteRecording | NoteSupervision | NoteArrival
    | NotePacing | NoteStep | NoteOutsideCall
    | FinishCampaign
)  # fmt: skip
