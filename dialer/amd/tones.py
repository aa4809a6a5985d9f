"""Steady tones frame by frame: a tracker that joins frames of one frequency into runs.

Nothing is looked up in a list of frequencies here: whatever is narrow and keeps its frequency is a
run. What runs mean together (beep, SIT, busy) is `patterns`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dialer.amd.spectrum import BIN_HZ, FRAME_S, Frame, decibels
from dialer.amd.state import Flags, Floats, Indices, Rows, State, places_of

FIRST_BIN, LAST_BIN = 7, 110
"""Where a tone's peak may be: 219 to 3,437 Hz."""
LOWEST_BIN = 5
"""What lies below does not pass a telephone, but for the rumble of a car."""
BESIDE = np.arange(-3, 4)
AFTER_BIN = LAST_BIN + 4
"""What lies beside the last peak is heard, too."""
SINGLE_SHARE, DUAL_SHARE = 0.80, 0.93
SAME_HZ = 22.0
STANDS_OUT = 2.0
"""Times the noise: less is noise, of which nothing is taken off."""
LEAST_SHARE = SINGLE_SHARE / STANDS_OUT
"""Of all there is, in the worst noise."""
VOICE_MOST_HZ = 800.0
"""Up to here a voice's own partials may pass for a tone."""
DAMAGED_FRAMES = 2
"""So many frames may be missing inside a tone (packet loss)."""
LEAST_TONE_DB = -55.0
STABLE_FRAMES = 3
"""From so many frames on a run is a tone for the voice activity as well."""


@dataclass(frozen=True, slots=True)
class Peaks(Rows):
    """The strongest two peaks of n streams: power of the first, of both, and of all there is;
    where they are. All but `total` is 0 where it cannot be a tone whatever the noise. `is_plain`:
    a tone with whatever noise there is, which is what the voice activity leaves out."""

    first: Floats
    both: Floats
    total: Floats
    first_hz: Floats
    second_hz: Floats
    is_plain: Flags


@dataclass(frozen=True, slots=True)
class Tonal:
    """Whether a frame of n streams holds a tone, and if so, `hz` where and `other_hz` where else
    (two make it; else the same), the lower first, and `purity`, its or their share of the sound."""

    hz: Floats
    other_hz: Floats
    purity: Floats
    is_dual: Flags
    is_tonal: Flags
    is_plain: Flags


def peaks(frame: Frame) -> Peaks:
    """Measure the strongest two peaks of each stream's frame."""
    in_band = np.add.reduceat(frame.power[:, :AFTER_BIN], [LOWEST_BIN], axis=1)
    total = np.maximum(in_band[:, 0], 1e-14)
    first, both, first_hz, second_hz = np.zeros((4, len(total)))
    loud = places_of((decibels(total) > LEAST_TONE_DB) & ~frame.is_zero)
    power = frame.power[loud, :AFTER_BIN]
    peak = _strongest(power)
    first[loud] = alone = _around(power, peak)
    is_single = alone >= SINGLE_SHARE * total[loud]
    _take_away(power, peak)
    second = _strongest(power)
    both[loud] = together = np.where(is_single, alone, alone + _around(power, second))
    is_able = together >= LEAST_SHARE * total[loud]
    one, two = places_of(is_able), places_of(is_able & ~is_single)
    first_hz[loud[one]] = _refined(frame.power, loud[one], peak[one])
    second_hz[loud[two]] = _refined(frame.power, loud[two], second[two])
    is_plain = (first >= SINGLE_SHARE * total) | (both >= DUAL_SHARE * total)
    return Peaks(first, both, total, first_hz, second_hz, is_plain)


