"""Landmarks of a recording: peaks in time and frequency that survive codecs, noise and level.

In each of three zones the strongest bin of a frame is a landmark when it is the strongest there for
three frames before and after. Two landmarks near each other make a mark, a number of 20 bits: both
bins and the time between. (The idea is Wang's, ISMIR 2003.)
"""

from collections import deque
from collections.abc import Iterator

import numpy as np

from dialer.amd.spectrum import Frame, decibels
from dialer.amd.state import Floats, Indices

ZONES = ((9, 28), (28, 56), (56, 104))
"""Bins: 280 to 875, to 1,750, to 3,250 Hz."""
REACH = 3
SPAN = 2 * REACH + 1
PARTNERS = 3
MOST_APART = 31
LEAST_DB = -52.0


class Landmarks:
    """The last frames of many streams, and their last landmarks."""

    def __init__(self, n_streams: int) -> None:
        self._power = np.zeros((n_streams, SPAN, len(ZONES)))
        self._bin = np.zeros((n_streams, SPAN, len(ZONES)), dtype=np.intp)
        self._last: list[deque[tuple[int, int]]] = [_none() for _ in range(n_streams)]

    def grow(self, n_streams: int) -> None:
        """Room for more streams."""
        fresh = Landmarks(n_streams)
        n = len(self._power)
        fresh._power[:n], fresh._bin[:n] = self._power, self._bin
        fresh._last[:n] = self._last
        self._power, self._bin, self._last = fresh._power, fresh._bin, fresh._last

    def reset(self, stream: int) -> None:
        """Forget what a stream before had."""
        self._power[stream] = 0.0
        self._last[stream] = _none()

    def follow(self, at: Indices, frame: Frame, now: Floats) -> Iterator[tuple[int, int, int]]:
        """Take frame number `now` of the streams `at`: (place, mark, frame of its beginning)."""
        power, bins = self._shift(at, frame)
        centre = power[:, REACH]
        is_peak = (centre >= power.max(axis=1)) & (decibels(centre) > LEAST_DB)
        for place, zone in zip(*(axis.tolist() for axis in np.nonzero(is_peak)), strict=True):
            then, peak = int(now[place]) - REACH, int(bins[place, REACH, zone])
            last = self._last[at[place]]
            for before, other in last:
                if then - before <= MOST_APART:
                    yield place, other | peak << 7 | (then - before) << 14, before
            last.append((then, peak))

    def _shift(self, at: Indices, frame: Frame) -> tuple[Floats, Indices]:
        power, bins = self._power[at], self._bin[at]
        power[:, :-1], bins[:, :-1] = power[:, 1:].copy(), bins[:, 1:].copy()
        for zone, (first, after) in enumerate(ZONES):
            part = frame.power[:, first:after]
            bins[:, -1, zone] = np.argmax(part, axis=1) + first
            power[:, -1, zone] = part.max(axis=1)
        self._power[at], self._bin[at] = power, bins
        return power, bins


def _none() -> deque[tuple[int, int]]:
    return deque(maxlen=PARTNERS)
