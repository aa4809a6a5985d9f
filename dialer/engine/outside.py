"""The customer goes to an outside number and no agent keeps him: given out, back again, or away.

From the agent's press on nobody owns the conversation, so each way out has a rule: nobody answers
there, and the customer comes back to the giver while that one still fills in the form (or is free),
else to the next free agent under a new limit; somebody answers, and the call stays in the books,
without an agent, until one of the two hangs up or the longest time is over.
"""

from dialer.engine.answering import connect, connect_waiting, wait_for_agent
from dialer.engine.control import record, stop_music
from dialer.engine.floor import Floor
from dialer.engine.third import JOIN_LIMIT_S, let_go, note_step, watch
from dialer.engine.wrapping import begin_wrap_up
from dialer.model.agent import Agent, AgentState, PhoneState
from dialer.model.call import Call, CallState, CallTrigger, RecordingState
from dialer.model.commands import BridgeLegs, HangUpLeg, NoteAttempt, Step
from dialer.model.ids import AttemptId
from dialer.model.moment import Moment
from dialer.model.third import ThirdTrigger

OUTSIDE_LIMIT_S = 2 * 3600.0
"""A line that nobody of ours hears is not left open for ever."""
HANG_UP_RETRY_S = 10.0


def entrust(floor: Floor, call: Call, giver: Agent, now: Moment) -> None:
    """The agent lets go of the customer; the form is his to fill in, for he served him last.

    What is said from now on is none of ours to record: the file holds silence.
    """
    floor.calls.fire(call, CallTrigger.ENTRUST)
    call.giver_id, call.agent_id, call.entrusted_at = giver.agent_id, None, now.mono
    if call.recording is RecordingState.ON:
        call.records_again = True
        record(floor, call, now, is_on=False)
    note_step(floor, call, Step.ENTRUSTED, now)
    learned = floor.pacing.learned
    learned.ended(learned.talks, giver.since, now.mono)
    begin_wrap_up(floor, giver, now)


def join_customer(floor: Floor, call: Call, trigger: ThirdTrigger, now: Moment) -> None:
    """The outside leg is up: join it with the customer's."""
    assert call.third is not None
    call.third.fire(trigger, now.mono)
    floor.out.append(BridgeLegs(call.node, call.leg_id, call.third.leg_id))
    watch(floor, call, JOIN_LIMIT_S, now)


def joined(floor: Floor, call: Call, now: Moment) -> None:
    """Customer and outside party talk."""
    floor.calls.fire(call, CallTrigger.BRIDGE)
    assert call.third is not None
    call.third.fire(ThirdTrigger.JOIN, now.mono)
    note_step(floor, call, Step.OUTSIDE, now)
    entrusted_at = now.utc_at(call.entrusted_at if call.entrusted_at is not None else now.mono)
    floor.out.append(NoteAttempt(call.attempt_id, entrusted_at=entrusted_at))
    floor.deadlines.ask(now.mono + OUTSIDE_LIMIT_S, "outside", call.attempt_id)


def take_back(floor: Floor, call: Call, now: Moment, *, is_gone: bool = False) -> None:
    """Nobody there: the giver, as long as this call holds him or none does; else who is free."""
    giver = floor.agents.get(call.giver_id)
    let_go(floor, call, now, is_gone=is_gone)
    stop_music(floor, call)
    floor.calls.fire(call, CallTrigger.TAKE_BACK)
    call.giver_id = call.entrusted_at = None
    note_step(floor, call, Step.ALONE, now)
    wait_for_agent(floor, call, now)
    if giver is not None and _may_take_back(giver, call):
        connect(floor, call, giver, now)
        call.is_handed_over = True
    connect_waiting(floor, now)


def _may_take_back(giver: Agent, call: Call) -> bool:
    is_at_its_form = giver.state is AgentState.WRAP_UP and giver.attempt_id == call.attempt_id
    can_hear = giver.phone is PhoneState.UP and giver.node == call.node
    return can_hear and (giver.is_free or (is_at_its_form and not giver.is_leaving))


def left(floor: Floor, call: Call, now: Moment) -> None:
    """The outside party hung up: the conversation is over, for the customer too."""
    let_go(floor, call, now, is_gone=True)
    _hang_up(floor, call, now)


def limit_reached(floor: Floor, key: str, now: Moment) -> None:
    """Too long, or a hang-up that the switch did not confirm."""
    call = floor.calls.of_attempt(AttemptId(key))
    if call is None or call.state is not CallState.OUTSIDE:
        return
    third = call.third
    if third is None or now.mono >= third.since + OUTSIDE_LIMIT_S:
        _hang_up(floor, call, now)


def _hang_up(floor: Floor, call: Call, now: Moment) -> None:
    floor.out.append(HangUpLeg(call.node, call.leg_id))
    floor.deadlines.ask(now.mono + HANG_UP_RETRY_S, "outside", call.attempt_id)
