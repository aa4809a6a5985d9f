"""The typed face: the dialer's own commands in, its own events out, with no text in between.

Used by the virtual driver and the benchmarks. It says what `dialer.switch` would say of the same
happenings on the wire; a test holds the two together.
"""

from collections.abc import Mapping
from math import ceil

from dialer.model.amd import AmdProfile
from dialer.model.commands import (
    AnswerLeg,
    BridgeLegs,
    CallAgent,
    CallOutside,
    CallSupervisor,
    ControlCommand,
    HangUpLeg,
    JoinRoom,
    Originate,
    OverhearLeg,
    ParkLeg,
    PlayNotice,
    PlaySound,
    SwitchCommand,
)
from dialer.model.events import (
    BridgeFailed,
    ControlFailed,
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
    NodeDown,
    NodeRestarted,
    NodeUp,
    OriginateFailed,
    SwitchEvent,
)
from dialer.model.ids import LegId, NodeName
from dialer.model.moment import Moment
from dialer.model.phone import PhoneKind
from dialer.sim import happenings as ev
from dialer.sim.dialing import Limits
from dialer.sim.endpoints import whole_seconds
from dialer.sim.legs import Disposition, Leg, Order
from dialer.sim.numbers import AGENT, OUTSIDE_AGENT
from dialer.sim.person import Person
from dialer.sim.population import Population
from dialer.sim.switch import NOTICE_S, Switch
from dialer.sim.typed_ears import TypedEars

_FAR_ENDS = frozenset({Disposition.RECV_BYE, Disposition.RECV_REFUSE})
AGENT_RING_TIMEOUT_S = 30.0
CONFIRM_KEY, CONFIRM_WITHIN_S = "1", 15.0
IDLE_CPU = 95.0
"""Percent; a simulated switch is never the bottleneck."""


