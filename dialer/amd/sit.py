"""Special information tones: three rising steps, told though packets were lost in them.

ITU-T E.180 and Q.35: 950, 1,400 and 1,800 Hz, 330 ms each. North American networks code in the
first two frequencies and lengths what happened; only the codes for wrong numbers are relied upon,
the published tables of the others have misprints.
"""

from dataclasses import dataclass, field

from dialer.amd.tones import Run
from dialer.model.amd import SitCategory, Tone, ToneKind

STEPS_HZ = ((895.0, 1005.0), (1355.0, 1445.0), (1745.0, 1855.0))
LONG_S, MOST_S = 0.327, 0.55
LEAST_S = 0.07
"""So much must be left of a step: no sound but these tones has three such steps, rising in time."""
LOST_S = 0.25
"""So much may be missing in a step, or between two."""
APART_S = (0.42, 0.95)
"""From the beginning of the first step to that of the third."""
ITU_FIRST, ITU_SECOND, ITU_THIRD_LEAST_HZ = (932.0, 968.0), (1387.0, 1413.0), 1789.0
"""The third of the coded ones is at 1,776.7 Hz, whatever the code."""

CODES: dict[tuple[str, str], SitCategory] = {
    ("SS", "LL"): SitCategory.INTERCEPT,
    ("LS", "HL"): SitCategory.VACANT,
    ("SL", "LH"): SitCategory.REORDER,
    ("SL", "HL"): SitCategory.REORDER,
    ("LL", "HH"): SitCategory.NO_CIRCUIT,
    ("LL", "LL"): SitCategory.NO_CIRCUIT,
}
"""Lengths and frequencies of the first two (short, long; low, high); the third never differs."""


@dataclass(slots=True)
class Step:
    """What was heard of one step, from its first piece to its last. `hz`: of the longest piece."""

    begin_s: float
    end_s: float
    hz: float
    heard_s: float
    longest_s: float

    def add(self, run: Run) -> None:
        self.end_s = run.end_s
        self.heard_s += run.length_s
        if run.length_s > self.longest_s:
            self.longest_s, self.hz = run.length_s, run.hz


@dataclass(slots=True)
class SitEar:
    """The steps heard so far, of one stream."""

    _steps: list[Step] = field(default_factory=list)

    def take(self, run: Run, now_s: float) -> Tone | None:
        """The signal that this run completes, if it does."""
        at = _step_of(run)
        if at is None:
            return None
        if self._steps and run.begin_s - self._steps[-1].end_s > LOST_S:
            self._steps.clear()
        if at == len(self._steps) - 1:
            self._steps[-1].add(run)
        elif at == len(self._steps):
            self._steps.append(_begun(run))
        else:
            self._steps = [_begun(run)] if at == 0 else []
        return self._told(now_s) if _are_complete(self._steps) else None

    def _told(self, now_s: float) -> Tone:
        steps, self._steps = self._steps, []
        category = sit_category(steps[0], steps[1], steps[2])
        begin_s, end_s = steps[0].begin_s, steps[2].end_s
        return Tone(ToneKind.SIT, begin_s, end_s, now_s, steps[0].hz, category)


def sit_category(first: Step, second: Step, third: Step) -> SitCategory:
    """The North American code of the steps; UNCODED where they are the ITU's plain ones.

    A step lasts until the next begins, whatever was lost at its end."""
    is_itu = ITU_FIRST[0] < first.hz < ITU_FIRST[1] and ITU_SECOND[0] < second.hz < ITU_SECOND[1]
    if is_itu or third.hz > ITU_THIRD_LEAST_HZ:
        return SitCategory.UNCODED
    lasted = (second.begin_s - first.begin_s, third.begin_s - second.begin_s)
    lengths = "".join("L" if seconds > LONG_S else "S" for seconds in lasted)
    pitches = ("H" if first.hz > 950.0 else "L") + ("H" if second.hz > 1400.0 else "L")
    return CODES.get((lengths, pitches), SitCategory.UNCODED)


def _begun(run: Run) -> Step:
    return Step(run.begin_s, run.end_s, run.hz, run.length_s, run.length_s)


def _step_of(run: Run) -> int | None:
    for at, (low, high) in enumerate(STEPS_HZ):
        if low <= run.hz <= high:
            return at
    return None


def _are_complete(steps: list[Step]) -> bool:
    if len(steps) < len(STEPS_HZ):
        return False
    are_whole = all(s.heard_s >= LEAST_S and s.end_s - s.begin_s <= MOST_S for s in steps)
    return are_whole and APART_S[0] <= steps[2].begin_s - steps[0].begin_s <= APART_S[1]
