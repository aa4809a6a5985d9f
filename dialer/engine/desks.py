"""Agents coming, pausing and leaving, and the one leg to each agent's phone."""

from dialer.engine.answering import connect_waiting, lose_agent
from dialer.engine.books import HAS_AGENT
from dialer.engine.dialing import pace_on_event
from dialer.engine.floor import Floor
from dialer.engine.wrapping import agent_disposed, end_wrap_up, leave, release
from dialer.model.agent import Agent, AgentState, AgentTrigger, PhoneState
from dialer.model.commands import CallAgent, HangUpLeg, RaiseAlarm
from dialer.model.events import (
    AgentAskedPause,
    AgentAskedReady,
    AgentDisposed,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
)
from dialer.model.ids import AgentId, LegId
from dialer.model.moment import Moment

REDIAL_PHONE_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Waits before calling a phone again, by failures in a row; the last one repeats."""
ALARM_AFTER_FAILURES = 3
NO_ROOM_S = 0.25
"""Until a phone is tried again whose switch takes no leg just now."""


def logged_in(floor: Floor, event: AgentLoggedIn, now: Moment) -> None:
    """Seat the agent and call the phone. A second login of the same agent only shows the state,
    and takes back a log-out that waited for the end of a call."""
    agent = floor.agents.get(event.agent_id)
    if agent is not None:
        agent.is_leaving = False
        if agent.attempt_id is None:  # home is where he logged in last
            agent.campaign_id = event.campaign_id
        floor.show_agent(agent, now)
        return
    node = floor.nodes.least_loaded()
    agent = Agent(
        agent_id=event.agent_id,
        campaign_id=event.campaign_id,
        name=event.name,
        phone_address=event.phone_address,
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
    if agent.state in (AgentState.READY, AgentState.PAUSED):
        agent.pause_code = event.pause_code
        floor.move_agent(agent, AgentTrigger.PAUSE, now)
    else:
        agent.wants_pause = event.pause_code
        floor.show_agent(agent, now)


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
        leave(floor, agent, now)


def dismissed(floor: Floor, now: Moment) -> None:
    """The campaign is over: its agents work on for another of the pool; without one they go."""
    others = [other for other in floor.pool.floors.values() if other is not floor]
    for agent in floor.seated():
        if others:
            agent.campaign_id = others[0].campaign.campaign_id
            others[0].show_agent(agent, now)
        else:
            leave(floor, agent, now)


def became_free(floor: Floor, agent: Agent, now: Moment) -> None:
    """A free agent takes the longest waiting caller, else changes how many to dial."""
    if agent.is_free:
        connect_waiting(floor, now)
        pace_on_event(floor, now)


# --- the phone -----------------------------------------------------------------------------------


def call_phone(floor: Floor, agent: Agent, now: Moment) -> None:
    """Call the agent's phone; the leg stays parked for the whole login.

    A switch that is full, or has had its legs of this second, is asked a little later.
    """
    node = floor.nodes.get(agent.node)
    if node.is_up and not node.room(now.mono):
        agent.phone = PhoneState.DOWN
        floor.deadlines.ask(now.mono + NO_ROOM_S, "phone", str(agent.agent_id))
        floor.show_agent(agent, now)
        return
    node.place(now.mono)
    leg_id = LegId(floor.mint())
    floor.agents.plug(agent, leg_id)
    agent.phone = PhoneState.CALLING
    floor.out.append(
        CallAgent(agent.agent_id, agent.campaign_id, leg_id, agent.node, agent.phone_address)
    )
    floor.show_agent(agent, now)


def phone_answered(floor: Floor, agent: Agent, now: Moment) -> None:
    agent.phone, agent.n_phone_failures = PhoneState.UP, 0
    if agent.state is AgentState.READY:
        agent.ready_since = now.mono
    floor.show_agent(agent, now)
    became_free(floor, agent, now)


def phone_lost(floor: Floor, agent: Agent, cause: str, now: Moment) -> None:
    """The leg ended: the customer survives it, the agent is unavailable until called back."""
    was_up = agent.phone is PhoneState.UP
    floor.agents.unplug(agent)
    agent.phone, agent.is_muted = PhoneState.DOWN, False
    call = floor.calls.of_attempt(agent.attempt_id)
    if call is not None and call.agent_id == agent.agent_id and call.state in HAS_AGENT:
        lose_agent(floor, call, now)
        _take_call_away(floor, agent, now)
    agent.n_phone_failures = 0 if was_up else agent.n_phone_failures + 1
    if agent.n_phone_failures == ALARM_AFTER_FAILURES:
        floor.out.append(
            RaiseAlarm(
                floor.campaign.campaign_id, "PHONE_UNREACHABLE",
                f"agent {agent.agent_id}: {cause}", now.utc,
            )
        )  # fmt: skip
    wait_s = REDIAL_PHONE_S[min(agent.n_phone_failures, len(REDIAL_PHONE_S) - 1)]
    floor.deadlines.ask(now.mono + wait_s, "phone", str(agent.agent_id))
    floor.show_agent(agent, now)
    connect_waiting(floor, now)


def redial_phone(floor: Floor, key: str, now: Moment) -> None:
    """Call a lost phone back, once its switch is up."""
    agent = floor.agents.get(AgentId(int(key)))
    if agent is None or agent.phone is not PhoneState.DOWN:
        return
    floor = floor.pool.floor_of(agent)
    node = floor.nodes.get(agent.node)
    if node.is_up and not node.is_draining:
        call_phone(floor, agent, now)
        return
    other = floor.nodes.least_loaded()
    if other is not None:
        agent.node = other.name
        call_phone(floor, agent, now)
    else:
        floor.deadlines.ask(now.mono + REDIAL_PHONE_S[0], "phone", key)


def _take_call_away(floor: Floor, agent: Agent, now: Moment) -> None:
    learned = floor.pacing.learned
    if agent.state is AgentState.TALKING:
        learned.ended(learned.talks, agent.since, now.mono)
        floor.move_agent(agent, AgentTrigger.CALL_ENDED, now)
        end_wrap_up(floor, agent, now, is_ready_after=True)
    elif agent.state is AgentState.RESERVED:
        release(floor, agent, now)
