"""What runs of one tone mean together: beep, SIT, fax, busy, ringback. One Ear for each stream.

Frequencies and lengths: ITU-T E.180 and its supplement (national tones), E.182, Q.35; T.30 for
fax; the North American coding of SIT by its frequencies and lengths (only its codes for wrong
numbers are relied upon, the published tables of the others have misprints).
"""

from collections import deque
from dataclasses import dataclass, field, replace
from itertools import pairwise

from dialer.amd.tones import SAME_HZ, Run
from dialer.model.amd import SitCategory, Tone, ToneKind

FAX_HZ, FAX_TOLERANCE_HZ, FAX_FRAMES = 2100.0, 25.0, 25
BEEP_LEAST_S, BEEP_MOST_S, BEEP_LEAST_HZ = 0.09, 2.2, 390.0
SHORT_BEEP_S, PURE_ENOUGH_S = 0.16, 0.22
VOICE_MOST_HZ = 760.0
"""Up to here a voice's own partials may pass for a tone."""


@dataclass(frozen=True, slots=True)
class Still:
    """A run so long and so steady (least, most) is a tone, even when noise lies over it."""

    least_s: float
    hz_sd: float
    level_sd_db: float
    purity: float
    dual_purity: float


STILL, STILL_IN_VOICE = Still(0.09, 3.2, 1.3, 0.83, 0.965), Still(0.11, 1.5, 0.8, 0.88, 0.985)
PROGRESS_LEAST_HZ, PROGRESS_MOST_HZ = 340.0, 660.0
RING_LEAST_S, RING_MOST_S, RING_MOST_HZ = 0.9, 2.6, 460.0
DOUBLE_RING_S, DOUBLE_GAP_S, DOUBLE_TOLERANCE_S = 0.4, 0.2, 0.06
"""The British ring comes in pairs."""
BUSY_LEAST_S, BUSY_MOST_S, CONGESTION_MOST_S = 0.17, 0.75, 0.31
BUSY_RUNS = 3
EVEN = 0.22
"""Lengths so near, as a share, are equal."""
FRAGMENT_S = 0.05
CHAIN_GAP_S = 0.065
"""Tones with less silence between belong to one signal."""
SIT_STEPS_HZ = ((900.0, 1000.0), (1355.0, 1445.0), (1745.0, 1835.0))
SIT_LEAST_S, SIT_MOST_S, SIT_LONG_S = (0.18, 0.18, 0.1), 0.55, 0.327
"""The last of the three may have lost its end: the first two leave no doubt."""
ITU_FIRST, ITU_SECOND = (932.0, 968.0), (1387.0, 1413.0)

CODES: dict[tuple[str, str], SitCategory] = {
    ("SSL", "LLL"): SitCategory.INTERCEPT,
    ("LSL", "HLL"): SitCategory.VACANT,
    ("SLL", "LHL"): SitCategory.REORDER,
    ("SLL", "HLL"): SitCategory.REORDER,
    ("LLL", "HHL"): SitCategory.NO_CIRCUIT,
    ("LLL", "LLL"): SitCategory.NO_CIRCUIT,
}
"""Lengths and frequencies of the three tones (short, long; low, high)."""


@dataclass(slots=True)
class Ear:
    """The tones of one stream. `take` gets each run that ended, in order."""

    _chain: list[Run] = field(default_factory=list)
    """Runs that follow each other without a pause; its last is the newest."""
    _even: deque[Run] = field(default_factory=lambda: deque(maxlen=BUSY_RUNS))
    _before: Run | None = None
    _held: Run | None = None
    """A run that another followed at once: a step of a SIT, unless the other is a mere fragment."""
    _progress_told: bool = False

    def take(self, run: Run, now_s: float) -> Tone | None:
        """What this run completes, if anything."""
        if self._chain and run.begin_s - self._chain[-1].end_s > CHAIN_GAP_S:
            self._chain.clear()
        self._link(run)
        sit = self._sit(now_s)
        if sit is not None:
            return sit
        if run.is_switched:
            self._hold(run)
            return None
        held, self._held = self._held, None
        if held is not None and _is_same(run, held):
            return self._single(held, now_s, run.end_s)
        if held is not None and run.length_s < BEEP_LEAST_S:
            run = held
        return self._single(run, now_s, run.end_s)

    def _single(self, run: Run, now_s: float, end_s: float) -> Tone | None:
        """What a run is by itself, or completes in a rhythm; its sound lasted until `end_s`."""
        tone = self._busy(run, now_s) or self._ringback(run, now_s) or _beep(run, now_s)
        return tone and replace(tone, end_s=end_s)

    def _hold(self, run: Run) -> None:
        """Keep a run until it is known what followed; what is left of a held one adds nothing."""
        is_rest = self._held is not None and _is_same(run, self._held)
        if run.length_s >= BEEP_LEAST_S and not is_rest:
            self._held = run

    def lasting(self, run: Run, now_s: float) -> Tone | None:
        """What a run that has lasted FAX_FRAMES is already."""
        if abs(run.hz - FAX_HZ) > FAX_TOLERANCE_HZ or run.is_dual:
            return None
        return Tone(ToneKind.FAX, run.begin_s, run.end_s, now_s, run.hz)

    def _link(self, run: Run) -> None:
        """Put a run into the chain: a step that was damaged is one again, without its fragments."""
        if self._chain and self._chain[-1].length_s < FRAGMENT_S:
            self._chain.pop()
        if self._chain and _is_same(run, self._chain[-1]):
            run = replace(self._chain.pop(), end_s=run.end_s)
        self._chain.append(run)

    def _sit(self, now_s: float) -> Tone | None:
        if len(self._chain) < 3:
            return None
        runs = self._chain[-3:]
        fits = all(
            low <= run.hz <= high and least <= run.length_s <= SIT_MOST_S
            for run, (low, high), least in zip(runs, SIT_STEPS_HZ, SIT_LEAST_S, strict=True)
        )
        if not fits:
            return None
        self._chain.clear()
        category = sit_category(runs)
        return Tone(ToneKind.SIT, runs[0].begin_s, runs[2].end_s, now_s, runs[0].hz, category)

    def _busy(self, run: Run, now_s: float) -> Tone | None:
        if not (_is_progress(run) and BUSY_LEAST_S <= run.length_s <= BUSY_MOST_S):
            if run.length_s >= BEEP_LEAST_S:  # a fragment between the bursts is no other tone
                self._even.clear()
            return None
        self._even.append(run)
        if self._progress_told or not _is_regular(list(self._even)):
            return None
        self._progress_told = True
        is_fast = run.length_s < CONGESTION_MOST_S
        kind = ToneKind.CONGESTION if is_fast else ToneKind.BUSY
        return Tone(kind, self._even[0].begin_s, run.end_s, now_s, run.hz)

    def _ringback(self, run: Run, now_s: float) -> Tone | None:
        before, self._before = self._before, run
        if not PROGRESS_LEAST_HZ <= run.hz <= RING_MOST_HZ:
            return None
        is_pair = before is not None and _is_double_ring(before, run)
        if not is_pair and not RING_LEAST_S <= run.length_s <= RING_MOST_S:
            return None
        begin_s = before.begin_s if before is not None and is_pair else run.begin_s
        return Tone(ToneKind.RINGBACK, begin_s, run.end_s, now_s, run.hz)


