"""Forms as data: a Field says its kind, bounds and unit; `parse` reads only the fields named.

What a browser sends beyond the declared fields is not looked at (allow-list). Values come out
in the type of the column; faults come out per field, in words.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from flask_babel import LazyString, format_decimal
from flask_babel import gettext as _

Words: TypeAlias = "str | LazyString"
Choices = Callable[[], list[tuple[str, Words]]]
_NOISE = re.compile(r"[\s().\-\u00a0\u202f\u2010-\u2015]+")
_THOUSANDS = re.compile(r"[ \u00a0\u202f]")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class Sent(Protocol):
    """What a browser sent: a MultiDict."""

    def get(self, key: str, default: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: text, area, number, whole, percent, choice, switch, password, lines or numbers.

    `low` and `high` bound a number in the unit shown, and the length of a text. `scale`: shown
    value divided by stored value (100 for a share shown in percent).
    """

    name: str
    label: Words
    kind: str = "text"
    help: Words = ""
    unit: Words = ""
    zero: Words = ""
    """What 0 means, where it is no number like others."""
    is_required: bool = True
    low: float | None = None
    high: float | None = None
    step: str = "any"
    scale: float = 1.0
    choices: Choices | None = None
    pattern: str = ""
    pattern_help: Words = ""
    placeholder: Words = ""
    autocomplete: str = "off"


@dataclass(slots=True)
class Filled:
    """A form as it stands: `shown` is what the page redisplays, `values` what may be stored."""

    shown: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        return not self.faults


class Fault(Exception):
    """One field holds something unacceptable; the text is for the person."""


def from_row(fields: tuple[Field, ...], row: object | None) -> Filled:
    """The form as drawn from a row (or empty defaults)."""
    filled = Filled()
    for item in fields:
        value = getattr(row, item.name, None) if row is not None else None
        filled.shown[item.name] = _shown(item, value)
    return filled


def from_values(fields: tuple[Field, ...], values: Mapping[str, Any]) -> Filled:
    """The form with given start values."""
    return Filled(shown={item.name: _shown(item, values.get(item.name)) for item in fields})


def parse(fields: tuple[Field, ...], sent: Sent) -> Filled:
    """Read and check what was sent, the declared fields only."""
    filled = Filled()
    for item in fields:
        raw = sent.get(item.name, "")
        if item.kind != "password":
            raw = raw.strip()
        filled.shown[item.name] = bool(raw) if item.kind == "switch" else raw
        try:
            filled.values[item.name] = _value(item, filled.shown[item.name])
        except Fault as fault:
            filled.faults[item.name] = str(fault)
    return filled


def _shown(item: Field, value: Any) -> Any:
    if value is None or item.kind == "password":
        return ""
    match item.kind:
        case "number" | "whole" | "percent":
            return f"{value * item.scale:.10g}"
        case "lines":
            return "\n".join(value)
        case "numbers":
            return "\n".join(f"{one['label']} : {one['number']}" for one in value)
        case "switch":
            return bool(value)
        case _:
            return str(value)


def _value(item: Field, raw: Any) -> Any:
    if item.kind == "switch":
        return bool(raw)
    if raw == "":
        if item.is_required:
            raise Fault(_("Ce champ est obligatoire."))
        return [] if item.kind in ("lines", "numbers") else ""
    return _READERS[item.kind](item, raw)


def decimal(written: str) -> float:
    """A number as people write it: comma or point, thousands apart. Raises ValueError."""
    plain = _THOUSANDS.sub("", written).replace(",", ".")
    if not _DECIMAL.fullmatch(plain):
        raise ValueError(written)
    return float(plain)


def _number(item: Field, raw: str) -> float:
    try:
        value = decimal(raw)
    except ValueError:
        raise Fault(_("Donnez un nombre.")) from None
    low = item.low if item.low is not None else float("-inf")
    high = item.high if item.high is not None else float("inf")
    if not low <= value <= high:
        bounds = {"low": format_decimal(low), "high": format_decimal(high)}
        raise Fault(_("Donnez un nombre de %(low)s à %(high)s.", **bounds))
    return round(value / item.scale, 10)


def _whole(item: Field, raw: str) -> int:
    value = _number(item, raw)
    if value != int(value):
        raise Fault(_("Donnez un nombre entier."))
    return int(value)


def _text(item: Field, raw: str) -> str:
    text = _CONTROL.sub("", raw)
    if item.kind != "area":
        text = text.replace("\n", " ")
    if item.high is not None and len(text) > item.high:
        raise Fault(_("%(n)s caractères au plus.", n=int(item.high)))
    if item.low is not None and len(text) < item.low:
        raise Fault(_("%(n)s caractères au moins.", n=int(item.low)))
    if item.pattern and not re.fullmatch(item.pattern, text):
        raise Fault(str(item.pattern_help) or _("La forme n’est pas acceptée."))
    return text


def _choice(item: Field, raw: str) -> str:
    if item.choices is None or raw not in {key for key, _word in item.choices()}:
        raise Fault(_("Choisissez dans la liste."))
    return raw


def _lines(item: Field, raw: str) -> list[str]:
    lines = [line.strip() for line in raw.splitlines() if line.strip()]
    for line in lines:
        if item.pattern and not re.fullmatch(item.pattern, line):
            raise Fault(f"{line[:40]} : {item.pattern_help}")
    return lines


def _numbers(item: Field, raw: str) -> list[dict[str, str]]:
    """Lines such as `Service client : +33 1 55 66 77 88`, the label before the last colon."""
    found = []
    for line in raw.splitlines():
        if not line.strip():
            continue
        label, colon, number = line.rpartition(":")
        if not colon:
            raise Fault(f"{line.strip()[:40]} : {item.pattern_help}")
        found.append({"label": label.strip(), "number": _NOISE.sub("", number)})
    return found


_READERS: dict[str, Callable[[Field, str], Any]] = {
    "text": _text,
    "password": _text,
    "area": _text,
    "number": _number,
    "percent": _number,
    "whole": _whole,
    "choice": _choice,
    "lines": _lines,
    "numbers": _numbers,
}
