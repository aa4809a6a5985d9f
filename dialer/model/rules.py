"""What a country's law asks of calls to its people: one rule set per country or state.

The figures are data (policy/rule_sets.py), each with its source; what they mean is decided in
policy/compliance.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialer.model.campaign import Window


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `most` tries of one person within any `within_s` seconds."""

    most: int
    within_s: float


@dataclass(frozen=True, slots=True)
class RuleSet:
    """`sources`: where each figure is from, by the name of its field."""

    code: str
    windows: tuple[Window, ...]
    """In the called person's own time zone."""
    holidays_of: str = ""
    """Country (ISO 3166) on whose public holidays nobody may be called; empty: the law says
    nothing of them."""
    calendar: str = ""
    """Country whose public holidays a campaign may keep though no law asks for it."""
    caps: tuple[Cap, ...] = ()
    silence_after_refusal_s: float = 0.0
    opt_in_from: float | None = None
    """UTC seconds since when a call needs a consent, or a contract in force."""
    min_ring_s: float = 0.0
    """A ringing call is not given up sooner."""
    forbidden_caller_ids: tuple[str, ...] = ()
    """Beginnings of numbers (E.164) that may not be shown."""
    automated_caller_ids: tuple[str, ...] = ()
    """Beginnings of the only numbers that a machine's calls may show; empty: any."""
    sources: Mapping[str, str] = field(default_factory=dict)