class TypedSwitch:
    """One simulated node. `handle`, `expire`, `next_deadline` as every reactor here.

    A leg that existed ends with LegEnded only; OriginateFailed is for local refusals.
    """

    def __init__(
        self,
        node: NodeName,
        population: Population,
        now: Moment,
        *,
        limits: Limits | None = None,
        notice_s: float = NOTICE_S,
    ) -> None:
        self.node = node
        self._events: list[SwitchEvent] = []
        self._held: list[SwitchEvent] | None = None
        self.switch = Switch(
            population, now, self._hear, limits=limits, is_detailed=False, notice_s=notice_s
        )
        self._ears = TypedEars(self.switch.exchange, population.seed, self._events_of_ears)
        self.switch.exchange.on_answer.append(self._ears.answered)
        self.switch.exchange.on_gone.append(self._ears.gone)

    # --- reactor --------------------------------------------------------------------------------

    def handle(self, command: SwitchCommand, now: Moment) -> list[SwitchEvent]:
        """Carry out one command and give what happened at once."""
        self.switch.set_time(now)
        match command:
            case Originate():
                self._originate(command)
            case BridgeLegs():
                self._bridge(command)
            case HangUpLeg():
                self.switch.drop_leg(command.leg_id, command.cause)
            case PlayNotice():
                self._play(command)
            case AnswerLeg(leg_id=leg_id):
                self._answer(leg_id)
            case CallAgent() | CallSupervisor():
                self._call_phone(command)
            case CallOutside():
                self._call_outside(command)
            case _:
                self._control(command)
        return self._take()

    def expire(self, now: Moment) -> list[SwitchEvent]:
        """What happened by itself up to `now`."""
        self.switch.expire(now)
        return self._take()

    def next_deadline(self) -> float | None:
        """Monotonic second of the next thing that happens by itself."""
        return self.switch.next_deadline()

    def up(self) -> NodeUp:
        """The node's links are up: what a driver gives the engine first."""
        limits = self.switch.limits
        return NodeUp(self.node, limits.max_sessions, limits.sessions_per_s)

    # --- callers --------------------------------------------------------------------------------

    def arrive(self, called: str, caller: str, person: Person, now: Moment) -> list[SwitchEvent]:
        """Somebody calls a number that is served."""
        self.switch.set_time(now)
        self.switch.arrive(called, caller, person)
        return self._take()

    # --- faults, for tests ----------------------------------------------------------------------

    def drop_leg(
        self, leg_id: LegId, now: Moment, cause: str = "NORMAL_TEMPORARY_FAILURE"
    ) -> list[SwitchEvent]:
        """A phone loses its network."""
        self.switch.set_time(now)
        self.switch.drop_leg(leg_id, cause)
        return self._take()

    def go_silent(self, now: Moment) -> list[SwitchEvent]:
        """The links break: nothing is told until `speak`, though the calls go on."""
        self.switch.set_time(now)
        self._held = []
        return [NodeDown(self.node)]

    def speak(self, now: Moment) -> list[SwitchEvent]:
        """The links are back: what was missed comes first, as a resync would tell it."""
        self.switch.set_time(now)
        missed, self._held = self._held or [], None
        return [*missed, self.up()]

    def restart(self, now: Moment) -> list[SwitchEvent]:
        """The process dies and comes back without any leg."""
        self.switch.set_time(now)
        self.switch.restart()
        return [NodeDown(self.node), NodeRestarted(self.node), self.up()]

    # --- commands -------------------------------------------------------------------------------

    def _originate(self, command: Originate) -> None:
        switch = self.switch
        person = switch.population.reached(
            str(command.lead_id), command.attempt_number, command.number, switch.age_s
        )
        self._dial(
            Order(
                command.leg_id, command.number, command.number, person,
                whole_seconds(ceil(command.ring_timeout_s) + 1, switch.exchange.now.utc),
                parks_after_bridge=True, parks_on_cancel=True,
            )
        )  # fmt: skip
        if command.amd is not AmdProfile.OFF and switch.leg(command.leg_id) is not None:
            self._ears.arm(command.leg_id, f"{command.lead_id}:{command.attempt_number}")

    def _call_phone(self, command: CallAgent | CallSupervisor) -> None:
        is_outside = command.phone_kind is PhoneKind.OUTSIDE
        self._dial(
            Order(
                command.leg_id, command.phone_address, command.phone_address,
                OUTSIDE_AGENT if is_outside else AGENT,
                AGENT_RING_TIMEOUT_S, parks_after_bridge=True, parks_on_cancel=True, is_agent=True,
                confirm_key=CONFIRM_KEY if is_outside else "", confirm_within_s=CONFIRM_WITHIN_S,
            )
        )  # fmt: skip

    def _call_outside(self, command: CallOutside) -> None:
        switch = self.switch
        self._dial(
            Order(
                command.leg_id, command.number, command.number,
                switch.population.reached("", 1, command.number, switch.age_s),
                whole_seconds(ceil(command.ring_timeout_s) + 1, switch.exchange.now.utc),
                parks_after_bridge=True, parks_on_cancel=True,
            )
        )  # fmt: skip

    def _dial(self, order: Order) -> None:
        refusal = self.switch.dialing.originate(order)
        if refusal is not None:
            self._events.append(OriginateFailed(LegId(order.leg_id), refusal, is_local=True))

    def _bridge(self, command: BridgeLegs) -> None:
        if not self.switch.bridges.bridge(command.customer_leg_id, command.agent_leg_id):
            failed = BridgeFailed(command.customer_leg_id, command.agent_leg_id, "Invalid uuid")
            self._events.append(failed)

    def _answer(self, leg_id: LegId) -> None:
        leg = self.switch.leg(leg_id)
        if leg is None:
            self._events.append(LegEnded(leg_id, "ORIGINATOR_CANCEL"))
        else:
            self.switch.dialing.pick_up(leg)

    def _play(self, command: PlayNotice) -> None:
        leg = self.switch.leg(command.leg_id)
        if leg is not None:
            self.switch.sounds.transfer(leg, (("playback", command.notice), ("hangup", "")))

    def _control(self, command: ControlCommand) -> None:
        leg = self.switch.leg(command.leg_id)
        if leg is None:
            failed = ControlFailed(command.leg_id, type(command).__name__, "No such channel")
            self._events.append(failed)
        elif isinstance(command, ParkLeg):
            self.switch.exchange.follow(self.switch.bridges.park, leg)
        elif isinstance(command, PlaySound):
            self._sound(leg, command)
        elif isinstance(command, OverhearLeg):
            script = (("eavesdrop", command.overheard_leg_id), ("park", ""))
            self.switch.exchange.follow(self.switch.sounds.transfer, leg, script)
        elif isinstance(command, JoinRoom):
            self.switch.exchange.follow(self._join_room, leg, command)

    def _join_room(self, leg: Leg, command: JoinRoom) -> None:
        script = (("conference", f"{command.attempt_id}@relance"), ("park", ""))
        if leg.ended_at is None:
            self.switch.sounds.transfer(leg, script, is_both=command.with_partner)

    def _sound(self, leg: Leg, command: PlaySound) -> None:
        follow, sounds = self.switch.exchange.follow, self.switch.sounds
        if command.sound:
            app = "endless_playback::" if command.is_endless else ""
            follow(sounds.broadcast, leg, app + command.sound)
        else:
            follow(sounds.stop, leg)

    def _events_of_ears(self, event: SwitchEvent) -> None:
        self._events.append(event)

    # --- happenings -----------------------------------------------------------------------------

    def _take(self) -> list[SwitchEvent]:
        self.switch.settle()
        events, self._events = self._events, []
        if self._held is not None:
            self._held += events
            return []
        return events

    def _hear(self, name: str, leg: Leg | None, headers: Mapping[str, str]) -> None:
        if leg is not None and name == ev.PARK and leg.order.arrives_from and not leg.answered_at:
            order = leg.order
            called, caller = order.destination, order.arrives_from
            self._events.append(LegArrived(LegId(leg.leg_id), self.node, called, caller))
            return
        event = self._beat() if leg is None else _translate(name, leg, headers)
        if event is not None:
            self._events.append(event)

    def _beat(self) -> NodeBeat:
        switch = self.switch
        n_sessions = len(switch.exchange.legs)
        return NodeBeat(self.node, n_sessions, switch.limits.max_sessions, IDLE_CPU)


def _translate(name: str, leg: Leg, headers: Mapping[str, str]) -> SwitchEvent | None:
    """One happening in the dialer's words; None for those that the engine does not hear of."""
    leg_id = LegId(leg.order.leg_id)
    if name == ev.HANGUP_COMPLETE:
        return LegEnded(leg_id, leg.cause, leg.sip_status, leg.disposition in _FAR_ENDS)
    if name == ev.PROGRESS or name == ev.PROGRESS_MEDIA:
        return LegRinging(leg_id, name == ev.PROGRESS_MEDIA)
    if name == ev.ANSWER:
        return LegAnswered(leg_id)
    if name == ev.PARK:
        return LegParked(leg_id)
    if name == ev.BRIDGE:
        return LegsBridged(leg_id, LegId(headers["Bridge-B-Unique-ID"]))
    if name == ev.CUSTOM:
        return LegJoined(leg_id) if headers["Action"] == "add-member" else None
    if name == ev.DTMF:
        return LegPressed(leg_id, headers["DTMF-Digit"])
    return LegPlayed(leg_id) if name == ev.PLAYBACK_STOP else None
