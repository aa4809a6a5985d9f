"""Giving a customer over blindly, without a moment in which nobody is responsible.

To a colleague: he is reserved in the same step in which the giver lets go, so no other call can
take him; should the bridge not come about, the customer waits under a new limit and the next free
agent gets him, the giver among them. Whoever ends the conversation disposes of it. To an outside
number: engine/outside.py.
"""

from dialer.engine.answering import became_free, connect, wait_for_agent
from dialer.engine.control import ALONE_WITH_AGENT, conversation
from dialer.engine.floor import Floor
from dialer.engine.outside import entrust
from dialer.engine.third import call_destination, note_step
from dialer.engine.wrapping import end_wrap_up, note_debt, unmute
from dialer.model.agent import Agent, AgentTrigger
from dialer.model.call import CallState, CallTrigger
from dialer.model.commands import ParkLeg, Step
from dialer.model.events import AgentTransferred, AgentTransferredOut
from dialer.model.moment import Moment
from dialer.model.third import Refused


def transferred(floor: Floor, event: AgentTransferred, now: Moment) -> None:
    """To an agent who is free on the same switch; else nothing changes and the talk goes on."""
    found, target = conversation(floor, event), floor.agents.get(event.to_agent_id)
    if found is None or found[1].state not in ALONE_WITH_AGENT:
        return
    agent, call = found
    if target is None or not target.is_free or target.node != call.node:
        floor.show_agent(agent, now, Refused.NOT_FREE)
        return
    note_debt(call, agent)
    floor.calls.fire(call, CallTrigger.LOSE_AGENT)
    call.agent_id = target.agent_id
    note_step(floor, call, Step.TALK, now, first=agent.agent_id)
    call.agent_id = None
    wait_for_agent(floor, call, now)
    let_giver_go(floor, agent, now)
    connect(floor, call, target, now)
    call.is_handed_over = True
    giver = floor.agents.get(agent.agent_id)
    if giver is not None:
        became_free(floor, giver, now)


def transferred_out(floor: Floor, event: AgentTransferredOut, now: Moment) -> None:
    """To a destination of the campaign's list: the customer hears music until it answers."""
    found = conversation(floor, event)
    if found is None or found[1].state not in ALONE_WITH_AGENT or found[1].is_resuming:
        return
    agent, call = found
    refused = call_destination(floor, call, event.destination, now)
    if refused is not None:
        floor.show_agent(agent, now, refused)
        return
    if call.state is CallState.CONNECTED:
        floor.out.append(ParkLeg(call.node, call.leg_id))
    entrust(floor, call, agent, now)


def let_giver_go(floor: Floor, agent: Agent, now: Moment) -> None:
    """Another one is to talk: ready for the next call, or what he asked for meanwhile."""
    learned = floor.pacing.learned
    learned.ended(learned.talks, agent.since, now.mono)
    unmute(floor, agent)
    floor.move_agent(agent, AgentTrigger.CALL_ENDED, now)
    end_wrap_up(floor, agent, now, is_ready_after=True)
