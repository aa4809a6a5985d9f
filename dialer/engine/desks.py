"""Agents coming, pausing and leaving."""

from dialer.engine.answering import became_free
from dialer.engine.floor import Floor
from dialer.engine.offering import put_back, show_offer, withdraw
from dialer.engine.phones import call_phone
from dialer.engine.reserving import leave
from dialer.engine.wrapping import agent_disposed
from dialer.model.agent import Agent, AgentState, AgentTrigger
from dialer.model.alarm import AlarmCode
from dialer.model.commands import HangUpLeg, RaiseAlarm
from dialer.model.events import (
    AgentAskedPause,
    AgentAskedReady,
    AgentDisposed,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
    DeskFellSilent,
)
from dialer.model.moment import Moment

SILENT_DESK_CODE = "DESK_SILENT"
"""Pause code of an agent whose page is gone."""


def logged_in(floor: Floor, event: AgentLoggedIn, now: Moment) -> None:
    """Seat the agent and call the phone. A second login of the same agent only shows the state,
    and takes back a log-out that waited for the end of a call."""
    agent = floor.agents.get(event.agent_id)
    if agent is not None:
        agent.is_leaving = False
        if agent.attempt_id is None:  # home is where he logged in last
            agent.campaign_id = event.campaign_id
        show_offer(floor, agent, now)
        floor.show_agent(agent, now)
        return
    node = floor.nodes.least_loaded()
    agent = Agent(
        agent_id=event.agent_id,
        campaign_id=event.campaign_id,
        name=event.name,
        phone_address=event.phone_address,
        phone_kind=event.phone_kind,
        node=node.name if node else floor.nodes.any_name(),
        since=now.mono,
    )
    floor.agents.add(agent)
    floor.move_agent(agent, AgentTrigger.LOG_IN, now)
    call_phone(floor, agent, now)


def asked_ready(floor: Floor, event: AgentAskedReady, now: Moment) -> None:
    """READY from a pause; never past a disposition that is still owed."""
    agent = floor.agents.get(event.agent_id)
    if agent is None:
        return
    agent.wants_pause = None
    if agent.state is AgentState.PAUSED and agent.attempt_id is None:
        agent.pause_code = ""
        floor.move_agent(agent, AgentTrigger.GET_READY, now)
    else:
        floor.show_agent(agent, now)  # a call, or a disposition still owed, comes first
    became_free(floor, agent, now)


def asked_pause(floor: Floor, event: AgentAskedPause, now: Moment) -> None:
    """Now when idle, after wrap-up when busy."""
    agent = floor.agents.get(event.agent_id)
    if agent is None:
        return
    if agent.state in (AgentState.READY, AgentState.PREVIEWING, AgentState.PAUSED):
        put_back(floor, agent, now)
        agent.pause_code, agent.wants_pause = event.pause_code, None
        floor.move_agent(agent, AgentTrigger.PAUSE, now)
    else:
        agent.wants_pause = event.pause_code
        floor.show_agent(agent, now)


def fell_silent(floor: Floor, event: DeskFellSilent, now: Moment) -> None:
    """No customer for an agent whose page is gone; the one he talks with stays with him."""
    agent = floor.agents.get(event.agent_id)
    if agent is None or agent.state is AgentState.PAUSED:
        return
    asked_pause(floor, AgentAskedPause(event.agent_id, SILENT_DESK_CODE), now)
    detail = f"agent {agent.agent_id}"
    floor.out.append(RaiseAlarm(floor.campaign.campaign_id, AlarmCode.DESK_SILENT, detail, now.utc))


def hung_up(floor: Floor, event: AgentHungUp, now: Moment) -> None:
    """End the conversation; the agent's own leg stays parked."""
    agent = floor.agents.get(event.agent_id)
    call = floor.calls.of_attempt(agent.attempt_id) if agent else None
    if agent is not None and agent.state is AgentState.TALKING and call is not None:
        floor.out.append(HangUpLeg(call.node, call.leg_id))


def disposed(floor: Floor, event: AgentDisposed, now: Moment) -> None:
    agent_disposed(floor, event, now)
    agent = floor.agents.get(event.agent_id)
    if agent is not None:
        became_free(floor, agent, now)


def logged_out(floor: Floor, event: AgentLoggedOut, now: Moment) -> None:
    """Idle: at once. With a customer: after the conversation."""
    agent = floor.agents.get(event.agent_id)
    if agent is None:
        return
    if agent.state in (AgentState.TALKING, AgentState.RESERVED):
        agent.is_leaving = True
        floor.show_agent(agent, now)
    else:
        put_back(floor, agent, now)
        leave(floor, agent, now)


def dismissed(floor: Floor, now: Moment) -> None:
    """The campaign is over: its agents work on for another of the pool; without one they go."""
    others = [other for other in floor.pool.floors.values() if other is not floor]
    for agent in floor.seated():
        withdraw(floor, agent, now)
        if others:
            agent.campaign_id = others[0].campaign.campaign_id
            others[0].show_agent(agent, now)
        else:
            leave(floor, agent, now)
