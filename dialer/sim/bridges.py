"""Two legs joined, parted, and what becomes of the one that is left.

The rules after a bridge were measured on FreeSWITCH 1.10.12 for all values of the two variables:
the leg that is left parks when *its* park_after_bridge is true. Otherwise it is hung up; with the
dead leg's cause when it was first in the bridge and its hangup_after_bridge is true, else with
NORMAL_CLEARING. Must not know of dialling beyond the far end's own hang-up.
"""

import math
from collections.abc import Callable

from dialer.sim import happenings as ev
from dialer.sim.exchange import Exchange
from dialer.sim.legs import ChannelState, Leg

BRIDGE_DELAY_S = 0.04
"""From the answer of uuid_bridge to the bridge: two state changes at 20 ms each."""


class Bridges:
    """Joins and parts legs. `wait_alone`: the person of a leg that is alone again waits.

    `far_hang_up`: the person hangs up when the conversation is over.
    """

    def __init__(
        self,
        exchange: Exchange,
        wait_alone: Callable[[Leg], None],
        far_hang_up: Callable[[Leg], None],
    ) -> None:
        self._exchange = exchange
        self._wait_alone = wait_alone
        self._far_hang_up = far_hang_up
        exchange.on_hang_up.append(self._on_hang_up)
        exchange.on_gone.append(self._on_gone)

    def bridge(self, first_id: str, second_id: str) -> bool:
        """Join two legs soon; False when one of them does not exist."""
        exchange = self._exchange
        first, second = exchange.legs.get(first_id), exchange.legs.get(second_id)
        if first is None or second is None or first is second:
            return False
        exchange.agenda.at(exchange.mono + BRIDGE_DELAY_S, self._join, first, second)
        return True

    def park(self, leg: Leg) -> None:
        """uuid_park: take a leg out of its bridge; the other one follows its own variables.

        A leg that is parked so already is left alone, with what it plays (seen on 1.10.12).
        """
        is_parked = leg.state is ChannelState.PARK and leg.partner is None
        if leg.ended_at is not None or is_parked:
            return
        for hook in self._exchange.on_alone:
            hook(leg)
        self.part(leg)
        self._exchange.park(leg)

    def part(self, leg: Leg) -> None:
        """Take a living leg out of its bridge, if it is in one."""
        partner = leg.partner
        if partner is None:
            return
        first = leg if leg.is_first else partner
        if leg.is_first:
            self._leave(partner, leg)
        self._unbridge(first)
        if not leg.is_first:
            self._leave(partner, leg)
        self._separate(leg, partner)
        self._wait_alone(leg)

    def split(self, leg: Leg) -> Leg | None:
        """Undo a bridge and leave both legs to whoever asked; returns the partner."""
        partner = leg.partner
        if partner is not None:
            self._unbridge(leg if leg.is_first else partner)
            self._separate(leg, partner)
            self._wait_alone(partner)
        self._wait_alone(leg)
        return partner

    # --- joining ------------------------------------------------------------------------------

    def _join(self, first: Leg, second: Leg) -> None:
        exchange = self._exchange
        if first.ended_at is not None or second.ended_at is not None:
            return
        if not (first.is_up and second.is_up):
            self._cancel(first, second)
            return
        if first.partner is second:
            return
        for leg in (first, second):
            for hook in exchange.on_alone:
                hook(leg)
        self.part(first)
        self.part(second)
        first.partner, second.partner = second, first
        first.last_partner, second.last_partner = second, first
        first.is_first, second.is_first = True, False
        if exchange.is_detailed:
            self._tell_joining(first, second)
        first.bridged_at = second.bridged_at = exchange.mono
        first.state, second.state = ChannelState.SOFT_EXECUTE, ChannelState.SOFT_EXECUTE
        headers = {"Bridge-A-Unique-ID": first.leg_id, "Bridge-B-Unique-ID": second.leg_id}
        exchange.tell(ev.BRIDGE, first, headers)
        exchange.state(second, ChannelState.EXCHANGE_MEDIA)
        self._start_talk(first)
        self._start_talk(second)

    def _cancel(self, first: Leg, second: Leg) -> None:
        """A bridge with a leg that has not answered costs both legs."""
        for leg, other in ((first, second), (second, first)):
            is_unanswered = not leg.is_up
            cause = "DESTINATION_OUT_OF_ORDER" if is_unanswered else "ORIGINATOR_CANCEL"
            if is_unanswered or not other.is_up:
                leg.resolve("-ERR ORIGINATOR_CANCEL\n")
                self._exchange.hang_up(leg, cause)

    def _tell_joining(self, first: Leg, second: Leg) -> None:
        exchange = self._exchange
        for leg in (first, second):
            exchange.end_app(leg)
            for state in (ChannelState.HIBERNATE, ChannelState.RESET, ChannelState.SOFT_EXECUTE):
                exchange.state(leg, state)
        exchange.begin_app(first, "uuid_bridge", second.leg_id)
        exchange.begin_app(second, "uuid_bridge", first.leg_id)

    def _start_talk(self, leg: Leg) -> None:
        """Talk time runs only in a bridge; the person hangs up at its end, or the agent does."""
        if leg.step is not None:
            leg.step.cancel()
            leg.step = None
        person = leg.order.person
        if person.hangs_up_first and leg.talk_left_s != math.inf:
            exchange = self._exchange
            after = exchange.mono + max(0.0, leg.talk_left_s)
            leg.step = exchange.agenda.at(after, self._far_hang_up, leg)

    # --- parting ------------------------------------------------------------------------------

    def _on_hang_up(self, leg: Leg) -> None:
        """The first leg of a bridge dies: its partner reacts before the bridge is undone."""
        partner = leg.partner
        if partner is not None and leg.is_first:
            self._leave(partner, leg)
            self._unbridge(leg)
            self._separate(leg, partner)

    def _on_gone(self, leg: Leg) -> None:
        """The second leg of a bridge is dead: the bridge is undone, then the first one reacts."""
        partner = leg.partner
        if partner is not None:
            self._unbridge(partner)
            self._leave(partner, leg)
            self._separate(leg, partner)

    def _leave(self, left: Leg, gone: Leg) -> None:
        """What becomes of `left` when `gone` leaves their bridge."""
        exchange = self._exchange
        if left.ended_at is not None:
            return
        order = left.order
        if order.parks_after_bridge:
            exchange.park(left)
            self._wait_alone(left)
            return
        takes_cause = left.is_first and order.hangs_up_after_bridge and gone.cause
        exchange.hang_up(left, gone.cause if takes_cause else "NORMAL_CLEARING")

    def _unbridge(self, first: Leg) -> None:
        partner = first.partner
        other_id = partner.leg_id if partner is not None else ""
        headers = {"Bridge-A-Unique-ID": first.leg_id, "Bridge-B-Unique-ID": other_id}
        self._exchange.tell(ev.UNBRIDGE, first, headers)

    def _separate(self, leg: Leg, partner: Leg) -> None:
        for one in (leg, partner):
            started = one.bridged_at if one.bridged_at is not None else self._exchange.mono
            one.talk_left_s -= self._exchange.mono - started
            one.partner = None
            one.app = one.app_data = ""
