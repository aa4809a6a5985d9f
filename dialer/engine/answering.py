"""From the answer to the conversation: the two-second clock, the agent, the bridge."""

from dialer.engine.broadcast import announce, message_ended, opted_out
from dialer.engine.closing import SIP_OK, close_call, is_assistant
from dialer.engine.control import (
    held_leg_parked,
    play_message,
    record,
    record_if_all_are,
    stop_music,
)
from dialer.engine.dialing import pace_on_event
from dialer.engine.floor import Floor
from dialer.engine.reserving import release, reserve
from dialer.engine.verdicts import begin_screening
from dialer.engine.ways_out import goes_on_elsewhere, reached
from dialer.model.agent import Agent, AgentState, AgentTrigger, PhoneState
from dialer.model.call import Call, CallState, CallTrigger
from dialer.model.commands import BridgeLegs, HangUpLeg, NoteAttempt, PlayNotice, PlaySound
from dialer.model.events import (
    BridgeFailed,
    LegAnswered,
    LegEnded,
    LegParked,
    LegPlayed,
    LegPressed,
    LegsBridged,
)
from dialer.model.ids import AttemptId
from dialer.model.moment import Moment
from dialer.policy.broadcast import AGENT_KEY
from dialer.policy.routing import choose_agent, in_order_of_wait

CONVERSATION = frozenset(
    {CallState.CONNECTED, CallState.HELD, CallState.CONSULTING, CallState.TAKEN_OVER}
)
"""States in which the customer has been talking: losing the agent begins a new wait."""
BRIDGE_LIMIT_S = 3.0
"""A bridge that the switch has not confirmed by then is given up."""
SETTLE_S = 0.3
"""After an agent's phone dropped, the switch parks the customer's leg before it can be bridged."""

ON_HOLD = frozenset({CallState.HELD, CallState.CONSULTING, CallState.ENTRUSTED})
"""States in which the customer, alone, hears music."""


def customer_answered(floor: Floor, call: Call, now: Moment) -> None:
    """A person (or a machine) picked up: the clock starts."""
    floor.calls.fire(call, CallTrigger.ANSWER)
    call.answered_at = now.mono
    reached(floor, call)
    floor.tally.n_answered += 1
    floor.out.append(NoteAttempt(call.attempt_id, answered_at=now.utc))
    if call.screening is not None:
        begin_screening(floor, call, now)
        return
    if (trial := floor.trials.pop(call.attempt_id, None)) is not None:
        floor.pacing.learned.answered(trial, now.mono)
    if call.is_broadcast:
        announce(floor, call, now)
        return
    wait_for_agent(floor, call, now)
    _join_owner(floor, call, now)
    connect_waiting(floor, now)
    pace_on_event(floor, now)


def leg_pressed(floor: Floor, event: LegPressed, now: Moment) -> None:
    """Keys mean something to a broadcast only; others are for the agent's ears."""
    call = floor.calls.of_leg(event.leg_id)
    if call is None or call.state is not CallState.ANNOUNCING:
        return
    if not opted_out(floor, call, event.digit, now) and event.digit == AGENT_KEY:
        floor.calls.fire(call, CallTrigger.ASK)
        floor.out.append(PlaySound(call.node, call.leg_id, ""))
        wait_for_agent(floor, call, now)
        connect_waiting(floor, now)


def wait_for_agent(floor: Floor, call: Call, now: Moment, since: float | None = None) -> None:
    """Start the wait and its limit."""
    call.waiting_since = now.mono if since is None else since
    limit = call.waiting_since + floor.campaign.answer_limit_s
    floor.deadlines.ask(max(limit, now.mono), "wait", call.attempt_id)


def connect_waiting(floor: Floor, now: Moment) -> None:
    """Give the pool's waiting calls to free agents of the same switch, longest waiting first."""
    waiting = [call for call in floor.pool.waiting() if call.settles_at <= now.mono]
    for call in in_order_of_wait(waiting):
        agent = choose_agent(floor.agents.free_on(call.node))
        if agent is not None:
            connect(floor.pool.floor_of(call), call, agent, now)


def became_free(floor: Floor, agent: Agent, now: Moment) -> None:
    """A free agent takes the longest waiting caller, else changes how many to dial."""
    if agent.is_free:
        connect_waiting(floor, now)
        pace_on_event(floor, now)


