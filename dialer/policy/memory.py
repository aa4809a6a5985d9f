"""What is worth keeping of a day's learning, so that tomorrow starts warm.

Plain JSON-ready values. A memory of another shape, or with numbers that are none, is not recalled:
then the priors hold, as on the first day.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from dialer.policy.answer_model import (
    N_SLOTS,
    PRIOR_PRECISION,
    STEEPEST,
    AnswerModel,
    Calibration,
)
from dialer.policy.hazard import Floats
from dialer.policy.statistics import Learned
from dialer.policy.theta import START_HIGH, START_LOW, U_HIGH, U_LOW, Footing

VERSION = 2
RATE_WEIGHT = 400.0
"""Yesterday's answer rate counts as so many calls: today may differ."""


def remember(learned: Learned) -> dict[str, Any]:
    """The estimates of a campaign, JSON-ready."""
    return {
        "version": VERSION,
        "rate": learned.rate.slow,
        "rings_answered": learned.rings.answered.tolist(),
        "rings_others": learned.rings.others.tolist(),
        "talk_events": learned.talks.events.tolist(),
        "talk_exposure": learned.talks.exposure.tolist(),
        "wrap_events": learned.wraps.events.tolist(),
        "wrap_exposure": learned.wraps.exposure.tolist(),
        "n_talks": learned.n_talks,
        "footing": _remember_footing(learned.footing),
        "answers": _remember_answers(learned.answers),
    }


def _remember_footing(footing: Footing) -> dict[str, Any]:
    return {"start": footing.start, "settled": footing.settled, "day": footing.day}


def _remember_answers(model: AnswerModel) -> dict[str, Any]:
    """Only slots that something was learnt of: some hundreds of them all."""
    slots = np.flatnonzero(model.precision > PRIOR_PRECISION)
    return {
        "slots": slots.tolist(),
        "mean": np.round(model.mean[slots], 4).tolist(),
        "precision": np.round(model.precision[slots], 3).tolist(),
        "intercept": model.intercept,
        "level": model.calibration.level,
        "slope": model.calibration.slope,
        "middle": model.calibration.middle,
        "mean_chance": model.mean_chance,
        "n_learnt": model.n_learnt,
    }


def recall(learned: Learned, memory: Mapping[str, Any]) -> bool:
    """Put a memory in place of the priors; False, and nothing changed, when it is not usable."""
    targets = {
        "rings_answered": learned.rings.answered,
        "rings_others": learned.rings.others,
        "talk_events": learned.talks.events,
        "talk_exposure": learned.talks.exposure,
        "wrap_events": learned.wraps.events,
        "wrap_exposure": learned.wraps.exposure,
    }
    found = {name: _usable(memory.get(name), target) for name, target in targets.items()}
    rate, n_talks = memory.get("rate"), memory.get("n_talks")
    if not isinstance(n_talks, int) or n_talks < 0:
        return False
    if memory.get("version") != VERSION or not isinstance(rate, float) or not 0 < rate < 1:
        return False
    answers, footing = _recalled_answers(memory.get("answers")), _recalled_footing(memory)
    if answers is None or footing is None or any(values is None for values in found.values()):
        return False
    for name, target in targets.items():
        target[:] = found[name]
    learned.rate.n_calls, learned.rate.n_answers = RATE_WEIGHT, RATE_WEIGHT * rate
    learned.n_talks = n_talks
    learned.answers, learned.footing = answers, footing
    learned.rings.refresh()
    return True


def _recalled_footing(memory: Mapping[str, Any]) -> Footing | None:
    """The footing of a memory, or None; of one from before there was any, that of a first day."""
    found = memory.get("footing", _remember_footing(Footing()))
    if not isinstance(found, dict):
        return None
    values = _numbers([found.get(name) for name in ("start", "settled", "day")])
    if values is None:
        return None
    start, settled, day = (float(value) for value in values)
    is_sound = START_LOW <= start <= START_HIGH and U_LOW <= settled <= U_HIGH and day >= 0
    return Footing(start, settled, int(day)) if is_sound else None


def _recalled_answers(memory: object) -> AnswerModel | None:
    """The model of a memory, or None. Its calibration may still move as on the first day."""
    if not isinstance(memory, dict):
        return None
    slots, mean, precision = (_numbers(memory.get(name)) for name in ("slots", "mean", "precision"))
    names = ("intercept", "level", "slope", "middle", "mean_chance", "n_learnt")
    scalars = _numbers([memory.get(name) for name in names])
    if slots is None or mean is None or precision is None or scalars is None:
        return None
    intercept, level, slope, middle, mean_chance, n_learnt = (float(value) for value in scalars)
    is_sound = (
        len(slots) == len(mean) == len(precision)
        and np.all((slots >= 0) & (slots < N_SLOTS) & (slots == np.floor(slots)))
        and np.all((np.abs(mean) <= 20.0) & (precision >= PRIOR_PRECISION))
        and 0.0 < mean_chance < 1.0
        and max(abs(intercept), abs(level), abs(middle)) <= 20.0
        and 0.0 <= slope <= STEEPEST
        and n_learnt >= 0
    )
    if not is_sound:
        return None
    model = AnswerModel(Calibration(level, slope, middle), intercept, n_learnt=int(n_learnt))
    model.mean[slots.astype(int)] = mean
    model.precision[slots.astype(int)] = precision
    model.mean_chance = mean_chance
    model.recent.append(middle)
    return model


def _usable(values: object, target: Floats) -> Floats | None:
    """`values` as numbers of the target's shape, or None."""
    numbers = _numbers(values)
    if numbers is None or numbers.shape != target.shape:
        return None
    return numbers if np.all(numbers >= 0) and numbers.sum() > 0 else None


def _numbers(values: object) -> Floats | None:
    """A list of finite numbers as an array, or None."""
    if not isinstance(values, list) or not all(type(value) in (int, float) for value in values):
        return None
    numbers = np.array(values, dtype=float)
    return numbers if np.all(np.isfinite(numbers)) else None
