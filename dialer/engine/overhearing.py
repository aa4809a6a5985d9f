"""What a supervisor's leg does on the switch: overhear an agent's leg, and take a customer over.

A tap and a mute of the agent's leg work in the order in which they were set, and a leg that the
switch lets go of parks: both are put right here, for a bounded number of times.
"""

from dialer.engine import supervisor_phone as phone
from dialer.engine.answering import became_free
from dialer.engine.floor import Floor
from dialer.engine.ways_out import phone_reached
from dialer.engine.wrapping import begin_wrap_up
from dialer.model.agent import Agent, AgentState
from dialer.model.call import CallState, CallTrigger
from dialer.model.commands import BridgeLegs, OverhearLeg
from dialer.model.events import BridgeFailed, ControlFailed, LegParked, LegsBridged, SupervisorAsked
from dialer.model.moment import Moment
from dialer.model.supervision import (
    HEARERS,
    OVERHEARING,
    TRIGGERS,
    Reason,
    Supervision,
    SupervisionMode,
    SupervisionState,
    SupervisionTrigger,
)

MAX_FALLS = 2
"""How often a leg that the switch let go of is asked to overhear again."""
MAY_BE_TAKEN = (CallState.CONNECTED, CallState.HELD)

_S, _T = SupervisionState, SupervisionTrigger


def talks(agent: Agent, named: SupervisorAsked | Supervision) -> bool:
    return agent.state is AgentState.TALKING and agent.attempt_id == named.attempt_id


def may_be_taken(floor: Floor, named: SupervisorAsked | Supervision) -> bool:
    call = floor.calls.of_attempt(named.attempt_id)
    return call is not None and call.state in MAY_BE_TAKEN


# --- overhearing ---------------------------------------------------------------------------------


def begin(floor: Floor, supervision: Supervision, now: Moment) -> None:
    """Take up the mode that was asked for; a call that cannot be taken over now is heard."""
    agent = floor.agents.get(supervision.agent_id)
    if agent is None or not talks(agent, supervision):
        return  # `follow` ends it
    if supervision.mode is SupervisionMode.TAKE_OVER and may_be_taken(floor, supervision):
        _take_over(floor, supervision, now)
    else:
        phone.move(floor, supervision, TRIGGERS.get(supervision.mode, _T.LISTEN), now)
        _overhear(floor, supervision, agent)


def _overhear(floor: Floor, supervision: Supervision, agent: Agent) -> None:
    supervision.saw_mute = agent.is_muted
    if supervision.leg_id is not None and agent.leg_id is not None:
        hearers = HEARERS[supervision.state]
        floor.out.append(OverhearLeg(supervision.node, supervision.leg_id, agent.leg_id, hearers))


def parked(floor: Floor, supervision: Supervision, event: LegParked, now: Moment) -> None:
    """The phone is up; or the switch let go of the agent's leg, which is tried again."""
    if supervision.state is _S.CALLING:
        supervision.is_answered = True
        phone_reached(floor, supervision)
        begin(floor, supervision, now)
    elif supervision.state in OVERHEARING:
        _fell(floor, supervision, now)


def not_overheard(
    floor: Floor, supervision: Supervision, event: ControlFailed, now: Moment
) -> None:
    """The switch refused to have it overhear, or even to park it, in which case it may still hear
    what is nobody's business: the phone is hung up."""
    if supervision.state in (*OVERHEARING, _S.STANDING_BY):
        phone.end(floor, supervision, Reason.NOT_HEARD, now)


def _fell(floor: Floor, supervision: Supervision, now: Moment) -> None:
    agent = floor.agents.get(supervision.agent_id)
    supervision.n_falls += 1
    if agent is None or supervision.n_falls > MAX_FALLS:
        phone.end(floor, supervision, Reason.NOT_HEARD, now)
    else:
        _overhear(floor, supervision, agent)


# --- taking over ---------------------------------------------------------------------------------


def _take_over(floor: Floor, supervision: Supervision, now: Moment) -> None:
    call = floor.calls.of_attempt(supervision.attempt_id)
    if call is not None and supervision.leg_id is not None:
        phone.move(floor, supervision, _T.TAKE_OVER, now)
        floor.out.append(BridgeLegs(call.node, call.leg_id, supervision.leg_id))


def bridged(floor: Floor, supervision: Supervision, event: LegsBridged, now: Moment) -> None:
    """Customer and supervisor are joined: the agent goes to wrap-up and owes the disposition."""
    call = floor.calls.of_attempt(supervision.attempt_id)
    agent = floor.agents.get(supervision.agent_id)
    if call is None or agent is None or not talks(agent, supervision):
        return
    if call.leg_id not in (event.leg_id, event.other_leg_id):
        return
    phone.move(floor, supervision, _T.BRIDGE, now)
    floor.calls.fire(call, CallTrigger.TAKE_OVER)
    learned = floor.pacing.learned
    learned.ended(learned.talks, agent.since, now.mono)
    begin_wrap_up(floor, agent, now)
    became_free(floor, agent, now)


def bridge_failed(floor: Floor, supervision: Supervision, event: BridgeFailed, now: Moment) -> None:
    """Nothing has changed on the switch: the supervisor listens."""
    agent = floor.agents.get(supervision.agent_id)
    if supervision.state is _S.TAKING_OVER and agent is not None:
        supervision.mode = SupervisionMode.LISTEN
        phone.move(floor, supervision, _T.LISTEN, now)
        _overhear(floor, supervision, agent)


def give_up(floor: Floor, supervision: Supervision, now: Moment) -> None:
    """The bridge was never told: whatever the switch did, agent and customer are to talk."""
    call = floor.calls.of_attempt(supervision.attempt_id)
    agent = floor.agents.get(supervision.agent_id)
    phone.end(floor, supervision, Reason.NOT_TAKEN_OVER, now)
    if call is not None and agent is not None and agent.leg_id is not None:
        floor.out.append(BridgeLegs(call.node, call.leg_id, agent.leg_id))


def stay_before_mute(floor: Floor, supervision: Supervision, agent: Agent) -> None:
    """The switch mutes all that comes before the mute: a barging voice has to join after it."""
    if agent.is_muted and not supervision.saw_mute:
        _overhear(floor, supervision, agent)
    supervision.saw_mute = agent.is_muted
