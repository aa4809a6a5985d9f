"""The picture of a floor for screens: counts, rates, agents, and the last decision's reasons."""

from dialer.engine.books import HAS_AGENT
from dialer.engine.floor import Floor
from dialer.model.agent import Agent, PhoneState
from dialer.model.call import CallState
from dialer.model.moment import Moment
from dialer.model.snapshot import AgentView, CampaignView, SupervisionView
from dialer.model.supervision import Supervision
from dialer.policy.abandon import rule_of
from dialer.policy.calling_hours import is_open
from dialer.policy.compliance import calendar_of, windows_of


def draw(floor: Floor, now: Moment) -> CampaignView:
    """A new picture; its version rises by one."""
    floor.version += 1
    campaign, tally, ledger = floor.campaign, floor.tally, floor.ledger
    waits = [
        now.mono - call.waiting_since
        for call in floor.calls.in_state(CallState.WAITING)
        if call.waiting_since is not None
    ]
    agents = list(floor.agents)
    return CampaignView(
        campaign_id=campaign.campaign_id,
        name=campaign.name,
        version=floor.version,
        at=now.utc,
        state=campaign.state,
        mode=campaign.mode,
        abandon_target=campaign.abandon_target,
        max_calls_per_s=campaign.max_calls_per_s,
        is_window_open=_is_window_open(floor, now),
        n_hopper=len(floor.hopper),
        n_dialing=len(floor.calls.in_state(CallState.DIALING)),
        n_ringing=len(floor.calls.in_state(CallState.RINGING)),
        n_waiting=len(waits),
        n_connected=len(floor.calls.in_state(*HAS_AGENT, CallState.TAKEN_OVER)),
        n_attempts=tally.n_attempts,
        n_answered=tally.n_answered,
        n_bridged=tally.n_bridged,
        n_abandoned=round(ledger.n_abandoned),
        n_live=round(ledger.n_live),
        abandon_rate=ledger.rate,
        occupancy=tally.occupancy(floor.seated(), now.mono),
        longest_wait_s=max(waits, default=0.0),
        pacing=floor.last_decision,
        agents=tuple(_agent(floor, agent, now) for agent in agents),
        supervisions=tuple(_supervision(one, now) for one in floor.supervisions),
    )


def _agent(floor: Floor, agent: Agent, now: Moment) -> AgentView:
    return AgentView(
        agent_id=agent.agent_id,
        name=agent.name,
        state=agent.state,
        since=now.utc_at(agent.since),
        pause_code=agent.pause_code,
        is_phone_up=agent.phone is PhoneState.UP,
        attempt_id=agent.attempt_id,
        n_handled=floor.tally.n_handled[agent.agent_id],
    )


def _supervision(supervision: Supervision, now: Moment) -> SupervisionView:
    return SupervisionView(
        supervision_id=supervision.supervision_id,
        supervisor_id=supervision.supervisor_id,
        name=supervision.name,
        agent_id=supervision.agent_id,
        attempt_id=supervision.attempt_id,
        state=supervision.state,
        mode=supervision.mode,
        since=now.utc_at(supervision.since),
        reason=supervision.reason,
    )


def _is_window_open(floor: Floor, now: Moment) -> bool:
    campaign = floor.campaign
    zone = rule_of(campaign.rule_set).zone
    return is_open(calendar_of(campaign), windows_of(campaign), zone, now.utc)
