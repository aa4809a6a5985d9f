"""Preview: each free agent looks at the next lead, and calls it or passes it over.

Whatever takes a lead off a desk (a pause, a lost phone, a block, another mode) gives it back; the
claim is held meanwhile, so no two agents ever see the same one.
"""

from dialer.engine.books import IN_FLIGHT
from dialer.engine.dialing import pace_on_event
from dialer.engine.floor import Floor
from dialer.engine.loads import takes_calls
from dialer.engine.offering import offer, put_back, show_result, withdraw
from dialer.engine.placing import calls_allowed, lines_left, place, refuse_lead
from dialer.engine.reserving import release, reserve
from dialer.model.agent import Agent, AgentState, AgentTrigger, Offer, PhoneState
from dialer.model.call import CallState
from dialer.model.campaign import Campaign, CampaignState, PacingMode, PreviewEnd
from dialer.model.commands import HangUpLeg, NoteSkip
from dialer.model.events import (
    AgentCalledLead,
    AgentHungUp,
    AgentSkippedLead,
    LeadWithdrawn,
    NumberBlocked,
)
from dialer.model.ids import AgentId, AttemptId
from dialer.model.lead import Lead
from dialer.model.moment import Moment
from dialer.model.permit import Refusal, RefusalReason
from dialer.model.preview import DeskResult, SkipReason
from dialer.policy.compliance import may_dial
from dialer.policy.preview import may_choose, may_stay, must_ring_s, n_offers, place_in_queue

SKIPPED_FOR_S = 3600.0
"""A lead that was passed over comes back so much later."""
OVERRUN_CODE = "PREVIEW_OVERRUN"
"""Pause code of an agent who let the time for too many leads go by."""
WILL_WANT = IN_FLIGHT | {CallState.WAITING}
"""States of a call that will want an agent."""
CANCELLED = "ORIGINATOR_CANCEL"


def offer_leads(floor: Floor, now: Moment) -> None:
    """Each free agent gets the next lead that he may call now, who waited longest first."""
    campaign = floor.campaign
    if campaign.mode is not PacingMode.PREVIEW or campaign.state is not CampaignState.RUNNING:
        return
    free = [agent for agent in floor.agents if agent.is_free and takes_calls(floor, agent)]
    n_unowned = sum(
        call.agent_id is None and not call.is_broadcast and call.state in WILL_WANT
        for call in floor.pool.calls()
    )
    n_now = n_offers(len(free), n_unowned)
    for agent in sorted(free, key=_in_order_of_wait)[:n_now]:
        lead = _next_lead(floor, agent, now)
        if lead is not None:
            offer(floor, agent, lead, now)


def called(floor: Floor, event: AgentCalledLead, now: Moment) -> None:
    """The agent calls the lead on his desk; the law is asked again at this moment."""
    agent = floor.agents.get(event.agent_id)
    if agent is not None and agent.offer is not None and agent.offer.lead.lead_id == event.lead_id:
        call_offer(floor, agent, agent.offer, now)


def call_offer(floor: Floor, agent: Agent, offered: Offer, now: Moment) -> None:
    """Dial; or take the lead away when it may not be called; or say what is missing just now."""
    lead = offered.lead
    answer = may_dial(lead, floor.campaign, now.utc, has_own_agent=True)
    if isinstance(answer, Refusal):
        show_result(floor, agent, lead.lead_id, answer.reason, now)
        refuse_lead(floor, lead, answer, now)
        agent.offer = None
        release(floor, agent, now)
        pace_on_event(floor, now)
        return
    if (hindrance := _hindrance(floor, agent, now)) is not None:
        show_result(floor, agent, lead.lead_id, hindrance, now)
        return
    agent.offer, agent.n_skips = None, 0
    node = floor.nodes.get(agent.node)
    reserve(floor, agent, place(floor, lead, answer, node, now, agent.agent_id), now)


def _hindrance(floor: Floor, agent: Agent, now: Moment) -> DeskResult | None:
    """What the call lacks just now, on the agent's own switch: only there can it be joined."""
    if agent.phone is not PhoneState.UP:
        return DeskResult.NO_PHONE
    has_line = floor.nodes.get(agent.node).way_out(now.mono) and lines_left(floor, now)
    return None if has_line and calls_allowed(floor, now) else DeskResult.NO_LINE


def skipped(floor: Floor, event: AgentSkippedLead, now: Moment) -> None:
    """Pass the lead over, as often as the campaign lets; an own choice is just put back."""
    agent = floor.agents.get(event.agent_id)
    if agent is None or agent.offer is None or agent.offer.lead.lead_id != event.lead_id:
        return
    if event.reason not in list(SkipReason) or event.reason == SkipReason.OVERRUN:
        return
    may_skip = agent.offer.is_own_choice or agent.n_skips < floor.campaign.preview_skips
    if may_skip:
        _pass_over(floor, agent, agent.offer, SkipReason(event.reason), now)
    else:
        show_result(floor, agent, event.lead_id, DeskResult.NO_SKIP_LEFT, now)


