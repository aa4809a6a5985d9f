"""Consultation: the agent asks a third party while the customer hears music, and what may follow.

Two who talk are always joined by an ordinary bridge; a room exists only while three talk, so that
the loss of any one leaves the other two talking (docs/adr/0014). An agent's leg is joined with
another one only once the switch has told that it is alone.
"""

from collections.abc import Callable

from dialer.engine import desks, outside
from dialer.engine.answering import became_free
from dialer.engine.books import WITH_THIRD
from dialer.engine.control import ALONE_WITH_AGENT, Act, conversation, resume
from dialer.engine.floor import Floor
from dialer.engine.reserving import pop_of
from dialer.engine.third import (
    JOIN_LIMIT_S,
    PARK_LIMIT_S,
    bring_colleague,
    call_destination,
    let_go,
    note_step,
    watch,
)
from dialer.engine.transfer import let_giver_go
from dialer.model.agent import Agent, AgentState, AgentTrigger
from dialer.model.call import Call, CallState, CallTrigger
from dialer.model.commands import BridgeLegs, JoinRoom, NoteAttempt, ParkLeg, PlaySound, Step
from dialer.model.events import (
    AgentAskedThreeWay,
    AgentConsulted,
    AgentConsultedOut,
    AgentHandedOver,
    AgentHungUp,
    AgentReturned,
)
from dialer.model.ids import AttemptId
from dialer.model.moment import Moment
from dialer.model.third import Refused, Third, ThirdState, ThirdTrigger

CONSULT_LIMIT_S = 300.0
"""Nobody is forgotten on hold: after so long the customer comes back unasked."""
RINGBACK = "ringback"
"""What the agent hears while an outside number rings; a switch without it lets him wait."""


# --- asking somebody ---------------------------------------------------------------------------


def consulted(floor: Floor, event: AgentConsulted, now: Moment) -> None:
    """A colleague who is free on the same switch; else nothing changes and the talk goes on."""
    colleague = floor.agents.get(event.to_agent_id)

    def bring(call: Call) -> Refused | None:
        if colleague is None or not colleague.is_free or colleague.node != call.node:
            return Refused.NOT_FREE
        bring_colleague(floor, call, colleague, now)
        floor.out.append(pop_of(floor, call, colleague, now))
        return None

    _consult(floor, event, bring, now)


def consulted_out(floor: Floor, event: AgentConsultedOut, now: Moment) -> None:
    """A destination of the campaign's list."""
    _consult(floor, event, lambda call: call_destination(floor, call, event.destination, now), now)


def _consult(
    floor: Floor, event: Act, bring: Callable[[Call], Refused | None], now: Moment
) -> None:
    found = conversation(floor, event)
    if found is None or found[1].state not in ALONE_WITH_AGENT or found[1].is_resuming:
        return
    agent, call = found
    refused = bring(call)
    if refused is not None:
        floor.show_agent(agent, now, refused)
        return
    was_alone = call.state is CallState.HELD
    floor.calls.fire(call, CallTrigger.CONSULT)
    call.held_until = now.mono + CONSULT_LIMIT_S
    floor.deadlines.ask(call.held_until, "consult", call.attempt_id)
    if was_alone:
        _agent_alone(floor, call, agent, now)
    else:
        floor.out.append(ParkLeg(call.node, call.leg_id))
    _show(floor, call, now)


def agent_parked(floor: Floor, agent: Agent, now: Moment) -> None:
    """The agent's leg is out of its bridge: it may be joined with whom it is meant for."""
    call = floor.calls.of_attempt(agent.attempt_id)
    if call is None or call.agent_id != agent.agent_id:
        return
    if call.state is CallState.CONSULTING:
        _agent_alone(floor, call, agent, now)
    elif call.state is CallState.HELD and call.is_returning:
        resume(floor, call, agent, now)


def _agent_alone(floor: Floor, call: Call, agent: Agent, now: Moment) -> None:
    third = call.third
    if third is None or third.state is not ThirdState.CALLING or agent.leg_id is None:
        return
    if third.is_outside:
        floor.out.append(PlaySound(call.node, agent.leg_id, RINGBACK, is_endless=True))
    else:
        _meet_agent(floor, call, third, agent, now)


