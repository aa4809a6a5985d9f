"""Checks of single values, made for the kinds of settings: a number, a word, a text, yes or no.

Each takes the name of the setting, for the message, and the value; it returns the stored form.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from dialer.model.errors import BadInput

Check = Callable[[str, object], Any]


def number_between(low: float, high: float) -> Check:
    """A check for a real number from `low` to `high`."""

    def check(name: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise BadInput(f"{name}: must be a number")
        if not low <= value <= high:
            raise BadInput(f"{name}: must be from {low:g} to {high:g}")
        return float(value)

    return check


def count_between(low: int, high: int) -> Check:
    """A check for a whole number from `low` to `high`."""

    def check(name: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadInput(f"{name}: must be a whole number")
        return int(number_between(low, high)(name, value))

    return check


def text_of(pattern: re.Pattern[str]) -> Check:
    """A check for a text that `pattern` matches as a whole."""

    def check(name: str, value: object) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise BadInput(f"{name}: must look like {pattern.pattern}")
        return value

    return check


def check_switch(name: str, value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise BadInput(f"{name}: must be true or false")
    return value


def word_of(words: type[StrEnum]) -> Check:
    """A check for a word of an enum."""

    def check(name: str, value: object) -> str:
        if value not in list(words):
            raise BadInput(f"{name}: must be one of {', '.join(words)}")
        return str(value)

    return check
