"""What an agent does to a call in progress: hold, mute, keys, recordings, a message for a machine.

Every act names its call; one that comes late, or for somebody else's call, is dropped. Hold is
done with bridges alone (the customer's leg is parked with music, then joined again), so it works
with any phone and any carrier, and the customer survives whatever becomes of the agent.
"""

from collections.abc import Callable
from typing import Literal, Protocol

from dialer.engine.floor import Floor
from dialer.engine.wrapping import begin_wrap_up
from dialer.model.agent import Agent, AgentState
from dialer.model.alarm import AlarmCode
from dialer.model.call import Call, CallState, CallTrigger, RecordingState
from dialer.model.campaign import RecordingMode
from dialer.model.commands import (
    BridgeLegs,
    MuteLeg,
    NoteRecording,
    ParkLeg,
    PlaySound,
    RaiseAlarm,
    RecordLeg,
    SendDigits,
)
from dialer.model.events import (
    AgentAskedHold,
    AgentAskedMute,
    AgentAskedRecording,
    AgentDroppedMessage,
    AgentPlayed,
    AgentSentDigits,
    ControlFailed,
)
from dialer.model.ids import AgentId, AttemptId
from dialer.model.moment import Moment

HOLD_LIMIT_S = 180.0
"""Nobody is forgotten on hold: after so long the legs are joined again unasked."""
RESUME_RETRY_S = 3.0
HOLD_MUSIC = "hold_music"
"""Name of the recording; a switch that has none of it lets the customer wait in silence."""
KEYS = frozenset("0123456789ABCD*#")
MAX_KEYS = 32


ALONE_WITH_AGENT = frozenset({CallState.CONNECTED, CallState.HELD})
"""States in which nobody but agent and customer is in the call."""


class Act(Protocol):
    """What every act of an agent on a call says."""

    @property
    def agent_id(self) -> AgentId: ...
    @property
    def attempt_id(self) -> AttemptId: ...


def conversation(floor: Floor, act: Act) -> tuple[Agent, Call] | None:
    """The agent and the call that `act` is about; None when that conversation is over."""
    agent, call = floor.agents.get(act.agent_id), floor.calls.of_attempt(act.attempt_id)
    if agent is None or call is None or agent.attempt_id != act.attempt_id:
        return None
    is_theirs = agent.state is AgentState.TALKING and call.agent_id == agent.agent_id
    return (agent, call) if is_theirs else None


# --- hold ----------------------------------------------------------------------------------------


def asked_hold(floor: Floor, event: AgentAskedHold, now: Moment) -> None:
    """Hold parks the customer's leg; coming back joins the legs, and the switch confirms it."""
    found = conversation(floor, event)
    if found is None:
        return
    agent, call = found
    if event.is_on and call.state is CallState.CONNECTED:
        floor.calls.fire(call, CallTrigger.HOLD)
        floor.out.append(ParkLeg(call.node, call.leg_id))
        keep_on_hold(floor, call, now)
        floor.show_agent(agent, now)
    elif not event.is_on and call.state is CallState.HELD:
        resume(floor, call, agent, now)


def keep_on_hold(floor: Floor, call: Call, now: Moment) -> None:
    """The customer waits alone for the agent, for so long and no longer."""
    call.held_until, call.is_resuming = now.mono + HOLD_LIMIT_S, False
    floor.deadlines.ask(call.held_until, "hold", call.attempt_id)


def hold_expired(floor: Floor, key: str, now: Moment) -> None:
    """On hold for too long, or a bridge back that was not confirmed: join the legs (again)."""
    call = floor.calls.of_attempt(AttemptId(key))
    if call is None or call.state is not CallState.HELD or call.held_until is None:
        return
    agent = floor.agents.get(call.agent_id)
    if agent is not None and now.mono >= call.held_until:
        resume(floor, call, agent, now)


def held_leg_parked(floor: Floor, call: Call) -> None:
    """The customer is alone: music, unless his leg is about to be joined with another."""
    if not call.is_resuming:
        floor.out.append(PlaySound(call.node, call.leg_id, HOLD_MUSIC, is_endless=True))


def stop_music(floor: Floor, call: Call) -> None:
    """What comes next is heard at once: a notice that is asked for waits behind the music."""
    floor.out.append(PlaySound(call.node, call.leg_id, ""))


def resume(floor: Floor, call: Call, agent: Agent, now: Moment) -> None:
    """Join the customer on hold with the agent; asked for again until the switch confirms it."""
    if agent.leg_id is None:
        return
    call.is_returning = False
    call.is_resuming, call.held_until = True, now.mono + RESUME_RETRY_S
    floor.out.append(BridgeLegs(call.node, call.leg_id, agent.leg_id))
    floor.deadlines.ask(call.held_until, "hold", call.attempt_id)


# --- the agent's voice, and keys -----------------------------------------------------------------


def asked_mute(floor: Floor, event: AgentAskedMute, now: Moment) -> None:
    """Nobody hears the agent; ends with the conversation at the latest."""
    found = conversation(floor, event)
    if found is None or found[0].is_muted == event.is_on:
        return
    agent, _ = found
    if agent.leg_id is not None:
        agent.is_muted = event.is_on
        floor.out.append(MuteLeg(agent.node, agent.leg_id, event.is_on))
        floor.show_agent(agent, now)


def sent_digits(floor: Floor, event: AgentSentDigits, now: Moment) -> None:
    found = conversation(floor, event)
    is_keys = 0 < len(event.digits) <= MAX_KEYS and not set(event.digits) - KEYS
    if found is not None and is_keys:
        call = found[1]
        leg_id = call.third.leg_id if _hears_third(call) and call.third else call.leg_id
        floor.out.append(SendDigits(call.node, leg_id, event.digits))


