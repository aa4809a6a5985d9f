"""A supervisor on an agent's call: what is asked, what becomes of it, and when it is over.

A supervision belongs to one conversation. `follow` looks after each event whether that still goes
on, so hold and mute change nothing, and a hang-up, a transfer or a lost phone of the agent ends it
at once, wherever it was decided. The phone's leg is called on the agent's switch and serves there.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from dialer.engine import overhearing
from dialer.engine import supervisor_phone as phone
from dialer.engine.answering import connect_waiting, lose_agent
from dialer.engine.floor import Floor
from dialer.engine.ways_out import phone_leg_over
from dialer.model.agent import Agent
from dialer.model.call import Call, CallState
from dialer.model.commands import HangUpLeg, ParkLeg
from dialer.model.events import (
    BridgeFailed,
    ControlFailed,
    Event,
    LegAnswered,
    LegEnded,
    LegParked,
    LegsBridged,
    OriginateFailed,
    SupervisorAsked,
    SupervisorStopped,
)
from dialer.model.moment import Moment
from dialer.model.outcome import NO_CAPACITY
from dialer.model.phone import PhoneKind
from dialer.model.supervision import (
    OVERHEARING,
    Reason,
    Supervision,
    SupervisionMode,
    SupervisionState,
    SupervisionTrigger,
)

HAS_CUSTOMER = (SupervisionState.TAKING_OVER, SupervisionState.TAKEN_OVER)

_S, _T = SupervisionState, SupervisionTrigger


# --- what a supervisor asks ----------------------------------------------------------------------


def asked(floor: Floor, event: SupervisorAsked, now: Moment) -> None:
    """One conversation at a time. A customer whom the supervisor has, or is about to get, comes
    first; a phone that is up on the right switch is used again."""
    supervision = floor.supervisions.of_supervisor(event.supervisor_id)
    if supervision is not None and supervision.state in HAS_CUSTOMER:
        return
    agent = floor.agents.get(event.agent_id)
    if agent is None or not overhearing.talks(agent, event):
        _refuse(floor, event, now)
    elif event.mode is SupervisionMode.TAKE_OVER and not overhearing.may_be_taken(floor, event):
        return
    elif supervision is not None and supervision.node == agent.node:
        _turn_to(floor, supervision, event, now)
    else:
        if supervision is not None:
            phone.end(floor, supervision, Reason.STOPPED, now)
        supervision = _new(floor, event, agent, now)
        phone.open_supervision(floor, supervision, now)
        phone.call_phone(floor, supervision, now)


def stopped(floor: Floor, event: SupervisorStopped, now: Moment) -> None:
    """A customer who was taken over is hung up, and the phone stands by; else the phone goes."""
    supervision = floor.supervisions.of_supervisor(event.supervisor_id)
    if supervision is None or supervision.state is _S.TAKING_OVER:
        return
    call = floor.calls.of_attempt(supervision.attempt_id)
    if supervision.state is _S.TAKEN_OVER and call is not None:
        floor.out.append(HangUpLeg(call.node, call.leg_id))
    else:
        phone.end(floor, supervision, Reason.STOPPED, now)


def _refuse(floor: Floor, event: SupervisorAsked, now: Moment) -> None:
    """The conversation is over already: say so, unless another one is being heard."""
    if floor.supervisions.of_supervisor(event.supervisor_id) is None:
        agent = floor.agents.get(event.agent_id)
        supervision = _new(floor, event, agent, now)
        floor.supervisions.add(supervision)
        phone.end(floor, supervision, Reason.CONVERSATION_OVER, now)


def _new(floor: Floor, event: SupervisorAsked, agent: Agent | None, now: Moment) -> Supervision:
    return Supervision(
        supervision_id=floor.mint(),
        supervisor_id=event.supervisor_id,
        name=event.name,
        phone_address=event.phone_address,
        phone_kind=event.phone_kind,
        campaign_id=floor.campaign.campaign_id,
        node=agent.node if agent is not None else floor.nodes.any_name(),
        agent_id=event.agent_id,
        attempt_id=event.attempt_id,
        mode=event.mode,
        since=now.mono,
        until=math.inf,
    )


def _turn_to(floor: Floor, supervision: Supervision, event: SupervisorAsked, now: Moment) -> None:
    """Another mode, or another agent on the same switch."""
    wanted = (event.agent_id, event.attempt_id)
    if (supervision.agent_id, supervision.attempt_id) != wanted:
        if supervision.state in OVERHEARING:
            phone.move(floor, supervision, _T.PART, now)
        supervision.agent_id, supervision.attempt_id = wanted
    supervision.mode, supervision.n_falls = event.mode, 0
    if supervision.state is not _S.CALLING:
        overhearing.begin(floor, supervision, now)


# --- what ends it --------------------------------------------------------------------------------


def follow(floor: Floor, now: Moment) -> None:
    """After each event: a supervision lasts as long as its conversation."""
    for supervision in floor.supervisions:
        if supervision.state in (_S.STANDING_BY, _S.ENDED):
            continue
        agent = floor.agents.get(supervision.agent_id)
        call = floor.calls.of_attempt(supervision.attempt_id)
        if not _goes_on(supervision, agent, call):
            _conversation_over(floor, supervision, now)
        elif agent is not None and supervision.state is _S.BARGED:
            overhearing.stay_before_mute(floor, supervision, agent)


def _goes_on(supervision: Supervision, agent: Agent | None, call: Call | None) -> bool:
    if supervision.state is _S.TAKEN_OVER:
        return call is not None and call.state is CallState.TAKEN_OVER
    return agent is not None and overhearing.talks(agent, supervision)


def _conversation_over(floor: Floor, supervision: Supervision, now: Moment) -> None:
    """The phone stands by for the next one; a phone that still rings is let go."""
    if supervision.state is _S.CALLING:
        phone.end(floor, supervision, Reason.CONVERSATION_OVER, now)
        return
    hears_agent = supervision.state is not _S.TAKEN_OVER
    phone.move(floor, supervision, _T.PART, now)
    supervision.reason = Reason.CONVERSATION_OVER
    if hears_agent and supervision.leg_id is not None:
        floor.out.append(ParkLeg(supervision.node, supervision.leg_id))


def answered(floor: Floor, supervision: Supervision, event: LegAnswered, now: Moment) -> None:
    """An extension is up: it overhears once its leg has parked, or a little later. Of an outside
    number only the park counts, which follows the key."""
    if supervision.phone_kind is not PhoneKind.OUTSIDE:
        supervision.is_answered = True
        limit = now.mono + phone.PARK_WAIT_S
        floor.deadlines.ask(limit, "supervision", supervision.supervision_id)


def originate_failed(
    floor: Floor, supervision: Supervision, event: OriginateFailed, now: Moment
) -> None:
    if event.cause == NO_CAPACITY:
        floor.nodes.get(supervision.node).refuse(now.mono)
    leg_lost(floor, supervision, event.cause, now, is_local=event.is_local)


def leg_ended(floor: Floor, supervision: Supervision, event: LegEnded, now: Moment) -> None:
    leg_lost(floor, supervision, event.cause, now)


def leg_lost(
    floor: Floor, supervision: Supervision, cause: str, now: Moment, *, is_local: bool = False
) -> None:
    """The phone is gone. A customer who was taken over lives on and waits for an agent."""
    was_up, had_customer = supervision.is_answered, supervision.state is _S.TAKEN_OVER
    phone_leg_over(floor, supervision, cause, now, was_up=was_up, is_local=is_local)
    floor.supervisions.unplug(supervision)
    if supervision.is_over:
        return
    call = floor.calls.of_attempt(supervision.attempt_id)
    reason = Reason.PHONE_LOST if was_up else Reason.PHONE_UNREACHABLE
    phone.end(floor, supervision, reason, now)
    if had_customer and call is not None and call.state is CallState.TAKEN_OVER:
        lose_agent(floor, call, now)
        connect_waiting(floor, now)


def due(floor: Floor, key: str, now: Moment) -> None:
    """A limit of a supervision, or the next step of a phone that is being called."""
    supervision = floor.supervisions.get(key)
    if supervision is None:
        return
    if now.mono >= supervision.until:
        _too_long(floor, supervision, now)
    elif supervision.state is _S.CALLING and supervision.leg_id is None:
        phone.call_phone(floor, supervision, now)
    elif supervision.state is _S.CALLING and supervision.is_answered:
        overhearing.begin(floor, supervision, now)


def _too_long(floor: Floor, supervision: Supervision, now: Moment) -> None:
    if supervision.is_over:
        phone.forget(floor, supervision, now)
    elif supervision.state is _S.TAKING_OVER:
        overhearing.give_up(floor, supervision, now)
    else:
        is_calling = supervision.state is _S.CALLING
        reason = Reason.PHONE_UNREACHABLE if is_calling else Reason.UNUSED
        phone.end(floor, supervision, reason, now)


OF_LEG: Mapping[type, Callable[[Floor, Supervision, Any, Moment], None]] = {
    LegAnswered: answered,
    LegParked: overhearing.parked,
    LegsBridged: overhearing.bridged,
    LegEnded: leg_ended,
    OriginateFailed: originate_failed,
    BridgeFailed: overhearing.bridge_failed,
    ControlFailed: overhearing.not_overheard,
}
"""What the switch may tell of a supervisor's leg. Other news of it is of no interest."""


def concerned(floor: Floor, event: Event) -> Supervision | None:
    """The supervision whose leg the event speaks of."""
    if not floor.supervisions:
        return None
    named = (getattr(event, name, None) for name in ("leg_id", "other_leg_id", "agent_leg_id"))
    found = (floor.supervisions.of_leg(leg_id) for leg_id in named if leg_id is not None)
    return next((supervision for supervision in found if supervision is not None), None)
