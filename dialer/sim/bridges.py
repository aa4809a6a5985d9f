"""Two legs joined, parted, and what becomes of the one that is left.

The rules after a bridge were measured on FreeSWITCH 1.10.12 for all values of the two variables:
the leg that is left parks when *its* park_after_bridge is true. Otherwise it is hung up; with the
dead leg's cause when it was first in the bridge and its hangup_after_bridge is true, else with
NORMAL_CLEARING.

A bridge takes time to make, and more when a leg only rings: then `originate` lets go of it, and the
first leg waits for its answer, up to call_timeout. Should the second leg end meanwhile, the first
one parks when its uuid_bridge_park_on_cancel is true, else it is hung up too; a second leg that is
left over stays as it is, and may be bridged again.
"""

import math

from dialer.sim import happenings as ev
from dialer.sim.dialing import Dialing
from dialer.sim.exchange import Exchange
from dialer.sim.legs import ChannelState, Leg

BRIDGE_DELAY_S = 0.04
"""From the answer of uuid_bridge to the bridge: two state changes at 20 ms each."""
ANSWER_LIMIT_S = 60.0
"""How long a bridge waits for a leg that rings, where the first leg's call_timeout says nothing."""


class Bridges:
    """Joins and parts legs."""

    def __init__(self, exchange: Exchange, dialing: Dialing) -> None:
        self._exchange = exchange
        self._wait_alone = dialing.wait_alone
        self._far_hang_up = dialing.far_hang_up
        self._let_go = dialing.let_go
        exchange.on_answer.append(self._on_answer)
        exchange.on_hang_up.append(self._on_hang_up)
        exchange.on_gone.append(self._on_gone)

    def bridge(self, first_id: str, second_id: str) -> bool:
        """Join two legs soon; False when one of them does not exist."""
        exchange = self._exchange
        first, second = exchange.legs.get(first_id), exchange.legs.get(second_id)
        if first is None or second is None or first is second:
            return False
        if second.is_up and not first.is_up:
            first, second = second, first  # the one that waits has to be up
        first.awaits, second.awaited_by = second, first
        for leg in (first, second):
            if not leg.is_up:
                exchange.follow(self._let_go, leg)
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
        if first.awaits is not second:
            return  # given up, or another bridge has been asked for since
        if not (first.is_up and second.is_up):
            limit = first.order.variables.get("call_timeout", "")
            limit_s = float(limit) if limit.isdecimal() else ANSWER_LIMIT_S
            exchange.agenda.at(exchange.mono + limit_s, self._await_no_more, second)
            return
        first.awaits = second.awaited_by = None
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
        first.state, second.state = ChannelState.SOFT_EXECUTE, ChannelState.SOFT_EXECUTE
        headers = {"Bridge-A-Unique-ID": first.leg_id, "Bridge-B-Unique-ID": second.leg_id}
        exchange.tell(ev.BRIDGE, first, headers)
        exchange.state(second, ChannelState.EXCHANGE_MEDIA)
        self.begin_talk(first)
        self.begin_talk(second)

    def _on_answer(self, leg: Leg) -> None:
        """What a bridge waited for; one that is being made looks by itself."""
        if leg.awaited_by is not None:
            self._exchange.follow(self._join, leg.awaited_by, leg)

    def _await_no_more(self, second: Leg) -> None:
        if second.awaited_by is not None and not second.is_up:
            self._exchange.hang_up(second, "DESTINATION_OUT_OF_ORDER")

    def _cancel(self, gone: Leg) -> None:
        """A leg ended while its bridge was being made."""
        gone.awaits, left = None, gone.awaited_by
        if left is None or left.awaits is not gone or left.ended_at is not None:
            return
        left.awaits = None
        if left.order.parks_on_cancel:
            for hook in self._exchange.on_alone:
                hook(left)
            self._exchange.park(left)
            self._wait_alone(left)
        else:
            self._exchange.hang_up(left, "ORIGINATOR_CANCEL")

    def _tell_joining(self, first: Leg, second: Leg) -> None:
        exchange = self._exchange
        for leg in (first, second):
            exchange.end_app(leg)
            for state in (ChannelState.HIBERNATE, ChannelState.RESET, ChannelState.SOFT_EXECUTE):
                exchange.state(leg, state)
        exchange.begin_app(first, "uuid_bridge", second.leg_id)
        exchange.begin_app(second, "uuid_bridge", first.leg_id)

    def begin_talk(self, leg: Leg) -> None:
        """Talk time runs in bridges and rooms only; at its end person or agent hangs up."""
        leg.bridged_at = self._exchange.mono
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
        self._cancel(leg)
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
            self._count_talk(one)
            one.partner = None
            one.app = one.app_data = ""

    def end_talk(self, leg: Leg) -> None:
        """The leg leaves a room: its person has nobody to talk to."""
        self._count_talk(leg)
        if leg.ended_at is None:
            self._wait_alone(leg)

    def _count_talk(self, leg: Leg) -> None:
        started = leg.bridged_at if leg.bridged_at is not None else self._exchange.mono
        leg.talk_left_s -= self._exchange.mono - started
