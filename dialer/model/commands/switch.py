"""What a switch is asked for."""

from dataclasses import dataclass
from typing import Literal

from dialer.model.amd import AmdProfile
from dialer.model.ids import (
    AgentId,
    AttemptId,
    CampaignId,
    LeadId,
    LegId,
    NodeName,
    SupervisorId,
)
from dialer.model.permit import Permit
from dialer.model.phone import PhoneKind
from dialer.model.supervision import Hearers


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
    claim_no: int | None = None
    """Of the lead; an attempt opens by the last claim only."""
    agent_id: AgentId | None = None
    """Who placed the call himself and will talk; None: whoever is free at the answer."""
    trunk: str = ""
    """Name of the way out; empty: the switch's only one."""
    amd: AmdProfile = AmdProfile.OFF
    """How its answer is listened to."""
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


ControlCommand = ParkLeg | PlaySound | MuteLeg | SendDigits | RecordLeg | OverhearLeg | JoinRoom


CallCommand = Originate | CallAgent | CallSupervisor | CallOutside


SwitchCommand = CallCommand | AnswerLeg | BridgeLegs | PlayNotice | HangUpLeg | ControlCommand