def _hears_third(call: Call) -> bool:
    """An outside number may be a menu that wants keys before anybody is reached."""
    return call.state is CallState.CONSULTING and call.third is not None and call.third.is_outside


# --- recordings that are played ------------------------------------------------------------------


def played(floor: Floor, event: AgentPlayed, now: Moment) -> None:
    """Only recordings that the campaign names, and only while both talk."""
    found = conversation(floor, event)
    is_offered = not event.sound or event.sound in floor.campaign.sounds
    if found is not None and is_offered and found[1].state is CallState.CONNECTED:
        call = found[1]
        floor.out.append(PlaySound(call.node, call.leg_id, event.sound))


MESSAGE_LIMIT_S = 60.0
"""A message may be longer than a notice."""
MESSAGE_WAIT_S = 2.0


def dropped_message(floor: Floor, event: AgentDroppedMessage, now: Moment) -> None:
    """The agent goes to wrap-up at once; the customer's leg plays the message and is hung up.

    The message waits until the switch has parked the leg, or ended its music: asked for earlier
    it would play into the bridge, or behind the music. The limit ends the leg even if nothing
    more is heard of it.
    """
    found = conversation(floor, event)
    if found is None or not floor.campaign.machine_message:
        return
    agent, call = found
    if call.state not in ALONE_WITH_AGENT:
        return
    is_alone = call.state is CallState.HELD and not call.is_resuming
    floor.calls.fire(call, CallTrigger.DROP)
    call.message = floor.campaign.machine_message
    agent.met_machine = True
    if is_alone:  # to park it again would do nothing: the music has to end first
        floor.out.append(PlaySound(call.node, call.leg_id, ""))
    else:
        floor.out.append(ParkLeg(call.node, call.leg_id))
    floor.deadlines.ask(now.mono + MESSAGE_WAIT_S, "message", call.attempt_id)
    limit = now.mono + floor.campaign.notice_limit_s + MESSAGE_LIMIT_S
    floor.deadlines.ask(limit, "notice", call.attempt_id)
    learned = floor.pacing.learned
    learned.ended(learned.talks, agent.since, now.mono)
    begin_wrap_up(floor, agent, now)


def message_due(floor: Floor, key: str, now: Moment) -> None:
    """Neither a park nor the end of music was told (there was none): play it now."""
    call = floor.calls.of_attempt(AttemptId(key))
    if call is not None and call.state is CallState.PLAYING:
        play_message(floor, call)


def play_message(floor: Floor, call: Call) -> None:
    """The leg is alone: play what the agent left, once."""
    if call.message:
        floor.out.append(PlaySound(call.node, call.leg_id, call.message))
        call.message = ""


# --- recordings that are made --------------------------------------------------------------------

_NEXT: dict[tuple[RecordingState, bool], tuple[RecordingState, Literal["start", "mask", "unmask"]]]
_NEXT = {
    (RecordingState.OFF, True): (RecordingState.ON, "start"),
    (RecordingState.PAUSED, True): (RecordingState.ON, "unmask"),
    (RecordingState.ON, False): (RecordingState.PAUSED, "mask"),
}
"""(state, is wanted) to the next state and what the switch is asked; other pairs are no news."""


def asked_recording(floor: Floor, event: AgentAskedRecording, now: Moment) -> None:
    found = conversation(floor, event)
    if found is not None and floor.campaign.recording is not RecordingMode.OFF:
        record(floor, found[1], now, is_on=event.is_on)
        floor.show_agent(found[0], now)


def record_if_all_are(floor: Floor, call: Call, now: Moment) -> None:
    """A conversation has begun in a campaign that may record them all."""
    is_wanted = floor.campaign.recording is RecordingMode.ALWAYS
    if is_wanted and call.recording is RecordingState.OFF:
        record(floor, call, now, is_on=True)


def record(floor: Floor, call: Call, now: Moment, *, is_on: bool) -> None:
    """Start, pause or go on; the file is named by the attempt and ends with the leg."""
    step = _NEXT.get((call.recording, is_on))
    if step is None:
        return
    call.recording, action = step
    floor.out.append(RecordLeg(call.node, call.leg_id, call.attempt_id, action))
    floor.out.append(NoteRecording(call.attempt_id, call.node, call.recording, now.utc))


# --- what the switch did not do ------------------------------------------------------------------


def control_failed(floor: Floor, event: ControlFailed, now: Moment) -> None:
    """Screens must show what is, not what was hoped for; a supervisor hears of a lost recording."""
    undo = _UNDO.get(event.control)
    agent = floor.agents.of_leg(event.leg_id)
    call = floor.calls.of_leg(event.leg_id)
    if undo is not None:
        undo(floor, agent, call, now)
    agent = agent or floor.agents.get(call.agent_id if call else None)
    if agent is not None:
        floor.show_agent(agent, now)


def _unmuted(floor: Floor, agent: Agent | None, call: Call | None, now: Moment) -> None:
    if agent is not None:
        agent.is_muted = False


def _unrecorded(floor: Floor, agent: Agent | None, call: Call | None, now: Moment) -> None:
    """Neither started nor paused for certain: what is shown is that nothing is known to run."""
    if call is not None:
        call.recording = RecordingState.OFF
        code, detail = AlarmCode.RECORDING_FAILED, f"attempt {call.attempt_id}"
        floor.out.append(RaiseAlarm(call.campaign_id, code, detail, now.utc))
        floor.out.append(NoteRecording(call.attempt_id, call.node, call.recording, now.utc))


_UNDO: dict[str, Callable[[Floor, Agent | None, Call | None, Moment], None]] = {
    MuteLeg.__name__: _unmuted,
    RecordLeg.__name__: _unrecorded,
}
