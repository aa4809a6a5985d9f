"""What the switch tells of a leg, given to whom the leg belongs: agent, third party or customer."""

from dialer.engine import answering, consult, dialing, outside, phones
from dialer.engine.books import WITH_THIRD
from dialer.engine.floor import Floor
from dialer.engine.third import is_overdue, reached
from dialer.model.agent import Agent, PhoneState
from dialer.model.call import Call, CallState
from dialer.model.events import (
    BridgeFailed,
    LegAnswered,
    LegEnded,
    LegJoined,
    LegParked,
    LegsBridged,
    OriginateFailed,
)
from dialer.model.ids import AttemptId, LegId
from dialer.model.moment import Moment
from dialer.model.outcome import NO_CAPACITY
from dialer.model.phone import PhoneKind
from dialer.model.third import Third, ThirdState


def answered(floor: Floor, event: LegAnswered, now: Moment) -> None:
    agent, outsider = floor.agents.of_leg(event.leg_id), _outsider(floor, event.leg_id)
    if agent is not None:
        if agent.phone_kind is not PhoneKind.OUTSIDE:  # there a key must be pressed first
            phones.phone_answered(floor, agent, now)
    elif outsider is not None:
        call, third = outsider
        reached(floor, call, third)
        consult.third_answered(floor, call, third, now)
    else:
        answering.customer_leg_answered(floor, event, now)


def bridged(floor: Floor, event: LegsBridged, now: Moment) -> None:
    """Two of customer, agent and third party: the state of the call says which two are meant."""
    legs = {event.leg_id, event.other_leg_id}
    call = floor.calls.of_third(event.leg_id) or floor.calls.of_third(event.other_leg_id)
    third = call.third if call is not None else None
    agent = floor.agents.get(call.agent_id) if call is not None else None
    if call is None or third is None:
        answering.legs_bridged(floor, event, now)
    elif call.state is CallState.CONSULTING and agent is not None and agent.leg_id in legs:
        consult.third_joined(floor, call, third, now)
    elif call.state is CallState.ENTRUSTED and call.leg_id in legs:
        outside.joined(floor, call, now)


def joined_room(floor: Floor, event: LegJoined, now: Moment) -> None:
    """All three are there: the conversation of three has begun."""
    call, agent = _call_with(floor, event.leg_id)
    third = call.third if call is not None else None
    if call is None or third is None or call.state is not CallState.THREE_WAY:
        return
    third.in_room.add(event.leg_id)
    if agent is not None and {call.leg_id, agent.leg_id, third.leg_id} <= third.in_room:
        consult.all_joined(floor, call, third, now)


def parked(floor: Floor, event: LegParked, now: Moment) -> None:
    agent = floor.agents.of_leg(event.leg_id)
    if agent is None:
        answering.leg_parked(floor, event, now)
    elif agent.phone is PhoneState.CALLING:
        phones.phone_answered(floor, agent, now)
    else:
        consult.agent_parked(floor, agent, now)


def ended(floor: Floor, event: LegEnded, now: Moment) -> None:
    agent, outsider = floor.agents.of_leg(event.leg_id), _outsider(floor, event.leg_id)
    if agent is not None:
        phone_lost(floor, agent, event.cause, now)
    elif outsider is not None:
        consult.third_lost(floor, outsider[0], now, is_gone=True)
    elif (call := floor.calls.of_leg(event.leg_id)) is not None:
        answering.customer_ended(floor, call, event, now)


def originate_failed(floor: Floor, event: OriginateFailed, now: Moment) -> None:
    """A leg that is bridged right at its answer lives, though its originate says that it was given
    up (ORIGINATOR_CANCEL, seen on 1.10.12)."""
    agent, outsider = floor.agents.of_leg(event.leg_id), _outsider(floor, event.leg_id)
    if agent is not None:
        if event.cause == NO_CAPACITY:
            floor.nodes.get(agent.node).refuse(now.mono)
        phone_lost(floor, agent, event.cause, now, is_local=event.is_local)
    elif outsider is not None:
        if outsider[1].state is ThirdState.CALLING:  # once it is up, only its own end counts
            consult.third_lost(floor, outsider[0], now, is_gone=True)
    else:
        dialing.originate_failed(floor, event, now)


def bridge_failed(floor: Floor, event: BridgeFailed, now: Moment) -> None:
    call = floor.calls.of_third(event.customer_leg_id) or floor.calls.of_third(event.agent_leg_id)
    if call is not None and call.third is not None:
        if call.third.state is ThirdState.JOINING:
            consult.third_lost(floor, call, now, is_gone=False)
    else:
        answering.bridge_failed(floor, event, now)


def third_due(floor: Floor, key: str, now: Moment) -> None:
    """The third party's present state has lasted too long."""
    call = floor.calls.of_attempt(AttemptId(key))
    if call is None or call.third is None or not is_overdue(call.third, now):
        return
    if call.third.state is ThirdState.CALLING and not call.third.is_outside:
        consult.agent_not_parked(floor, call, now)
    else:
        consult.third_lost(floor, call, now, is_gone=False)


def phone_lost(
    floor: Floor, agent: Agent, cause: str, now: Moment, *, is_local: bool = False
) -> None:
    """An agent's phone: what it leaves of a consultation comes first, then the customer."""
    was_up = phones.phone_down(floor, agent, cause, now, is_local=is_local)
    call = floor.calls.of_attempt(agent.attempt_id)
    if call is not None and call.third is not None and call.state in WITH_THIRD:
        consult.phone_lost(floor, call, call.third, agent, now)
    phones.phone_lost(floor, agent, cause, was_up, now)


def _outsider(floor: Floor, leg_id: LegId) -> tuple[Call, Third] | None:
    call = floor.calls.of_third(leg_id)
    return (call, call.third) if call is not None and call.third is not None else None


def _call_with(floor: Floor, leg_id: LegId) -> tuple[Call | None, Agent | None]:
    """The call that the leg has a part in, and the agent who owns it."""
    agent = floor.agents.of_leg(leg_id)
    call = floor.calls.of_third(leg_id) or floor.calls.of_leg(leg_id)
    if call is None and agent is not None:
        call = floor.calls.of_attempt(agent.attempt_id)
    return call, floor.agents.get(call.agent_id) if call is not None else None
