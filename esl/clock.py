"""The only place of this package that reads a clock or rolls dice."""

from __future__ import annotations

import random
import time


def monotonic() -> float:
    """Seconds on a clock that never steps back."""
    return time.monotonic()


def between(low: float, high: float) -> float:
    """A random number in the range, to keep a hundred clients from coming back in step."""
    return random.uniform(low, high)