def preview_over(floor: Floor, key: str, now: Moment) -> None:
    """The time for looking at the lead is over: it is called, or passed over, by the setting."""
    agent_id, _, lead_id = key.partition("/")
    agent = floor.agents.get(AgentId(int(agent_id)))
    offered = agent.offer if agent is not None else None
    if agent is None or offered is None or str(offered.lead.lead_id) != lead_id:
        return
    if now.mono < offered.until:
        return  # the same lead, shown again since
    if floor.campaign.preview_end is PreviewEnd.CALL and not offered.is_own_choice:
        call_offer(floor, agent, offered, now)
    if agent.offer is offered:
        _pass_over(floor, agent, offered, SkipReason.OVERRUN, now)


def settings_changed(floor: Floor, was: Campaign, now: Moment) -> None:
    """Leads that the new settings do not show any more leave the desks; nobody is logged out."""
    for agent in floor.seated():
        if may_choose(agent, was) != may_choose(agent, floor.campaign):
            floor.show_agent(agent, now)
    for agent in _looking(floor):
        if not may_stay(agent, floor.campaign):
            withdraw(floor, agent, now)


def number_blocked(floor: Floor, event: NumberBlocked, now: Moment) -> None:
    for agent in _looking(floor):
        if agent.offer is not None and agent.offer.lead.number == event.number:
            withdraw(floor, agent, now, refusal=Refusal(RefusalReason.DO_NOT_CALL))


def lead_withdrawn(floor: Floor, event: LeadWithdrawn, now: Moment) -> None:
    for agent in _looking(floor):
        if agent.offer is not None and agent.offer.lead.lead_id == event.lead_id:
            withdraw(floor, agent, now)


def cancelled(floor: Floor, event: AgentHungUp, now: Moment) -> None:
    """Give up a call of his own that nobody has answered: at once, or when it has rung enough."""
    agent = floor.agents.get(event.agent_id)
    call = floor.calls.of_attempt(agent.attempt_id) if agent is not None else None
    if agent is None or call is None or call.state not in IN_FLIGHT:
        return
    rung_s = None if call.ringing_at is None else now.mono - call.ringing_at
    wait_s = must_ring_s(floor.campaign.rule_set, rung_s)
    if wait_s > 0.0:
        show_result(floor, agent, call.lead.lead_id, DeskResult.MUST_RING, now)
    floor.deadlines.ask(now.mono + wait_s, "cancel", call.attempt_id)


def cancel_due(floor: Floor, key: str, now: Moment) -> None:
    """Hang the ringing call up. The person was tried, so the attempt is charged."""
    call = floor.calls.of_attempt(AttemptId(key))
    if call is not None and call.state in IN_FLIGHT:
        floor.out.append(HangUpLeg(call.node, call.leg_id, CANCELLED))


def _next_lead(floor: Floor, agent: Agent, now: Moment) -> Lead | None:
    """The first lead of the hopper that is for this agent and that the law allows."""
    wait_s = floor.campaign.callback_wait_s

    def rank(lead: Lead) -> int | None:
        return place_in_queue(lead, agent.agent_id, wait_s, now.utc)

    while (lead := floor.hopper.pop_best(rank, now.mono)) is not None:
        answer = may_dial(lead, floor.campaign, now.utc, has_own_agent=True)
        if not isinstance(answer, Refusal):
            return lead
        refuse_lead(floor, lead, answer, now)
    return None


def _pass_over(floor: Floor, agent: Agent, offered: Offer, reason: SkipReason, now: Moment) -> None:
    if offered.is_own_choice:
        put_back(floor, agent, now)
    else:
        agent.n_skips += 1
        campaign_id, lead_id = floor.campaign.campaign_id, offered.lead.lead_id
        floor.out.append(NoteSkip(campaign_id, agent.agent_id, lead_id, reason, now.utc))
        put_back(floor, agent, now, after_s=SKIPPED_FOR_S)
    is_absent = reason is SkipReason.OVERRUN and agent.n_skips > floor.campaign.preview_skips
    if is_absent and not offered.is_own_choice:
        agent.pause_code, agent.n_skips = OVERRUN_CODE, 0
        floor.move_agent(agent, AgentTrigger.OVERRUN, now)
    else:
        release(floor, agent, now)
        pace_on_event(floor, now)


def _looking(floor: Floor) -> list[Agent]:
    """Agents who look at a lead of this campaign."""
    return [agent for agent in floor.seated() if agent.state is AgentState.PREVIEWING]


def _in_order_of_wait(agent: Agent) -> tuple[float, AgentId]:
    return (agent.ready_since or 0.0, agent.agent_id)
