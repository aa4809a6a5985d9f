"""How likely each lead is to answer, beside the campaign's average: learnt while dialling.

A lead is described by *traits*: local hour, weekday, attempts so far, last outcome, list, and
prefixes of its number. Each trait hashes to a slot with a weight, and the weights of a lead add up
to the logit of its chance: logistic regression, learnt one call at a time. Every weight is a normal
law (mean, precision) moved by the extended Kalman step, diagonal form (adPredictor, Graepel et al.,
ICML 2010, is its probit cousin); precision fades, so what is old can be unlearnt.

Calibration: each call is scored before it is learnt from, so scores are honest out of sample.
Their slope against what really happened is learnt beside (Platt's): where traits say nothing the
slope goes to zero, and every lead is the average one.

The result is a *lift*, a chance relative to the average. The level itself is the answer rate's
(policy/answer_rate.py), which measures answers per lift: when everything jumps, all chances do.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from dialer.model.lead import Lead
from dialer.policy.hazard import Floats
from dialer.policy.places import first_zone

N_SLOTS = 4096
PRIOR_PRECISION = 3.0
"""A trait alone moves the odds by less than a factor of three, says the prior, mostly."""
MEMORY_CALLS = 5000.0
"""A slot remembers so many of its own calls."""
AVERAGE_OVER, AVERAGE_EVERY = 500, 20
"""Calls over which the mean chance is taken, and after how many it is taken anew."""
FIRST_SLOPE = 0.5
LOWEST_LIFT, HIGHEST_LIFT = 0.1, 5.0
STEEPEST = 1.1
"""Slope of the calibration: more would be to exaggerate what traits say."""

Traits = NDArray[np.intp]
"""Slots of one lead, or a row for each of several."""


def traits_of(lead: Lead, utc: float) -> Traits:
    """What is known of a lead before it is dialled at `utc`, as slots."""
    hour, weekday = _local(first_zone(lead.time_zone), utc)
    number = lead.number
    return np.array(
        (
            _slot("hour", hour),
            _slot("weekday", weekday),
            _slot("attempts", min(lead.n_attempts, 8)),
            _slot("outcome", lead.last_outcome),
            _slot("list", lead.list_id),
            _slot("callback", lead.is_callback),
            _slot("prefix", number[:4]),
            _slot("prefix", number[:6]),
            _slot("prefix", number[:8]),
        ),
        dtype=np.intp,
    )


def _local(zone: str, utc: float) -> tuple[int, int]:
    try:
        local = datetime.fromtimestamp(utc, _zone(zone))
    except (KeyError, ValueError, OverflowError, OSError):
        return -1, -1  # not a zone, or not a time: a trait like another
    return local.hour, local.weekday()


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name.partition(" ")[0])  # of several candidates the first


@lru_cache(maxsize=65_536)
def _slot(kind: str, value: object) -> int:
    """The same slot in every process, unlike hash()."""
    return crc32(f"{kind}={value}".encode()) % N_SLOTS


@dataclass(slots=True)
class Calibration:
    """logit of the chance = level + slope * (score - middle), learnt call by call.

    `var_*`, `cov`: uncertainty of level and slope, kept from vanishing so that both can still move.
    """

    level: float
    slope: float = FIRST_SLOPE
    middle: float = 0.0
    var_level: float = 0.5
    var_slope: float = 0.5
    cov: float = 0.0

    def learn(self, score: float, is_answered: bool) -> None:
        """One call that was scored before it was known: an extended Kalman step."""
        x = score - self.middle
        chance = _chance(self.level + self.slope * x)
        scale = chance * (1.0 - chance)
        gain_level = self.var_level + x * self.cov
        gain_slope = self.cov + x * self.var_slope
        denominator = 1.0 + scale * (gain_level + x * gain_slope)
        step = (is_answered - chance) / denominator
        self.level += gain_level * step
        self.slope = min(max(self.slope + gain_slope * step, 0.0), STEEPEST)
        shrink = scale / denominator
        self.var_level += 2e-6 - shrink * gain_level * gain_level
        self.var_slope += 5e-7 - shrink * gain_slope * gain_slope
        self.cov -= shrink * gain_level * gain_slope

    def chances(self, scores: Floats) -> Floats:
        """P(answered) by the scores."""
        logits = self.level + self.slope * (scores - self.middle)
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -12.0, 12.0))))


@dataclass(slots=True)
class AnswerModel:
    """Weights by slot: mean and precision of each."""

    calibration: Calibration
    intercept: float
    mean: Floats = field(default_factory=lambda: np.zeros(N_SLOTS))
    precision: Floats = field(default_factory=lambda: np.full(N_SLOTS, PRIOR_PRECISION))
    recent: deque[float] = field(default_factory=lambda: deque([0.0], maxlen=AVERAGE_OVER))
    """Scores of the calls learnt from last: a lift of 1 is their mean chance."""
    mean_chance: float = 0.5
    n_learnt: int = 0

    @classmethod
    def prior(cls, answer_rate: float) -> "AnswerModel":
        """All leads alike, at this answer rate."""
        level = math.log(answer_rate / (1.0 - answer_rate))
        return cls(Calibration(level), level, mean_chance=answer_rate)

    def lifts(self, traits: Traits) -> Floats:
        """Lift of each lead, one row of traits for each; 1: as likely as the average."""
        variance = (1.0 / self.precision[traits]).sum(axis=1)
        scores = _moderate(self.mean[traits].sum(axis=1), variance)
        chances = self.calibration.chances(scores)
        return np.clip(chances / self.mean_chance, LOWEST_LIFT, HIGHEST_LIFT)

    def learn(self, traits: Traits, is_answered: bool) -> None:
        """One call whose cohort has ended. It is scored before it is learnt from."""
        precision = self.precision[traits]
        weight, variance = float(self.mean[traits].sum()), float((1.0 / precision).sum())
        score = float(_moderate(weight, variance))
        self.calibration.learn(score, is_answered)
        chance = _chance(self.intercept + weight)
        scale = chance * (1.0 - chance)
        step = (is_answered - chance) / (1.0 + scale * variance)
        self.intercept += step / (1.0 + scale * min(self.n_learnt, AVERAGE_OVER))
        self.mean[traits] += step / precision
        kept = PRIOR_PRECISION + (precision - PRIOR_PRECISION) * (1.0 - 1.0 / MEMORY_CALLS)
        self.precision[traits] = kept + scale
        self._average(score)

    def _average(self, score: float) -> None:
        self.recent.append(score)
        self.n_learnt += 1
        if self.n_learnt % AVERAGE_EVERY == 0:
            scores = np.fromiter(self.recent, dtype=float)
            self.calibration.middle = float(scores.mean())
            self.mean_chance = float(self.calibration.chances(scores).mean())


def _moderate(logits: Floats | float, variance: Floats | float) -> Floats:
    """Logits drawn towards the middle as far as they are uncertain (MacKay, 1992)."""
    return np.asarray(logits / np.sqrt(1.0 + (math.pi / 8.0) * variance))


def _chance(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-min(max(logit, -12.0), 12.0)))
