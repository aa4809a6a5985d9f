"""A question about leads, as data: what a segment saves and a recycling asks.

    {"all": [{"field": "last_outcome", "is": "in", "value": ["BUSY", "NO_ANSWER"]},
             {"field": "last_attempt", "is": "older_than", "value": 30},
             {"not": {"field": "field:ville", "is": "equals", "value": "Cotonou"}}]}

`parsed` is the only way in: what it lets through names known fields, asks what their kind can
answer, and is bounded. No part of it is ever read as SQL (store/lead_filters.py binds the values).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dialer.model.errors import BadInput

MOST_TESTS = 50
DEEPEST = 6
MOST_WORDS = 200
LONGEST = 200
LARGEST = 1e9
MOST_DAYS = 36_500.0
CUSTOM = "field:"
"""Before the key of one of the lead's own fields."""


class Kind(StrEnum):
    TEXT = "TEXT"
    WORD = "WORD"
    """One of a closed set."""
    IDENTITY = "IDENTITY"
    COUNT = "COUNT"
    AGE = "AGE"
    """An instant, asked for in days before now."""
    CUSTOM = "CUSTOM"
    """A text of the lead's own fields, which may be a number."""


class Is(StrEnum):
    EQUALS = "equals"
    CONTAINS = "contains"
    BEGINS = "begins"
    EMPTY = "empty"
    IN = "in"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    OLDER_THAN = "older_than"
    YOUNGER_THAN = "younger_than"
    NEVER = "never"


FIELDS: Mapping[str, Kind] = {
    "name": Kind.TEXT,
    "number": Kind.TEXT,
    "time_zone": Kind.WORD,
    "state": Kind.WORD,
    "last_outcome": Kind.WORD,
    "disposition": Kind.WORD,
    "campaign": Kind.IDENTITY,
    "list": Kind.IDENTITY,
    "priority": Kind.COUNT,
    "n_attempts": Kind.COUNT,
    "n_tries": Kind.COUNT,
    "last_attempt": Kind.AGE,
    "created": Kind.AGE,
    "due": Kind.AGE,
}
ANSWERS: Mapping[Kind, frozenset[Is]] = {
    Kind.TEXT: frozenset({Is.EQUALS, Is.CONTAINS, Is.BEGINS, Is.EMPTY, Is.IN}),
    Kind.WORD: frozenset({Is.IN, Is.EMPTY}),
    Kind.IDENTITY: frozenset({Is.IN}),
    Kind.COUNT: frozenset({Is.AT_LEAST, Is.AT_MOST, Is.EQUALS}),
    Kind.AGE: frozenset({Is.OLDER_THAN, Is.YOUNGER_THAN, Is.NEVER}),
    Kind.CUSTOM: frozenset(
        {Is.EQUALS, Is.CONTAINS, Is.BEGINS, Is.EMPTY, Is.IN, Is.AT_LEAST, Is.AT_MOST}
    ),
}
"""What a field of each kind can be asked."""
_BARE = frozenset({Is.EMPTY, Is.NEVER})
_NUMERIC = frozenset({Is.AT_LEAST, Is.AT_MOST})

Value = str | float | tuple[str, ...] | tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Check:
    field: str
    asks: Is
    value: Value

    @property
    def kind(self) -> Kind:
        return kind_of(self.field)


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple["LeadFilter", ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple["LeadFilter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "LeadFilter"


LeadFilter = Check | Every | Either | Not


def kind_of(name: str) -> Kind:
    """The kind of a field. Raises BadInput when there is none of the name."""
    if name.startswith(CUSTOM) and 0 < len(name) - len(CUSTOM) <= LONGEST and "\0" not in name:
        return Kind.CUSTOM
    kind = FIELDS.get(name)
    if kind is None:
        raise BadInput(f"criteria: there is no field {name[:60]!r}")
    return kind


def parsed(criteria: object) -> LeadFilter:
    """The filter that `criteria` describes. Raises BadInput naming what is wrong."""
    found = _part(criteria, DEEPEST)
    if _n_tests(found) > MOST_TESTS:
        raise BadInput(f"criteria: at most {MOST_TESTS} tests")
    return found


def _part(criteria: object, depth: int) -> LeadFilter:
    if depth == 0:
        raise BadInput(f"criteria: at most {DEEPEST} levels")
    if not isinstance(criteria, Mapping):
        raise BadInput("criteria: each part must be an object")
    if criteria.keys() == {"all"}:
        return Every(_parts(criteria["all"], depth))
    if criteria.keys() == {"any"}:
        return Either(_parts(criteria["any"], depth))
    if criteria.keys() == {"not"}:
        return Not(_part(criteria["not"], depth - 1))
    if criteria.keys() <= {"field", "is", "value"}:
        return _test(criteria)
    raise BadInput("criteria: a part is all, any, not, or a test with field, is and value")


def _parts(parts: object, depth: int) -> tuple[LeadFilter, ...]:
    if not isinstance(parts, Sequence) or isinstance(parts, str) or not parts:
        raise BadInput("criteria: all and any hold a list of parts")
    if len(parts) > MOST_TESTS:
        raise BadInput(f"criteria: at most {MOST_TESTS} tests")
    return tuple(_part(part, depth - 1) for part in parts)


def _test(criteria: Mapping[str, object]) -> Check:
    name, asked = criteria.get("field"), criteria.get("is")
    if not isinstance(name, str):
        raise BadInput("criteria: a test names its field")
    kind = kind_of(name)
    if not isinstance(asked, str) or asked not in {str(one) for one in ANSWERS[kind]}:
        words = ", ".join(sorted(ANSWERS[kind]))
        raise BadInput(f"criteria: {name} can be asked: {words}")
    asks = Is(asked)
    return Check(name, asks, _value(name, kind, asks, criteria.get("value")))


def _value(name: str, kind: Kind, asks: Is, value: object) -> Value:
    if asks in _BARE:
        return None
    if kind is Kind.AGE:
        return _number(name, value, 0.0, MOST_DAYS)
    if asks in _NUMERIC or kind is Kind.COUNT:
        return _number(name, value)
    if asks is Is.IN:
        return _identities(name, value) if kind is Kind.IDENTITY else _words(name, value)
    return _text(name, value)


def _number(name: str, value: object, low: float = -LARGEST, high: float = LARGEST) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadInput(f"criteria: {name} needs a number")
    if not low <= value <= high:  # also refuses nan
        raise BadInput(f"criteria: {name} needs a number from {low:g} to {high:g}")
    return float(value)


def _identities(name: str, value: object) -> tuple[int, ...]:
    found = _several(name, value)
    if any(isinstance(one, bool) or not isinstance(one, int) or one < 0 for one in found):
        raise BadInput(f"criteria: {name} needs identities")
    if any(one >= 2**63 for one in found):
        raise BadInput(f"criteria: {name} needs identities")
    return tuple(found)


def _words(name: str, value: object) -> tuple[str, ...]:
    return tuple(_text(name, one) for one in _several(name, value))


def _several(name: str, value: object) -> list:  # type: ignore[type-arg]
    if not isinstance(value, (list, tuple)) or not 0 < len(value) <= MOST_WORDS:
        raise BadInput(f"criteria: {name} needs a list of 1 to {MOST_WORDS}")
    return list(value)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST or "\0" in value:
        raise BadInput(f"criteria: {name} needs a text of 1 to {LONGEST} characters")
    return value


def _n_tests(part: LeadFilter) -> int:
    if isinstance(part, Check):
        return 1
    if isinstance(part, Not):
        return _n_tests(part.part)
    return sum(_n_tests(one) for one in part.parts)
