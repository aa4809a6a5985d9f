"""Checks of single values, made for the kinds of settings: a number, a word, a text, yes or no.

Each takes the name of the setting, for the message, and the value; it returns the stored form. What
it admits may be read off it, so that other programs can be told before they try.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dialer.model.errors import BadInput

Check = Callable[[str, object], Any]


@dataclass(frozen=True, slots=True)
class NumberBetween:
    """A check for a real number from `low` to `high`."""

    low: float
    high: float

    def __call__(self, name: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise BadInput(f"{name}: must be a number")
        if not self.low <= value <= self.high:
            raise BadInput(f"{name}: must be from {self.low:g} to {self.high:g}")
        return float(value)


@dataclass(frozen=True, slots=True)
class CountBetween:
    """A check for a whole number from `low` to `high`."""

    low: int
    high: int

    def __call__(self, name: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadInput(f"{name}: must be a whole number")
        return int(NumberBetween(self.low, self.high)(name, value))


@dataclass(frozen=True, slots=True)
class TextOf:
    """A check for a text that `pattern` matches as a whole."""

    pattern: re.Pattern[str]

    def __call__(self, name: str, value: object) -> str:
        if not isinstance(value, str) or not self.pattern.fullmatch(value):
            raise BadInput(f"{name}: must look like {self.pattern.pattern}")
        return value


@dataclass(frozen=True, slots=True)
class WordOf:
    """A check for a word of an enum."""

    words: type[StrEnum]

    def __call__(self, name: str, value: object) -> str:
        if value not in list(self.words):
            raise BadInput(f"{name}: must be one of {', '.join(self.words)}")
        return str(value)


def check_switch(name: str, value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise BadInput(f"{name}: must be true or false")
    return value
