"""Promised callbacks where the dialer calls by itself: each waits for the agent who promised it.

As soon as he is free he is reserved for the call, which is his alone. A callback that has waited
too long past its time is dialled as any other lead (`policy/preview.is_for_anybody`).
"""

from dialer.engine.floor import Floor
from dialer.engine.loads import takes_calls
from dialer.engine.placing import calls_allowed, lines_left, place, refuse_lead
from dialer.engine.reserving import reserve
from dialer.model.agent import Agent
from dialer.model.campaign import PacingMode
from dialer.model.lead import Lead
from dialer.model.moment import Moment
from dialer.model.permit import Refusal
from dialer.policy.compliance import may_dial

SELF_DIALLING = frozenset({PacingMode.PROGRESSIVE, PacingMode.RATIO, PacingMode.PREDICTIVE})
"""Elsewhere agents call themselves (their own callbacks come first), or there are none."""


def call_back(floor: Floor, now: Moment) -> None:
    """Dial the callbacks whose agents are free now."""
    if floor.campaign.mode not in SELF_DIALLING:
        return
    for lead in floor.hopper.promised():
        agent = floor.agents.get(lead.callback_agent_id)
        if agent is not None and agent.is_free and takes_calls(floor, agent):
            call_for(floor, agent, lead, now)


def call_for(floor: Floor, agent: Agent, lead: Lead, now: Moment) -> None:
    """Dial the lead of the hopper for this agent, who is reserved for it; when there is a line."""
    node = floor.nodes.get(agent.node)
    has_line = node.way_out(now.mono) and lines_left(floor, now) and calls_allowed(floor, now)
    if not has_line or floor.hopper.take(lead.lead_id, now.mono) is None:
        return
    answer = may_dial(lead, floor.campaign, now.utc, has_own_agent=True)
    if isinstance(answer, Refusal):
        refuse_lead(floor, lead, answer, now)
    else:
        reserve(floor, agent, place(floor, lead, answer, node, now, agent.agent_id), now)
