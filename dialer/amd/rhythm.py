"""Bursts of one low tone in a rhythm: busy, congestion, ringing.

ITU-T E.180 and its supplement: one tone of 400 to 450 Hz, or two up to 620 Hz, on and off.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

from dialer.amd.tones import Run
from dialer.model.amd import Tone, ToneKind

LEAST_HZ, MOST_HZ = 340.0, 660.0
SAME_HZ = 20.0
JOIN_S = 0.1
"""What lost packets parted by less is one burst."""
LEAST_S, MOST_S, CONGESTION_MOST_S = 0.13, 0.75, 0.31
"""How long a burst of a busy tone lasts, and the pause after it; which bursts are congestion's."""
FRAGMENT_S = 0.05
"""What is shorter, and no rest of a burst, is no burst."""
BURSTS, KEPT = 3, 6
EVEN, EVEN_S = 0.22, 0.045
"""Lengths so near, as a share or in seconds, are equal."""
BEAT_S = 0.06
"""So much may a burst be off the beat."""
RINGS_S, RING_MOST_HZ = ((0.9, 1.06), (1.36, 2.6)), 460.0
"""Networks ring for 1, 1.5 or 2 seconds: a low tone of a length between is a recorder's beep."""
DOUBLE_RING_S, DOUBLE_GAP_S, DOUBLE_TOLERANCE_S = 0.4, 0.2, 0.06
"""The British ring comes in pairs."""


@dataclass(slots=True)
class RhythmEar:
    """The last bursts of one stream."""

    _bursts: deque[Run] = field(default_factory=lambda: deque(maxlen=KEPT))
    _is_told: bool = False

    def take(self, run: Run, now_s: float) -> Tone | None:
        """What this run is a burst of, if anything."""
        if not LEAST_HZ <= run.hz <= MOST_HZ:
            return None
        self._add(run)
        if not self._bursts:
            return None
        return self._busy(now_s) or self._ringback(now_s)

    def _add(self, run: Run) -> None:
        if self._bursts and _is_rest(run, self._bursts[-1]):
            self._bursts.append(replace(self._bursts.pop(), end_s=run.end_s))
        elif run.length_s >= FRAGMENT_S:
            self._bursts.append(run)

    def _busy(self, now_s: float) -> Tone | None:
        last = self._bursts[-1]
        if self._is_told:
            return None
        alike = [one for one in self._bursts if _is_burst(one) and _is_one_tone(one, last)]
        rhythm = next(filter(_is_rhythm, _ending(alike, last)), None)
        if rhythm is None:
            return None
        self._is_told = True
        is_fast = sorted(burst.length_s for burst in rhythm)[1] < CONGESTION_MOST_S
        kind = ToneKind.CONGESTION if is_fast else ToneKind.BUSY
        return Tone(kind, rhythm[0].begin_s, last.end_s, now_s, last.hz)

    def _ringback(self, now_s: float) -> Tone | None:
        last = self._bursts[-1]
        if last.hz > RING_MOST_HZ:
            return None
        before = self._bursts[-2] if len(self._bursts) > 1 else None
        is_pair = before is not None and _is_double_ring(before, last)
        if not is_pair and not any(least <= last.length_s <= most for least, most in RINGS_S):
            return None
        begin_s = before.begin_s if before is not None and is_pair else last.begin_s
        return Tone(ToneKind.RINGBACK, begin_s, last.end_s, now_s, last.hz)


def _ending(bursts: Sequence[Run], last: Run) -> Iterator[tuple[Run, ...]]:
    """Three of the bursts, or the last four, that end with the last."""
    if not bursts or bursts[-1] is not last:
        return
    yield from ((*two, last) for two in combinations(bursts[:-1], BURSTS - 1))
    if len(bursts) > BURSTS:
        yield tuple(bursts[-BURSTS - 1 :])


def _is_rhythm(bursts: tuple[Run, ...]) -> bool:
    return _is_beat(bursts) if len(bursts) == BURSTS else _is_alternating(bursts)


def _is_beat(bursts: tuple[Run, ...]) -> bool:
    """Three of one length on one beat, on which one between them may have been damaged."""
    first, second, third = bursts
    steps = sorted((second.begin_s - first.begin_s, third.begin_s - second.begin_s))
    period = steps[0]
    pause = period - max(burst.length_s for burst in bursts)
    is_on_beat = any(abs(steps[1] - n * period) <= BEAT_S for n in (1, 2))
    return LEAST_S <= pause <= MOST_S and is_on_beat and _are_even(bursts)


def _is_alternating(bursts: tuple[Run, ...]) -> bool:
    """Long, short, long, short, as in Britain: each length and the pauses after it are equal."""
    pauses = [b.begin_s - a.end_s for a, b in pairwise(bursts)]
    are_paused = all(LEAST_S <= pause <= MOST_S for pause in pauses)
    are_pairs = _are_even(bursts[::2]) and _are_even(bursts[1::2])
    return are_paused and are_pairs and abs(pauses[0] - pauses[2]) <= BEAT_S


def _are_even(bursts: Sequence[Run]) -> bool:
    lengths = [burst.length_s for burst in bursts]
    return max(lengths) - min(lengths) <= max(EVEN * max(lengths), EVEN_S)


def _is_burst(run: Run) -> bool:
    return LEAST_S <= run.length_s <= MOST_S


def _is_one_tone(run: Run, other: Run) -> bool:
    return abs(run.hz - other.hz) < SAME_HZ


def _is_rest(run: Run, burst: Run) -> bool:
    return run.begin_s - burst.end_s < JOIN_S and _is_one_tone(run, burst)


def _is_double_ring(first: Run, second: Run) -> bool:
    lengths = (first.length_s, second.length_s, second.begin_s - first.end_s)
    due = (DOUBLE_RING_S, DOUBLE_RING_S, DOUBLE_GAP_S)
    is_rhythm = all(abs(a - b) <= DOUBLE_TOLERANCE_S for a, b in zip(lengths, due, strict=True))
    return is_rhythm and _is_one_tone(first, second)
