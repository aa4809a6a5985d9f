"""What is shown to agents and supervisors."""

from dataclasses import dataclass

from dialer.model.alarm import AlarmCode
from dialer.model.commands.store import NoteAgent
from dialer.model.ids import (
    AgentId,
    AttemptId,
    CampaignId,
    LeadId,
)
from dialer.model.outcome import Outcome
from dialer.model.permit import RefusalReason
from dialer.model.preview import DeskResult


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


ScreenCommand = NoteAgent | PopLead | OfferLead | ShowResult


PeopleCommand = PopLead | OfferLead | ShowResult | RaiseAlarm
