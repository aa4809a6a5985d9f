"""Who talks to whom: the longest waiting caller to the agent who has been ready longest."""

from collections.abc import Iterable

from dialer.model.agent import Agent
from dialer.model.call import Call, CallState


def choose_agent(agents: Iterable[Agent]) -> Agent | None:
    """The free agent who has been ready longest; identities break ties, so replays agree."""
    free = (agent for agent in agents if agent.is_free)
    return min(free, key=lambda agent: (agent.ready_since or 0.0, agent.agent_id), default=None)


def in_order_of_wait(calls: Iterable[Call]) -> list[Call]:
    """The calls that wait for an agent, longest waiting first."""
    waiting = (call for call in calls if call.state is CallState.WAITING)
    return sorted(waiting, key=lambda call: (call.waiting_since or 0.0, call.attempt_id))
