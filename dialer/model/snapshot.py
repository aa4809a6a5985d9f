"""Pictures of a campaign at one moment: for the pacing policy, and for the screens."""

from dataclasses import dataclass, field

from dialer.model.agent import AgentState
from dialer.model.campaign import CampaignState, PacingMode
from dialer.model.ids import AgentId, AttemptId, CampaignId, SupervisorId
from dialer.model.supervision import Reason, SupervisionMode, SupervisionState


@dataclass(frozen=True, slots=True)
class AgentView:
    """One agent on the supervisor's screen. `since`: UTC seconds."""

    agent_id: AgentId
    name: str
    state: AgentState
    since: float
    pause_code: str
    is_phone_up: bool
    attempt_id: AttemptId | None
    n_handled: int


@dataclass(frozen=True, slots=True)
class SupervisionView:
    """What one supervisor does, for all who watch the campaign. `since`: UTC seconds."""

    supervision_id: str
    supervisor_id: SupervisorId
    name: str
    agent_id: AgentId
    attempt_id: AttemptId
    state: SupervisionState
    mode: SupervisionMode
    since: float
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class PacingView:
    """Why the last decision was what it was. `limit`: the rule that stopped further calls."""

    n_dialed: int = 0
    n_free: int = 0
    n_soon_free: float = 0.0
    n_ringing: int = 0
    expected_answers: float = 0.0
    answer_rate: float = 0.0
    theta: float = 0.0
    risk: float = 0.0
    bank: float = 0.0
    limit: str = ""
    n_agents: int = 0
    """Who take calls: neither paused nor about to pause or leave."""
    n_waiting: int = 0
    n_leads: int = 0
    n_lines_left: int = 0
    n_calls_allowed: int = 0
    """What the calls-per-second limits left at that moment."""
    fault_share: float = 0.0
    """Of the last calls those that the carrier failed."""


@dataclass(frozen=True, slots=True)
class CampaignView:
    """What the wallboard shows of a campaign. `version` rises by one with each picture.

    Counts are of this controller's run unless the name says otherwise.
    """

    campaign_id: CampaignId
    name: str
    version: int
    at: float
    state: CampaignState
    mode: PacingMode
    abandon_target: float
    max_calls_per_s: float
    is_window_open: bool
    n_hopper: int
    n_dialing: int
    n_ringing: int
    n_waiting: int
    n_connected: int
    n_attempts: int
    n_answered: int
    n_bridged: int
    n_abandoned: int
    n_live: int
    """Live answers by the ledger: persons bridged, and abandoned answers."""
    abandon_rate: float
    occupancy: float
    """(talk + wrap-up) / (logged in less paused), 0 to 1."""
    longest_wait_s: float
    pacing: PacingView = field(default_factory=PacingView)
    agents: tuple[AgentView, ...] = ()
    supervisions: tuple[SupervisionView, ...] = ()
    alarms: tuple[str, ...] = ()
