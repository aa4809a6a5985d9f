"""What to do, in the imperative: everything that the engine asks of the outside.

Each is carried out by the adapter that `run/effects.py` names for its type. Times in commands
are UTC seconds, since they are stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from dialer.model.agent import AgentState
from dialer.model.alarm import AlarmCode
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
from dialer.model.permit import Permit, RefusalReason
from dialer.model.phone import PhoneKind
from dialer.model.preview import DeskResult, SkipReason
from dialer.model.supervision import Hearers, SupervisionState

# --- to the store ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RefillHopper:
    """Claim up to `n_leads` due leads; answered by LeadsClaimed."""

    campaign_id: CampaignId
    n_leads: int
    lease_s: float


@dataclass(frozen=True, slots=True)
class ReleaseLeads:
    """Give claimed leads back undialled, not before `due_at`."""

    campaign_id: CampaignId
    lead_ids: tuple[LeadId, ...]
    due_at: float
    is_blocked: bool = False
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
class BlockNumber:
    """The person asked, by a key, not to be called again: by any campaign."""

    number: str


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
class FinishCampaign:
    """A draining campaign has no call left."""

    campaign_id: CampaignId


# --- to a switch -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Originate:
    """Dial a lead. The attempt row is written before the switch is asked."""

    permit: Permit
    campaign_id: CampaignId
    attempt_id: AttemptId
    leg_id: LegId
    lead_id: LeadId
    attempt_number: int
    node: NodeName
    number: str
    caller_id: str
    ring_timeout_s: float
    at: float
    agent_id: AgentId | None = None
    """Who placed the call himself and will talk; None: whoever is free at the answer."""
    trunk: str = ""
    """Name of the way out; empty: the switch's only one."""
    is_again: bool = False
    """A new leg, on another trunk, of an attempt that is open already."""


@dataclass(frozen=True, slots=True)
class CallAgent:
    """Call the agent's phone; the leg stays parked for the whole login.

    `trunk`, `caller_id`: of an outside number, whoever answers which must confirm with a key.
    """

    agent_id: AgentId
    campaign_id: CampaignId
    leg_id: LegId
    node: NodeName
    phone_address: str
    phone_kind: PhoneKind = PhoneKind.SIP
    trunk: str = ""
    caller_id: str = ""


@dataclass(frozen=True, slots=True)
class CallSupervisor:
    """Call the supervisor's phone; its leg parks, and outlives the conversations it joins."""

    supervisor_id: SupervisorId
    campaign_id: CampaignId
    leg_id: LegId
    node: NodeName
    phone_address: str
    phone_kind: PhoneKind = PhoneKind.SIP
    trunk: str = ""
    caller_id: str = ""


@dataclass(frozen=True, slots=True)
class CallOutside:
    """Call a destination of the campaign's list; the leg parks when it answers."""

    campaign_id: CampaignId
    attempt_id: AttemptId
    leg_id: LegId
    node: NodeName
    number: str
    caller_id: str
    ring_timeout_s: float
    trunk: str = ""


@dataclass(frozen=True, slots=True)
class JoinRoom:
    """Bring the leg into the attempt's room, where all hear each other; told by LegJoined.

    `with_partner`: the leg that it is bridged with comes along.
    """

    node: NodeName
    leg_id: LegId
    attempt_id: AttemptId
    with_partner: bool = False


@dataclass(frozen=True, slots=True)
class BridgeLegs:
    """The legs may be any two: who they belong to, the engine knows."""

    node: NodeName
    customer_leg_id: LegId
    agent_leg_id: LegId


@dataclass(frozen=True, slots=True)
class AnswerLeg:
    """Pick up a call that came in; LegAnswered confirms it."""

    node: NodeName
    leg_id: LegId


@dataclass(frozen=True, slots=True)
class PlayNotice:
    """Play a named recording to the leg, then hang up."""

    node: NodeName
    leg_id: LegId
    notice: str