def wait_expired(floor: Floor, key: str, now: Moment) -> None:
    """No agent in time: the person hears who called, and the call counts as abandoned."""
    call = floor.calls.of_attempt(AttemptId(key))
    if call is None or call.state is not CallState.WAITING or call.waiting_since is None:
        return
    if now.mono < call.waiting_since + floor.campaign.answer_limit_s:
        return  # it waits again, under a later limit
    floor.calls.fire(call, CallTrigger.EXPIRE)
    call.notice_at = now.mono
    if call.bridged_at is None and not is_assistant(call):
        floor.ledger.abandon()
    floor.out.append(PlayNotice(call.node, call.leg_id, floor.campaign.notice))
    floor.deadlines.ask(now.mono + floor.campaign.notice_limit_s, "notice", key)


def notice_expired(floor: Floor, key: str, now: Moment) -> None:
    """The notice did not end by itself; asked for again until the leg is gone."""
    call = floor.calls.of_attempt(AttemptId(key))
    if call is not None and call.state is CallState.PLAYING:
        floor.out.append(HangUpLeg(call.node, call.leg_id))
        floor.deadlines.ask(now.mono + floor.campaign.notice_limit_s, "notice", key)


def leg_played(floor: Floor, event: LegPlayed, now: Moment) -> None:
    message_ended(floor, event, now)
    call = floor.calls.of_leg(event.leg_id)
    if call is None or call.state is not CallState.PLAYING:
        return
    if call.message:
        play_message(floor, call)  # what ended is the music
    else:
        floor.out.append(HangUpLeg(call.node, call.leg_id))


def legs_bridged(floor: Floor, event: LegsBridged, now: Moment) -> None:
    call = floor.calls.of_leg(event.leg_id) or floor.calls.of_leg(event.other_leg_id)
    agent = floor.agents.get(call.agent_id) if call else None
    if call is None or agent is None or agent.attempt_id != call.attempt_id:
        return
    if agent.leg_id not in (event.leg_id, event.other_leg_id):
        return  # a bridge that was given up came about: the one asked for since replaces it
    was_held = call.state is CallState.HELD
    call.is_handed_over = call.is_resuming = False
    floor.calls.fire(call, CallTrigger.BRIDGE)
    if call.records_again:
        call.records_again = False
        record(floor, call, now, is_on=True)
    if was_held:
        floor.show_agent(agent, now)
        return
    if call.bridged_at is None:
        _first_bridge(floor, call, agent, now)
    call.talked_to, call.owed_by = agent.agent_id, None
    floor.move_agent(agent, AgentTrigger.CONNECT, now)
    floor.tally.n_handled[agent.agent_id] += 1
    floor.out.append(
        NoteAttempt(
            call.attempt_id, bridged_at=now.utc_at(call.bridged_at or now.mono),
            agent_id=agent.agent_id,
        )
    )  # fmt: skip


def bridge_failed(floor: Floor, event: BridgeFailed, now: Moment) -> None:
    call = floor.calls.of_leg(event.customer_leg_id)
    if call is not None and call.state is CallState.CONNECTING:
        _unreserve(floor, call, now)


def bridge_expired(floor: Floor, key: str, now: Moment) -> None:
    """The switch never confirmed the bridge."""
    call = floor.calls.of_attempt(AttemptId(key))
    if call is None or call.state is not CallState.CONNECTING:
        return
    if call.waiting_since is not None and now.mono >= call.connecting_at + BRIDGE_LIMIT_S:
        _unreserve(floor, call, now)


def lose_agent(floor: Floor, call: Call, now: Moment) -> None:
    """The agent's phone is gone: the customer's leg lives and waits for another agent.

    After a conversation, or a hand-over that failed, the wait begins anew. Before it the first
    limit holds, which may have passed while the bridge was under way: then the notice is due now.
    """
    was_talking = call.state in CONVERSATION or call.is_handed_over
    if call.state in ON_HOLD:
        stop_music(floor, call)
    call.is_handed_over = False
    floor.calls.fire(call, CallTrigger.LOSE_AGENT)
    call.agent_id = None
    if was_talking:
        settle(floor, call, now)
        wait_for_agent(floor, call, now)
    else:
        limit = (call.waiting_since or now.mono) + floor.campaign.answer_limit_s
        floor.deadlines.ask(max(limit, now.mono), "wait", call.attempt_id)


