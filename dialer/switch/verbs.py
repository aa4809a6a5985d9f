"""What the engine asks, in the switch's words: one function per model command.

The dial string gets a number that `policy/compliance` has passed, a phone address checked here,
and opaque identities; `esl` refuses whatever could still split or expand a line.
"""

import re
from math import ceil

from dialer.config import SwitchSettings
from dialer.model.call import RecordingState
from dialer.model.commands import (
    AnswerLeg,
    BridgeLegs,
    CallAgent,
    CallOutside,
    CallSupervisor,
    ControlCommand,
    HangUpLeg,
    JoinRoom,
    MuteLeg,
    Originate,
    OverhearLeg,
    ParkLeg,
    PlayNotice,
    PlaySound,
    RecordLeg,
    SendDigits,
)
from dialer.model.errors import BadInput
from dialer.model.phone import PhoneKind, is_address
from dialer.model.supervision import Hearers
from dialer.switch import variables
from esl import originate, verbs
from esl.commands import ApiCommand

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
E164 = re.compile(r"\+[1-9][0-9]{6,14}\Z")
PHONE_TIMEOUT_S = 30
CONFIRM_KEY, CONFIRM_TIMEOUT_S = "1", 15
AUTO_ANSWER_ALERT = "info=alert-autoanswer;delay=0"
"""What desk phones that do not know Call-Info look for."""
ROOM_PROFILE = "relance"
RECORDING_LIMIT_S = 4 * 3600
"""A recording's end when nothing else ends it; its variables need a limit before them."""


def dial_customer(
    command: Originate, switch: SwitchSettings, on_answer: ApiCommand | None = None
) -> originate.Originate:
    """The originate of a permitted call; the customer's leg parks when it answers.

    `on_answer`: what the switch does by itself at that moment.

    The switch counts whole seconds of the wall clock: N rings for N - 1 to N seconds (measured).
    One more keeps a limit of 15 s from forfeiting the safe harbour.
    """
    settings = {
        variables.ORIGINATE_TIMEOUT: str(ceil(command.ring_timeout_s) + 1),
        variables.IGNORE_EARLY_MEDIA: "true" if on_answer is None else "consume",
        variables.CAMPAIGN: str(command.campaign_id),
        variables.ATTEMPT: command.attempt_id,
        variables.LEAD: str(command.lead_id),
        variables.TRY: str(command.attempt_number),
        **variables.KEEP_AFTER_BRIDGE,
    }
    if command.caller_id:
        settings[variables.CALLER_NUMBER] = command.caller_id
    number = command.permit.number.removeprefix("+")
    dial = switch.dial_of(command.trunk).format(number=number)
    return originate.Originate(command.leg_id, dial, settings, on_answer=on_answer)


def dial_agent(command: CallAgent, switch: SwitchSettings) -> originate.Originate:
    """The originate of an agent's phone."""
    return _dial_phone(command, {variables.AGENT: str(command.agent_id)}, switch)


def dial_supervisor(command: CallSupervisor, switch: SwitchSettings) -> originate.Originate:
    """The originate of a supervisor's phone."""
    return _dial_phone(command, {variables.SUPERVISOR: str(command.supervisor_id)}, switch)


def _dial_phone(
    command: CallAgent | CallSupervisor, whose: dict[str, str], switch: SwitchSettings
) -> originate.Originate:
    """Raises BadInput for an address that is no address."""
    kind, address = command.phone_kind, command.phone_address
    ((name, identity),) = whose.items()
    if not is_address(kind, address):
        raise BadInput(f"{name.removeprefix('relance_')} {identity}: phone address is not usable")
    settings = {
        variables.ORIGINATE_TIMEOUT: str(PHONE_TIMEOUT_S),
        **whose,
        variables.CAMPAIGN: str(command.campaign_id),
        **variables.KEEP_AFTER_BRIDGE,
    }
    if kind is PhoneKind.OUTSIDE:
        return _dial_outside(command, switch, settings)
    texts = {}
    if kind is PhoneKind.WEBRTC:
        settings[variables.AGENT_HEADER] = identity
    else:
        settings |= variables.AUTO_ANSWER
        texts[variables.ALERT_INFO] = AUTO_ANSWER_ALERT
    return originate.Originate(
        command.leg_id, switch.agent_dial.format(phone=address), settings, texts
    )


def _dial_outside(
    command: CallAgent | CallSupervisor, switch: SwitchSettings, settings: dict[str, str]
) -> originate.Originate:
    """A user's number of the public network: parked only once the key was pressed."""
    settings |= {
        variables.IGNORE_EARLY_MEDIA: "true",
        variables.CONFIRM_KEY: CONFIRM_KEY,
        variables.CONFIRM_TIMEOUT: str(CONFIRM_TIMEOUT_S),
    }
    if command.caller_id:
        settings[variables.CALLER_NUMBER] = command.caller_id
    number = command.phone_address.removeprefix("+")
    return originate.Originate(
        command.leg_id,
        switch.dial_of(command.trunk).format(number=number),
        settings,
        {variables.CONFIRM_FILE: switch.confirm_path},
    )


