"""Rooms of mod_conference: who is in one hears all the others, and leaves without ending it.

Orders of events are those seen on FreeSWITCH 1.10.12: a member is told once its application runs,
and told gone before that application ends.
"""

from collections.abc import Callable

from dialer.sim import happenings as ev
from dialer.sim.exchange import Exchange
from dialer.sim.legs import Leg

MAINTENANCE = "conference::maintenance"


class Rooms:
    """`begin_talk` and `end_talk`: the person of a leg has somebody to talk to, or nobody."""

    def __init__(
        self,
        exchange: Exchange,
        begin_talk: Callable[[Leg], None],
        end_talk: Callable[[Leg], None],
    ) -> None:
        self._exchange = exchange
        self._begin_talk = begin_talk
        self._end_talk = end_talk
        self._n_members = 0
        exchange.on_hang_up.append(self.leave)
        exchange.on_alone.append(self.leave)

    def join(self, leg: Leg, name: str) -> None:
        """The leg's application puts it into the room `name@profile`."""
        leg.room, _, leg.room_profile = name.partition("@")
        self._n_members += 1
        self._tell(leg, "add-member")
        self._begin_talk(leg)

    def leave(self, leg: Leg) -> None:
        """The leg goes elsewhere, or ends."""
        if not leg.room:
            return
        self._tell(leg, "del-member")
        leg.room = ""
        self._end_talk(leg)
        self._exchange.end_app(leg)

    def _tell(self, leg: Leg, action: str) -> None:
        own = {
            "Event-Subclass": MAINTENANCE,
            "Conference-Name": leg.room,
            "Conference-Profile-Name": leg.room_profile,
            "Member-ID": str(self._n_members),
            "Member-Type": "member",
            "Action": action,
        }
        self._exchange.tell(ev.CUSTOM, leg, own)