def sit_category(runs: list[Run]) -> SitCategory:
    """The North American code of three tones; UNCODED where they are the ITU's plain ones."""
    first, second = runs[0].hz, runs[1].hz
    is_itu = ITU_FIRST[0] < first < ITU_FIRST[1] and ITU_SECOND[0] < second < ITU_SECOND[1]
    if is_itu:
        return SitCategory.UNCODED
    lengths = "".join("L" if run.length_s > SIT_LONG_S else "S" for run in runs)
    pitches = ("H" if first > 950.0 else "L") + ("H" if second > 1400.0 else "L") + "L"
    return CODES.get((lengths, pitches), SitCategory.UNCODED)


def _is_progress(run: Run) -> bool:
    return PROGRESS_LEAST_HZ <= run.hz <= PROGRESS_MOST_HZ


def _is_regular(runs: list[Run]) -> bool:
    """Enough runs, of one frequency, on and off in one rhythm."""
    if len(runs) < BUSY_RUNS:
        return False
    gaps = [after.begin_s - before.end_s for before, after in pairwise(runs)]
    lengths = [run.length_s for run in runs]
    is_one_tone = max(run.hz for run in runs) - min(run.hz for run in runs) < 20.0
    is_paused = min(gaps) >= BUSY_LEAST_S * 0.8 and max(gaps) <= BUSY_MOST_S
    return is_one_tone and is_paused and _are_even(lengths) and _are_even(gaps)


def _are_even(lengths: list[float]) -> bool:
    return max(lengths) - min(lengths) <= max(EVEN * max(lengths), 0.045)


def _is_double_ring(first: Run, second: Run) -> bool:
    lengths = (first.length_s, second.length_s, second.begin_s - first.end_s)
    due = (DOUBLE_RING_S, DOUBLE_RING_S, DOUBLE_GAP_S)
    is_rhythm = all(abs(a - b) <= DOUBLE_TOLERANCE_S for a, b in zip(lengths, due, strict=True))
    return is_rhythm and abs(first.hz - second.hz) < 20.0


def _beep(run: Run, now_s: float) -> Tone | None:
    if not BEEP_LEAST_S <= run.length_s <= BEEP_MOST_S or run.hz < BEEP_LEAST_HZ:
        return None
    if not (_is_steady(run) or _is_faded(run)):
        return None
    return Tone(ToneKind.BEEP, run.begin_s, run.end_s, now_s, run.hz)


def _is_steady(run: Run) -> bool:
    """Of one frequency and level, and pure: the more so the shorter it is."""
    is_high = run.hz > VOICE_MOST_HZ
    if _is_still(run, STILL if is_high else STILL_IN_VOICE):
        return True
    if run.length_s > PURE_ENOUGH_S:
        least, most_hz = (0.82, 7.0) if is_high else (0.85, 6.0)
    else:
        least, most_hz = (0.985, 4.0) if run.length_s < SHORT_BEEP_S else (0.97, 6.0)
    return run.hz_sd < most_hz and run.level_sd_db < 3.0 and run.purity >= least


def _is_still(run: Run, still: Still) -> bool:
    is_steady = run.hz_sd < still.hz_sd and run.level_sd_db < still.level_sd_db
    least = still.dual_purity if run.is_dual else still.purity
    return run.length_s > still.least_s and is_steady and run.purity >= least


def _is_same(run: Run, other: Run) -> bool:
    return abs(run.hz - other.hz) < SAME_HZ


def _is_faded(run: Run) -> bool:
    """Long and pure, with packets that were lost and faded over."""
    is_long = run.length_s > PURE_ENOUGH_S
    return is_long and run.purity > 0.97 and run.hz_sd < 6.0 and run.level_sd_db < 6.0
