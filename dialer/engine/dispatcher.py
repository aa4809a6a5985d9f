"""Gives each event to its owner: the campaign of the leg, of the agent, or of the lead.

The dispatcher is what a driver drives (the virtual one and the gevent one alike): it has the
same three methods as each campaign's engine.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

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
    LeadAdded,
    LeadClaimed,
    LeadFetched,
    LeadsClaimed,
    LeadWithdrawn,
    LegArrived,
    ListenerReady,
    ListenerStarts,
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
from dialer.model.ids import AgentId, CampaignId, LegId, NodeName
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
        react = REACTIONS.get(type(event))
        if react is not None:
            return react(self, event, now)
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

    def legs(self, node: NodeName | None = None) -> "Legs":
        """All legs that the engine believes in, or those of one switch."""
        return Legs(self, node)

    def _campaign(self, campaign: Campaign) -> CampaignEngine:
        if campaign.campaign_id not in self.campaigns:
            self.campaigns[campaign.campaign_id] = CampaignEngine(campaign, self.mint, self.nodes)
        return self.campaigns[campaign.campaign_id]

    def _configured(self, event: CampaignConfigured, now: Moment) -> list[Command]:
        engine = self._campaign(event.campaign)
        self._seat(engine.floor, event.campaign.pool)
        return engine.handle(event, now)

    def _ended(self, event: CampaignEnded, now: Moment) -> list[Command]:
        engine = self.campaigns.get(event.campaign_id)
        commands = engine.dismiss(now) if engine is not None else []
        self.forget(event.campaign_id)
        return commands

    def _to_all(self, event: Event, now: Moment) -> list[Command]:
        return [c for engine in self.campaigns.values() for c in engine.handle(event, now)]

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

    def _owner(self, event: Any) -> CampaignEngine | None:
        """By the event's campaign, leg or agent; OWNERS names the exceptions."""
        find = OWNERS.get(type(event))
        if find is not None:
            return find(self, event)
        if (leg := getattr(event, "leg_id", None)) is not None:
            return self._of_leg(leg) or self._of_leg(getattr(event, "other_leg_id", leg))
        return self._of_agent(getattr(event, "agent_id", None))

    def _named(self, event: Any) -> CampaignEngine | None:
        return self.campaigns.get(event.campaign_id)

    def _of_attempt(self, event: AttemptRefused) -> CampaignEngine | None:
        return self._find(lambda e: e.floor.calls.of_attempt(event.attempt_id) is not None)

    def _of_customer(self, event: BridgeFailed) -> CampaignEngine | None:
        return self._of_leg(event.customer_leg_id)

    def _of_leg(self, leg_id: LegId) -> CampaignEngine | None:
        return self._find(lambda engine: engine.floor.node_of(leg_id) is not None)

    def _of_agent(self, agent_id: AgentId | None) -> CampaignEngine | None:
        found = (engine.floor.agents.get(agent_id) for engine in self.campaigns.values())
        agent = next((agent for agent in found if agent is not None), None)
        return self.campaigns.get(agent.campaign_id) if agent is not None else None

    def _of_supervisor(self, event: SupervisorAsked | SupervisorStopped) -> CampaignEngine | None:
        supervisor_id = event.supervisor_id
        return self._find(lambda e: e.floor.supervisions.of_supervisor(supervisor_id) is not None)

    def _find(self, owns: Callable[[CampaignEngine], bool]) -> CampaignEngine | None:
        return next((engine for engine in self.campaigns.values() if owns(engine)), None)

    def _shown_by(self, event: LegArrived) -> CampaignEngine | None:
        """The campaign that shows the number called; of several, one that dials. A number of
        nobody's here may be another controller's: the switch lets it ring out."""
        shown = [e for e in self.campaigns.values() if shows(e.floor.campaign, event.called)]
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

    def _listen(self, event: SupervisorAsked, now: Moment) -> list[Command]:
        """One agent at a time, in all campaigns; a customer whom the supervisor has comes first."""
        wanted, engine = self._of_agent(event.agent_id), self._of_supervisor(event)
        if engine is None or engine is wanted:
            return self._to(wanted, event, now)
        if engine.has_customer(event.supervisor_id):
            return []
        left = engine.handle(SupervisorStopped(event.supervisor_id), now)
        return left + self._to(wanted, event, now)

    def _listener_starts(self, event: ListenerStarts, now: Moment) -> list[Command]:
        self.nodes.listener_starts_at = now.mono
        return []

    def _listener_ready(self, event: ListenerReady, now: Moment) -> list[Command]:
        self.nodes.listener_starts_at = None
        return []

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


@dataclass(frozen=True, slots=True)
class Legs:
    """Seen at any time as they are then; whether one is among them is asked for each dial."""

    dispatcher: Dispatcher
    node: NodeName | None

    def __iter__(self) -> Iterator[LegId]:
        for engine in self.dispatcher.campaigns.values():
            for leg_id, where in engine.floor.legs():
                if self.node in (None, where):
                    yield leg_id

    def __contains__(self, leg_id: LegId) -> bool:
        nodes = (e.floor.node_of(leg_id) for e in self.dispatcher.campaigns.values())
        return any(where is not None and self.node in (None, where) for where in nodes)


REACTIONS: Mapping[type, Callable[[Dispatcher, Any, Moment], list[Command]]] = {
    CampaignConfigured: Dispatcher._configured,
    CampaignEnded: Dispatcher._ended,
    NumberBlocked: Dispatcher._to_all,
    AgentLoggedIn: Dispatcher._logged_in,
    SupervisorAsked: Dispatcher._listen,
    ListenerStarts: Dispatcher._listener_starts,
    ListenerReady: Dispatcher._listener_ready,
    **dict.fromkeys(get_args(NodeEvent), Dispatcher._node_event),
}
"""Events that are not simply their owner's."""

OWNERS: Mapping[type, Callable[[Dispatcher, Any], CampaignEngine | None]] = {
    LeadsClaimed: Dispatcher._named,
    LeadClaimed: Dispatcher._named,
    LeadAdded: Dispatcher._named,
    LeadFetched: Dispatcher._named,
    LeadWithdrawn: Dispatcher._named,
    CallAdopted: Dispatcher._named,
    AgentAdopted: Dispatcher._named,
    SupervisionAdopted: Dispatcher._named,
    HistoryRead: Dispatcher._named,
    LegArrived: Dispatcher._shown_by,
    AttemptRefused: Dispatcher._of_attempt,
    BridgeFailed: Dispatcher._of_customer,
    SupervisorStopped: Dispatcher._of_supervisor,
}
"""Whose an event is that its leg and its agent do not tell."""
