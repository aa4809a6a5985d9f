"""Leads whose persons wait for a call: each is dialled at once for an agent who is free.

He is reserved for it, as for a callback that he promised: whoever has just asked to be called never
hears the notice. While nobody is free such a lead is the first that the hopper gives.
"""

from dialer.engine.callbacks import SELF_DIALLING, call_for
from dialer.engine.floor import Floor
from dialer.engine.loads import takes_calls
from dialer.model.campaign import CampaignState, PacingMode
from dialer.model.commands import FetchLead, ReleaseLeads
from dialer.model.events import LeadAdded, LeadFetched
from dialer.model.moment import Moment
from dialer.policy.routing import choose_agent


def added(floor: Floor, event: LeadAdded, now: Moment) -> None:
    """Claim it out of turn; where nothing is dialled now, its priority puts it first later."""
    if _takes_leads(floor):
        campaign = floor.campaign
        floor.out.append(FetchLead(campaign.campaign_id, event.lead_id, campaign.claim_lease_s))


def fetched(floor: Floor, event: LeadFetched, now: Moment) -> None:
    """Dial it for whoever is free; what is not to be dialled any more goes back."""
    lead = event.lead
    if lead is None:
        return
    if _takes_leads(floor) and not lead.is_finished:
        floor.hopper.put_first(lead, now.mono + floor.campaign.claim_lease_s * 0.8)
        call_hot(floor, now)
    else:
        floor.out.append(
            ReleaseLeads(
                floor.campaign.campaign_id, (lead.lead_id,), due_at=now.utc,
                is_finished=lead.is_finished,
            )
        )  # fmt: skip


def call_hot(floor: Floor, now: Moment) -> None:
    """Dial the hot leads for agents who are free now."""
    if floor.campaign.mode not in SELF_DIALLING or now.mono < floor.behind_until:
        return
    for lead in floor.hopper.hot():
        agent = choose_agent(one for one in floor.agents if takes_calls(floor, one))
        if agent is None:
            return
        call_for(floor, agent, lead, now)


def _takes_leads(floor: Floor) -> bool:
    campaign = floor.campaign
    return campaign.state is CampaignState.RUNNING and campaign.mode is not PacingMode.MANUAL
