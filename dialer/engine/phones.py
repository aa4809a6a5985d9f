"""The one leg to each agent's phone: called at login, called back when lost.

A phone is up when its leg is: an extension's at the answer, an outside number's only when whoever
answered has pressed the key, upon which the switch parks the leg. A voicemail never does.
"""

from dialer.engine.answering import became_free, connect_waiting, lose_agent
from dialer.engine.books import HAS_AGENT
from dialer.engine.floor import Floor
from dialer.engine.offering import withdraw
from dialer.engine.reserving import release
from dialer.engine.ways_out import phone_leg_over, phone_reached, take_line
from dialer.engine.wrapping import end_wrap_up, note_debt
from dialer.model.agent import Agent, AgentState, AgentTrigger, PhoneState
from dialer.model.alarm import AlarmCode
from dialer.model.commands import CallAgent, HangUpLeg, RaiseAlarm
from dialer.model.events import AgentAskedPhone
from dialer.model.ids import AgentId, LegId
from dialer.model.moment import Moment
from dialer.model.phone import PhoneKind
from dialer.policy.destinations import may_reach

REDIAL_PHONE_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Waits before calling a phone again, by failures in a row; the last one repeats."""
REDIAL_OUTSIDE_S = (5.0, 15.0, 30.0)
"""The same for an outside number. Each try costs money and rings a person, so that after the last
one nobody is called until the agent asks."""
ALARM_AFTER_FAILURES = 3
NO_ROOM_S = 0.25
"""Until a phone is tried again whose switch takes no leg just now."""


def call_phone(floor: Floor, agent: Agent, now: Moment) -> None:
    """Call the agent's phone; the leg stays parked for the whole login.

    A switch that is full, or has had its legs of this second, is asked a little later.
    """
    is_outside = agent.phone_kind is PhoneKind.OUTSIDE
    if is_outside and not may_reach(agent.phone_address):
        _alarm(floor, agent, AlarmCode.PHONE_FORBIDDEN, "destination", now)
        return
    caller_id = take_line(floor, agent, agent.agent_id, now)
    if caller_id is None:
        floor.agents.set_phone(agent, PhoneState.DOWN)
        floor.deadlines.ask(now.mono + NO_ROOM_S, "phone", str(agent.agent_id))
    else:
        _call(floor, agent, caller_id)
    floor.show_agent(agent, now)


def _call(floor: Floor, agent: Agent, caller_id: str) -> None:
    leg_id = LegId(floor.mint())
    floor.agents.plug(agent, leg_id)
    floor.agents.set_phone(agent, PhoneState.CALLING)
    floor.out.append(
        CallAgent(
            agent.agent_id, agent.campaign_id, leg_id, agent.node, agent.phone_address,
            agent.phone_kind, agent.trunk, caller_id,
        )
    )  # fmt: skip


def phone_answered(floor: Floor, agent: Agent, now: Moment) -> None:
    """The agent can be given calls."""
    phone_reached(floor, agent)
    floor.agents.set_phone(agent, PhoneState.UP)
    agent.n_phone_failures = 0
    if agent.state is AgentState.READY:
        agent.ready_since = now.mono
    floor.show_agent(agent, now)
    became_free(floor, agent, now)


def phone_down(
    floor: Floor, agent: Agent, cause: str, now: Moment, *, is_local: bool = False
) -> bool:
    """The leg ended: no call can be given to the agent any more. Whether the phone was up."""
    was_up = agent.phone is PhoneState.UP
    phone_leg_over(floor, agent, cause, now, was_up=was_up, is_local=is_local)
    floor.agents.unplug(agent)
    floor.agents.set_phone(agent, PhoneState.DOWN)
    agent.is_muted = False
    return was_up


def phone_lost(floor: Floor, agent: Agent, cause: str, was_up: bool, now: Moment) -> None:
    """The customer survives it, the agent is unavailable until called back."""
    call = floor.calls.of_attempt(agent.attempt_id)
    if call is not None and call.agent_id == agent.agent_id and call.state in HAS_AGENT:
        note_debt(call, agent)
        lose_agent(floor, call, now)
        _take_call_away(floor, agent, now)
    withdraw(floor, agent, now)
    agent.n_phone_failures = 0 if was_up else agent.n_phone_failures + 1
    if agent.n_phone_failures == ALARM_AFTER_FAILURES:
        _alarm(floor, agent, AlarmCode.PHONE_UNREACHABLE, cause, now)
    wait_s = _redial_wait_s(agent)
    if wait_s is not None:
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


def asked_phone(floor: Floor, event: AgentAskedPhone, now: Moment) -> None:
    """Call now instead of at the end of the wait; end a leg that the agent's page has lost."""
    agent = floor.agents.get(event.agent_id)
    if agent is None:
        return
    if agent.phone is PhoneState.DOWN:
        redial_phone(floor, str(agent.agent_id), now)
    elif agent.leg_id is not None and agent.leg_id == event.lost_leg_id:
        floor.out.append(HangUpLeg(agent.node, agent.leg_id))


def _redial_wait_s(agent: Agent) -> float | None:
    """None: not before the agent asks."""
    n_failures = agent.n_phone_failures
    if agent.phone_kind is not PhoneKind.OUTSIDE:
        return REDIAL_PHONE_S[min(n_failures, len(REDIAL_PHONE_S) - 1)]
    return REDIAL_OUTSIDE_S[n_failures] if n_failures < len(REDIAL_OUTSIDE_S) else None


def _alarm(floor: Floor, agent: Agent, code: AlarmCode, reason: str, now: Moment) -> None:
    detail = f"agent {agent.agent_id}: {reason}"
    floor.out.append(RaiseAlarm(floor.campaign.campaign_id, code, detail, now.utc))


def _take_call_away(floor: Floor, agent: Agent, now: Moment) -> None:
    learned = floor.pacing.learned
    if agent.state is AgentState.TALKING:
        learned.ended(learned.talks, agent.since, now.mono)
        floor.move_agent(agent, AgentTrigger.CALL_ENDED, now)
        end_wrap_up(floor, agent, now, is_ready_after=True)
    elif agent.state is AgentState.RESERVED:
        release(floor, agent, now)