def _meet_agent(floor: Floor, call: Call, third: Third, agent: Agent, now: Moment) -> None:
    if agent.leg_id is None:
        return
    third.fire(ThirdTrigger.ANSWER, now.mono)
    floor.out.append(BridgeLegs(call.node, third.leg_id, agent.leg_id))
    watch(floor, call, JOIN_LIMIT_S, now)
    _show(floor, call, now)


# --- what the switch tells of the third party's leg ----------------------------------------------


def third_answered(floor: Floor, call: Call, third: Third, now: Moment) -> None:
    """Somebody is there: join the leg with whoever waits for it."""
    agent = floor.agents.get(call.agent_id)
    if call.state is CallState.CONSULTING and third.state is ThirdState.CALLING and agent:
        _meet_agent(floor, call, third, agent, now)
    elif call.state is CallState.ENTRUSTED:
        outside.join_customer(floor, call, ThirdTrigger.ANSWER, now)


def third_joined(floor: Floor, call: Call, third: Third, now: Moment) -> None:
    """The third party talks with the agent."""
    third.fire(ThirdTrigger.JOIN, now.mono)
    note_step(floor, call, Step.CONSULT, now)
    _seat_colleague(floor, third, now)
    _show(floor, call, now)


def all_joined(floor: Floor, call: Call, third: Third, now: Moment) -> None:
    """The three talk."""
    third.fire(ThirdTrigger.JOIN, now.mono)
    note_step(floor, call, Step.THREE_WAY, now)
    _show(floor, call, now)


def agent_not_parked(floor: Floor, call: Call, now: Moment) -> None:
    """The switch did not tell in time that the agent's leg is alone: join it all the same."""
    agent = floor.agents.get(call.agent_id)
    if agent is not None:
        _agent_alone(floor, call, agent, now)


def phone_lost(floor: Floor, call: Call, third: Third, agent: Agent, now: Moment) -> None:
    """Of the colleague: as if he had left. Of the owner: the other two go on if they can hear
    each other or the third party is one of ours; else the customer waits for another agent."""
    if third.agent_id == agent.agent_id:
        _come_back(floor, call, now, is_gone=True)
        return
    is_in_talk = third.state is ThirdState.TALKING
    if call.state is CallState.THREE_WAY or (is_in_talk and not third.is_outside):
        give(floor, call, third, agent, now)
    else:
        let_go(floor, call, now)


def third_lost(floor: Floor, call: Call, now: Moment, *, is_gone: bool) -> None:
    """No answer, hung up, or never joined. `is_gone`: the leg is."""
    if call.state is CallState.ENTRUSTED:
        outside.take_back(floor, call, now, is_gone=is_gone)
    elif call.state is CallState.OUTSIDE:
        outside.left(floor, call, now)
    elif call.state in WITH_THIRD:
        _come_back(floor, call, now, is_gone=is_gone)


# --- what the agent does then ----------------------------------------------------------------


def hung_up(floor: Floor, event: AgentHungUp, now: Moment) -> None:
    """A colleague who was asked leaves the consultation; else the customer is hung up."""
    agent = floor.agents.get(event.agent_id)
    call = floor.calls.of_attempt(agent.attempt_id) if agent is not None else None
    if agent is None or call is None or call.agent_id == agent.agent_id:
        desks.hung_up(floor, event, now)
    elif call.third is not None and call.third.agent_id == agent.agent_id:
        third_lost(floor, call, now, is_gone=False)


def returned(floor: Floor, event: AgentReturned, now: Moment) -> None:
    """The third party goes; agent and customer are joined again."""
    found = conversation(floor, event)
    if found is not None and found[1].state in WITH_THIRD:
        _come_back(floor, found[1], now)


def consult_expired(floor: Floor, key: str, now: Moment) -> None:
    """The customer has heard music for too long."""
    call = floor.calls.of_attempt(AttemptId(key))
    if call is None or call.state is not CallState.CONSULTING or call.held_until is None:
        return
    if now.mono >= call.held_until:
        _come_back(floor, call, now)