def tonal(found: Peaks, noise: Floats) -> Tonal:
    """What the peaks make where steady noise of the power `noise` (n) was there before.

    A frame that does not stand out of the noise is taken as it is, or its remainder would be all
    tone. A voice's partial in a noise would be pure without it: there purity is of all there is.
    """
    sound = found.total - np.where(found.total > STANDS_OUT * noise, noise, 0.0)
    is_single = found.first >= SINGLE_SHARE * sound
    is_dual = (found.both >= DUAL_SHARE * sound) & ~is_single
    is_tonal = is_single | is_dual
    hz, other_hz, purity = np.zeros((3, len(sound)))
    at = places_of(is_tonal)
    first, two = found.first_hz[at], is_dual[at]
    second = np.where(two, found.second_hz[at], first)
    hz[at], other_hz[at] = np.minimum(first, second), np.maximum(first, second)
    tone = np.where(two, found.both[at], found.first[at])
    whole = np.where(hz[at] > VOICE_MOST_HZ, sound[at], found.total[at])
    purity[at] = np.minimum(tone / whole, 1.0)
    return Tonal(hz, other_hz, purity, is_dual, is_tonal, found.is_plain)


def _strongest(power: Floats) -> Indices:
    return np.asarray(np.argmax(power[:, FIRST_BIN : LAST_BIN + 1], axis=1) + FIRST_BIN)


def _around(power: Floats, peak: Indices) -> Floats:
    """The power of each row's peak."""
    bins, at = power.ravel(), _strung(power, np.arange(len(power)), peak)
    total = bins.take(at)
    for offset in (-2, -1, 1, 2):
        total += bins.take(at + offset)
    return total


def _take_away(power: Floats, peak: Indices) -> None:
    at = _strung(power, np.arange(len(power)), peak)
    power.reshape(-1)[at[:, None] + BESIDE] = 0.0


def _refined(power: Floats, rows: Indices, peak: Indices) -> Floats:
    """The frequency between bins, by a parabola through the logarithms."""
    bins, at = power.ravel(), _strung(power, rows, peak)
    left, mid, right = (np.log(bins.take(at + offset) + 1e-14) for offset in (-1, 0, 1))
    curve = np.minimum(left - 2.0 * mid + right, -1e-6)
    shift = np.minimum(np.maximum(0.5 * (left - right) / curve, -0.5), 0.5)
    return np.asarray((peak + shift) * BIN_HZ)


def _strung(power: Floats, rows: Indices, peak: Indices) -> Indices:
    """Where the peaks lie when the rows are strung together, which is half the time to find."""
    return np.asarray(rows * power.shape[1] + peak)


@dataclass(frozen=True, slots=True)
class Run:
    """A tone that has ended, or lasts. Its figures leave out its first and last frame, which hold
    other sound as well. `_s`: seconds of the stream's audio; `level_sd_db`, `hz_sd`: how steady."""

    begin_s: float
    end_s: float
    hz: float
    hz_sd: float
    level_db: float
    level_sd_db: float
    purity: float
    is_dual: bool
    is_switched: bool = False
    """Another tone followed at once."""
    other_hz: float = 0.0
    """Of the second tone, where there are two."""

    @property
    def length_s(self) -> float:
        return self.end_s - self.begin_s


class RunState(State):
    """The tone that each stream may be in. Frequencies are kept as differences from the first,
    levels from the first level, so that sums of squares lose nothing."""

    is_in: Floats
    begin_frame: Floats
    last_frame: Floats
    first_hz: Floats
    last_hz: Floats
    first_db: Floats
    held_hz: Floats
    held_db: Floats
    held_purity: Floats
    n_summed: Floats
    n_good: Floats
    n_plain: Floats
    n_dual: Floats
    sum_hz: Floats
    sum_hz2: Floats
    sum_db: Floats
    sum_db2: Floats
    sum_purity: Floats
    sum_other_hz: Floats


