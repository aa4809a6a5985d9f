"""Trunks on the floor: what a call tells of its trunk, and the next one within the same attempt."""

from dataclasses import replace

from dialer.engine.books import IN_FLIGHT
from dialer.engine.floor import Floor
from dialer.model.agent import Agent, PhoneState
from dialer.model.call import Call, CallState
from dialer.model.ids import LegId
from dialer.model.moment import Moment
from dialer.model.phone import PhoneKind
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


def phone_reached(floor: Floor, agent: Agent) -> None:
    """An agent's outside number answered."""
    trunk = floor.nodes.get(agent.node).trunk(agent.trunk)
    if trunk is not None and agent.phone_kind is PhoneKind.OUTSIDE:
        trunk.reach()


def phone_leg_over(floor: Floor, agent: Agent, cause: str, now: Moment, *, is_local: bool) -> None:
    """Tell the trunk, if there is one, how the leg to an agent's phone ended."""
    trunk = floor.nodes.get(agent.node).trunk(agent.trunk)
    if trunk is None or agent.leg_id is None or agent.phone_kind is not PhoneKind.OUTSIDE:
        return
    is_told = agent.phone is PhoneState.CALLING and cause not in UNTOLD
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
