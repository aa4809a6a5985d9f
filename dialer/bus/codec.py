"""Model objects to JSON and, for what people may send, back again.

Only the events of PeopleEvent decode: whatever else arrives on the bus is refused, so a hostile
writer cannot forge an answer or an adoption. Encoding is deterministic (field order, no spaces):
a journal of the same run is the same bytes.
"""

import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import orjson

from dialer.model.agent import AgentState
from dialer.model.call import RecordingState
from dialer.model.commands import NoteAgent, OfferLead, PopLead, ScreenCommand, ShowResult
from dialer.model.errors import BadInput
from dialer.model.events import PeopleEvent
from dialer.model.outcome import Outcome
from dialer.model.permit import RefusalReason
from dialer.model.preview import DeskResult

_PEOPLE = {kind.__name__: kind for kind in typing.get_args(PeopleEvent)}


def encode(thing: object) -> bytes:
    """Compact JSON of a model dataclass, with its class name under "type"."""
    return orjson.dumps(as_plain(thing))


def as_plain(thing: object) -> dict[str, object]:
    """A model dataclass as JSON-ready values."""
    return {"type": type(thing).__name__} | {
        field.name: _plain(getattr(thing, field.name))
        for field in fields(thing)  # type: ignore[arg-type]
    }


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(_plain(item) for item in value)  # type: ignore[type-var]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def decode_screen(body: Mapping[str, Any]) -> ScreenCommand:
    """What an agent's screen was sent, as the command it was. Raises BadInput."""
    facts = {name: value for name, value in body.items() if name != "type"}
    try:
        if (reader := _SCREENS.get(str(body.get("type")))) is not None:
            return reader(facts)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"bus: {body.get('type')}: {error}") from error
    raise BadInput("bus: unknown screen event")


def _note_agent(facts: dict[str, Any]) -> NoteAgent:
    words: dict[str, object] = {"state": AgentState(facts["state"])}
    if "recording" in facts:
        words["recording"] = RecordingState(facts["recording"])
    return NoteAgent(**facts | words)


def _pop_lead(facts: dict[str, Any]) -> PopLead:
    return PopLead(**facts | {"fields": _pairs(facts)})


def _offer_lead(facts: dict[str, Any]) -> OfferLead:
    return OfferLead(**facts | {"fields": _pairs(facts)})


def _show_result(facts: dict[str, Any]) -> ShowResult:
    kinds = [kind for kind in _RESULTS if facts["result"] in list(kind)] or [DeskResult]
    return ShowResult(**facts | {"result": kinds[0](facts["result"])})


def _pairs(facts: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((key, value) for key, value in facts["fields"])


_RESULTS = (Outcome, RefusalReason, DeskResult)
_SCREENS: Mapping[str, Callable[[dict[str, Any]], ScreenCommand]] = {
    "NoteAgent": _note_agent,
    "PopLead": _pop_lead,
    "OfferLead": _offer_lead,
    "ShowResult": _show_result,
}


def decode_people_event(raw: bytes | str) -> PeopleEvent:
    """The event that a person's screen sent. Raises BadInput naming the fault."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"bus: not JSON: {error}") from error
    name = body.pop("type", None) if isinstance(body, dict) else None
    if not isinstance(name, str) or name not in _PEOPLE:
        raise BadInput("bus: unknown event type")
    kind = _PEOPLE[name]
    expected = typing.get_type_hints(kind)
    if unknown := set(body) - set(expected):
        raise BadInput(f"bus: {kind.__name__}: unknown fields {sorted(unknown)}")
    values = {
        name: _checked(f"{kind.__name__}.{name}", expected[name], value)
        for name, value in body.items()
    }
    try:
        return kind(**values)  # type: ignore[no-any-return]
    except TypeError as error:
        raise BadInput(f"bus: {kind.__name__}: {error}") from error


def _checked(where: str, expected: Any, value: object) -> object:
    """`value` when it is of the expected type; a word of an enumeration as its member."""
    base = getattr(expected, "__supertype__", expected)
    if issubclass(base, Enum):
        if value not in list(base):
            raise BadInput(f"bus: {where} must be one of {', '.join(base)}")
        return base(value)
    if type(value) is not base:
        raise BadInput(f"bus: {where} must be {base.__name__}")
    return value
