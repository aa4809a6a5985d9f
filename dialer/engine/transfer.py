"""Giving a customer over to another agent, without a moment in which nobody is responsible.

The target is reserved in the same step in which the giver lets go, so no other call can take him.
When the bridge does not come about the customer waits under a new limit and the next free agent
gets him, the giver among them. Whoever ends the conversation disposes of it.
"""

from dialer.engine.answering import became_free, connect, wait_for_agent
from dialer.engine.control import conversation
from dialer.engine.floor import Floor
from dialer.engine.wrapping import end_wrap_up, note_debt, unmute
from dialer.model.agent import Agent, AgentTrigger
from dialer.model.call import CallTrigger
from dialer.model.events import AgentTransferred
from dialer.model.moment import Moment


def transferred(floor: Floor, event: AgentTransferred, now: Moment) -> None:
    """To an agent who is free on the same switch; else nothing changes and the talk goes on."""
    found, target = conversation(floor, event), floor.agents.get(event.to_agent_id)
    if found is None or target is None:
        return
    agent, call = found
    if not target.is_free or target.node != call.node:
        return
    note_debt(call, agent)
    call.fire(CallTrigger.LOSE_AGENT)
    call.agent_id = None
    is_counted = agent.is_machine_counted
    wait_for_agent(floor, call, now)
    _let_go(floor, agent, now)
    connect(floor, call, target, now)
    call.is_handed_over = True
    target.is_machine_counted = is_counted  # what the law counted stays with the call
    giver = floor.agents.get(agent.agent_id)
    if giver is not None:
        became_free(floor, giver, now)


def _let_go(floor: Floor, agent: Agent, now: Moment) -> None:
    """Another one is to talk: ready for the next call, or what he asked for meanwhile."""
    learned = floor.pacing.learned
    learned.ended(learned.talks, agent.since, now.mono)
    unmute(floor, agent)
    floor.move_agent(agent, AgentTrigger.CALL_ENDED, now)
    end_wrap_up(floor, agent, now, is_ready_after=True)
