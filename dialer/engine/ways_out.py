"""Trunks on the floor: what a call tells of its trunk, and the next one within the same attempt."""

from dataclasses import replace
from typing import Protocol

from dialer.engine.books import IN_FLIGHT
from dialer.engine.floor import Floor
from dialer.model.call import Call, CallState
from dialer.model.ids import LegId, NodeName
from dialer.model.moment import Moment
from dialer.model.phone import PhoneKind
from dialer.policy.caller_id import caller_id_of_user
from dialer.policy.trunks import is_trunk_fault

FAILOVER_WITHIN_S = 8.0
"""Of the first dial: the permit holds for ten."""
UNTOLD = frozenset({"LOST", "NOT_SENT", "NO_NODE", "DUPLICATE_UUID"})
"""Ends that say nothing of the trunk."""


def reached(floor: Floor, call: Call) -> None:
    """The network took the call."""
    floor.orders.pop(call.attempt_id, None)
    node = floor.nodes.get(call.node)
    node.accept()
    trunk = node.trunk(call.trunk)
    if trunk is not None:
        trunk.reach()


def leg_over(floor: Floor, call: Call, cause: str, now: Moment, *, is_local: bool) -> bool:
    """Tell the trunk how the call's leg ended; whether it ended for the trunk's sake."""
    trunk = floor.nodes.get(call.node).trunk(call.trunk)
    is_told = call.state in IN_FLIGHT and cause not in UNTOLD
    is_fault = is_told and is_trunk_fault(cause, is_local=is_local)
    if trunk is not None:
        trunk.end(now.mono, is_fault=is_fault)
        if is_told and not is_fault and not is_local:
            trunk.reach()
    return is_fault


class Phone(Protocol):
    """Whose leg may have gone out over a trunk: an agent's or a supervisor's."""

    node: NodeName
    trunk: str
    phone_kind: PhoneKind
    leg_id: LegId | None


def take_line(floor: Floor, phone: Phone, user_id: int, now: Moment) -> str | None:
    """A line of the node, and of a trunk for an outside number: the number to show, which is
    empty for an extension; None when there is no room just now."""
    node = floor.nodes.get(phone.node)
    is_outside = phone.phone_kind is PhoneKind.OUTSIDE
    trunk = node.way_out(now.mono) if is_outside else None
    if node.is_up and trunk is None and (is_outside or not node.room(now.mono)):
        return None
    node.place(now.mono)
    phone.trunk = trunk.rules.name if trunk is not None else ""
    if trunk is None:
        return ""
    trunk.place(now.mono)
    return caller_id_of_user(user_id, floor.campaign.caller_ids)


def phone_reached(floor: Floor, phone: Phone) -> None:
    """An outside number answered."""
    trunk = floor.nodes.get(phone.node).trunk(phone.trunk)
    if trunk is not None and phone.phone_kind is PhoneKind.OUTSIDE:
        trunk.reach()


def phone_leg_over(
    floor: Floor, phone: Phone, cause: str, now: Moment, *, was_up: bool, is_local: bool
) -> None:
    """Tell the trunk, if there is one, how the leg to a phone ended."""
    trunk = floor.nodes.get(phone.node).trunk(phone.trunk)
    if trunk is None or phone.leg_id is None or phone.phone_kind is not PhoneKind.OUTSIDE:
        return
    is_told = not was_up and cause not in UNTOLD
    is_fault = is_told and is_trunk_fault(cause, is_local=is_local)
    trunk.end(now.mono, is_fault=is_fault)
    if is_told and not is_fault and not is_local:
        trunk.reach()


def goes_on_elsewhere(
    floor: Floor, call: Call, cause: str, now: Moment, *, is_local: bool = False
) -> bool:
    """Place a call that has not rung on the next trunk: same attempt, new leg. False: it is over.

    The person was never tried, so neither lead nor attempt is charged for the trunk's failure.
    """
    order = floor.orders.get(call.attempt_id)
    if order is None or call.state is not CallState.DIALING or cause in UNTOLD:
        return False
    if not is_trunk_fault(cause, is_local=is_local):
        return False
    node = floor.nodes.get(call.node)
    trunk = node.way_out(now.mono, call.tried_trunks)
    if trunk is None or now.mono > call.dialed_at + FAILOVER_WITHIN_S:
        return False
    leg_over(floor, call, cause, now, is_local=is_local)
    node.place(now.mono)
    trunk.place(now.mono)
    floor.calls.move(call, LegId(floor.mint()))
    call.trunk = trunk.rules.name
    call.tried_trunks += (call.trunk,)
    again = replace(order, leg_id=call.leg_id, trunk=call.trunk, is_again=True)
    floor.orders[call.attempt_id] = again
    floor.out.append(again)
    return True
