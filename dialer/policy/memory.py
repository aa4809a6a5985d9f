"""What is worth keeping of a day's learning, so that tomorrow starts warm.

Plain JSON-ready values. A memory of another shape, or with numbers that are none, is not recalled:
then the priors hold, as on the first day.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from dialer.policy.hazard import Floats
from dialer.policy.statistics import Learned

VERSION = 1
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
    if any(values is None for values in found.values()):
        return False
    for name, target in targets.items():
        target[:] = found[name]
    learned.rate.n_calls, learned.rate.n_answers = RATE_WEIGHT, RATE_WEIGHT * rate
    learned.n_talks = n_talks
    learned.rings.refresh()
    return True


def _usable(values: object, target: Floats) -> Floats | None:
    """`values` as numbers of the target's shape, or None."""
    if not isinstance(values, list) or len(values) != len(target):
        return None
    try:
        numbers = np.array(values, dtype=float)
    except (TypeError, ValueError):
        return None
    if (
        numbers.shape != target.shape
        or not np.all(np.isfinite(numbers))
        or np.any(numbers < 0)
        or not numbers.sum() > 0
    ):
        return None
    return numbers
