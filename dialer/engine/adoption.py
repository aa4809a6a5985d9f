"""Taking over from an earlier run of the controller: its calls and its agents go on.

Agents come first (`AgentAdopted`), then calls (`CallAdopted`), so that a conversation finds its
agent. A call whose leg is gone is closed with what is known of it; one that waits for an agent
has waited too long already and hears the notice. A consultation is over: the customer is on hold
for his agent; a customer who talks with an outside party goes on.
"""

import math

from dialer.engine.answering import wait_for_agent
from dialer.engine.books import IN_FLIGHT
from dialer.engine.broadcast import announce_over, is_broadcast
from dialer.engine.closing import close_call, is_abandoned
from dialer.engine.control import keep_on_hold, record_if_all_are
from dialer.engine.floor import Floor
from dialer.engine.outside import OUTSIDE_LIMIT_S
from dialer.engine.phones import call_phone
from dialer.engine.placing import REAP_AFTER_S
from dialer.engine.reserving import pop_of
from dialer.engine.wrapping import unmute
from dialer.model.agent import Agent, AgentState, AgentTrigger, PhoneState
from dialer.model.call import Call, CallState, CallTrigger
from dialer.model.events import AgentAdopted, CallAdopted, SupervisionAdopted
from dialer.model.moment import Moment
from dialer.model.supervision import Supervision, SupervisionMode, SupervisionState
from dialer.model.third import Third, ThirdState

GONE_WHILE_TALKING = "NORMAL_CLEARING"


def agent_adopted(floor: Floor, event: AgentAdopted, now: Moment) -> None:
    """Seat the agent as stored; a leg that still stands is kept, a lost one is called back."""
    if floor.agents.get(event.agent_id) is not None:
        return
    agent = Agent(
        agent_id=event.agent_id,
        campaign_id=event.campaign_id,
        name=event.name,
        phone_address=event.phone_address,
        phone_kind=event.phone_kind,
        node=event.node,
        since=now.mono,
        state=AgentState.READY if event.was_ready else AgentState.PAUSED,
        pause_code=event.pause_code,
        attempt_id=event.attempt_id,
    )
    agent.ready_since = now.mono if event.was_ready else None
    floor.agents.add(agent)
    if event.leg_id is None:
        call_phone(floor, agent, now)
    else:
        floor.agents.plug(agent, event.leg_id)
        floor.agents.set_phone(agent, PhoneState.UP)
        agent.is_muted = event.is_muted
        if agent.attempt_id is None:
            unmute(floor, agent)
        floor.show_agent(agent, now)


def call_adopted(floor: Floor, event: CallAdopted, now: Moment) -> None:
    """Put the call on the floor where it stands, or close it when its leg is gone."""
    if floor.calls.of_attempt(event.attempt_id) is not None:
        return
    call = _call(event, now)
    call.is_broadcast = is_broadcast(floor, call)
    _count_silence(floor, call, event, now)
    floor.calls.add(call)
    _occupy_trunk(floor, call)
    _count_answer(floor, call)
    _seat_conversation(floor, call, now)
    _seat_outsider(floor, call, event, now)
    if not event.is_live:
        close_call(floor, call, _cause(call), None, now)
    elif call.state is CallState.WAITING and call.is_broadcast:
        floor.calls.fire(call, CallTrigger.ANNOUNCE)
        announce_over(floor, call.attempt_id, now)  # how much he has heard is not known
    elif call.state is CallState.WAITING:
        wait_for_agent(floor, call, now)
    elif call.state is CallState.HELD:
        keep_on_hold(floor, call, now)
    elif call.state is CallState.CONNECTED:
        record_if_all_are(floor, call, now)
    elif call.state in (CallState.DIALING, CallState.RINGING):
        left = max(floor.campaign.ring_timeout_s - event.dialed_ago_s, 0.0) + REAP_AFTER_S
        floor.deadlines.ask(now.mono + left, "reap", call.attempt_id)


def _occupy_trunk(floor: Floor, call: Call) -> None:
    """A trunk takes so many calls at once, whoever has placed them; the call's end frees it."""
    trunk = floor.nodes.get(call.node).trunk(call.trunk)
    if trunk is not None:
        trunk.adopt()


