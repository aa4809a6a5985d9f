"""The phone of a supervision: called, standing by, hung up; and who is told of each change."""

import math

from dialer.engine.floor import Floor
from dialer.engine.ways_out import take_line
from dialer.model.commands import CallSupervisor, HangUpLeg, NoteSupervision
from dialer.model.ids import LegId
from dialer.model.moment import Moment
from dialer.model.phone import PhoneKind
from dialer.model.supervision import Reason, Supervision, SupervisionState, SupervisionTrigger
from dialer.policy.destinations import may_reach

CALL_LIMIT_S = 45.0
"""A little more than the switch lets the phone ring."""
NO_ROOM_S = 0.25
"""Until a switch that takes no leg just now is asked again."""
PARK_WAIT_S = 1.0
"""An answered leg that has not told its park by then is taken to be parked."""
TAKE_OVER_LIMIT_S = 3.0
STAND_BY_S = 60.0
"""The phone stays up so long without a conversation to hear."""
TOLD_S = 10.0
"""What ended stays in the picture so long; a leg that has not gone by then is hung up again."""

_LIMITS = {
    SupervisionState.CALLING: CALL_LIMIT_S,
    SupervisionState.TAKING_OVER: TAKE_OVER_LIMIT_S,
    SupervisionState.STANDING_BY: STAND_BY_S,
    SupervisionState.ENDED: TOLD_S,
}


def open_supervision(floor: Floor, supervision: Supervision, now: Moment) -> None:
    """Put a new supervision on the floor, in the state it has."""
    floor.supervisions.add(supervision)
    _entered(floor, supervision, now)


def move(floor: Floor, supervision: Supervision, trigger: SupervisionTrigger, now: Moment) -> None:
    """Change a supervision's state, set the limit of the new one, and tell store and screens."""
    supervision.fire(trigger, now.mono)
    supervision.reason = None
    _entered(floor, supervision, now)


def call_phone(floor: Floor, supervision: Supervision, now: Moment) -> None:
    """Call the phone on the agent's switch; one that is full or away is asked a little later."""
    is_outside = supervision.phone_kind is PhoneKind.OUTSIDE
    if is_outside and not may_reach(supervision.phone_address):
        end(floor, supervision, Reason.PHONE_UNREACHABLE, now)
        return
    is_up = floor.nodes.get(supervision.node).is_up
    caller_id = take_line(floor, supervision, supervision.supervisor_id, now) if is_up else None
    if caller_id is None:
        floor.deadlines.ask(now.mono + NO_ROOM_S, "supervision", supervision.supervision_id)
        return
    leg_id = LegId(floor.mint())
    floor.supervisions.plug(supervision, leg_id)
    floor.out.append(
        CallSupervisor(
            supervision.supervisor_id, supervision.campaign_id, leg_id, supervision.node,
            supervision.phone_address, supervision.phone_kind, supervision.trunk, caller_id,
        )
    )  # fmt: skip


def end(floor: Floor, supervision: Supervision, reason: Reason, now: Moment) -> None:
    """The supervision is over; its leg, if there is one, is hung up."""
    move(floor, supervision, SupervisionTrigger.END, now)
    supervision.reason = reason
    _hang_up(floor, supervision)


def forget(floor: Floor, supervision: Supervision, now: Moment) -> None:
    """An ended supervision was told long enough. Its leg must be gone, too."""
    if supervision.leg_id is None:
        floor.supervisions.remove(supervision)
        return
    _hang_up(floor, supervision)
    floor.deadlines.ask(now.mono + TOLD_S, "supervision", supervision.supervision_id)


def close_all(floor: Floor, now: Moment) -> None:
    """The campaign is given up: no phone stays behind."""
    for supervision in floor.supervisions:
        if not supervision.is_over:
            end(floor, supervision, Reason.CONVERSATION_OVER, now)


def _hang_up(floor: Floor, supervision: Supervision) -> None:
    if supervision.leg_id is not None:
        floor.out.append(HangUpLeg(supervision.node, supervision.leg_id))


def _entered(floor: Floor, supervision: Supervision, now: Moment) -> None:
    supervision.until = now.mono + _LIMITS.get(supervision.state, math.inf)
    if supervision.until != math.inf:
        floor.deadlines.ask(supervision.until, "supervision", supervision.supervision_id)
    floor.out.append(
        NoteSupervision(
            supervision.supervision_id, supervision.supervisor_id, supervision.campaign_id,
            supervision.agent_id, supervision.attempt_id, supervision.state, now.utc,
        )
    )  # fmt: skip