def dial_outside(command: CallOutside, switch: SwitchSettings) -> originate.Originate:
    """The originate of a destination of the campaign's list. Raises BadInput for no E.164."""
    if not E164.match(command.number):
        raise BadInput(f"campaign {command.campaign_id}: a destination's number is not usable")
    settings = {
        variables.ORIGINATE_TIMEOUT: str(ceil(command.ring_timeout_s) + 1),
        variables.IGNORE_EARLY_MEDIA: "true",
        variables.CAMPAIGN: str(command.campaign_id),
        variables.OUTSIDE: command.attempt_id,
        **variables.KEEP_AFTER_BRIDGE,
    }
    if command.caller_id:
        settings[variables.CALLER_NUMBER] = command.caller_id
    number = command.number.removeprefix("+")
    return originate.Originate(
        command.leg_id, switch.dial_of(command.trunk).format(number=number), settings
    )


def room(command: JoinRoom) -> verbs.UuidConference:
    """Into the attempt's room; the profile is the node's (freeswitch/conf)."""
    return verbs.UuidConference(
        command.leg_id, command.attempt_id, ROOM_PROFILE, "both" if command.with_partner else "aleg"
    )


def answer(command: AnswerLeg) -> verbs.UuidAnswer:
    """Pick up; the leg stays parked."""
    return verbs.UuidAnswer(command.leg_id)


def bridge(command: BridgeLegs) -> verbs.UuidBridge:
    """Join the two answered legs."""
    return verbs.UuidBridge(command.customer_leg_id, command.agent_leg_id)


def play(command: PlayNotice, switch: SwitchSettings) -> verbs.UuidBroadcast:
    """Play the notice to the customer only."""
    path = switch.notice_path.format(notice=command.notice)
    return verbs.UuidBroadcast(command.leg_id, path, "aleg")


def park(command: ParkLeg) -> verbs.UuidPark:
    """Take the leg out of its bridge; its partner parks by its own variables."""
    return verbs.UuidPark(command.leg_id)


def sound(command: PlaySound, switch: SwitchSettings) -> verbs.UuidBroadcast | verbs.UuidBreak:
    """Play a recording to the leg only; without a name, stop what plays."""
    if not command.sound:
        return verbs.UuidBreak(command.leg_id)
    path = switch.notice_path.format(notice=command.sound)
    app = "endless_playback::" if command.is_endless else ""
    return verbs.UuidBroadcast(command.leg_id, app + path, "aleg")


def mute(command: MuteLeg) -> verbs.UuidAudio:
    """Silence what is read from the leg's phone, or let it through again."""
    return verbs.UuidAudio(command.leg_id, "mute" if command.is_on else "stop")


def digits(command: SendDigits) -> verbs.UuidSendDtmf:
    """Keys to the leg's far end."""
    return verbs.UuidSendDtmf(command.leg_id, command.digits)


def record(command: RecordLeg, switch: SwitchSettings) -> verbs.UuidRecord:
    """Left the customer, right the agent. The file is named by the attempt, nothing else."""
    if not NAME.match(command.attempt_id):
        raise BadInput("recording: the attempt's identity cannot name a file")
    path = switch.recording_path.format(recording=command.attempt_id)
    if command.action != "start":
        return verbs.UuidRecord(command.leg_id, command.action, path)
    return verbs.UuidRecord(
        command.leg_id, "start", path, RECORDING_LIMIT_S, {variables.STEREO: "true"}
    )


def overhear(command: OverhearLeg) -> verbs.UuidEavesdrop:
    """Overheard is the agent's leg, so its partner is the customer."""
    return verbs.UuidEavesdrop(
        command.leg_id,
        command.overheard_leg_id,
        to_leg=command.hearers is not Hearers.NOBODY,
        to_partner=command.hearers is Hearers.EVERYBODY,
    )


def control(command: ControlCommand, switch: SwitchSettings) -> ApiCommand:
    """What an agent does to a call in progress."""
    match command:
        case ParkLeg():
            return park(command)
        case PlaySound():
            return sound(command, switch)
        case MuteLeg():
            return mute(command)
        case SendDigits():
            return digits(command)
        case RecordLeg():
            return record(command, switch)
        case OverhearLeg():
            return overhear(command)
        case JoinRoom():
            return room(command)


_RECORDING = {
    "start": RecordingState.ON, "mask": RecordingState.PAUSED, "unmask": RecordingState.ON,
}  # fmt: skip


def mark(command: ControlCommand) -> verbs.UuidSetVar | None:
    """The variable by which a later run of the dialer knows that the command was carried out."""
    match command:
        case ParkLeg():
            return verbs.UuidSetVar(command.leg_id, variables.HELD, "true")
        case MuteLeg(is_on=is_on):
            return verbs.UuidSetVar(command.leg_id, variables.MUTED, "true" if is_on else "")
        case RecordLeg(action=action):
            return verbs.UuidSetVar(command.leg_id, variables.RECORDING, _RECORDING[action])
    return None


def hang_up(command: HangUpLeg) -> verbs.UuidKill:
    """End the leg with a Q.850 cause name."""
    return verbs.UuidKill(command.leg_id, command.cause)
