"""Calls that agents place themselves: which leads are offered to whom, and when one may give up.

How long a call must ring before it may be given up is in the rule sets.
"""

from dialer.model.agent import Agent, AgentState
from dialer.model.campaign import Campaign, CampaignState, PacingMode
from dialer.model.ids import AgentId
from dialer.model.lead import Lead
from dialer.policy.rule_sets import rules_of


def n_offers(n_free: int, n_unowned: int) -> int:
    """Leads to show now. As many agents stay free as calls are under way that nobody owns.

    Such calls remain from another mode: whoever answers them must find an agent.
    """
    return max(n_free - n_unowned, 0)


def is_for_anybody(lead: Lead, wait_s: float, utc: float) -> bool:
    """Whether no agent has a claim on the lead: nobody promised to call it, or he is overdue."""
    if lead.callback_agent_id is None:
        return True
    return lead.due_at is None or utc >= lead.due_at + wait_s


def place_in_queue(lead: Lead, agent_id: AgentId, wait_s: float, utc: float) -> int | None:
    """0: this agent's own callback, first of all. 1: for anybody. None: for somebody else."""
    if lead.callback_agent_id == agent_id:
        return 0
    return 1 if is_for_anybody(lead, wait_s, utc) else None


def may_choose(agent: Agent, campaign: Campaign) -> bool:
    """Whether the agent may call a lead of his own choice now.

    From a pause that owes no disposition. READY only where nothing else calls for him: elsewhere
    a live answer may come at any moment.
    """
    is_manual = campaign.mode is PacingMode.MANUAL
    if campaign.state is not CampaignState.RUNNING or not (is_manual or campaign.has_manual_calls):
        return False
    if agent.is_leaving or agent.attempt_id is not None:
        return False
    return agent.state is AgentState.PAUSED or (is_manual and agent.state is AgentState.READY)


def may_stay(agent: Agent, campaign: Campaign) -> bool:
    """Whether the lead on the agent's desk may stay there under the campaign's settings."""
    if agent.offer is None or campaign.state is not CampaignState.RUNNING:
        return False
    if agent.offer.is_own_choice:
        return campaign.mode is PacingMode.MANUAL or campaign.has_manual_calls
    return campaign.mode is PacingMode.PREVIEW


def must_ring_s(rule_set: str, rung_s: float | None) -> float:
    """Seconds that a call must still ring before it may be cancelled. None: it has not rung."""
    if rung_s is None:
        return 0.0
    return max(rules_of(rule_set).min_ring_s - rung_s, 0.0)
