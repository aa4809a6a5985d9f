"""What is told of calls that are listened to: verdicts, late findings, cues, and limits.

The limit here ends in UNSURE, whatever became of the audio: nobody waits in silence for a detector.
"""

from dataclasses import replace

from dialer.engine.answering import connect_waiting, wait_for_agent
from dialer.engine.broadcast import announce
from dialer.engine.dialing import pace_on_event
from dialer.engine.floor import Floor
from dialer.engine.verdicts import cue, cue_expired, judge, unheard
from dialer.model.call import Call, CallState
from dialer.model.commands import HangUpLeg
from dialer.model.events import LegAnnounced, LegAwaitsMessage, LegLooksMachine, LegScreened
from dialer.model.ids import AttemptId
from dialer.model.moment import Moment
from dialer.policy.screening import Course


def screened(floor: Floor, event: LegScreened, now: Moment) -> None:
    """It is known who answered, or that nobody will know."""
    call = floor.calls.of_leg(event.leg_id)
    if call is not None:
        _follow_verdict(floor, call, event, now)


def expired(floor: Floor, key: str, now: Moment) -> None:
    """No verdict in time, or no moment to speak to a machine."""
    call = floor.calls.of_attempt(AttemptId(key))
    if call is None or call.state is not CallState.SCREENING or call.screening is None:
        return
    if now.mono < call.screens_until:
        return  # another limit holds since
    if call.screening.verdict is None:
        _follow_verdict(floor, call, unheard(call), now)
    else:
        cue_expired(floor, call, now)


def awaits_message(floor: Floor, event: LegAwaitsMessage, now: Moment) -> None:
    call = floor.calls.of_leg(event.leg_id)
    if call is not None and cue(floor, call, event, now):
        _serve(floor, call, now)


def looks_machine(floor: Floor, event: LegLooksMachine, now: Moment) -> None:
    """The second look: the agent is told; nothing is done without him."""
    call = floor.calls.of_leg(event.leg_id)
    if call is None or call.screening is None or call.screening.looks_machine:
        return
    call.screening = replace(call.screening, looks_machine=True)
    floor.tally.n_late_machines += 1
    agent = floor.agents.get(call.agent_id)
    if agent is not None and agent.attempt_id == call.attempt_id:
        floor.show_agent(agent, now)


def announced(floor: Floor, event: LegAnnounced, now: Moment) -> None:
    """What is heard before the answer says how the call would end: it need not ring for longer."""
    call = floor.calls.of_leg(event.leg_id)
    if call is not None and call.state is CallState.RINGING and call.announced is None:
        call.announced = event.outcome
        floor.out.append(HangUpLeg(call.node, call.leg_id))


def _follow_verdict(floor: Floor, call: Call, verdict: LegScreened, now: Moment) -> None:
    course = judge(floor, call, verdict, now)
    if course is Course.AGENT:
        _serve(floor, call, now)
    elif course is not None:
        pace_on_event(floor, now)


def _serve(floor: Floor, call: Call, now: Moment) -> None:
    """To an agent, for whom the wait has begun already with the end of the greeting; whoever was
    called to hear a recorded message hears it."""
    if call.is_broadcast:
        announce(floor, call, now)
        return
    wait_for_agent(floor, call, now, since=call.greeted_at)
    connect_waiting(floor, now)
    pace_on_event(floor, now)
