"""What controller and listener say to each other, one line of JSON for each word.

Both ends are ours, and a pipe joins them; still a line that is no word is refused, not guessed at.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import orjson

from dialer.model.amd import AmdProfile, Cause, SitCategory, Verdict
from dialer.model.errors import BadInput
from dialer.model.events import LegAnnounced, LegAwaitsMessage, LegLooksMachine, LegScreened
from dialer.model.ids import LegId
from dialer.model.outcome import Outcome

# --- the controller says --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listen:
    """The leg has been answered. `path` empty: its audio comes to a port, told by PortOpen."""

    leg_id: LegId
    profile: AmdProfile
    path: str = ""


@dataclass(frozen=True, slots=True)
class ListenEarly:
    """The leg brings tones or words though nobody has answered."""

    leg_id: LegId
    path: str


@dataclass(frozen=True, slots=True)
class Forget:
    """The leg is gone, or nobody wants to know any more."""

    leg_id: LegId


Order = Listen | ListenEarly | Forget

# --- the listener says, besides the events that it has for the engine ---------------------------


@dataclass(frozen=True, slots=True)
class Alive:
    """Said at the start and every second: whoever is silent hangs."""

    n_legs: int


@dataclass(frozen=True, slots=True)
class PortOpen:
    """Where the leg's audio is awaited."""

    leg_id: LegId
    port: int


@dataclass(frozen=True, slots=True)
class Heedless:
    """Nothing more is wanted of the leg's audio: the switch may stop bringing it."""

    leg_id: LegId


Told = (
    Alive | PortOpen | Heedless
    | LegScreened | LegLooksMachine | LegAwaitsMessage | LegAnnounced
)  # fmt: skip

_WORDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        Listen, ListenEarly, Forget, Alive, PortOpen, Heedless,
        LegScreened, LegLooksMachine, LegAwaitsMessage, LegAnnounced,
    )
}  # fmt: skip
_VOCABULARIES: dict[str, type[Enum]] = {
    "profile": AmdProfile, "verdict": Verdict, "cause": Cause, "sit": SitCategory,
    "outcome": Outcome,
}  # fmt: skip


def say(word: Order | Told) -> bytes:
    """One line."""
    return orjson.dumps({"is": type(word).__name__, "says": word}) + b"\n"


def understand(line: bytes) -> Any:
    """The word of a line. Raises BadInput."""
    try:
        body = orjson.loads(line)
        kind, facts = _WORDS[body["is"]], body["says"]
        return kind(**{name: _value(name, value) for name, value in facts.items()})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"listener: no word of ours: {error}") from error


def _value(name: str, value: object) -> object:
    vocabulary = _VOCABULARIES.get(name)
    return value if vocabulary is None or value is None else vocabulary(value)
