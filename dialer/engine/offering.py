"""A lead on an agent's desk: put there, and taken away again."""

from dialer.engine.floor import Floor
from dialer.engine.reserving import release
from dialer.model.agent import Agent, AgentState, AgentTrigger, Offer
from dialer.model.campaign import PreviewEnd
from dialer.model.commands import HoldLead, OfferLead, ReleaseLeads, ShowResult
from dialer.model.ids import LeadId
from dialer.model.lead import Lead
from dialer.model.moment import Moment
from dialer.model.outcome import Outcome
from dialer.model.permit import Refusal, RefusalReason
from dialer.model.preview import DeskResult

HOLD_MARGIN_S = 60.0
"""The claim outlasts the preview, so that the dial at its end still finds it."""


def offer(
    floor: Floor, agent: Agent, lead: Lead, now: Moment, *, is_own_choice: bool = False
) -> None:
    """Show the lead, and keep it claimed meanwhile. An agent who chose it returns to his pause."""
    limit_s = floor.campaign.preview_limit_s
    agent.campaign_id = floor.campaign.campaign_id
    agent.offer = Offer(lead, now.mono + limit_s, is_own_choice)
    if agent.state is AgentState.PAUSED:
        agent.wants_pause, agent.pause_code = agent.pause_code, ""
    floor.out.append(HoldLead(lead.lead_id, now.utc + limit_s + HOLD_MARGIN_S))
    show_offer(floor, agent, now)
    floor.move_agent(agent, AgentTrigger.PREVIEW, now)
    key = f"{agent.agent_id}/{lead.lead_id}"
    floor.deadlines.ask(agent.offer.until, "preview", key)


def show_offer(floor: Floor, agent: Agent, now: Moment) -> None:
    """Tell the desk which lead lies on it."""
    if agent.offer is None:
        return
    campaign, lead = floor.campaign, agent.offer.lead
    is_own_choice = agent.offer.is_own_choice
    floor.out.append(
        OfferLead(
            agent_id=agent.agent_id,
            campaign_id=campaign.campaign_id,
            lead_id=lead.lead_id,
            attempt_number=lead.n_attempts + 1,
            number=lead.number,
            name=lead.name,
            fields=tuple(lead.fields.items()),
            is_callback=lead.is_callback,
            is_own_choice=is_own_choice,
            n_skips_left=max(campaign.preview_skips - agent.n_skips, 0),
            at=now.utc,
            until=now.utc_at(agent.offer.until),
            ends_in_call=campaign.preview_end is PreviewEnd.CALL and not is_own_choice,
        )
    )


def put_back(
    floor: Floor, agent: Agent, now: Moment, *, after_s: float = 0.0,
    refusal: Refusal | None = None,
) -> None:  # fmt: skip
    """Take the lead off the desk and give it back. The agent's state is the caller's to change."""
    if agent.offer is None:
        return
    give_back(floor, agent.offer.lead, now, after_s=after_s, refusal=refusal)
    agent.offer = None


def give_back(
    floor: Floor, lead: Lead, now: Moment, *, after_s: float = 0.0, refusal: Refusal | None = None
) -> None:
    """The claim of an undialled lead ends."""
    floor.out.append(
        ReleaseLeads(
            floor.campaign.campaign_id, (lead.lead_id,), due_at=now.utc + after_s,
            refusal=refusal, is_finished=lead.is_finished,
        )
    )  # fmt: skip


def withdraw(floor: Floor, agent: Agent, now: Moment, *, refusal: Refusal | None = None) -> None:
    """The lead is needed elsewhere, or may not be called any more: the agent is told."""
    if agent.offer is not None:
        show_result(floor, agent, agent.offer.lead.lead_id, DeskResult.WITHDRAWN, now)
        put_back(floor, agent, now, refusal=refusal)
        release(floor, agent, now)


def show_result(
    floor: Floor, agent: Agent, lead_id: LeadId, result: Outcome | RefusalReason | DeskResult,
    now: Moment,
) -> None:  # fmt: skip
    """Tell the desk what came of a call of its own."""
    campaign_id = floor.campaign.campaign_id
    floor.out.append(ShowResult(agent.agent_id, campaign_id, lead_id, result, now.utc))
