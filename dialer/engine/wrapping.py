"""After the talk: wrap-up until the disposition is in, then ready, pause or home."""

from dialer.engine.auditing import tell_audit
from dialer.engine.floor import Floor
from dialer.engine.offering import withdraw
from dialer.engine.reserving import leave
from dialer.model.agent import Agent, AgentState, AgentTrigger
from dialer.model.call import Call
from dialer.model.commands import MuteLeg
from dialer.model.events import AgentDisposed
from dialer.model.ids import AgentId
from dialer.model.moment import Moment

OVERRUN_CODE = "WRAP_UP_OVERRUN"
"""Pause code of an agent whose wrap-up lasted too long."""


def begin_wrap_up(floor: Floor, agent: Agent, now: Moment) -> None:
    """The conversation is over; a disposition given during it ends wrap-up at once."""
    unmute(floor, agent)
    floor.move_agent(agent, AgentTrigger.CALL_ENDED, now)
    if agent.disposed_ready is not None:
        end_wrap_up(floor, agent, now, agent.disposed_ready)
    else:
        limit = now.mono + floor.campaign.wrap_up_limit_s
        floor.deadlines.ask(limit, "overrun", f"{agent.agent_id}/{agent.attempt_id}")


def unmute(floor: Floor, agent: Agent) -> None:
    """The next customer must hear the agent: mute ends with the conversation."""
    if agent.is_muted and agent.leg_id is not None:
        floor.out.append(MuteLeg(agent.node, agent.leg_id, is_on=False))
    agent.is_muted = False


def agent_disposed(floor: Floor, event: AgentDisposed, now: Moment) -> None:
    tell_audit(floor, event, now)
    agent = floor.agents.get(event.agent_id)
    if agent is None or agent.attempt_id != event.attempt_id:
        return  # an amendment of an earlier attempt: the store has it, the floor does not care
    if event.is_machine and event.attempt_id not in floor.settled:
        floor.settled.add(event.attempt_id)
        floor.ledger.found_machine()
    if agent.state is AgentState.WRAP_UP:
        end_wrap_up(floor, agent, now, event.is_ready_after)
    elif agent.state is AgentState.TALKING:
        agent.disposed_ready = event.is_ready_after
    elif agent.state is AgentState.PAUSED:
        _clear(agent)  # disposed of after an overrun
        if event.is_ready_after:
            agent.pause_code = ""
            floor.move_agent(agent, AgentTrigger.GET_READY, now)
        else:
            floor.show_agent(agent, now)


def end_wrap_up(floor: Floor, agent: Agent, now: Moment, is_ready_after: bool) -> None:
    """Leave wrap-up for what the agent asked: home, a pause, or the next call."""
    learned = floor.pacing.learned
    learned.ended(learned.wraps, agent.since, now.mono)
    _go_on(floor, agent, now, is_ready_after)


def stop_consulting(floor: Floor, agent: Agent, now: Moment) -> None:
    """A colleague asked him something and let him go: nothing is owed, nothing is learnt."""
    unmute(floor, agent)
    floor.move_agent(agent, AgentTrigger.CALL_ENDED, now)
    _go_on(floor, agent, now, is_ready_after=True)


def _go_on(floor: Floor, agent: Agent, now: Moment, is_ready_after: bool) -> None:
    _clear(agent)
    if agent.is_leaving:
        leave(floor, agent, now)
    elif agent.wants_pause is not None or not is_ready_after:
        agent.pause_code, agent.wants_pause = agent.wants_pause or "", None
        floor.move_agent(agent, AgentTrigger.PAUSE, now)
    else:
        floor.move_agent(agent, AgentTrigger.GET_READY, now)


def note_debt(call: Call, agent: Agent) -> None:
    """The agent lets go of a customer he talked to: somebody else may come to talk, or nobody."""
    if agent.state is AgentState.TALKING and agent.disposed_ready is None:
        call.owed_by = agent.agent_id


def ask_for_disposition(floor: Floor, call: Call, now: Moment) -> None:
    """The call is over and nobody came to talk after the agent who owes its disposition.

    He is asked as if the talk had ended just now; one who is away finds the form open, and one who
    has gone home, or talks to somebody else already, is not troubled.
    """
    agent = floor.agents.get(call.owed_by)
    if agent is None or agent.attempt_id is not None:
        return
    withdraw(floor, agent, now)  # what is owed comes before the next lead
    agent.attempt_id = call.attempt_id
    if agent.state is AgentState.READY:
        begin_wrap_up(floor, agent, now)
    else:
        floor.show_agent(agent, now)


def overrun(floor: Floor, key: str, now: Moment) -> None:
    """Wrap-up lasted too long: pause, and keep the form open for its disposition."""
    agent_id, _, attempt_id = key.partition("/")
    agent = floor.agents.get(AgentId(int(agent_id)))
    if agent is None or agent.attempt_id != attempt_id or agent.state is not AgentState.WRAP_UP:
        return
    learned = floor.pacing.learned
    learned.ended(learned.wraps, agent.since, now.mono)
    if agent.is_leaving:
        leave(floor, agent, now)
        return
    agent.pause_code, agent.wants_pause = agent.wants_pause or OVERRUN_CODE, None
    floor.move_agent(agent, AgentTrigger.OVERRUN, now)


def _clear(agent: Agent) -> None:
    agent.attempt_id = None
    agent.disposed_ready = None
    agent.met_machine = False