def asked_three_way(floor: Floor, event: AgentAskedThreeWay, now: Moment) -> None:
    """All legs into one room: whoever leaves it, the others go on."""
    found = conversation(floor, event)
    third = found[1].third if found is not None else None
    if found is None or third is None or not _is_consulting(found[1], third):
        return
    agent, call = found
    assert agent.leg_id is not None  # he talks
    floor.calls.fire(call, CallTrigger.MEET)
    third.fire(ThirdTrigger.MOVE, now.mono)
    third.in_room.clear()
    floor.out.append(JoinRoom(call.node, agent.leg_id, call.attempt_id, with_partner=True))
    floor.out.append(JoinRoom(call.node, call.leg_id, call.attempt_id))
    watch(floor, call, JOIN_LIMIT_S, now)
    _show(floor, call, now)


def handed_over(floor: Floor, event: AgentHandedOver, now: Moment) -> None:
    """The agent leaves; customer and third party go on."""
    found = conversation(floor, event)
    third = found[1].third if found is not None else None
    if found is not None and third is not None and third.state is ThirdState.TALKING:
        give(floor, found[1], third, found[0], now)


def give(floor: Floor, call: Call, third: Third, giver: Agent, now: Moment) -> None:
    """A colleague owns the conversation from now on; an outside party owes nothing to anybody."""
    if third.is_outside:
        outside.entrust(floor, call, giver, now)
        outside.join_customer(floor, call, ThirdTrigger.MOVE, now)
        return
    colleague = floor.agents.get(third.agent_id)
    assert colleague is not None  # one who talks is on the floor
    floor.calls.dismiss(call)
    floor.calls.fire(call, CallTrigger.RETURN)
    call.agent_id = call.talked_to = colleague.agent_id
    floor.tally.n_handled[colleague.agent_id] += 1
    floor.out.append(NoteAttempt(call.attempt_id, agent_id=colleague.agent_id))
    note_step(floor, call, Step.TALK, now, first=giver.agent_id)
    resume(floor, call, colleague, now)
    floor.show_agent(colleague, now)
    let_giver_go(floor, giver, now)
    if floor.agents.get(giver.agent_id) is not None:
        became_free(floor, giver, now)


def _come_back(floor: Floor, call: Call, now: Moment, *, is_gone: bool = False) -> None:
    """Agent and customer are joined again; the agent's leg must be out of its bridge before."""
    agent, third = floor.agents.get(call.agent_id), call.third
    if agent is None or third is None:
        return
    is_bridged = call.state is CallState.CONSULTING and third.state is not ThirdState.CALLING
    let_go(floor, call, now, is_gone=is_gone)
    floor.calls.fire(call, CallTrigger.RETURN)
    if call.has_steps:
        note_step(floor, call, Step.TALK, now)
    if is_bridged:
        call.is_returning, call.held_until = True, now.mono + PARK_LIMIT_S
        floor.deadlines.ask(call.held_until, "hold", call.attempt_id)
    else:
        resume(floor, call, agent, now)
    floor.show_agent(agent, now)
    colleague = floor.agents.get(third.agent_id)
    if colleague is not None:
        became_free(floor, colleague, now)


def _is_consulting(call: Call, third: Third) -> bool:
    return call.state is CallState.CONSULTING and third.state is ThirdState.TALKING


def _show(floor: Floor, call: Call, now: Moment) -> None:
    """Both screens: the owner's, and the colleague's when the third party is one."""
    for agent_id in (call.agent_id, call.third.agent_id if call.third else None):
        agent = floor.agents.get(agent_id)
        if agent is not None:
            floor.show_agent(agent, now)


def _seat_colleague(floor: Floor, third: Third, now: Moment) -> None:
    colleague = floor.agents.get(third.agent_id)
    if colleague is not None and colleague.state is AgentState.RESERVED:
        floor.move_agent(colleague, AgentTrigger.CONNECT, now)
