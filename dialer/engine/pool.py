"""Campaigns that share their agents: one book of agents, several floors.

Whoever becomes free takes the caller who has waited longest in any of the floors, and belongs to
that caller's campaign from then on (`Agent.campaign_id`): script, dispositions and figures follow
the conversation. A campaign that shares with nobody is alone in its pool.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialer.engine.books import AgentBook
from dialer.model.agent import Agent
from dialer.model.call import Call, CallState
from dialer.model.campaign import CampaignState
from dialer.model.commands import Command
from dialer.model.ids import AttemptId, CampaignId

if TYPE_CHECKING:
    from dialer.engine.floor import Floor


@dataclass(slots=True, eq=False)
class Pool:
    """`out`: what its floors have decided, in the order in which they did."""

    agents: AgentBook = field(default_factory=AgentBook)
    floors: "dict[CampaignId, Floor]" = field(default_factory=dict)
    out: list[Command] = field(default_factory=list)
    may_pace_at: float = float("-inf")
    """Between two ticks there is no decision before."""
    paces_at: float = float("-inf")
    """When an event last asked for a decision."""

    def enter(self, floor: "Floor") -> None:
        """The floor shares its agents with this pool's from now on, instead of its former one's."""
        campaign_id = floor.campaign.campaign_id
        movers = [agent for agent in floor.pool.agents if agent.campaign_id == campaign_id]
        for agent in movers:
            floor.pool.agents.hand_over(agent, self.agents)
        floor.pool.floors.pop(campaign_id, None)
        self.out.extend(floor.pool.out)
        floor.pool.out.clear()
        floor.pool = self
        self.floors[campaign_id] = floor

    def running(self) -> "Iterator[Floor]":
        """Its floors that dial."""
        for floor in self.floors.values():
            if floor.campaign.state is CampaignState.RUNNING:
                yield floor

    def calls(self) -> "Iterator[Call]":
        """Calls of all its floors."""
        for floor in self.floors.values():
            yield from floor.calls

    def waiting(self) -> list[Call]:
        """Calls of all its floors that wait for an agent."""
        floors = self.floors.values()
        return [call for floor in floors for call in floor.calls.in_state(CallState.WAITING)]

    def call_of(self, attempt_id: AttemptId | None) -> Call | None:
        """The call of that attempt, in whichever floor."""
        found = (floor.calls.of_attempt(attempt_id) for floor in self.floors.values())
        return next((call for call in found if call is not None), None)

    def floor_of(self, worker: Agent | Call) -> "Floor":
        """The floor of the campaign that the agent, or the call, belongs to now."""
        return self.floors[worker.campaign_id]
