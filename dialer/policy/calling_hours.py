"""When a number may be called: windows in the lead's own time zone, public holidays excepted.

A lead may have several candidate zones, separated by a blank: its number, or its postcode, leaves
open which one is right. It may be called only while every one of them is open.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from dialer.model.campaign import Window
from dialer.policy.rule_sets import rules_of

SEARCH_DAYS = 15
OVERSEAS = {
    "America/Guadeloupe": "971", "America/Martinique": "972", "America/Cayenne": "973",
    "Indian/Reunion": "974", "Indian/Mayotte": "976", "America/St_Barthelemy": "BL",
    "America/Marigot": "MF", "America/Miquelon": "PM", "Pacific/Noumea": "NC",
    "Pacific/Tahiti": "PF", "Pacific/Wallis": "WF",
}  # fmt: skip
"""Parts of France whose holidays are their own, by time zone."""


def zones_in(zone: str) -> tuple[str, ...]:
    """The candidate zones of a lead."""
    return tuple(zone.split(" "))


def is_open(rule_set: str, windows: Sequence[Window], zone: str, utc: float) -> bool:
    """Whether a number in `zone` (IANA names) may be called at `utc` seconds since 1970.

    Raises zoneinfo.ZoneInfoNotFoundError (a KeyError) for an unknown zone.
    """
    return _is_open_in(rule_set, tuple(windows), zone, int(utc // 60))


@lru_cache(maxsize=65_536)
def _is_open_in(rule_set: str, windows: tuple[Window, ...], zone: str, minute: int) -> bool:
    """By minute: nothing opens, closes or changes its clock within one."""
    return all(_is_zone_open(rule_set, windows, one, minute) for one in zones_in(zone))


def _is_zone_open(rule_set: str, windows: tuple[Window, ...], zone: str, minute: int) -> bool:
    local = datetime.fromtimestamp(minute * 60, _zone(zone))
    of_day = local.hour * 60 + local.minute
    is_within = any(
        local.weekday() in window.weekdays and window.opens_min <= of_day < window.closes_min
        for window in windows
    )
    return is_within and not is_holiday(rule_set, local.date(), zone)


def next_opening(rule_set: str, windows: Sequence[Window], zone: str, utc: float) -> float | None:
    """First instant at or after `utc` when every zone is open; None within 15 days."""
    if is_open(rule_set, windows, zone, utc):
        return utc
    starts = sorted(
        start
        for one in zones_in(zone)
        for start in _starts(windows, one, utc)
        if start > utc  # every instant at which all are open follows one at which one opens
    )
    return next((at for at in starts if is_open(rule_set, windows, zone, at)), None)


def is_holiday(rule_set: str, day: date, zone: str = "") -> bool:
    """Whether the rule set forbids calls on `day` because it is a public holiday in `zone`."""
    country = rules_of(rule_set).holidays_of
    part = OVERSEAS.get(zone, "") if country == "FR" else ""
    return bool(country) and day in _holidays(country, part, day.year)


@lru_cache(maxsize=256)
def _holidays(country: str, part: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))


def _starts(windows: Sequence[Window], zone: str, utc: float) -> list[float]:
    today = datetime.fromtimestamp(utc, _zone(zone)).date()
    days = (today + timedelta(days=ahead) for ahead in range(SEARCH_DAYS))
    return [_start(day, window, zone) for day in days for window in windows]


def _start(day: date, window: Window, zone: str) -> float:
    """UTC seconds at which `window` opens on `day`; a minute that does not exist moves on."""
    hour, minute = divmod(window.opens_min, 60)
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=_zone(zone))
    return local.astimezone(UTC).timestamp()


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except OSError as error:  # "Europe" is a folder of the zone files
        raise ZoneInfoNotFoundError(name) from error