@dataclass(frozen=True, slots=True)
class ParkLeg:
    """Take the leg out of its bridge; both legs are alone then, and told so by LegParked."""

    node: NodeName
    leg_id: LegId


@dataclass(frozen=True, slots=True)
class PlaySound:
    """Play a named recording to the leg over whatever it does; `is_endless` until it is bridged."""

    node: NodeName
    leg_id: LegId
    sound: str
    is_endless: bool = False


@dataclass(frozen=True, slots=True)
class MuteLeg:
    """Whether anyone hears what the leg says."""

    node: NodeName
    leg_id: LegId
    is_on: bool


@dataclass(frozen=True, slots=True)
class SendDigits:
    """Press keys towards the leg's far end."""

    node: NodeName
    leg_id: LegId
    digits: str


@dataclass(frozen=True, slots=True)
class RecordLeg:
    """Record the leg, both directions apart (stereo). `mask` writes silence, `unmask` ends that."""

    node: NodeName
    leg_id: LegId
    attempt_id: AttemptId
    action: Literal["start", "mask", "unmask"]


@dataclass(frozen=True, slots=True)
class OverhearLeg:
    """Have the supervisor's leg hear what the agent's leg says and hears, until it is parked,
    bridged, or overhears otherwise. `hearers`: who hears the supervisor meanwhile."""

    node: NodeName
    leg_id: LegId
    overheard_leg_id: LegId
    hearers: Hearers


@dataclass(frozen=True, slots=True)
class HangUpLeg:
    node: NodeName
    leg_id: LegId
    cause: str = "NORMAL_CLEARING"


# --- to people ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PopLead:
    """Show the lead on the agent's screen: sent with the bridge request, or with the dial of a call
    that the agent placed himself, not after it."""

    agent_id: AgentId
    campaign_id: CampaignId
    attempt_id: AttemptId
    lead_id: LeadId
    attempt_number: int
    number: str
    name: str
    fields: tuple[tuple[str, str], ...]
    is_callback: bool
    at: float


@dataclass(frozen=True, slots=True)
class OfferLead:
    """Show the lead to an agent who decides whether to call it. `until`: UTC seconds."""

    agent_id: AgentId
    campaign_id: CampaignId
    lead_id: LeadId
    attempt_number: int
    number: str
    name: str
    fields: tuple[tuple[str, str], ...]
    is_callback: bool
    is_own_choice: bool
    n_skips_left: int
    at: float
    until: float
    ends_in_call: bool
    """Whether it is called by itself at `until`."""


@dataclass(frozen=True, slots=True)
class ShowResult:
    """What became of an agent's own call, or why there was none. `lead_id` as the desk knows it.

    `result`: an Outcome, a RefusalReason or a DeskResult; each has its words on the screens.
    """

    agent_id: AgentId
    campaign_id: CampaignId
    lead_id: LeadId
    result: Outcome | RefusalReason | DeskResult
    at: float


@dataclass(frozen=True, slots=True)
class RaiseAlarm:
    """Something a supervisor must see. `code` is stable, `detail` is plain text without PII."""

    campaign_id: CampaignId | None
    code: AlarmCode
    detail: str
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


StoreCommand = (
    RefillHopper | ClaimLead | HoldLead | NoteSkip | BlockNumber | ReleaseLeads | NoteAttempt
    | CloseAttempt | NoteAgent | NoteRecording | NoteSupervision | NoteArrival | NotePacing
    | NoteStep
    | FinishCampaign
)  # fmt: skip
ControlCommand = ParkLeg | PlaySound | MuteLeg | SendDigits | RecordLeg | OverhearLeg | JoinRoom
CallCommand = Originate | CallAgent | CallSupervisor | CallOutside
SwitchCommand = CallCommand | AnswerLeg | BridgeLegs | PlayNotice | HangUpLeg | ControlCommand
ScreenCommand = NoteAgent | PopLead | OfferLead | ShowResult
PeopleCommand = PopLead | OfferLead | ShowResult | RaiseAlarm
Command = StoreCommand | SwitchCommand | PeopleCommand
