"""Dialling: from `originate` to the answer, and what the far end then does by itself.

Local refusals (limits, pause, a uuid in use) come before any leg exists and tell no event, as on
FreeSWITCH. Must not know of bridges.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from dialer.sim import happenings as ev
from dialer.sim.causes import cause_of_sip
from dialer.sim.exchange import NOTHING, Exchange
from dialer.sim.legs import CallState, ChannelState, Disposition, Leg, Order

REFUSED = "DESTINATION_OUT_OF_ORDER"
"""FreeSWITCH's one answer to all its own limits."""


@dataclass(slots=True)
class Limits:
    """What the switch admits. As in FreeSWITCH, `sessions_per_s` of N admits N - 1 a second."""

    max_sessions: int = 5000
    sessions_per_s: int = 200
    is_outbound_paused: bool = False


class Dialing:
    """Creates legs and follows them up to the end of their own far end's script."""

    def __init__(self, exchange: Exchange, limits: Limits) -> None:
        self.limits = limits
        self.n_sessions_ever = 0
        self.n_this_second = 0
        self.n_last_second = 0
        self.n_peak_second = 0
        self.n_peak = 0
        self.start_app: Callable[[Leg, str, str], None] = self._park_only
        """Starts the application given to `originate`."""
        self._exchange = exchange
        self._second = math.floor(exchange.mono)

    def originate(self, order: Order, done: Callable[[str], None] | None = None) -> str | None:
        """Dial. Returns the cause of a local refusal, else None and `done` gets the answer."""
        refusal = self._refusal(order)
        if refusal is not None:
            return refusal
        exchange = self._exchange
        self.n_sessions_ever += 1
        leg = Leg(order, exchange.mono, self.n_sessions_ever, done=done)
        leg.talk_left_s = order.person.talk_s
        exchange.legs[order.leg_id] = leg
        self.n_peak = max(self.n_peak, len(exchange.legs))
        if exchange.is_detailed:
            self._tell_creation(leg)
        ring_delay_s = order.person.ring_delay_s
        if ring_delay_s is None or ring_delay_s > order.timeout_s:
            self._await_decision(leg)
        elif ring_delay_s > 0:
            leg.step = exchange.agenda.at(exchange.mono + ring_delay_s, self._ring, leg)
        else:
            exchange.follow(self._ring, leg)
        return None

    def arrive(self, order: Order) -> None:
        """A call comes in to a number that is served: the dialplan lets it ring, and parks it."""
        exchange = self._exchange
        self.n_sessions_ever += 1
        leg = Leg(order, exchange.mono, self.n_sessions_ever)
        exchange.legs[order.leg_id] = leg
        exchange.tell(ev.CREATE, leg, NOTHING)
        exchange.state(leg, ChannelState.ROUTING)
        exchange.state(leg, ChannelState.EXECUTE)
        leg.rang_at = exchange.mono
        exchange.tell(ev.PROGRESS, leg, NOTHING)
        exchange.call_state(leg, CallState.RINGING)
        exchange.begin_app(leg, "park")
        exchange.tell(ev.PARK, leg, NOTHING)
        leg.step = exchange.agenda.at(exchange.mono + order.timeout_s, self._give_up, leg)

    def pick_up(self, leg: Leg) -> None:
        """The dialer answers a call that came in."""
        if leg.ended_at is not None or leg.answered_at is not None:
            return
        leg.answered_at = self._exchange.mono
        self._exchange.tell(ev.ANSWER, leg, NOTHING)
        self.wait_alone(leg)

    def _give_up(self, leg: Leg) -> None:
        self._exchange.hang_up(leg, "NO_USER_RESPONSE", Disposition.SEND_REFUSE)

    def stillborn(self, order: Order) -> None:
        """An unknown gateway or profile: all that is told of such a leg is its end."""
        if self._exchange.is_detailed:
            leg = Leg(order, self._exchange.mono, self.n_sessions_ever)
            self._exchange.tell(ev.DESTROY, leg, NOTHING)

    def _refusal(self, order: Order) -> str | None:
        limits, exchange = self.limits, self._exchange
        if limits.is_outbound_paused or len(exchange.legs) >= limits.max_sessions:
            return REFUSED
        if order.leg_id in exchange.legs:
            return REFUSED
        self.count_second()
        if self.n_this_second + 1 >= limits.sessions_per_s:
            return REFUSED
        self.n_this_second += 1
        return None

    def count_second(self) -> None:
        """Start a new second of the session counter when it is time."""
        second = math.floor(self._exchange.mono)
        if second != self._second:
            self.n_last_second = self.n_this_second if second == self._second + 1 else 0
            self.n_peak_second = max(self.n_peak_second, self.n_this_second)
            self._second, self.n_this_second = second, 0

    def _tell_creation(self, leg: Leg) -> None:
        exchange = self._exchange
        exchange.tell(ev.OUTGOING, leg, NOTHING)
        exchange.state(leg, ChannelState.INIT)
        exchange.tell(ev.CREATE, leg, NOTHING)
        exchange.tell(ev.ORIGINATE, leg, NOTHING)
        exchange.state(leg, ChannelState.ROUTING)
        exchange.state(leg, ChannelState.CONSUME_MEDIA)

    # --- ringing ------------------------------------------------------------------------------

    def _ring(self, leg: Leg) -> None:
        if leg.ended_at is not None:
            return
        exchange = self._exchange
        if leg.order.person.has_early_media:
            leg.media_at = exchange.mono
            exchange.tell(ev.PROGRESS_MEDIA, leg, NOTHING)
            exchange.call_state(leg, CallState.EARLY)
            if not leg.order.ignores_early_media:
                leg.resolve(f"+OK {leg.leg_id}\n")
                self.start_app(leg, leg.order.app, leg.order.app_data)
        else:
            leg.rang_at = exchange.mono
            exchange.tell(ev.PROGRESS, leg, NOTHING)
            exchange.call_state(leg, CallState.RINGING)
        self._await_decision(leg)

    def _await_decision(self, leg: Leg) -> None:
        """Enter what comes first: the far end's decision, or the end of our patience."""
        if leg.ended_at is not None:  # by its own application, at early media
            return
        exchange, order = self._exchange, leg.order
        answer_after_s, timeout_s = order.person.answer_after_s, order.timeout_s
        if answer_after_s > timeout_s:
            action, after_s = self._ring_out, timeout_s
        else:
            action = self._answer if order.person.sip_status == 200 else self._refuse
            after_s = answer_after_s
        leg.step = exchange.agenda.at(max(leg.created_at + after_s, exchange.mono), action, leg)

    def let_go(self, leg: Leg) -> None:
        """`originate` gives a leg that rings up to a bridge: its own limit counts no more."""
        leg.resolve("-ERR ORIGINATOR_CANCEL\n")
        leg.order.timeout_s = math.inf
        if leg.step is not None:
            leg.step.cancel()
        self._await_decision(leg)

    def _ring_out(self, leg: Leg) -> None:
        self._exchange.hang_up(leg, "NO_ANSWER", Disposition.SEND_CANCEL)

    def _refuse(self, leg: Leg) -> None:
        status = leg.order.person.sip_status
        self._exchange.hang_up(leg, cause_of_sip(status), Disposition.RECV_REFUSE, status)

    # --- the answer ---------------------------------------------------------------------------

    def _answer(self, leg: Leg) -> None:
        person = leg.order.person
        if person.leaves_after_s <= 0:  # 200 and BYE at once: FreeSWITCH never tells the answer
            self.far_hang_up(leg)
            return
        exchange = self._exchange
        leg.answered_at = exchange.mono
        exchange.tell(ev.ANSWER, leg, NOTHING)
        for hook in exchange.on_answer:
            hook(leg)
        exchange.call_state(leg, CallState.ACTIVE)
        if person.leaves_after_s != math.inf:
            after = exchange.mono + person.leaves_after_s
            leg.stay = exchange.agenda.at(after, self.far_hang_up, leg)
        for after_s, digit in person.dtmf:
            exchange.agenda.at(exchange.mono + after_s, self._press, leg, digit)
        self.wait_alone(leg)
        if leg.order.confirm_key:
            limit = exchange.mono + leg.order.confirm_within_s
            leg.confirmation = exchange.agenda.at(limit, self._not_confirmed, leg)
        elif leg.awaited_by is None and leg.state is not ChannelState.EXECUTE:  # went on already
            self._go_on(leg)

    def _go_on(self, leg: Leg) -> None:
        leg.resolve(f"+OK {leg.leg_id}\n")
        self.start_app(leg, leg.order.app, leg.order.app_data)

    def _confirm(self, leg: Leg) -> None:
        """The key was pressed; the switch forgets that it asked for one."""
        assert leg.confirmation is not None
        leg.confirmation.cancel()
        leg.confirmation = None
        for name in ("group_confirm_key", "group_confirm_file"):
            leg.order.variables.pop(name, None)
        leg.order.variables["group_dial_status"] = "winner"
        self._exchange.follow(self._go_on, leg)

    def _not_confirmed(self, leg: Leg) -> None:
        if leg.is_up:
            self._exchange.hang_up(leg, "ALLOTTED_TIMEOUT", Disposition.SEND_BYE)

    def wait_alone(self, leg: Leg) -> None:
        """The person has nobody to talk to: hangs up when patience ends."""
        if leg.step is not None:
            leg.step.cancel()
            leg.step = None
        patience_s = leg.order.person.patience_s
        if patience_s != math.inf:
            after = self._exchange.mono + patience_s
            leg.step = self._exchange.agenda.at(after, self.far_hang_up, leg)

    def far_hang_up(self, leg: Leg) -> None:
        """The far end hangs up an answered call."""
        self._exchange.hang_up(leg, "NORMAL_CLEARING", Disposition.RECV_BYE, 200)

    def _press(self, leg: Leg, digit: str) -> None:
        if leg.is_up and leg.confirmation is not None and digit == leg.order.confirm_key:
            self._confirm(leg)
        if leg.is_up:
            headers = {"DTMF-Digit": digit, "DTMF-Duration": "1600", "DTMF-Source": "RTP"}
            self._exchange.tell(ev.DTMF, leg, headers)

    def _park_only(self, leg: Leg, app: str, data: str) -> None:
        """Without a sound machine every leg just parks."""
        exchange = self._exchange
        exchange.state(leg, ChannelState.EXECUTE)
        exchange.begin_app(leg, "park")
        exchange.tell(ev.PARK, leg, NOTHING)