def follow(state: RunState, frame: Frame, found: Tonal, now: Floats) -> list[tuple[int, Run]]:
    """Take frame number `now` (n) of each stream; the runs that ended, by place in the pass."""
    tonal, inside = found.is_tonal, state.is_in > 0
    apart, other_apart = np.abs(found.hz - state.last_hz), np.abs(found.other_hz - state.last_hz)
    hz = np.where(other_apart < apart, found.other_hz, found.hz)
    same = inside & tonal & (np.minimum(apart, other_apart) < SAME_HZ)
    other = inside & tonal & ~same
    silent = inside & ~tonal & (now - state.last_frame > DAMAGED_FRAMES)
    over = other | silent
    ended = [(int(i), run_of(state, int(i), bool(other[i]))) for i in places_of(over)]
    state.is_in[silent] = 0.0
    fresh = other | (tonal & ~inside)
    if same.any():
        _extend(state, frame, found, hz, now, same)
    if fresh.any():
        _begin(state, frame, found, now, fresh)
    return ended


def is_in_tone(state: RunState, found: Tonal) -> Flags:
    """Whether each stream is in a tone that has proved steady, and plain."""
    return np.asarray((state.is_in > 0) & (state.n_plain >= STABLE_FRAMES) & found.is_plain)


def lasting(state: RunState, least_frames: int) -> Iterator[tuple[int, Run]]:
    """Runs that go on and reach just now so many frames."""
    for i in places_of((state.is_in > 0) & (state.n_good == least_frames)):
        yield int(i), run_of(state, int(i))


def run_of(state: RunState, i: int, is_switched: bool = False) -> Run:
    """What is known of the run of the stream in place `i`."""
    n, n_dual = max(state.n_summed[i], 1.0), max(state.n_dual[i], 1.0)
    mean_hz, mean_db = state.sum_hz[i] / n, state.sum_db[i] / n
    summed = state.n_summed[i] > 0
    return Run(
        begin_s=float(state.begin_frame[i] * FRAME_S),
        end_s=float((state.last_frame[i] + 1.0) * FRAME_S),
        hz=float(state.first_hz[i] + mean_hz),
        hz_sd=float(np.sqrt(max(state.sum_hz2[i] / n - mean_hz**2, 0.0))),
        level_db=float(state.first_db[i] + mean_db),
        level_sd_db=float(np.sqrt(max(state.sum_db2[i] / n - mean_db**2, 0.0))),
        purity=float(state.sum_purity[i] / n) if summed else float(state.held_purity[i]),
        is_dual=bool(state.n_dual[i] > 0.5 * state.n_good[i]),
        is_switched=is_switched,
        other_hz=float(state.sum_other_hz[i] / n_dual),
    )


def _begin(state: RunState, frame: Frame, found: Tonal, now: Floats, fresh: Flags) -> None:
    state.matrix[:, fresh] = 0.0
    state.is_in[fresh] = 1.0
    state.begin_frame[fresh] = state.last_frame[fresh] = now[fresh]
    state.first_hz[fresh] = state.last_hz[fresh] = found.hz[fresh]
    state.first_db[fresh] = frame.level_db[fresh]
    state.held_hz[fresh] = np.nan
    state.n_good[fresh] = 1.0
    state.n_plain[fresh] = found.is_plain[fresh]
    state.n_dual[fresh] = found.is_dual[fresh]
    state.sum_other_hz[fresh] = found.other_hz[fresh] * found.is_dual[fresh]


def _extend(
    state: RunState, frame: Frame, found: Tonal, hz_now: Floats, now: Floats, same: Flags
) -> None:
    held = same & ~np.isnan(state.held_hz)
    hz, db = state.held_hz[held] - state.first_hz[held], state.held_db[held] - state.first_db[held]
    state.sum_hz[held] += hz
    state.sum_hz2[held] += hz**2
    state.sum_db[held] += db
    state.sum_db2[held] += db**2
    state.sum_purity[held] += state.held_purity[held]
    state.n_summed[held] += 1.0
    state.held_hz[same] = state.last_hz[same] = hz_now[same]
    state.held_db[same] = frame.level_db[same]
    state.held_purity[same] = found.purity[same]
    state.n_good[same] += 1.0
    state.n_plain[same] += found.is_plain[same]
    state.n_dual[same] += found.is_dual[same]
    other_hz = found.hz[same] + found.other_hz[same] - hz_now[same]
    state.sum_other_hz[same] += other_hz * found.is_dual[same]
    state.last_frame[same] = now[same]
