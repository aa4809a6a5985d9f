"""A recorded message for whoever answers, and the keys that its listener may press.

Nobody waits here: the message plays at once, and a limit ends the call whatever the switch tells.
Who asks for an agent waits as any answer does, with the notice at the end of that wait.
"""

from dialer.engine.dialing import number_blocked
from dialer.engine.floor import Floor
from dialer.model.call import Call, CallState, CallTrigger
from dialer.model.campaign import PacingMode
from dialer.model.commands import BlockPerson, HangUpLeg, PlaySound
from dialer.model.events import LegPlayed, NumberBlocked
from dialer.model.ids import AttemptId
from dialer.model.moment import Moment
from dialer.policy.broadcast import OPT_OUT_KEY

MESSAGE_LIMIT_S = 120.0
KEYS_FOR_S = 5.0
"""After the message somebody may still press a key."""


def is_broadcast(floor: Floor, call: Call) -> bool:
    """Whether a call of an earlier run was dialled for the message: as far as can be told."""
    is_own = call.agent_id is not None or call.bridged_at is not None
    return floor.campaign.mode is PacingMode.BROADCAST and not is_own


def announce(floor: Floor, call: Call, now: Moment) -> None:
    """The person answered: play the message."""
    floor.calls.fire(call, CallTrigger.ANNOUNCE)
    floor.out.append(PlaySound(call.node, call.leg_id, floor.campaign.broadcast_message))
    floor.deadlines.ask(now.mono + MESSAGE_LIMIT_S, "announce", call.attempt_id)


def message_ended(floor: Floor, event: LegPlayed, now: Moment) -> None:
    call = floor.calls.of_leg(event.leg_id)
    if call is not None and call.state is CallState.ANNOUNCING and not call.has_heard_message:
        call.has_heard_message = True
        floor.deadlines.ask(now.mono + KEYS_FOR_S, "announce", call.attempt_id)


def announce_over(floor: Floor, key: str, now: Moment) -> None:
    """Message and keys had their time; asked for again until the leg is gone."""
    call = floor.calls.of_attempt(AttemptId(key))
    if call is not None and call.state is CallState.ANNOUNCING:
        floor.out.append(HangUpLeg(call.node, call.leg_id))
        floor.deadlines.ask(now.mono + KEYS_FOR_S, "announce", key)


def opted_out(floor: Floor, call: Call, digit: str, now: Moment) -> bool:
    """Whether the key asks never to be called again: then it is so, for all campaigns.

    The other numbers of the person are told once they are found (`run/store_writer.py`).
    """
    if digit != OPT_OUT_KEY:
        return False
    if not call.has_opted_out:
        call.has_opted_out = True
        floor.out.append(BlockPerson(call.attempt_id))
        number_blocked(floor, NumberBlocked(call.lead.number), now)
        floor.out.append(HangUpLeg(call.node, call.leg_id))
    return True
