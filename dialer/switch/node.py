"""One FreeSWITCH: three links, its health, and the engine's commands carried out on it.

Events, short commands and originates have a link each, because pipelined commands starve events
on one connection and a flood of events delays replies. After every reconnect the node compares
the switch's identity and asks for each leg the engine believes in before it reports NodeUp.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import singledispatchmethod
from typing import Any

import gevent

from dialer.config import SwitchSettings
from dialer.model.commands import (
    AnswerLeg,
    BridgeLegs,
    CallAgent,
    CallCommand,
    CallOutside,
    CallSupervisor,
    ControlCommand,
    HangUpLeg,
    Originate,
    PlayNotice,
    SwitchCommand,
)
from dialer.model.errors import BadInput
from dialer.model.events import (
    BridgeFailed,
    ControlFailed,
    LegAnswered,
    LegEnded,
    LegRinging,
    NodeBeat,
    NodeDown,
    NodeRestarted,
    NodeUp,
    OriginateFailed,
    SwitchEvent,
)
from dialer.model.ids import LegId
from dialer.switch import survey, verbs
from dialer.switch.in_flight import InFlight
from dialer.switch.status import read_limits, read_min_idle_cpu
from dialer.switch.tapping import Ears, Tapping
from dialer.switch.translate import DUPLICATE, TRANSLATORS, translate
from esl import EslClient, EslError, EslEvent, LinkLost, LossStage, ReplyTimeout
from esl.commands import Api
from esl.messages import Reply
from esl.originate import Originate as OriginateLine
from esl.verbs import UuidKill

log = logging.getLogger(__name__)

BIRTH_LIMIT_S = 1.0
"""From an originate's writing to its leg: 2 ms, and more on a switch that is busy."""