def settle(floor: Floor, call: Call, now: Moment) -> None:
    """Do not bridge for a moment: the switch parks the leg, or has just failed to bridge it."""
    call.settles_at = now.mono + SETTLE_S
    floor.deadlines.ask(call.settles_at, "settle", call.attempt_id)


def leg_parked(floor: Floor, event: LegParked, now: Moment) -> None:
    call = floor.calls.of_leg(event.leg_id)
    if call is None:
        return
    if call.state is CallState.WAITING and call.settles_at > now.mono:
        call.settles_at = now.mono
        connect_waiting(floor, now)
    elif call.state in ON_HOLD:
        held_leg_parked(floor, call)
    elif call.state is CallState.PLAYING:
        play_message(floor, call)


def settled(floor: Floor, key: str, now: Moment) -> None:
    """The time that a dropped customer's leg needs to park is over."""
    connect_waiting(floor, now)


def customer_ended(floor: Floor, call: Call, event: LegEnded, now: Moment) -> None:
    if event.sip_status != SIP_OK and goes_on_elsewhere(floor, call, event.cause, now):
        return
    close_call(floor, call, event.cause, event.sip_status, now)
    connect_waiting(floor, now)
    pace_on_event(floor, now)


def customer_leg_answered(floor: Floor, event: LegAnswered, now: Moment) -> None:
    call = floor.calls.of_leg(event.leg_id)
    if call is not None:
        customer_answered(floor, call, now)


def connect(floor: Floor, call: Call, agent: Agent, now: Moment) -> None:
    """Reserve the agent for the call, ask for the bridge and show the lead.

    The agent is free, or in wrap-up of this very call, which comes back to him.
    """
    is_free = agent.state is AgentState.READY
    if is_free:
        floor.tally.count_ready_wait(now.mono - (agent.ready_since or now.mono))
    _join(floor, call, agent, now)
    reserve(floor, agent, call, now, AgentTrigger.RESERVE if is_free else AgentTrigger.TAKE_BACK)


def _join(floor: Floor, call: Call, agent: Agent, now: Moment) -> None:
    """Ask the switch for the bridge; it has a limit of its own."""
    assert agent.leg_id is not None  # an agent without a leg is given no call
    floor.calls.fire(call, CallTrigger.RESERVE)
    call.agent_id, call.connecting_at = agent.agent_id, now.mono
    floor.out.append(BridgeLegs(call.node, call.leg_id, agent.leg_id))
    floor.deadlines.ask(now.mono + BRIDGE_LIMIT_S, "bridge", call.attempt_id)


def _join_owner(floor: Floor, call: Call, now: Moment) -> None:
    """Whoever placed the call himself has waited for it. Only without his phone is it others'."""
    owner, call.agent_id = floor.agents.get(call.agent_id), None
    if owner is None or owner.attempt_id != call.attempt_id:
        return
    if owner.phone is PhoneState.UP and owner.node == call.node:
        _join(floor, call, owner, now)
    else:
        release(floor, owner, now)


def _first_bridge(floor: Floor, call: Call, agent: Agent, now: Moment) -> None:
    """Served in time, or too late: the latter is abandoned to the law though they talk.

    A machine met too late stays abandoned, as in the store: no served answer is taken back.
    """
    call.bridged_at = now.mono
    floor.tally.n_bridged += 1
    record_if_all_are(floor, call, now)
    waited = now.mono - (call.greeted_at if call.greeted_at is not None else now.mono)
    if waited > floor.campaign.answer_limit_s:
        floor.ledger.abandon()
        floor.settled.add(call.attempt_id)
    else:
        floor.ledger.serve()


def _unreserve(floor: Floor, call: Call, now: Moment) -> None:
    """The bridge did not come about: agent and caller are free for others again."""
    agent = floor.agents.get(call.agent_id)
    lose_agent(floor, call, now)
    settle(floor, call, now)
    if agent is not None and agent.attempt_id == call.attempt_id:
        release(floor, agent, now)
    connect_waiting(floor, now)
