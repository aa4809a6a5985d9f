"""What the switch tells, in the engine's words: one function per event name in TRANSLATORS.

An event of a leg that is not ours costs one dictionary look-up and no model event: the engine
knows its legs. Only outbound legs, and calls that arrived, answer here (a receiving leg on the
same switch also fires CHANNEL_ANSWER).
"""

from collections.abc import Callable, Mapping

from dialer.model.events import (
    LegAnswered,
    LegArrived,
    LegEnded,
    LegJoined,
    LegParked,
    LegPlayed,
    LegPressed,
    LegRinging,
    LegsBridged,
    NodeBeat,
    OriginateFailed,
    SwitchEvent,
)
from dialer.model.ids import LegId, NodeName
from dialer.model.outcome import LOCAL_REFUSALS
from dialer.switch import variables
from esl.events import EslEvent, EventName

FAR_END = "recv_"
DUPLICATE = "DUPLICATE_UUID"
CONFERENCE = "conference::maintenance"


def translate(event: EslEvent, node: NodeName) -> SwitchEvent | None:
    """The model event that an event-socket event stands for, or None."""
    translator = TRANSLATORS.get(event.key)
    return translator(event, node) if translator else None


def _progress(event: EslEvent, node: NodeName) -> SwitchEvent | None:
    return LegRinging(LegId(event.uuid))


def _progress_media(event: EslEvent, node: NodeName) -> SwitchEvent | None:
    return LegRinging(LegId(event.uuid), has_early_media=True)


def _answer(event: EslEvent, node: NodeName) -> SwitchEvent | None:
    if event.get("Call-Direction", "outbound") != "outbound" and not _has_arrived(event):
        return None
    return LegAnswered(LegId(event.uuid))


def _bridge(event: EslEvent, node: NodeName) -> SwitchEvent | None:
    first = event.get("Bridge-A-Unique-ID", event.uuid)
    second = event.get("Bridge-B-Unique-ID", event.other_uuid)
    return LegsBridged(LegId(first), LegId(second))


def _park(event: EslEvent, node: NodeName) -> SwitchEvent | None:
    if _has_arrived(event) and event.get("Answer-State") == "ringing":
        caller = event.get("Caller-Caller-ID-Number")
        return LegArrived(LegId(event.uuid), node, event.variable(variables.ARRIVED), caller)
    return LegParked(LegId(event.uuid))


def _room(event: EslEvent, node: NodeName) -> SwitchEvent | None:
    """Rooms tell much besides: who talks, who has the floor."""
    return LegJoined(LegId(event.uuid)) if event.get("Action") == "add-member" else None


def _has_arrived(event: EslEvent) -> bool:
    return bool(event.variable(variables.ARRIVED))


def _played(event: EslEvent, node: NodeName) -> SwitchEvent | None:
    return LegPlayed(LegId(event.uuid))


def _pressed(event: EslEvent, node: NodeName) -> SwitchEvent | None:
    return LegPressed(LegId(event.uuid), event.get("DTMF-Digit", ""))


def _hangup(event: EslEvent, node: NodeName) -> SwitchEvent | None:
    status = event.variable(variables.SIP_STATUS)
    return LegEnded(
        LegId(event.uuid),
        cause=event.hangup_cause or "UNKNOWN",
        sip_status=int(status) if status.isdecimal() else None,
        is_by_far_end=event.variable(variables.HANGUP_DISPOSITION).startswith(FAR_END),
    )


def _job(event: EslEvent, node: NodeName) -> SwitchEvent | None:
    """An originate's result: its Job-UUID is the leg's identity, which we chose."""
    if event.get("Job-Command") != "originate":
        return None
    leg_id, answer = LegId(event.job_uuid), (event.body or "").strip()
    if answer.startswith("+OK"):
        other = answer.removeprefix("+OK").strip()
        return OriginateFailed(leg_id, DUPLICATE, is_local=True) if other != leg_id else None
    cause = answer.removeprefix("-ERR").strip() or "UNKNOWN"
    return OriginateFailed(leg_id, cause, is_local=cause in LOCAL_REFUSALS)


def _heartbeat(event: EslEvent, node: NodeName) -> SwitchEvent | None:
    idle = event.get("Idle-CPU", "100")
    return NodeBeat(
        node,
        n_sessions=event.integer("Session-Count") or 0,
        max_sessions=event.integer("Max-Sessions") or 0,
        idle_cpu=float(idle) if idle.replace(".", "", 1).isdecimal() else 100.0,
    )


TRANSLATORS: Mapping[str, Callable[[EslEvent, NodeName], SwitchEvent | None]] = {
    EventName.CHANNEL_PROGRESS: _progress,
    EventName.CHANNEL_PROGRESS_MEDIA: _progress_media,
    EventName.CHANNEL_ANSWER: _answer,
    EventName.CHANNEL_BRIDGE: _bridge,
    EventName.CHANNEL_PARK: _park,
    CONFERENCE: _room,
    EventName.PLAYBACK_STOP: _played,
    EventName.DTMF: _pressed,
    EventName.CHANNEL_HANGUP_COMPLETE: _hangup,
    EventName.BACKGROUND_JOB: _job,
    EventName.HEARTBEAT: _heartbeat,
}
