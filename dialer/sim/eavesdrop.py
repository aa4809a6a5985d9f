"""The application eavesdrop: one leg hears another, and is heard as its variables say.

Nothing is heard here; told is what FreeSWITCH 1.10.12 tells, in its order: a media bug on the leg
that is overheard, and the application's end on the other one. Of media bugs only these are told.
"""

from collections.abc import Callable

from dialer.sim import happenings as ev
from dialer.sim.exchange import Exchange
from dialer.sim.legs import Leg


class Eavesdrop:
    """Who overhears whom."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._ends: dict[str, Callable[[], None]] = {}
        """By the leg that overhears: what follows when the one that it hears is gone."""
        exchange.on_alone.append(self.leave)
        exchange.on_hang_up.append(self._on_hang_up)

    def begin(self, leg: Leg, leg_id: str, then: Callable[[], None]) -> None:
        """Overhear the leg `leg_id`; `then` when it dies, or at once when there is none to hear."""
        target = self._exchange.legs.get(leg_id)
        if target is None or target is leg or not target.is_up:
            then()
            return
        leg.overhears, self._ends[leg.leg_id] = target, then
        self._tell(ev.MEDIA_BUG_START, target)

    def leave(self, leg: Leg) -> None:
        """Overhear no more: the leg is sent elsewhere."""
        target, leg.overhears = leg.overhears, None
        if target is not None:
            self._ends.pop(leg.leg_id)
            self._tell(ev.MEDIA_BUG_STOP, target)
            self._exchange.end_app(leg)

    def _on_hang_up(self, leg: Leg) -> None:
        self.leave(leg)
        for other in list(self._exchange.legs.values()):
            if other.overhears is leg:
                other.overhears, then = None, self._ends.pop(other.leg_id)
                self._tell(ev.MEDIA_BUG_STOP, leg)
                then()

    def _tell(self, name: str, target: Leg) -> None:
        if self._exchange.is_detailed:
            headers = {"Media-Bug-Function": "eavesdrop", "Media-Bug-Target": target.leg_id}
            self._exchange.tell(name, target, headers)
