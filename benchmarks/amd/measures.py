"""What a detector's answers are worth: errors with intervals, times, beeps, curve, strata."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.amd.corpus.timeline import Kind, Truth
from benchmarks.amd.hearing import Listened, judge
from dialer.model.amd import Cause, Heard, ToneKind, Verdict
from dialer.policy.amd_audit import Interval, clopper_pearson
from dialer.policy.amd_profiles import AmdSettings

LEGAL_WAIT_S = 2.0
"""16 CFR 310.4(b)(4)(ii)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one detector said of one call. `late`: its second look found a machine."""

    truth: Truth
    verdict: Verdict
    at_s: float
    late: bool = False
    cause: Cause | None = None


def answers(listened: Sequence[Listened]) -> list[Answer]:
    """The product's answers. A call it did not decide counts as unsure at its end."""
    told = []
    for one in listened:
        if one.decided is None:
            told.append(Answer(one.truth, Verdict.UNSURE, one.truth.n_samples / 8000))
            continue
        decided = one.decided
        is_late = one.late is not None
        told.append(Answer(one.truth, decided.verdict, decided.at_s, is_late, decided.cause))
    return told


def of_kind(told: Sequence[Answer], *kinds: Kind) -> list[Answer]:
    return [answer for answer in told if answer.truth.kind in kinds]


def called_machine(told: Sequence[Answer]) -> Interval:
    """The share of calls called MACHINE at once, with its exact 95 % interval."""
    return clopper_pearson(sum(a.verdict is Verdict.MACHINE for a in told), len(told))


def found_in_all(told: Sequence[Answer]) -> float:
    """The share of calls called MACHINE at once or by the second look."""
    return sum(a.verdict is Verdict.MACHINE or a.late for a in told) / max(len(told), 1)


def no_speech(told: Sequence[Answer]) -> float:
    """The share of calls in which no speech was heard."""
    causes = (Cause.NO_SPEECH, Cause.DIGITAL_SILENCE)
    return sum(answer.cause in causes for answer in told) / max(len(told), 1)


def times(told: Sequence[Answer], verdict: Verdict) -> tuple[float, float]:
    """Median and 95th percentile of the times of one verdict, in seconds after the answer."""
    return _quantiles([a.at_s for a in told if a.verdict is verdict])


def waits(told: Sequence[Answer]) -> tuple[float, float]:
    """The same of HUMAN's times after the end of the greeting: how long a person was kept waiting.

    Verdicts before that end count as 0.
    """
    ends = [(a.at_s, a.truth.greeting_end_s) for a in told if a.verdict is Verdict.HUMAN]
    return _quantiles([max(0.0, at - end) for at, end in ends if end is not None])


def kept_waiting(told: Sequence[Answer]) -> float:
    """The share of people who get an agent, HUMAN or UNSURE, later than the law's two seconds
    after the end of their greeting; those who say nothing have none."""
    ends = [
        (a.at_s, a.truth.greeting_end_s)
        for a in told
        if a.verdict is not Verdict.MACHINE and a.truth.greeting_end_s is not None
    ]
    return sum(at - end > LEGAL_WAIT_S for at, end in ends) / max(len(ends), 1)


def _quantiles(values: list[float]) -> tuple[float, float]:
    if not values:
        return float("nan"), float("nan")
    return float(np.median(values)), float(np.percentile(values, 95))


@dataclass(frozen=True, slots=True)
class Beeps:
    precision: float
    recall: float
    n: int
    end_error_s: tuple[float, float]
    """Median and 95th percentile."""


def beeps(listened: Sequence[Listened]) -> Beeps:
    """How well voicemail beeps are found. Calls with network tones of their own are left out."""
    n = n_found = n_false = 0
    errors: list[float] = []
    for one in listened:
        if one.truth.tone:
            continue
        told = [tone for tone in one.tones if tone.kind is ToneKind.BEEP]
        n += one.truth.beep is not None
        begin, end = one.truth.beep or (1e9, -1e9)
        right = [tone for tone in told if tone.end_s > begin and tone.begin_s < end]
        n_found += bool(right)
        n_false += len(told) - len(right)
        errors += [abs(right[-1].end_s - end)] if right else []
    found = max(n_found + n_false, 1)
    return Beeps(n_found / found, n_found / max(n, 1), n, _quantiles(errors))


def tones_found(listened: Sequence[Listened], kind: ToneKind) -> tuple[int, int, int]:
    """Of the calls with a tone of this kind: how many were told so, how many there are; and how
    often it was told in others. Busy and congestion are one."""
    kinds = {kind, ToneKind.CONGESTION} if kind is ToneKind.BUSY else {kind}
    n = n_found = n_false = 0
    for one in listened:
        is_told = any(tone.kind in kinds for tone in one.tones)
        is_there = one.truth.tone.split(" ")[0] in {k.value for k in kinds}
        n += is_there
        n_found += is_there and is_told
        n_false += is_told and not is_there
    return n_found, n, n_false


CURVE = (0.60, 0.80, 0.90, 0.94, 0.96, 0.98, 0.99, 0.995)


def curve(
    truths: Sequence[Truth], heard: Sequence[Heard], settings: AmdSettings
) -> Iterator[tuple[float, Interval, float]]:
    """(threshold, people called machines, machines found at once) at other thresholds."""
    for p in CURVE:
        most = min(p, settings.limit_machine_p)
        other = replace(
            settings,
            machine_p=p,
            forced_machine_p=max(most, settings.forced_machine_p - 0.98 + p),
            limit_machine_p=most,
        )
        told = answers(judge(truths, heard, other))
        wrong = called_machine(of_kind(told, Kind.HUMAN))
        yield p, wrong, called_machine(of_kind(told, Kind.MACHINE)).share


def strata(told: Sequence[Answer]) -> Iterator[tuple[str, str, list[Answer]]]:
    """Answers by kind of call, language, noise level and codec: (what, which, answers)."""
    ways: dict[str, Callable[[Answer], str]] = {
        "kind of call": lambda a: a.truth.stratum,
        "language": lambda a: f"{a.truth.language} {_side(a)}",
        "noise": lambda a: f"{_noise(a.truth.snr_db)} {_side(a)}",
        "codec": lambda a: f"{a.truth.codec} {_side(a)}",
    }
    for what, way in ways.items():
        groups: dict[str, list[Answer]] = defaultdict(list)
        for answer in told:
            groups[way(answer)].append(answer)
        for which in sorted(groups):
            yield what, which, groups[which]


def _side(answer: Answer) -> str:
    return "people" if answer.truth.kind.is_person else "machines"


def _noise(snr_db: float) -> str:
    for least in (30, 20, 12):
        if snr_db >= least:
            return f"over {least} dB"
    return "below 12 dB"
