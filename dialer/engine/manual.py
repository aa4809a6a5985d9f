"""Calls of the agent's own choice: a number he typed, or a lead he looked up.

The web has made a lead of it; here it is claimed like any other, so nobody else gets it, and then
goes the way of a preview. Only `policy/compliance` lets it be dialled.
"""

from dialer.engine.floor import Floor
from dialer.engine.offering import HOLD_MARGIN_S, give_back, offer, show_result
from dialer.engine.preview import call_offer
from dialer.model.agent import Agent
from dialer.model.commands import ClaimLead
from dialer.model.events import AgentAskedLead, LeadClaimed
from dialer.model.lead import Lead
from dialer.model.moment import Moment
from dialer.model.preview import DeskResult
from dialer.policy.preview import may_choose


def asked_lead(floor: Floor, event: AgentAskedLead, now: Moment) -> None:
    """From the hopper when it is there, else by a claim of its own."""
    agent = floor.agents.get(event.agent_id)
    if agent is None:
        return
    if not may_choose(agent, floor.campaign):
        show_result(floor, agent, event.lead_id, DeskResult.NOT_ALLOWED, now)
    elif (lead := floor.hopper.take(event.lead_id, now.mono)) is not None:
        _give(floor, agent, lead, now, is_call_now=event.is_call_now)
    else:
        campaign_id = floor.campaign.campaign_id
        lease_s = floor.campaign.preview_limit_s + HOLD_MARGIN_S
        floor.out.append(
            ClaimLead(campaign_id, agent.agent_id, event.lead_id, lease_s, event.is_call_now)
        )


def lead_claimed(floor: Floor, event: LeadClaimed, now: Moment) -> None:
    """The agent may have gone on meanwhile: then the lead goes back."""
    agent = floor.agents.get(event.agent_id)
    if event.lead is None:
        if agent is not None and not _has(floor, agent, event):
            show_result(floor, agent, event.lead_id, DeskResult.LEAD_BUSY, now)
    elif agent is None or not may_choose(agent, floor.campaign):
        give_back(floor, event.lead, now)
    else:
        _give(floor, agent, event.lead, now, is_call_now=event.is_call_now)


def _give(floor: Floor, agent: Agent, lead: Lead, now: Moment, *, is_call_now: bool) -> None:
    offer(floor, agent, lead, now, is_own_choice=True)
    if is_call_now and agent.offer is not None:
        call_offer(floor, agent, agent.offer, now)


def _has(floor: Floor, agent: Agent, event: LeadClaimed) -> bool:
    """Whether he asked twice, and has it already."""
    call = floor.calls.of_attempt(agent.attempt_id)
    lead = agent.offer.lead if agent.offer is not None else call.lead if call is not None else None
    return lead is not None and lead.lead_id == event.lead_id
