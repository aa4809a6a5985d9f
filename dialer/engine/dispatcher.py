"""Gives each event to its owner: the campaign of the leg, of the agent, or of the lead.

The dispatcher is what a driver drives (the virtual one and the gevent one alike): it has the
same three methods as each campaign's engine.
"""

from collections.abc import Callable, Iterator

from dialer.engine.campaign import CampaignEngine
from dialer.engine.floor import Floor
from dialer.engine.nodes import Nodes
from dialer.engine.pool import Pool
from dialer.model.agent import Agent
from dialer.model.campaign import Campaign, CampaignState
from dialer.model.commands import Command
from dialer.model.events import (
    AgentAdopted,
    AgentLoggedIn,
    AgentLoggedOut,
    AttemptRefused,
    BridgeFailed,
    CallAdopted,
    CampaignConfigured,
    CampaignEnded,
    Event,
    HistoryRead,
    LeadClaimed,
    LeadsClaimed,
    LeadWithdrawn,
    LegArrived,
    NodeBeat,
    NodeDown,
    NodeDraining,
    NodeRestarted,
    NodeTrunks,
    NodeUp,
    NumberBlocked,
    SupervisionAdopted,
    SupervisorAsked,
    SupervisorStopped,
)
from dialer.model.ids import AgentId, CampaignId, LegId, NodeName, SupervisorId
from dialer.model.moment import Moment
from dialer.policy.caller_id import shows
from dialer.policy.trunks import Trunk

NodeEvent = NodeUp | NodeDown | NodeBeat | NodeRestarted | NodeDraining | NodeTrunks


