"""When a number may be called: windows in the lead's own time zone, public holidays excepted.

A lead may have several candidate places (policy/places.py): its number, its postcode and its field
leave open which one is right. It may be called only while every one of them is open. `calendar` is
the country whose public holidays are kept (ISO 3166), or empty.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from dialer.model.campaign import Window
from dialer.policy.german_states import ALL, CATHOLIC
from dialer.policy.places import part_of_place, places_in, zone_of_place

SEARCH_DAYS = 15
OVERSEAS = {
    "America/Guadeloupe": "971", "America/Martinique": "972", "America/Cayenne": "973",
    "Indian/Reunion": "974", "Indian/Mayotte": "976", "America/St_Barthelemy": "BL",
    "America/Marigot": "MF", "America/Miquelon": "PM", "Pacific/Noumea": "NC",
    "Pacific/Tahiti": "PF", "Pacific/Wallis": "WF",
}  # fmt: skip
"""Parts of France whose holidays are their own, by time zone."""


def is_open(calendar: str, windows: Sequence[Window], places: str, utc: float) -> bool:
    """Whether a number in `places` may be called at `utc` seconds since 1970.

    Raises zoneinfo.ZoneInfoNotFoundError (a KeyError) for an unknown zone.
    """
    return _is_open_in(calendar, tuple(windows), places, int(utc // 60))


@lru_cache(maxsize=65_536)
def _is_open_in(calendar: str, windows: tuple[Window, ...], places: str, minute: int) -> bool:
    """By minute: nothing opens, closes or changes its clock within one."""
    return all(_is_place_open(calendar, windows, place, minute) for place in places_in(places))


def _is_place_open(calendar: str, windows: tuple[Window, ...], place: str, minute: int) -> bool:
    local = datetime.fromtimestamp(minute * 60, _zone(zone_of_place(place)))
    of_day = local.hour * 60 + local.minute
    is_within = any(
        local.weekday() in window.weekdays and window.opens_min <= of_day < window.closes_min
        for window in windows
    )
    return is_within and not is_holiday(calendar, local.date(), place)


def next_opening(calendar: str, windows: Sequence[Window], places: str, utc: float) -> float | None:
    """First instant at or after `utc` when every place is open; None within 15 days."""
    if is_open(calendar, windows, places, utc):
        return utc
    starts = sorted(
        start
        for place in places_in(places)
        for start in _starts(windows, zone_of_place(place), utc)
        if start > utc  # every instant at which all are open follows one at which one opens
    )
    return next((at for at in starts if is_open(calendar, windows, places, at)), None)


def is_holiday(calendar: str, day: date, place: str = "") -> bool:
    """Whether `day` is a public holiday at `place`, or in any part of the country where it is not
    known which one is meant and the parts have holidays of their own."""
    if not calendar:
        return False
    known = part_of_place(place)
    if calendar == "FR":
        known = OVERSEAS.get(zone_of_place(place), known)
    parts = (known,) if known or calendar != "DE" else ALL
    return any(day in _holidays(calendar, part, day.year) for part in parts)


@lru_cache(maxsize=1024)
def _holidays(country: str, part: str, year: int) -> frozenset[date]:
    """A feast that is a holiday in some towns of a state is one in the state."""
    kinds = ("public", "catholic") if country == "DE" and part in CATHOLIC else ("public",)
    return frozenset(
        holidays.country_holidays(country, subdiv=part or None, years=year, categories=kinds)
    )


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
