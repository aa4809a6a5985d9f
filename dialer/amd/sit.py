"""Special information tones: three rising steps, told though packets were lost in them.

ITU-T E.180 and Q.35: 950, 1,400 and 1,800 Hz, 330 ms each. North American networks code in the
first two frequencies and lengths what happened; only the codes for wrong numbers are relied upon,
the published tables of the others have misprints.

Noise, loss and silence suppression may take most of a step or a whole one. So what is left of three
need not be much; of two, it must be of the very frequencies and fit together.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from dialer.amd.tones import Run
from dialer.model.amd import SitCategory, Tone, ToneKind

STEPS_HZ = ((895.0, 1005.0), (1355.0, 1445.0), (1745.0, 1855.0))
LAST = len(STEPS_HZ) - 1
SHORT_S, LONG_S, MOST_S = 0.274, 0.327, 0.55
"""The shortest step that is sent, the least of the long ones, the most that pieces can span."""
LEAST_S, LEAST_OF_THREE_S = 0.04, 0.24
"""So much must be left of each of three steps, and of all together: nothing else rises so."""
LOST_S = 0.34
"""So much may be missing in a step, or between two."""
APART_S = (0.3, 1.1)
"""From what is left of the first step to what is left of the third."""

PAIR_HZ = ((913.8, 950.0, 985.2), (1370.6, 1400.0, 1428.5), (1776.7, 1800.0))
NEAR_HZ = 12.0
PAIR_LEAST_S, PAIR_MOST_S, LEAST_OF_PAIR_S = 0.07, 0.42, 0.3
"""Of two steps alone there must be more left, of each and of both."""
JOINED_S = 0.12
"""One follows the other within so little ..."""
WITHOUT_SECOND_S = (0.5, 0.8)
"""... or a second step fits between, from the beginning of the first to that of the third."""

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
    """What was heard of step `at`, from its first piece to its last. `hz`: of the longest piece."""

    at: int
    begin_s: float
    end_s: float
    hz: float
    heard_s: float
    longest_s: float

    @property
    def spans_s(self) -> float:
        return self.end_s - self.begin_s

    def add(self, run: Run) -> None:
        self.end_s = run.end_s
        self.heard_s += run.length_s
        if run.length_s > self.longest_s:
            self.longest_s, self.hz = run.length_s, run.hz


@dataclass(slots=True)
class SitEar:
    """The steps heard so far, of one stream."""

    _steps: list[Step] = field(default_factory=list)
    _told: Step | None = None
    """The last step of the signal that was told, of which more may come."""

    def take(self, run: Run, now_s: float) -> Tone | None:
        """The signal that this run completes, if it does."""
        at = _step_of(run)
        if at is None:
            return None
        self._add(run, at)
        return self._tell(now_s) if _are_complete(self._steps) else None

    def is_rest(self, run: Run) -> bool:
        """Whether a run is what came after a hole in the last step of a signal that was told."""
        told = self._told
        if told is None or _step_of(run) != LAST or run.begin_s - told.end_s > LOST_S:
            return False
        told.add(run)
        return True

    def _add(self, run: Run, at: int) -> None:
        last = self._steps[-1] if self._steps else None
        if last is not None and run.begin_s - last.end_s > _hole_s(last.at, at):
            self._steps.clear()
        elif last is not None and at == last.at:
            last.add(run)
            return
        self._steps = [step for step in self._steps if step.at < at]
        self._steps.append(_begun(run, at))

    def _tell(self, now_s: float) -> Tone:
        steps, self._steps = self._steps, []
        self._told = steps[-1]
        begin_s, end_s = steps[0].begin_s, steps[-1].end_s
        return Tone(ToneKind.SIT, begin_s, end_s, now_s, steps[0].hz, sit_category(steps))


def sit_category(steps: list[Step]) -> SitCategory:
    """The North American code of the steps; UNCODED where they are the ITU's plain ones, where one
    was lost, and where so much was lost between them that two codes fit."""
    if len(steps) <= LAST:
        return SitCategory.UNCODED
    first, second, third = steps
    is_itu = ITU_FIRST[0] < first.hz < ITU_FIRST[1] and ITU_SECOND[0] < second.hz < ITU_SECOND[1]
    if is_itu or third.hz > ITU_THIRD_LEAST_HZ:
        return SitCategory.UNCODED
    fitting = set(_fitting(first, second, third)) or set(_fitting(first, second, third, True))
    return fitting.pop() if len(fitting) == 1 else SitCategory.UNCODED


def _fitting(
    first: Step, second: Step, third: Step, is_late: bool = False
) -> Iterator[SitCategory]:
    """The codes that the first two steps may be. `is_late`: the first began before it was heard.

    What was lost between two steps may have been of either."""
    pitches = ("H" if first.hz > 950.0 else "L") + ("H" if second.hz > 1400.0 else "L")
    first_most_s = MOST_S if is_late else second.begin_s - first.begin_s
    for (lengths, code_pitches), category in CODES.items():
        is_first = _may_be(lengths[0], first.spans_s, first_most_s)
        is_second = _may_be(lengths[1], second.spans_s, third.begin_s - first.end_s)
        if pitches == code_pitches and is_first and is_second:
            yield category


def _may_be(length: str, least_s: float, most_s: float) -> bool:
    return most_s > LONG_S if length == "L" else least_s <= LONG_S


def _hole_s(before: int, at: int) -> float:
    """How long nothing may be heard between two steps: of one that is missing, nothing is."""
    return LOST_S + SHORT_S if at - before > 1 else LOST_S


def _begun(run: Run, at: int) -> Step:
    return Step(at, run.begin_s, run.end_s, run.hz, run.length_s, run.length_s)


def _step_of(run: Run) -> int | None:
    for at, (low, high) in enumerate(STEPS_HZ):
        if low <= run.hz <= high:
            return at
    return None


def _are_complete(steps: list[Step]) -> bool:
    if steps[-1].at < LAST or len(steps) < LAST:
        return False
    return (len(steps) > LAST and _are_three(steps)) or _are_pair(*steps[-2:])


def _are_three(steps: list[Step]) -> bool:
    heard = [step.heard_s for step in steps]
    is_enough = min(heard) >= LEAST_S and sum(heard) >= LEAST_OF_THREE_S
    are_short = all(step.spans_s <= MOST_S for step in steps)
    apart_s = steps[2].begin_s - steps[0].begin_s
    return is_enough and are_short and APART_S[0] <= apart_s <= APART_S[1]


def _are_pair(former: Step, latter: Step) -> bool:
    """Two steps that could be nothing else, though the third was lost."""
    are_exact = _is_of_pair(former) and _is_of_pair(latter)
    is_enough = former.heard_s + latter.heard_s >= LEAST_OF_PAIR_S
    if latter.at - former.at == 1:
        fit = latter.begin_s - former.end_s <= JOINED_S
    else:
        apart_s = latter.begin_s - former.begin_s
        fit = WITHOUT_SECOND_S[0] <= apart_s <= WITHOUT_SECOND_S[1]
    return are_exact and is_enough and fit


def _is_of_pair(step: Step) -> bool:
    is_exact = any(abs(step.hz - hz) <= NEAR_HZ for hz in PAIR_HZ[step.at])
    return is_exact and step.heard_s >= PAIR_LEAST_S and step.spans_s <= PAIR_MOST_S
