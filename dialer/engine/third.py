"""The third party's leg: a colleague is brought in, an outside number is called, either let go.

Outside legs are counted here and nowhere else: no number is dialled for an agent but by
`call_destination`, which asks `policy/outside` each time.
"""

from dialer.engine.floor import Floor
from dialer.engine.reserving import release
from dialer.engine.wrapping import stop_consulting
from dialer.model.agent import Agent, AgentState, AgentTrigger
from dialer.model.call import Call
from dialer.model.commands import CallOutside, HangUpLeg, NoteOutsideCall, NoteStep, ParkLeg, Step
from dialer.model.ids import AgentId, LegId
from dialer.model.moment import Moment
from dialer.model.third import Refused, Third, ThirdState, ThirdTrigger
from dialer.policy.caller_id import caller_id_for
from dialer.policy.outside import HOUR_S, may_call_out

OUTSIDE_RING_S = 30.0
RING_MARGIN_S = 10.0
"""Past the ring timeout without a word from the switch: the leg is given up."""
JOIN_LIMIT_S = 3.0
"""A bridge or a room that the switch has not confirmed by then is given up."""
PARK_LIMIT_S = 0.5
"""How long the agent's leg may take to be alone before it is joined with another one."""


def bring_colleague(floor: Floor, call: Call, colleague: Agent, now: Moment) -> None:
    """Reserve a free colleague for the consultation."""
    assert colleague.leg_id is not None  # an agent without a leg is not free
    third = Third(colleague.leg_id, colleague.name, now.mono, colleague.agent_id)
    floor.calls.bring(call, third)
    colleague.campaign_id = call.campaign_id
    colleague.attempt_id, colleague.disposed_ready = call.attempt_id, None
    floor.move_agent(colleague, AgentTrigger.RESERVE, now)
    watch(floor, call, PARK_LIMIT_S, now)


def call_destination(floor: Floor, call: Call, label: str, now: Moment) -> Refused | None:
    """Call an outside number of the campaign's list; None when it is being called."""
    recent = floor.outside_at
    while recent and recent[0] <= now.mono - HOUR_S:
        recent.popleft()
    found = may_call_out(floor.campaign, label, floor.calls.n_outside, len(recent))
    if isinstance(found, Refused):
        return found
    node = floor.nodes.get(call.node)
    trunk = node.way_out(now.mono)
    if trunk is None:
        return Refused.NO_LINE
    node.place(now.mono)
    trunk.place(now.mono)
    recent.append(now.mono)
    leg_id = LegId(floor.mint())
    floor.calls.bring(call, Third(leg_id, found.label, now.mono, trunk=trunk.rules.name))
    floor.out.append(
        NoteOutsideCall(call.campaign_id, call.attempt_id, leg_id, found.label, now.utc)
    )
    floor.out.append(
        CallOutside(
            campaign_id=call.campaign_id,
            attempt_id=call.attempt_id,
            leg_id=leg_id,
            node=call.node,
            number=found.number,
            caller_id=caller_id_for(call.lead.lead_id, floor.campaign.caller_ids),
            ring_timeout_s=OUTSIDE_RING_S,
            trunk=trunk.rules.name,
        )
    )
    watch(floor, call, OUTSIDE_RING_S + RING_MARGIN_S, now)
    return None


def reached(floor: Floor, call: Call, third: Third) -> None:
    """The network took the outside leg."""
    node = floor.nodes.get(call.node)
    node.accept()
    trunk = node.trunk(third.trunk)
    if third.is_outside and trunk is not None:
        trunk.reach()


def watch(floor: Floor, call: Call, limit_s: float, now: Moment) -> None:
    """Come back when the present state of the third party has lasted so long."""
    floor.deadlines.ask(now.mono + limit_s, "third", call.attempt_id)


def is_overdue(third: Third, now: Moment) -> bool:
    """Whether the present state has lasted longer than it may."""
    if third.state is ThirdState.JOINING:
        return now.mono >= third.since + JOIN_LIMIT_S
    limit_s = OUTSIDE_RING_S + RING_MARGIN_S if third.is_outside else PARK_LIMIT_S
    return third.state is ThirdState.CALLING and now.mono >= third.since + limit_s


def let_go(floor: Floor, call: Call, now: Moment, *, is_gone: bool = False) -> None:
    """The third party leaves, if there is one: hung up, or free again. `is_gone`: its leg is."""
    third = call.third
    if third is None:
        return
    was_joined = third.state is not ThirdState.CALLING
    third.fire(ThirdTrigger.LEAVE, now.mono)
    floor.calls.dismiss(call)
    if third.is_outside:
        trunk = floor.nodes.get(call.node).trunk(third.trunk)
        if trunk is not None:
            trunk.end(now.mono, is_fault=False)
        if not is_gone:
            floor.out.append(HangUpLeg(call.node, third.leg_id))
        return
    if was_joined and not is_gone:
        floor.out.append(ParkLeg(call.node, third.leg_id))
    colleague = floor.agents.get(third.agent_id)
    if colleague is not None and colleague.state is AgentState.TALKING:
        stop_consulting(floor, colleague, now)
    elif colleague is not None and colleague.state is AgentState.RESERVED:
        release(floor, colleague, now)


def note_step(
    floor: Floor, call: Call, step: Step, now: Moment, first: AgentId | None = None
) -> None:
    """Write down who talks with whom from now on.

    Calls that nobody else comes into have no steps; at the first one, the talk before it is
    written too: `first` had it, unless it is the one who has the customer now.
    """
    third = call.third
    if not call.has_steps:
        call.has_steps = True
        began = now.utc_at(call.bridged_at if call.bridged_at is not None else now.mono)
        had = next((who for who in (first, call.agent_id, call.giver_id) if who is not None), None)
        floor.out.append(NoteStep(call.attempt_id, Step.TALK, began, had))
    floor.out.append(
        NoteStep(
            call.attempt_id, step, now.utc, call.agent_id,
            third.name if third else "", third.leg_id if third else None,
        )
    )  # fmt: skip
