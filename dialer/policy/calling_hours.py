"""When a number may be called: windows in the lead's own time zone, public holidays excepted.

Sources: France, art. D.223-9 code de la consommation (décret 2022-1313): Monday to Friday, 10 to
13 h and 14 to 20 h, no public holidays. United States, 47 CFR 64.1200(c)(1): 8 to 21 h. Canada,
CRTC Unsolicited Telecommunications Rules: 9 to 21.30 h, at weekends 10 to 18 h. Others: customary
hours. `ANY` has no limit: trials and sandboxes only.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dialer.model.campaign import Window

WEEK = frozenset(range(7))
WORKDAYS = frozenset(range(5))

PRESETS: dict[str, tuple[Window, ...]] = {
    "FR": (Window(WORKDAYS, 600, 780), Window(WORKDAYS, 840, 1200)),
    "US": (Window(WEEK, 480, 1260),),
    "UK": (Window(WORKDAYS, 480, 1260), Window(frozenset({5}), 540, 1260)),
    "BJ": (Window(frozenset(range(6)), 480, 1200),),
    "CA": (Window(WORKDAYS, 540, 1290), Window(frozenset({5, 6}), 600, 1080)),
    "ANY": (Window(WEEK, 0, 1440),),
}
"""Windows by rule set."""

HOLIDAY_COUNTRY = {"FR": "FR"}
"""Rule sets whose law forbids calls on public holidays, and whose holidays those are."""

SEARCH_DAYS = 15


def is_open(rule_set: str, windows: Sequence[Window], zone: str, utc: float) -> bool:
    """Whether a number in `zone` (IANA name) may be called at `utc` seconds since 1970.

    Raises zoneinfo.ZoneInfoNotFoundError (a KeyError) for an unknown zone.
    """
    local = datetime.fromtimestamp(utc, _zone(zone))
    if is_holiday(rule_set, local.date()):
        return False
    minute = local.hour * 60 + local.minute
    return any(
        local.weekday() in window.weekdays and window.opens_min <= minute < window.closes_min
        for window in windows
    )


def next_opening(rule_set: str, windows: Sequence[Window], zone: str, utc: float) -> float | None:
    """First instant at or after `utc` when the window is open; None within 15 days."""
    if is_open(rule_set, windows, zone, utc):
        return utc
    local = datetime.fromtimestamp(utc, _zone(zone))
    starts = (
        _start(local.date() + timedelta(days=days), window, zone)
        for days in range(SEARCH_DAYS)
        for window in windows
    )
    later = (at for at in starts if at > utc and is_open(rule_set, windows, zone, at))
    return min(later, default=None)


def is_holiday(rule_set: str, day: date) -> bool:
    """Whether the rule set forbids calls on `day` because it is a public holiday."""
    return HOLIDAY_COUNTRY.get(rule_set) == "FR" and day in french_holidays(day.year)


@lru_cache(maxsize=64)
def french_holidays(year: int) -> frozenset[date]:
    """Public holidays of France (art. L.3133-1 code du travail)."""
    sunday = easter(year)
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    moving = {sunday + timedelta(days=after) for after in (1, 39, 50)}
    return frozenset({date(year, month, day) for month, day in fixed} | moving)


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computation (Meeus, Astronomical Algorithms)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)


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
