"""The floor of the simulated switch: its legs, its time, who hears what, and how a leg ends.

Theory of operation. Every entry point sets the time, acts, and at the end runs what is to follow
at once (`follow`), so the answer to a command always comes before its consequences, as on
FreeSWITCH, where another thread does them. Whoever listens is told synchronously, with the leg
in the very state of that moment; nothing is rendered here.

Orders of events are those recorded from FreeSWITCH 1.10.12. `is_detailed` False leaves out the
events that only wire clients can see (state changes, applications), for speed.
"""

from collections import deque
from collections.abc import Callable, Mapping

from dialer.model.moment import Moment
from dialer.sim import happenings as ev
from dialer.sim.agenda import Agenda
from dialer.sim.legs import CallState, ChannelState, Disposition, Leg

Tell = Callable[[str, Leg | None, Mapping[str, str]], None]
"""Gets each happening: its name, its leg (None for the node's own) and its own headers."""

NOTHING: Mapping[str, str] = {}


class Exchange:
    """Legs and time. The parts of the switch share one Exchange and add their hooks to it."""

    def __init__(self, now: Moment, tell: Tell, *, is_detailed: bool) -> None:
        self.now = now
        self.mono = now.mono
        self.tell = tell
        self.is_detailed = is_detailed
        self.legs: dict[str, Leg] = {}
        self.agenda = Agenda()
        self.on_answer: list[Callable[[Leg], None]] = []
        """Called when the far end answered, before the leg's application starts."""
        self.on_hang_up: list[Callable[[Leg], None]] = []
        """Called between HANGUP and HANGUP_COMPLETE."""
        self.on_alone: list[Callable[[Leg], None]] = []
        """Called before a living leg is parked or bridged: what it plays ends."""
        self.on_gone: list[Callable[[Leg], None]] = []
        """Called after the leg's last event."""
        self._following: deque[tuple[Callable[..., None], tuple[object, ...]]] = deque()

    # --- time ---------------------------------------------------------------------------------

    def set_time(self, now: Moment) -> None:
        self.now = now
        self.mono = now.mono

    def follow(self, action: Callable[..., None], *subject: object) -> None:
        """Do `action(*subject)` at this same instant, after the answer to the command."""
        self._following.append((action, subject))

    def settle(self) -> None:
        """Do everything that follows, and what follows from that."""
        following = self._following
        while following:
            action, subject = following.popleft()
            action(*subject)

    def expire(self, now: Moment) -> None:
        """Do what is due up to `now`, each thing at its own time."""
        while (entry := self.agenda.pop(now.mono)) is not None:
            when, due = entry
            self.mono = when
            self.now = Moment(when, now.utc_at(when))
            action, subject = due.action, due.subject
            if action is not None:
                due.cancel()
                action(*subject)
                self.settle()
        self.set_time(now)

    # --- telling ------------------------------------------------------------------------------

    def state(self, leg: Leg, state: ChannelState) -> None:
        """Change the channel state and tell it."""
        leg.state = state
        if self.is_detailed:
            self.tell(ev.STATE, leg, NOTHING)

    def call_state(self, leg: Leg, state: CallState) -> None:
        """Change the call state and tell it with the former one."""
        before, leg.call_state = leg.call_state, state
        if self.is_detailed:
            self.tell(ev.CALLSTATE, leg, {"Original-Channel-Call-State": before.value})

    def begin_app(self, leg: Leg, app: str, data: str = "", tag: str = "") -> None:
        """An application starts on the leg. `tag`: the Event-UUID of the sendmsg that asked."""
        leg.app, leg.app_data = app, data
        if app != "uuid_bridge":
            leg.latest_app = app
        if self.is_detailed:
            headers = {"Application": app, "Application-Data": data}
            self.tell(ev.EXECUTE, leg, headers | {"Application-UUID": tag} if tag else headers)

    def end_app(self, leg: Leg, response: str = "_none_", tag: str = "") -> None:
        """The leg's application is over; nothing is told when none runs."""
        if leg.app and self.is_detailed:
            headers = {"Application": leg.app, "Application-Data": leg.app_data}
            headers["Application-Response"] = response
            if leg.app == "park":
                self.tell(ev.UNPARK, leg, NOTHING)
            tagged = headers | {"Application-UUID": tag} if tag else headers
            self.tell(ev.EXECUTE_COMPLETE, leg, tagged)
        leg.app = leg.app_data = ""

    def park(self, leg: Leg) -> None:
        """Park by a switch decision (after a bridge), not by an application."""
        self.state(leg, ChannelState.PARK)
        self.tell(ev.PARK, leg, NOTHING)

    # --- ending -------------------------------------------------------------------------------

    def hang_up(
        self,
        leg: Leg,
        cause: str,
        disposition: Disposition | None = None,
        sip_status: int | None = None,
    ) -> None:
        """End a leg: HANGUP now, the rest follows. `sip_status`: when the far end ended it."""
        if leg.ended_at is not None:
            return
        leg.ended_at = self.mono
        leg.cause, leg.sip_status = cause, sip_status
        is_up = leg.answered_at is not None
        leg.disposition = disposition or (
            Disposition.SEND_BYE if is_up else Disposition.SEND_CANCEL
        )
        for due in (leg.step, leg.stay):
            if due is not None:
                due.cancel()
        if self.is_detailed:
            self.tell(ev.HANGUP, leg, NOTHING)
        if cause == "NO_ANSWER":
            leg.resolve("-ERR NO_ANSWER\n")  # ring-out: the job ends before HANGUP_COMPLETE
        self.follow(self._tear_down, leg)

    def _tear_down(self, leg: Leg) -> None:
        for hook in self.on_hang_up:
            hook(leg)
        if leg.state is ChannelState.EXECUTE:
            self.end_app(leg)
        self.state(leg, ChannelState.HANGUP)
        for path in leg.records:
            self.tell(ev.RECORD_STOP, leg, {"Record-File-Path": path})
        self.call_state(leg, CallState.HANGUP)
        self.state(leg, ChannelState.REPORTING)
        self.legs.pop(leg.leg_id, None)
        self.tell(ev.HANGUP_COMPLETE, leg, NOTHING)
        leg.resolve(f"-ERR {leg.cause}\n")
        if self.is_detailed:
            self.tell(ev.DESTROY, leg, NOTHING)
        self.state(leg, ChannelState.DESTROY)
        for hook in self.on_gone:
            hook(leg)
