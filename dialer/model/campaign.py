"""A campaign: settings that dial one or more lists with one pacing mode.

"Outside calling hours" and "hopper empty" are never states: they follow from the clock and the
lists, and are derived where they are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dialer.model.amd import AmdProfile
from dialer.model.ids import CampaignId
from dialer.model.machine import Machine
from dialer.model.screening import MachineAction


class CampaignState(StrEnum):
    DRAFT = "DRAFT"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    DRAINING = "DRAINING"
    FINISHED = "FINISHED"


class CampaignTrigger(StrEnum):
    START = "start"
    PAUSE = "pause"
    STOP = "stop"
    DRAINED = "drained"


_S, _T = CampaignState, CampaignTrigger

CAMPAIGN_MACHINE: Machine[CampaignState, CampaignTrigger] = Machine(
    name="campaign",
    initial=_S.DRAFT,
    table={
        (_S.DRAFT, _T.START): _S.RUNNING,
        (_S.RUNNING, _T.PAUSE): _S.PAUSED,
        (_S.PAUSED, _T.START): _S.RUNNING,
        (_S.RUNNING, _T.STOP): _S.DRAINING,
        (_S.PAUSED, _T.STOP): _S.DRAINING,
        (_S.DRAINING, _T.DRAINED): _S.FINISHED,
        (_S.DRAINING, _T.START): _S.RUNNING,
        (_S.FINISHED, _T.START): _S.RUNNING,
    },
    ignored=frozenset(
        {(_S.RUNNING, _T.START), (_S.PAUSED, _T.PAUSE), (_S.DRAINING, _T.STOP)}
        | {(_S.FINISHED, _T.STOP), (_S.FINISHED, _T.DRAINED), (_S.RUNNING, _T.DRAINED)}
    ),
)


class PacingMode(StrEnum):
    MANUAL = "MANUAL"
    """Nothing is dialled but what agents ask for."""
    PREVIEW = "PREVIEW"
    """Each free agent is shown the next lead, and calls it or passes it over."""
    PROGRESSIVE = "PROGRESSIVE"
    """One call per free agent."""
    RATIO = "RATIO"
    """A fixed number of lines per agent who is free."""
    PREDICTIVE = "PREDICTIVE"
    """As many calls as keep the predicted chance of an abandoned answer under the target."""
    BROADCAST = "BROADCAST"
    """A recorded message for whoever answers; nobody waits for an agent who did not ask for one."""


OF_AGENTS = frozenset({PacingMode.MANUAL, PacingMode.PREVIEW})
"""Modes in which each call is placed by the agent who will talk."""


class PreviewEnd(StrEnum):
    """What happens when the time for looking at a lead is over."""

    CALL = "CALL"
    SKIP = "SKIP"


class Basis(StrEnum):
    """By what right a campaign calls people, where the law asks for one."""

    CONSENT = "CONSENT"
    """Each number needs a consent on record."""
    CONTRACT = "CONTRACT"
    """The calls concern a contract that is in force with the person."""


class LeadOrder(StrEnum):
    """In which order the leads of one priority are taken."""

    PRIORITY = "PRIORITY"
    """Those due longest first."""
    NEWEST = "NEWEST"
    """Those due last first: fresh leads before old ones."""
    RANDOM = "RANDOM"
    """Mixed over the whole list, whatever its order was."""
    WEIGHTED = "WEIGHTED"
    """From each list in proportion to its weight."""
    BEST = "BEST"
    """Those likeliest to answer now first, of the leads at hand."""


class RecordingMode(StrEnum):
    OFF = "OFF"
    """Nobody can record."""
    ON_DEMAND = "ON_DEMAND"
    """The agent starts it."""
    ALWAYS = "ALWAYS"
    """From the first bridge on."""


@dataclass(frozen=True, slots=True)
class Window:
    """Calling hours of some weekdays: minutes after local midnight, `closes` excluded."""

    weekdays: frozenset[int]
    """0 = Monday."""
    opens_min: int
    closes_min: int


@dataclass(frozen=True, slots=True)
class RetryRule:
    """When to try again after one outcome. `max_tries` counts tries that the network made."""

    delay_s: float
    max_tries: int


@dataclass(frozen=True, slots=True)
class Destination:
    """An outside number that agents may give customers to; they name it by its label only."""

    label: str
    number: str
    """E.164, of no premium service."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """Settings of one campaign, read from its row; a change arrives as CampaignConfigured."""

    campaign_id: CampaignId
    name: str
    state: CampaignState = CampaignState.DRAFT
    mode: PacingMode = PacingMode.PREDICTIVE
    ratio: float = 1.5
    """Lines per free agent, for PacingMode.RATIO only."""
    abandon_target: float = 0.028
    """Share of live answers, 0 to 0.03."""
    ring_timeout_s: float = 25.0
    """At least 15: a call given up sooner forfeits the safe harbour."""
    answer_limit_s: float = 2.0
    """From the answer to the bridge; past it the notice plays and the call is abandoned."""
    notice: str = "safe_harbour_fr"
    """Name of the recorded safe-harbour notice."""
    notice_limit_s: float = 20.0
    wrap_up_limit_s: float = 60.0
    max_lines: int = 100
    max_lines_per_agent: float = 6.0
    max_calls_per_s: float = 10.0
    hopper_size: int = 200
    lead_order: LeadOrder = LeadOrder.PRIORITY
    claim_lease_s: float = 300.0
    preview_limit_s: float = 60.0
    """How long an agent may look at a lead before calling it."""
    preview_end: PreviewEnd = PreviewEnd.SKIP
    preview_skips: int = 3
    """Leads that an agent may pass over between two calls."""
    has_manual_calls: bool = False
    """Whether agents may call numbers of their own choice; in MANUAL they always may."""
    caller_ids: tuple[str, ...] = ()
    """Numbers to show; of a pool, all that it has or had."""
    caller_pool: str = ""
    """Name of the pool from which the number to show is chosen; empty: one of `caller_ids`."""
    pool: str = ""
    """Campaigns of one pool share their agents; empty: it shares with none."""
    pool_weight: float = 1.0
    """Its part of the shared agents, relative to the other campaigns'."""
    rule_set: str = "FR"
    windows: tuple[Window, ...] | None = None
    """The campaign's own hours; None takes those of the rule set."""
    basis: Basis = Basis.CONSENT
    max_attempts: int = 8
    """Tries of one lead; those that no network made are not counted."""
    keeps_holidays: bool = False
    """Nobody is called on public holidays, where the law would let it."""
    min_gap_s: float = 600.0
    """Shortest time between two tries of one person, whichever list and campaign they are of."""
    cap_most: int = 0
    """Tries of one person within `cap_within_s`, besides the law's own cap; 0: no cap more."""
    cap_within_s: float = 86_400.0
    opened_destinations: tuple[str, ...] = ()
    """Beginnings of numbers that this campaign may call though their kind is forbidden."""
    callback_wait_s: float = 900.0
    """A promised callback waits so long past its time for the agent who promised it."""
    retry_rules: Mapping[str, RetryRule] = field(default_factory=dict)
    """By outcome name; outcomes not named take the defaults of policy/retry."""
    recording: RecordingMode = RecordingMode.OFF
    machine_message: str = ""
    """Name of the recording left on answering machines; empty: none may be left."""
    sounds: tuple[str, ...] = ()
    """Names of the recordings that an agent may play to the customer."""
    destinations: tuple[Destination, ...] = ()
    """The only outside numbers that are ever dialled for an agent."""
    max_outside_legs: int = 2
    """Of destinations, at once."""
    max_outside_per_h: int = 30
    """Of destinations, in any hour."""
    amd: AmdProfile = AmdProfile.OFF
    """How answers are listened to; OFF: whoever answers goes to an agent unheard."""
    machine_action: MachineAction = MachineAction.HANG_UP
    amd_check_share: float = 0.02
    """Share of the machines that agents get all the same, to tell how many are people; 1: all."""
    amd_budget: float = 0.01
    """Share of live people who may be taken for machines; past it nobody is listened to."""
    broadcast_message: str = ""
    """Name of the recording that BROADCAST plays."""
    has_consent: bool = False
    """The persons on the lists have agreed to recorded messages; the row says who confirmed it."""
    message_template: str = ""
    """Text sent when nobody answered; empty sends nothing."""
