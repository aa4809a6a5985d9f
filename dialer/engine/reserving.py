"""An agent bound to one call: from the moment that it is his until he is free of it."""

from dialer.engine.floor import Floor
from dialer.engine.ways_out import phone_leg_over
from dialer.model.agent import Agent, AgentTrigger
from dialer.model.call import Call
from dialer.model.commands import HangUpLeg, PopLead
from dialer.model.moment import Moment


def reserve(
    floor: Floor, agent: Agent, call: Call, now: Moment,
    trigger: AgentTrigger = AgentTrigger.RESERVE,
) -> None:  # fmt: skip
    """The agent is for this call alone; his desk shows whom it is with."""
    agent.campaign_id = call.campaign_id
    agent.attempt_id, agent.disposed_ready = call.attempt_id, None
    floor.move_agent(agent, trigger, now)
    floor.out.append(pop_of(floor, call, agent, now))


def release(floor: Floor, agent: Agent, now: Moment) -> None:
    """The call that an agent was reserved for did not come: free, or what he asked for since."""
    agent.attempt_id = None
    floor.move_agent(agent, AgentTrigger.RELEASE, now)
    if agent.is_leaving:
        leave(floor, agent, now)
    elif agent.wants_pause is not None:
        agent.pause_code, agent.wants_pause = agent.wants_pause, None
        floor.move_agent(agent, AgentTrigger.PAUSE, now)


def leave(floor: Floor, agent: Agent, now: Moment) -> None:
    """The agent goes home: hang up the phone's leg and forget the seat."""
    leg_id = agent.leg_id
    agent.attempt_id = None
    phone_leg_over(floor, agent, "LOST", now, was_up=True, is_local=False)  # its end finds nobody
    floor.agents.remove(agent)
    floor.move_agent(agent, AgentTrigger.LOG_OUT, now)
    if leg_id is not None:
        floor.out.append(HangUpLeg(agent.node, leg_id))


def pop_of(floor: Floor, call: Call, agent: Agent, now: Moment) -> PopLead:
    """The lead of the call, for the agent's screen."""
    lead = call.lead
    return PopLead(
        agent_id=agent.agent_id,
        campaign_id=floor.campaign.campaign_id,
        attempt_id=call.attempt_id,
        lead_id=lead.lead_id,
        attempt_number=lead.n_attempts + 1,
        number=lead.number,
        name=lead.name,
        fields=tuple(lead.fields.items()),
        is_callback=lead.is_callback,
        at=now.utc,
    )