class Dispatcher:
    """`mint`: makes new opaque identities; the virtual driver gives a seeded one."""

    def __init__(self, mint: Callable[[], str]) -> None:
        self.mint = mint
        self.nodes = Nodes()
        self.campaigns: dict[CampaignId, CampaignEngine] = {}
        self.pools: dict[str, Pool] = {}
        """Named ones: campaigns that share their agents."""

    def handle(self, event: Event, now: Moment) -> list[Command]:
        """React to one event with commands."""
        match event:
            case CampaignConfigured(campaign):
                engine = self._campaign(campaign)
                self._seat(engine.floor, campaign.pool)
                return engine.handle(event, now)
            case CampaignEnded(campaign_id):
                return self._ended(campaign_id, now)
            case _ if isinstance(event, NodeEvent):
                return self._node_event(event, now)
            case NumberBlocked():
                return [c for engine in self.campaigns.values() for c in engine.handle(event, now)]
            case AgentLoggedIn():
                return self._logged_in(event, now)
            case SupervisorAsked(supervisor_id, agent_id):
                return self._listen(supervisor_id, self._of_agent(agent_id), event, now)
            case SupervisorStopped(supervisor_id):
                return self._to(self._of_supervisor(supervisor_id), event, now)
            case _:
                return self._to(self._owner(event), event, now)

    def expire(self, now: Moment) -> list[Command]:
        """Carry out what is due in every campaign."""
        return [c for engine in self.campaigns.values() for c in engine.expire(now)]

    def fall_behind(self, now: Moment) -> None:
        """Events have waited: no campaign dials on what it knows until they are in time again."""
        for engine in self.campaigns.values():
            engine.floor.fall_behind(now)

    def next_deadline(self) -> float | None:
        """Monotonic second of the earliest deadline."""
        times = [engine.next_deadline() for engine in self.campaigns.values()]
        return min((time for time in times if time is not None), default=None)

    def forget(self, campaign_id: CampaignId) -> None:
        """Let go of a campaign as it is: another controller has it, with its calls and agents."""
        engine = self.campaigns.pop(campaign_id, None)
        if engine is not None:
            Pool().enter(engine.floor)

    def agents(self) -> Iterator[Agent]:
        """All seated agents."""
        for engine in self.campaigns.values():
            yield from engine.floor.seated()

    def legs(self, node: NodeName | None = None) -> Iterator[LegId]:
        """All legs that the engine believes in, or those of one switch."""
        for engine in self.campaigns.values():
            for leg_id, where in engine.floor.legs():
                if node in (None, where):
                    yield leg_id

    def _campaign(self, campaign: Campaign) -> CampaignEngine:
        if campaign.campaign_id not in self.campaigns:
            self.campaigns[campaign.campaign_id] = CampaignEngine(campaign, self.mint, self.nodes)
        return self.campaigns[campaign.campaign_id]

    def _ended(self, campaign_id: CampaignId, now: Moment) -> list[Command]:
        engine = self.campaigns.get(campaign_id)
        commands = engine.dismiss(now) if engine is not None else []
        self.forget(campaign_id)
        return commands

    def _seat(self, floor: Floor, pool_name: str) -> None:
        """Put the floor in the pool of that name; without a name it is alone."""
        if pool_name:
            wanted = self.pools.setdefault(pool_name, Pool())
        else:
            wanted = Pool() if floor.pool in self.pools.values() else floor.pool
        if wanted is not floor.pool:
            wanted.enter(floor)

    @staticmethod
    def _to(engine: CampaignEngine | None, event: Event, now: Moment) -> list[Command]:
        return engine.handle(event, now) if engine is not None else []

    def _owner(self, event: Event) -> CampaignEngine | None:
        match event:
            case (
                LeadsClaimed(campaign_id=campaign_id)
                | LeadClaimed(campaign_id=campaign_id)
                | LeadWithdrawn(campaign_id=campaign_id)
                | CallAdopted(campaign_id=campaign_id)
                | AgentAdopted(campaign_id=campaign_id)
                | SupervisionAdopted(campaign_id=campaign_id)
                | HistoryRead(campaign_id=campaign_id)
            ):
                return self.campaigns.get(campaign_id)
            case LegArrived(called=called):
                return self._shown_by(called)
            case AttemptRefused(attempt_id):
                return self._find(lambda e: e.floor.calls.of_attempt(attempt_id) is not None)
            case BridgeFailed(customer_leg_id=leg_id):
                return self._of_leg(leg_id)
        if (leg := getattr(event, "leg_id", None)) is not None:
            return self._of_leg(leg) or self._of_leg(getattr(event, "other_leg_id", leg))
        return self._of_agent(getattr(event, "agent_id", None))

    def _of_leg(self, leg_id: LegId) -> CampaignEngine | None:
        return self._find(lambda engine: engine.floor.has_leg(leg_id))

    def _of_agent(self, agent_id: AgentId | None) -> CampaignEngine | None:
        found = (engine.floor.agents.get(agent_id) for engine in self.campaigns.values())
        agent = next((agent for agent in found if agent is not None), None)
        return self.campaigns.get(agent.campaign_id) if agent is not None else None

    def _of_supervisor(self, supervisor_id: SupervisorId) -> CampaignEngine | None:
        return self._find(lambda e: e.floor.supervisions.of_supervisor(supervisor_id) is not None)

    def _find(self, owns: Callable[[CampaignEngine], bool]) -> CampaignEngine | None:
        return next((engine for engine in self.campaigns.values() if owns(engine)), None)

    def _shown_by(self, number: str) -> CampaignEngine | None:
        """The campaign that shows this number; of several, one that dials. A number of nobody's
        here may be another controller's: the switch lets it ring out."""
        shown = [e for e in self.campaigns.values() if shows(e.floor.campaign, number)]
        shown.sort(key=lambda engine: engine.floor.campaign.state is not CampaignState.RUNNING)
        return next(iter(shown), None)

    def _logged_in(self, event: AgentLoggedIn, now: Moment) -> list[Command]:
        """One login at a time: another pool's is ended first, and its conversation before that."""
        wanted, seated = self.campaigns.get(event.campaign_id), self._of_agent(event.agent_id)
        if seated is None or (wanted is not None and seated.floor.pool is wanted.floor.pool):
            return self._to(wanted, event, now)
        left = seated.handle(AgentLoggedOut(event.agent_id), now)
        if self._of_agent(event.agent_id) is not None:
            return left
        return left + self._to(wanted, event, now)

    def _listen(
        self,
        supervisor_id: SupervisorId,
        wanted: CampaignEngine | None,
        event: SupervisorAsked,
        now: Moment,
    ) -> list[Command]:
        """One agent at a time, in all campaigns; a customer whom the supervisor has comes first."""
        engine = self._of_supervisor(supervisor_id)
        if engine is None or engine is wanted:
            return self._to(wanted, event, now)
        if engine.has_customer(supervisor_id):
            return []
        left = engine.handle(SupervisorStopped(supervisor_id), now)
        return left + self._to(wanted, event, now)

    def _node_event(self, event: NodeEvent, now: Moment) -> list[Command]:
        node = self.nodes.get(event.node)
        match event:
            case NodeUp(_, max_sessions, sessions_per_s, min_idle_cpu):
                node.min_idle_cpu = min_idle_cpu
                node.is_up, node.max_sessions = True, max_sessions
                node.sessions_per_s = sessions_per_s
            case NodeDown():
                node.is_up = False
            case NodeBeat(_, n_sessions, max_sessions, idle_cpu):
                node.beat(n_sessions, max_sessions, idle_cpu, now.mono)
            case NodeTrunks(_, trunks):
                node.trunks = [Trunk(rules) for rules in trunks] or [Trunk()]
            case NodeDraining(_, is_draining):
                node.is_draining = is_draining
            case NodeRestarted():
                node.restart()
                engines = list(self.campaigns.values())
                return [c for engine in engines for c in engine.lose_node(event.node, now)]
        return []
