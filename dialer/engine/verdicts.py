"""Who answered, and what is done about it: the steps of one call that is listened to.

Theory of operation. A call that was dialled to be listened to is SCREENING from its answer until
the verdict. A person, or whoever may be one, waits for an agent from the end of his greeting on. A
machine is hung up, or hears the campaign's message at its beep; a small share goes to agents all
the same, whose word keeps the audit. What the switch and the clock tell comes by engine/screening.
"""

from dataclasses import replace

from dialer.engine.floor import Floor
from dialer.model.amd import AmdProfile, Cause, Verdict
from dialer.model.call import Call, CallState, CallTrigger
from dialer.model.commands import HangUpLeg, PlaySound
from dialer.model.events import LegAwaitsMessage, LegScreened
from dialer.model.ids import AgentId
from dialer.model.moment import Moment
from dialer.model.screening import Screening
from dialer.policy.screening import (
    Course,
    course_of,
    greeted_at,
    may_be_checked,
    profile_of,
)

SCREEN_LIMIT_S = 9.0
"""The detector decides within 7 s, or 1 s after the audio failed; its word may be a second late."""
CUE_LIMIT_S = 75.0
"""Greetings last a minute at most."""
MESSAGE_LIMIT_S = 120.0
HANG_UP_AGAIN_S = 5.0


def profile_for(floor: Floor, agent_id: AgentId | None) -> AmdProfile:
    """How a call that is about to be dialled will be listened to."""
    if agent_id is not None or floor.audit.is_off:
        return AmdProfile.OFF
    return profile_of(floor.campaign)


def begin_screening(floor: Floor, call: Call, now: Moment) -> None:
    """Somebody, or something, picked up."""
    floor.calls.fire(call, CallTrigger.SCREEN)
    if (trial := floor.trials.get(call.attempt_id)) is not None:
        floor.pacing.learned.picked_up(trial, now.mono)
    _limit(floor, call, now.mono + SCREEN_LIMIT_S)


def judge(floor: Floor, call: Call, event: LegScreened, now: Moment) -> Course | None:
    """Keep the verdict and begin what follows from it; None when it comes too late. Whoever gets an
    agent is the caller's."""
    if call.state is not CallState.SCREENING or call.screening is None:
        return None
    if call.screening.verdict is not None:
        return None
    told = replace(
        call.screening, verdict=event.verdict, cause=event.cause, p_machine=event.p_machine,
        onset_s=event.onset_s, greeting_end_s=event.greeting_end_s, decided_s=event.at_s,
        sit=event.sit,
    )  # fmt: skip
    told = replace(told, is_checked=_is_checked(floor, call, told))
    call.screening = told
    floor.tally.verdicts[event.verdict] += 1
    if _is_audited(call):
        floor.audit.found_machine(call.attempt_id, is_checked=told.is_checked)
    course = course_of(told, floor.campaign)
    if course is Course.AGENT:
        pass_on(floor, call, now)
    else:
        _treat_as_machine(floor, call, course, now)
    return course


def pass_on(floor: Floor, call: Call, now: Moment) -> None:
    """To the agents: he waits since he said hello."""
    assert call.screening is not None and call.answered_at is not None
    floor.calls.fire(call, CallTrigger.PASS)
    since = greeted_at(call.screening, call.answered_at, now.mono)
    call.screening = replace(
        call.screening, greeted_at=since, greeted_s=since - call.answered_at, awaits_cue=False
    )
    if (trial := floor.trials.pop(call.attempt_id, None)) is not None:
        floor.pacing.learned.answered(trial, now.mono)


def unheard(call: Call) -> LegScreened:
    """The verdict where none came in time."""
    return LegScreened(call.leg_id, Verdict.UNSURE, Cause.TIME_LIMIT)


def cue(floor: Floor, call: Call, event: LegAwaitsMessage, now: Moment) -> bool:
    """The greeting is over: speak, or go. True: what was taken for a machine is an assistant that
    waits for who is calling, which is an agent's to say."""
    screening = call.screening
    if call.state is not CallState.SCREENING or screening is None or not screening.awaits_cue:
        return False
    if event.is_screening:
        call.screening = replace(screening, verdict=Verdict.SCREENED)
        pass_on(floor, call, now)
        return True
    call.screening = replace(screening, awaits_cue=False, leaves_message=event.may_speak)
    if event.may_speak:
        floor.calls.fire(call, CallTrigger.DROP)
        floor.out.append(PlaySound(call.node, call.leg_id, floor.campaign.machine_message))
        floor.deadlines.ask(now.mono + MESSAGE_LIMIT_S, "notice", call.attempt_id)
    else:
        _hang_up(floor, call, now)
    return False


def cue_expired(floor: Floor, call: Call, now: Moment) -> None:
    """No cue came, or a hang-up was not carried out: asked for again until the leg is gone."""
    if call.screening is not None:
        call.screening = replace(call.screening, awaits_cue=False)
    _hang_up(floor, call, now)


def _is_checked(floor: Floor, call: Call, told: Screening) -> bool:
    """An agent must be free: a machine keeps no person waiting."""
    if (
        call.is_broadcast
        or not may_be_checked(told)
        or not floor.audit.is_drawn(call.attempt_id, floor.campaign)
    ):
        return False
    return bool(floor.agents.free_on(call.node))


def _is_audited(call: Call) -> bool:
    """Whether the verdict may have hung up on a person who expected somebody. In a broadcast no
    agent says who it was, and nobody was to be there."""
    screening = call.screening
    return screening is not None and may_be_checked(screening) and not call.is_broadcast


def _treat_as_machine(floor: Floor, call: Call, course: Course, now: Moment) -> None:
    if (trial := floor.trials.pop(call.attempt_id, None)) is not None:
        floor.pacing.learned.ended_unanswered(trial, now.mono, is_carrier_fault=False)
    if _is_audited(call):
        floor.ledger.abandon(floor.audit.chance_person)
    if course is Course.AWAIT_CUE and call.screening is not None:
        call.screening = replace(call.screening, awaits_cue=True)
        _limit(floor, call, now.mono + CUE_LIMIT_S)
    else:
        _hang_up(floor, call, now)


def _hang_up(floor: Floor, call: Call, now: Moment) -> None:
    floor.out.append(HangUpLeg(call.node, call.leg_id))
    _limit(floor, call, now.mono + HANG_UP_AGAIN_S)


def _limit(floor: Floor, call: Call, until: float) -> None:
    """It is SCREENING for so long; an earlier limit holds no more."""
    call.screens_until = until
    floor.deadlines.ask(until, "screen", call.attempt_id)
