"""Originates under way on one switch, and the poke that hastens their events."""

from collections.abc import Callable

import gevent

from dialer.model.ids import LegId

POKE_EVERY_S = 0.005
"""A bare line end wakes the switch's 20 ms poll (events in 1.3 ms instead of 12.7, p50)."""
LIFE_BEATS = round(180.0 / POKE_EVERY_S)
"""Pokes for a leg: more time than any may ring, so one that is still silent was never born."""


class InFlight:
    """Legs that may ring. While there are any, `poke` is called again and again; it must not block,
    for it is called in the event loop itself: a greenlet that sleeps costs as much as the poke."""

    def __init__(self, poke: Callable[[], None], life_beats: int = LIFE_BEATS) -> None:
        self._legs: dict[LegId, int] = {}
        """At which beat each is forgotten, the next to be so first."""
        self._n_beats = 0
        self._poke = poke
        self._life_beats = life_beats
        self._is_poking = False
        self._timer = gevent.get_hub().loop.timer(POKE_EVERY_S, repeat=POKE_EVERY_S)

    def __contains__(self, leg_id: LegId) -> bool:
        return leg_id in self._legs

    def add(self, leg_id: LegId) -> None:
        """An originate is about to be written."""
        self._legs[leg_id] = self._n_beats + self._life_beats
        if not self._is_poking:
            self._is_poking = True
            self._timer.start(self._beat)

    def discard(self, leg_id: LegId) -> None:
        """It answered, failed or ended."""
        self._legs.pop(leg_id, None)

    def stop(self) -> None:
        """Poke no more."""
        self._is_poking = False
        self._timer.stop()

    def _beat(self) -> None:
        self._n_beats += 1
        while self._legs and next(iter(self._legs.values())) <= self._n_beats:
            del self._legs[next(iter(self._legs))]
        if self._legs:
            self._poke()
        else:
            self.stop()