class SwitchNode:
    """`emit` takes model events, in any greenlet; `legs` names this switch's legs that the engine
    believes in: one it has given up is not dialled any more. `owns` says of a campaign, by the name
    in its legs' variables, whether all its legs are among those: any other one found is ended.
    `ears` listen to the legs that are dialled to be listened to; without them all are UNSURE.
    """

    def __init__(
        self,
        settings: SwitchSettings,
        emit: Callable[[SwitchEvent], None],
        legs: Callable[[], Iterable[LegId]],
        owns: Callable[[str], bool] = lambda campaign: False,
        ears: Ears | None = None,
    ) -> None:
        self.settings = settings
        self.name = settings.name
        self._pass_on = emit
        self._legs = legs
        self._owns = owns
        self._core_uuid = ""
        self._unended: dict[LegId, HangUpLeg] = {}
        """Asked to end while the switch could not be asked, or before they were born."""
        self._commands = self._client(on_up=self._hurry)
        self._originates = self._client(on_up=self._hurry)
        self._events = self._client(
            subscriptions=[str(name) for name in TRANSLATORS],
            on_up=self._on_up,
            on_down=self._on_down,
        )
        self._in_flight = InFlight(self._events.poke)
        self._tapping = Tapping(settings.tap, ears, self._commands.request, gevent.spawn, emit)
        for name in TRANSLATORS:
            self._events.register_handle(str(name), self._on_event)

    def _client(self, **options: Any) -> EslClient:
        return EslClient(self.settings.host, self.settings.port, self.settings.password, **options)

    def start(self) -> None:
        """Connect in the background and stay connected."""
        for client in (self._commands, self._originates, self._events):
            client.start()

    def wake_ears(self) -> None:
        """Answers on this switch will have to be heard soon."""
        self._tapping.wake()

    def stop(self) -> None:
        """Close all links; calls on the switch go on."""
        self._in_flight.stop()
        for client in (self._events, self._originates, self._commands):
            client.stop()

    def api(self, command: Any) -> str:
        """Run a short command on the command link. Raises EslError."""
        return self._commands.api(command)

    def _emit(self, event: SwitchEvent) -> None:
        self._pass_on(event)
        self._tapping.follow(event)

    # --- commands of the engine ------------------------------------------------------------------

    def execute(self, command: SwitchCommand) -> None:
        """Carry out a command in its own greenlet; what goes wrong comes back as an event."""
        if isinstance(command, Originate) and command.leg_id not in self._legs():
            log.warning("node=%s leg=%s was given up before its dial", self.name, command.leg_id)
            return
        if isinstance(command, (Originate, CallAgent, CallSupervisor)):
            self._in_flight.add(command.leg_id)
        if isinstance(command, BridgeLegs):
            self._bridge(command)
        else:
            gevent.spawn(self._execute, command)

    def _execute(self, command: SwitchCommand) -> None:
        try:
            self._carry_out(command)
        except (EslError, BadInput) as error:
            log.warning("node=%s %s not done: %s", self.name, type(command).__name__, error)
            if not (isinstance(command, CallCommand) and _may_still_run(error)):
                self._report_failure(command, str(error))

    def _bridge(self, command: BridgeLegs) -> None:
        """Somebody says hello: it is queued in this turn, and only its answer is waited for."""
        try:
            answer = self._commands.begin(Api(verbs.bridge(command)))
        except EslError as error:
            self._report_failure(command, str(error))
        else:
            gevent.spawn(self._await_bridge, command, answer)

    def _await_bridge(self, command: BridgeLegs, answer: Callable[[], Reply]) -> None:
        try:
            told = answer().data
        except EslError as error:
            told = str(error)
        if not told.startswith("+OK"):
            log.warning("node=%s bridge not made: %s", self.name, told.strip())
            self._report_failure(command, told.strip())

    @singledispatchmethod
    def _carry_out(self, command: SwitchCommand) -> None:
        raise TypeError(f"no switch command: {type(command).__name__}")

    @_carry_out.register
    def _(self, command: Originate) -> None:
        on_answer = self._tapping.arm(command.leg_id, command.amd)
        self._originate(verbs.dial_customer(command, self.settings, on_answer), command.leg_id)

    @_carry_out.register
    def _(self, command: CallAgent) -> None:
        self._originate(verbs.dial_agent(command, self.settings), command.leg_id)

    @_carry_out.register
    def _(self, command: CallSupervisor) -> None:
        self._originate(verbs.dial_supervisor(command, self.settings), command.leg_id)

    @_carry_out.register
    def _(self, command: CallOutside) -> None:
        self._originate(verbs.dial_outside(command, self.settings), command.leg_id)

    @_carry_out.register
    def _(self, command: AnswerLeg) -> None:
        answer = self.api(verbs.answer(command))
        if not answer.startswith("+OK"):  # the caller did not wait
            self._emit(LegEnded(command.leg_id, "ORIGINATOR_CANCEL"))

    @_carry_out.register
    def _(self, command: PlayNotice) -> None:
        answer = self.api(verbs.play(command, self.settings))
        if not answer.startswith("+OK"):
            log.warning("node=%s notice not played: %s", self.name, answer.strip())

    @_carry_out.register
    def _(self, command: HangUpLeg) -> None:
        is_gone = "No such channel" in self.api(verbs.hang_up(command))
        self._unended.pop(command.leg_id, None)
        if is_gone and command.leg_id in self._in_flight:
            self._unended[command.leg_id] = command  # or not born yet: its originate is on its way
        if is_gone:  # say so, in case we missed it
            self._emit(LegEnded(command.leg_id, "NORMAL_CLEARING"))

    @_carry_out.register
    def _(self, command: ControlCommand) -> None:
        answer = self.api(verbs.control(command, self.settings))
        if not answer.startswith("+OK"):
            self._report_failure(command, answer.strip())
            return
        if (mark := verbs.mark(command)) is not None:
            with suppress(EslError):  # it is done all the same
                self.api(mark)

    def _originate(self, line: OriginateLine, leg_id: LegId) -> None:
        """The job's identity is the leg's, so a result needs no table to find its leg."""
        self._originates.bgapi(line, leg_id, via_api=True)

    def _report_failure(self, command: SwitchCommand, reason: str) -> None:
        if isinstance(command, CallCommand):
            self._in_flight.discard(command.leg_id)
            if self._may_have_started(command.leg_id):
                return  # its events, or the reaper, will tell
            self._emit(OriginateFailed(command.leg_id, "NOT_SENT", is_local=True))
        elif isinstance(command, BridgeLegs):
            self._emit(BridgeFailed(command.customer_leg_id, command.agent_leg_id, reason))
        elif isinstance(command, HangUpLeg):
            self._unended[command.leg_id] = command
        elif isinstance(command, ControlCommand):
            self._emit(ControlFailed(command.leg_id, type(command).__name__, reason))

    def _may_have_started(self, leg_id: LegId) -> bool:
        """After a loss in mid-command: look for the leg, never dial again blindly."""
        try:
            return survey.look_at(self.api, leg_id) is not None
        except EslError:
            return True

    # --- events of the switch --------------------------------------------------------------------

    def _on_event(self, event: EslEvent) -> None:
        found = translate(event, self.name)
        if found is None:
            return
        if isinstance(found, (LegAnswered, LegEnded, OriginateFailed)):
            self._in_flight.discard(found.leg_id)
        if isinstance(found, (LegEnded, OriginateFailed)):
            self._unended.pop(found.leg_id, None)
        if isinstance(found, (LegRinging, LegAnswered)) and found.leg_id in self._unended:
            self.execute(self._unended[found.leg_id])
        if isinstance(found, NodeBeat):
            self._end_again()
        if isinstance(found, OriginateFailed) and found.cause == DUPLICATE:
            self._kill_stranger((event.body or "").removeprefix("+OK").strip())
        self._emit(found)

    def _kill_stranger(self, leg_id: str) -> None:
        """A taken identity made the switch dial under another one, which nobody follows."""
        log.error("node=%s originate went on under another identity; killed", self.name)
        gevent.spawn(self._commands.api, UuidKill(leg_id))

    def _on_down(self, event: EslEvent) -> None:
        log.warning("node=%s link lost: %s", self.name, event.get("Reason"))
        self._emit(NodeDown(self.name))

    def _on_up(self, event: EslEvent) -> None:
        self._hurry(event)
        gevent.spawn(self._resynchronise)

    def _hurry(self, event: EslEvent) -> None:
        """One link is back, so the others will be: somebody may have answered meanwhile."""
        for client in (self._commands, self._originates, self._events):
            client.hurry()

    def _resynchronise(self) -> None:
        """Find out what was missed, then open the node for calls."""
        while self._events.connected:
            try:
                self._tell_what_was_missed()
                return
            except EslError as error:
                log.warning("node=%s not resynchronised yet: %s", self.name, error)
                gevent.sleep(0.5)

    def _tell_what_was_missed(self) -> None:
        if not self._originates.connected:
            raise LinkLost(LossStage.NOT_SENT, "the originates' link is not back")
        core_uuid = self.api("global_getvar core_uuid").strip()
        if self._core_uuid and core_uuid != self._core_uuid:
            log.warning("node=%s restarted: its calls are gone", self.name)
            self._unended.clear()
            self._emit(NodeRestarted(self.name))
        elif self._core_uuid:
            self._end_again()
            self._end_orphans()
            for leg_id, leg in self._look_at_mine().items():
                for missed in survey.as_events(leg_id, leg):
                    self._emit(missed)
        self._core_uuid = core_uuid
        status = self.api("status")
        limits = read_limits(status)
        self._emit(NodeUp(self.name, *limits, read_min_idle_cpu(status)))
        log.info("node=%s up: %d sessions, %d per second", self.name, *limits)

    def _end_again(self) -> None:
        """A leg that has to go, goes: whatever became of the link when it was told so."""
        for command in list(self._unended.values()):
            self.execute(command)

    def _end_orphans(self) -> None:
        """Legs of our campaigns that the engine has given up, or never heard of."""
        for leg_id in survey.strangers(self.api, self._legs, self._owns):
            log.warning("node=%s leg=%s belongs to nothing any more: hung up", self.name, leg_id)
            self.execute(HangUpLeg(self.name, leg_id))

    def _look_at_mine(self) -> dict[LegId, survey.LiveLeg | None]:
        """Each leg the engine believes in, as it is. An originate under way on another link may
        not have made its leg yet: such are asked for twice."""
        found = survey.look_at_all(self.api, self._legs())
        unborn = [leg_id for leg_id in found if found[leg_id] is None and leg_id in self._in_flight]
        if unborn:
            gevent.sleep(BIRTH_LIMIT_S)
            found |= survey.look_at_all(self.api, unborn)
        return found

    def limits(self) -> tuple[int, int]:
        """(sessions, sessions per second) that the switch admits, from `status`."""
        return read_limits(self.api("status"))


def _may_still_run(error: EslError | BadInput) -> bool:
    """A switch that is only late carries the command out when it gets to it: a leg that is not
    there yet may ring later, so its events tell, or the engine's reaper."""
    return isinstance(error, ReplyTimeout) and error.stage is not LossStage.NOT_SENT
