"""The share of calls that is answered, slowly over many calls and quickly over the last ones; and
how many answers an hour brings."""

import math
from dataclasses import dataclass, field

PRIOR_RATE_WEIGHT = 200.0
FAST_WINDOW = 80.0
SLOW_WINDOW = 800.0
ANSWERS_BEFORE_JUMPS = 100
MOST_CALLS = 1e7
MIN_LIVE_PER_H = 30.0
FLOW_OVER_S, FLOW_EVIDENCE_S, LONGEST_GAP_S = 3600.0, 1800.0, 5.0
ODDS_AGAINST_SURGE = 10.0
"""To one, that answers have not doubled of late, before anything speaks for it."""
MOST_EVIDENCE = 5.0
"""Of a surge, so that it is given up in minutes once it is over."""


@dataclass(slots=True)
class Surge:
    """Whether people answer twice as often as the slow rate has it, told from single answers: a
    team of five has the eighty calls of the fast rate in a quarter of an hour only.

    The evidence is Page's cumulative sum of log likelihood ratios, 2 r against r: ln 2 for each
    answer, minus one for each that was expected, never below zero. What it says is believed by its
    odds: four answers on each other's heels raise the rate by almost a half at once, and a calm
    minute or two let that go.
    """

    evidence: float = 0.0
    factor: float = 1.0
    """By which the slow rate is raised, from 1 to almost 2."""
    n_new: int = 0
    """Answers that are still to be weighed."""

    def weigh(self, n_expected: float) -> None:
        """So many answers were due by the slow rate since this was asked last."""
        evidence = self.evidence + self.n_new * math.log(2.0) - n_expected
        self.evidence = min(max(evidence, 0.0), MOST_EVIDENCE)
        self.n_new = 0
        odds = math.expm1(self.evidence)
        self.factor = 1.0 + odds / (odds + ODDS_AGAINST_SURGE)

    def forget(self) -> None:
        """It is known by other means, or not asked for."""
        self.evidence, self.factor, self.n_new = 0.0, 1.0, 0


@dataclass(slots=True)
class AnswerRate:
    """P(answer) of a call: a slow estimate over mature calls and a fast one over exposure.

    The fast one divides answers so far by the answers that the calls in flight should have
    brought by now, so it is unbiased before calls resolve. Rises are believed sooner than falls;
    by small teams sooner still (`surge`).
    """

    n_calls: float
    n_answers: float
    fast_exposure: float = 0.0
    fast_answers: float = 0.0
    n_mature_answers: int = 0
    surge: Surge = field(default_factory=Surge)

    @classmethod
    def prior(cls, rate: float) -> "AnswerRate":
        """Start from `rate` with the weight of 200 calls."""
        return cls(PRIOR_RATE_WEIGHT, PRIOR_RATE_WEIGHT * rate)

    @property
    def slow(self) -> float:
        """Answer rate over the slow window."""
        return min(max(self.n_answers / max(self.n_calls, 1e-9), 0.005), 0.99)

    @property
    def fast(self) -> float | None:
        """Answer rate over the fast window; None before it holds enough."""
        if self.fast_exposure < FAST_WINDOW / 2:
            return None
        return min(max(self.fast_answers / self.fast_exposure, 0.005), 0.99)

    @property
    def value(self) -> float:
        """The rate to pace by: the slow one, or half way to a higher fast one; in a surge at least
        the slow one raised by it."""
        fast, slow = self.fast, self.slow
        usual = (slow + fast) / 2.0 if fast is not None and fast > slow else slow
        return max(usual, min(slow * self.surge.factor, 0.99))

    @property
    def is_sound(self) -> bool:
        """Whether all counts are such as calls can have made."""
        counts = (self.n_calls, self.n_answers, self.fast_exposure, self.fast_answers)
        return all(0.0 <= count < MOST_CALLS for count in counts)

    def mature(self, is_answered: bool, lift: float, window: float) -> None:
        """One call whose whole cohort has ended; `lift` 1: as likely to answer as the average."""
        keep = 1.0 - 1.0 / window
        self.n_calls = self.n_calls * keep + lift
        self.n_answers = self.n_answers * keep + is_answered
        self.n_mature_answers += is_answered

    def expose(self, expected_share: float, window: float, heeds_surge: bool = False) -> None:
        """Calls in flight gained `expected_share` of their eventual answers' ring time."""
        keep = max(0.0, 1.0 - expected_share / window)
        self.fast_exposure = self.fast_exposure * keep + expected_share
        self.fast_answers *= keep
        if heeds_surge:
            self.surge.weigh(self.slow * expected_share)
        else:
            self.surge.forget()

    def answer(self) -> None:
        """A call was answered."""
        self.fast_answers += 1.0
        self.surge.n_new += 1

    def follow_jump(self, window: float) -> None:
        """Drop the slow estimate when the fast one has clearly left it (2.5 sd up, 3.5 down)."""
        fast = self.fast
        if fast is None or self.n_mature_answers < ANSWERS_BEFORE_JUMPS:
            return
        slow = self.slow
        deviation = (slow * (1.0 - slow) / min(self.fast_exposure, window)) ** 0.5
        if fast > slow + 2.5 * deviation or fast < slow - 3.5 * deviation:
            self.n_calls, self.n_answers = window, window * fast
            self.surge.forget()


@dataclass(slots=True)
class AnswerFlow:
    """Live answers an hour, over the last hour in which it was decided."""

    n_answers: float = 0.0
    seconds: float = 0.0
    seen_at: float | None = None

    def pass_time(self, now: float) -> None:
        """Time in which nothing was decided (paused, no agents) does not count."""
        gap_s = max(now - self.seen_at, 0.0) if self.seen_at is not None else 0.0
        gap_s = min(gap_s, LONGEST_GAP_S)
        keep = math.exp(-gap_s / FLOW_OVER_S)
        self.n_answers *= keep
        self.seconds = self.seconds * keep + gap_s
        self.seen_at = now

    @property
    def is_thin(self) -> bool:
        """Too few answers to learn from, and to spread an abandoned one over."""
        enough = self.seconds >= FLOW_EVIDENCE_S
        return enough and 3600.0 * self.n_answers / self.seconds < MIN_LIVE_PER_H
