"""Gives each event to its owner: the campaign of the leg, of the agent, or of the lead.

The dispatcher is what a driver drives (the virtual one and the gevent one alike): it has the
same three methods as each campaign's engine.
"""

from collections.abc import Callable, Iterator

from dialer.engine.campaign import CampaignEngine
from dialer.engine.nodes import Nodes
from dialer.model.agent import Agent
from dialer.model.campaign import Campaign
from dialer.model.commands import Command
from dialer.model.events import (
    AgentAdopted,
    AgentLoggedIn,
    AgentLoggedOut,
    AttemptRefused,
    BridgeFailed,
    CallAdopted,
    CampaignConfigured,
    Event,
    HistoryRead,
    LeadsClaimed,
    LeadWithdrawn,
    NodeBeat,
    NodeDown,
    NodeDraining,
    NodeRestarted,
    NodeTrunks,
    NodeUp,
    NumberBlocked,
)
from dialer.model.ids import AgentId, CampaignId, LegId, NodeName
from dialer.model.moment import Moment
from dialer.policy.trunks import Trunk

NodeEvent = NodeUp | NodeDown | NodeBeat | NodeRestarted | NodeDraining | NodeTrunks


class Dispatcher:
    """`mint`: makes new opaque identities; the virtual driver gives a seeded one."""

    def __init__(self, mint: Callable[[], str]) -> None:
        self.mint = mint
        self.nodes = Nodes()
        self.campaigns: dict[CampaignId, CampaignEngine] = {}

    def handle(self, event: Event, now: Moment) -> list[Command]:
        """React to one event with commands."""
        match event:
            case CampaignConfigured(campaign):
                return self._campaign(campaign).handle(event, now)
            case _ if isinstance(event, NodeEvent):
                return self._node_event(event, now)
            case NumberBlocked():
                return [c for engine in self.campaigns.values() for c in engine.handle(event, now)]
            case AgentLoggedIn(agent_id, campaign_id):
                left = self._leave_others(agent_id, campaign_id, now)
                if self._of_agent(agent_id) not in (None, self.campaigns.get(campaign_id)):
                    return left  # the conversation elsewhere comes first
                return left + self._to(self.campaigns.get(campaign_id), event, now)
            case _:
                return self._to(self._owner(event), event, now)

    def expire(self, now: Moment) -> list[Command]:
        """Carry out what is due in every campaign."""
        return [c for engine in self.campaigns.values() for c in engine.expire(now)]

    def next_deadline(self) -> float | None:
        """Monotonic second of the earliest deadline."""
        times = [engine.next_deadline() for engine in self.campaigns.values()]
        return min((time for time in times if time is not None), default=None)

    def forget(self, campaign_id: CampaignId) -> None:
        """Give a campaign up: it is finished, or another controller has it."""
        self.campaigns.pop(campaign_id, None)

    def agents(self) -> Iterator[Agent]:
        """All seated agents."""
        for engine in self.campaigns.values():
            yield from engine.floor.agents

    def legs(self, node: NodeName | None = None) -> Iterator[LegId]:
        """All legs that the engine believes in, or those of one switch."""
        for engine in self.campaigns.values():
            for call in engine.floor.calls:
                if node in (None, call.node):
                    yield call.leg_id
            for agent in engine.floor.agents:
                if agent.leg_id and node in (None, agent.node):
                    yield agent.leg_id

    def _campaign(self, campaign: Campaign) -> CampaignEngine:
        if campaign.campaign_id not in self.campaigns:
            self.campaigns[campaign.campaign_id] = CampaignEngine(campaign, self.mint, self.nodes)
        return self.campaigns[campaign.campaign_id]

    @staticmethod
    def _to(engine: CampaignEngine | None, event: Event, now: Moment) -> list[Command]:
        return engine.handle(event, now) if engine is not None else []

    def _owner(self, event: Event) -> CampaignEngine | None:
        match event:
            case (
                LeadsClaimed(campaign_id=campaign_id)
                | LeadWithdrawn(campaign_id=campaign_id)
                | CallAdopted(campaign_id=campaign_id)
                | AgentAdopted(campaign_id=campaign_id)
                | HistoryRead(campaign_id=campaign_id)
            ):
                return self.campaigns.get(campaign_id)
            case AttemptRefused(attempt_id):
                return self._find(lambda e: e.floor.calls.of_attempt(attempt_id) is not None)
            case BridgeFailed(customer_leg_id=leg_id):
                return self._of_leg(leg_id)
        if (leg := getattr(event, "leg_id", None)) is not None:
            return self._of_leg(leg) or self._of_leg(getattr(event, "other_leg_id", leg))
        return self._of_agent(getattr(event, "agent_id", None))

    def _of_leg(self, leg_id: LegId) -> CampaignEngine | None:
        return self._find(
            lambda e: bool(e.floor.calls.of_leg(leg_id) or e.floor.agents.of_leg(leg_id))
        )

    def _of_agent(self, agent_id: AgentId | None) -> CampaignEngine | None:
        return self._find(lambda e: e.floor.agents.get(agent_id) is not None)

    def _find(self, owns: Callable[[CampaignEngine], bool]) -> CampaignEngine | None:
        return next((engine for engine in self.campaigns.values() if owns(engine)), None)

    def _leave_others(
        self, agent_id: AgentId, campaign_id: CampaignId, now: Moment
    ) -> list[Command]:
        """One login at a time: a login elsewhere ends the earlier one."""
        engine = self._of_agent(agent_id)
        if engine is None or engine.floor.campaign.campaign_id == campaign_id:
            return []
        return engine.handle(AgentLoggedOut(agent_id), now)

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
