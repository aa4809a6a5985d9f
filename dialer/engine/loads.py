"""Which switch gets the next call: the one with most agents free for it."""

from dataclasses import dataclass

from dialer.engine.books import GIVEN_OUT
from dialer.engine.floor import Floor
from dialer.engine.nodes import Node
from dialer.model.agent import Agent, AgentState, PhoneState
from dialer.model.campaign import PacingMode
from dialer.model.ids import NodeName
from dialer.model.moment import Moment
from dialer.policy.picture import Seat

SEATS = {
    AgentState.READY: Seat.FREE,
    AgentState.TALKING: Seat.TALKING,
    AgentState.WRAP_UP: Seat.WRAP_UP,
    AgentState.RESERVED: Seat.HELD,
    AgentState.PREVIEWING: Seat.HELD,
}
"""Of those at work; who is READY is so only with his phone up."""


def takes_calls(floor: Floor, agent: Agent) -> bool:
    """Will this agent take the next call? One about to pause or leave counts as never free."""
    if agent.is_leaving or agent.wants_pause is not None or agent.phone is not PhoneState.UP:
        return False
    return agent.state in SEATS and floor.nodes.get(agent.node).is_up


@dataclass(slots=True)
class Load:
    """One switch as a decision sees it."""

    n_seats: int
    """Agents who take calls there."""
    n_taken: int
    """Of them the busy ones, and calls that have no agent yet."""


def loads_of(floor: Floor) -> dict[NodeName, Load]:
    """Counted once for all the calls of a decision: a hundred agents take a millisecond."""
    loads: dict[NodeName, Load] = {}
    for agent in floor.agents:
        if takes_calls(floor, agent):
            load = loads.setdefault(agent.node, Load(0, 0))
            load.n_seats += 1
            load.n_taken += agent.state is not AgentState.READY
    for call in floor.pool.calls():
        if call.agent_id is None and call.state not in GIVEN_OUT and call.node in loads:
            loads[call.node].n_taken += 1
    return loads


def where_to_dial(floor: Floor, loads: dict[NodeName, Load], now: Moment) -> Node | None:
    """The switch with the fewest busy agents and calls without an agent, per agent it has.

    Only agents of its own switch can take an answer: legs of two switches cannot be joined.
    """
    if floor.campaign.mode is PacingMode.BROADCAST:  # it waits for nobody
        return floor.nodes.least_loaded_way_out(now.mono)
    usable = [node for name in loads if (node := floor.nodes.get(name)).way_out(now.mono)]
    return min(
        usable,
        key=lambda node: (loads[node.name].n_taken / loads[node.name].n_seats, node.name),
        default=None,
    )