def supervision_adopted(floor: Floor, event: SupervisionAdopted, now: Moment) -> None:
    """Whoever has a customer keeps him; of supervisors who only listened nothing is left."""
    call = floor.calls.of_attempt(event.attempt_id)
    if call is None or call.state is not CallState.TAKEN_OVER:
        return
    supervision = Supervision(
        supervision_id=event.supervision_id,
        supervisor_id=event.supervisor_id,
        name=event.name,
        phone_address=event.phone_address,
        phone_kind=event.phone_kind,
        campaign_id=event.campaign_id,
        node=event.node,
        agent_id=event.agent_id,
        attempt_id=event.attempt_id,
        mode=SupervisionMode.TAKE_OVER,
        since=now.mono,
        until=math.inf,
        state=SupervisionState.TAKEN_OVER,
        is_answered=True,
    )
    floor.supervisions.add(supervision)
    floor.supervisions.plug(supervision, event.leg_id)


def _count_silence(floor: Floor, call: Call, event: CallAdopted, now: Moment) -> None:
    """A person who was answered by nobody while no controller ran was abandoned, to the law."""
    if event.is_live or call.is_broadcast:
        return
    if call.answered_at is not None and call.bridged_at is None:
        call.state, call.notice_at = CallState.PLAYING, now.mono
        floor.ledger.abandon()


def _count_answer(floor: Floor, call: Call) -> None:
    """A conversation that goes on is in no history yet: that holds closed calls only."""
    if call.bridged_at is None or call.answered_at is None:
        return
    if is_abandoned(call, floor.campaign.answer_limit_s):
        floor.ledger.abandon()
    else:
        floor.ledger.serve()


def _call(event: CallAdopted, now: Moment) -> Call:
    return Call(
        attempt_id=event.attempt_id,
        leg_id=event.leg_id,
        campaign_id=event.campaign_id,
        lead=event.lead,
        node=event.node,
        dialed_at=now.mono - event.dialed_ago_s,
        state=event.state,
        answered_at=_ago(event.answered_ago_s, now),
        bridged_at=_ago(event.bridged_ago_s, now),
        agent_id=None if event.outside_leg_id else event.agent_id,
        talked_to=event.agent_id if event.bridged_ago_s is not None else None,
        giver_id=event.agent_id if event.outside_leg_id else None,
        entrusted_at=_ago(event.entrusted_ago_s, now),
        has_steps=event.outside_leg_id is not None,
        recording=event.recording,
        trunk=event.trunk,
    )


def _ago(seconds: float | None, now: Moment) -> float | None:
    return None if seconds is None else now.mono - seconds


def _cause(call: Call) -> str:
    return GONE_WHILE_TALKING if call.answered_at is not None else "LOST"


def _seat_conversation(floor: Floor, call: Call, now: Moment) -> None:
    """The agent of a conversation is TALKING; if it ended meanwhile, wrap-up waits for him.

    His desk is told again whom it is with: the earlier run may have died before it said so.
    """
    if call.state in IN_FLIGHT:
        _seat_owner(floor, call, now)
    agent = floor.agents.get(call.agent_id)
    if agent is None or call.state not in (CallState.CONNECTED, CallState.HELD):
        return
    agent.attempt_id, agent.pause_code = call.attempt_id, ""
    if is_abandoned(call, floor.campaign.answer_limit_s):
        floor.settled.add(call.attempt_id)
    floor.out.append(pop_of(floor, call, agent, now))
    if agent.state is AgentState.PAUSED:
        floor.move_agent(agent, AgentTrigger.GET_READY, now)
    if agent.state is AgentState.READY:
        floor.move_agent(agent, AgentTrigger.RESERVE, now)
        floor.move_agent(agent, AgentTrigger.CONNECT, now)


def _seat_outsider(floor: Floor, call: Call, event: CallAdopted, now: Moment) -> None:
    """Customer and outside party talk on; their time goes on counting."""
    if event.outside_leg_id is None or call.entrusted_at is None:
        return
    third = Third(
        event.outside_leg_id, event.outside_name, call.entrusted_at, state=ThirdState.TALKING
    )
    floor.calls.bring(call, third)
    limit = max(call.entrusted_at + OUTSIDE_LIMIT_S, now.mono)
    floor.deadlines.ask(limit, "outside", call.attempt_id)


def _seat_owner(floor: Floor, call: Call, now: Moment) -> None:
    """Who placed the call himself goes on waiting for it; without him it is for anybody."""
    agent = floor.agents.get(call.agent_id)
    if agent is None or agent.attempt_id is not None:
        call.agent_id = None
        return
    if agent.state is AgentState.PAUSED:  # his own choice, out of a pause to which he returns
        agent.wants_pause, agent.pause_code = agent.pause_code, ""
        floor.move_agent(agent, AgentTrigger.PREVIEW, now)
    agent.attempt_id = call.attempt_id
    floor.out.append(pop_of(floor, call, agent, now))
    floor.move_agent(agent, AgentTrigger.RESERVE, now)
