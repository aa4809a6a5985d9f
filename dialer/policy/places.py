"""Where a person may be: candidate places of a lead, as one text.

A place is a time zone (IANA), and behind an @ the part of its country whose public holidays are its
own: `Europe/Berlin@BY`. A lead has as many as its number, its postcode and its field leave open,
separated by a blank; it may be called only while every one of them is open. A zone without a part
stands for all of it, unless something else that is known of the lead names the part.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import available_timezones

AT = "@"
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(0?[0-9]|1[0-4])(?::?00)?", re.ASCII | re.IGNORECASE)


def places_in(places: str) -> tuple[str, ...]:
    """The candidate places of a lead."""
    return tuple(places.split(" "))


def zone_of_place(place: str) -> str:
    """The IANA name alone."""
    return place.partition(AT)[0]


def part_of_place(place: str) -> str:
    """The part of the country, or empty."""
    return place.partition(AT)[2]


def first_zone(places: str) -> str:
    """One zone for what can have but one, such as the day of a message."""
    return zone_of_place(places_in(places)[0])


@lru_cache(maxsize=65_536)
def joined(*known: str) -> str:
    """Candidates that several facts name, as one text. Who knows the part of a zone outdoes who
    knows the zone alone."""
    found = {place for places in known for place in places.split()}
    parted = {zone_of_place(place) for place in found if AT in place}
    return " ".join(sorted(found - parted))


@lru_cache(maxsize=1024)
def zone_written(written: str) -> str | None:
    """The zone of a field: an IANA name, or whole hours from UTC (`UTC+2`, `+02:00`); None for
    what is no zone."""
    written = written.strip()
    if written in _names():
        return written
    if written.upper() in ("UTC", "GMT", "Z"):
        return "UTC"
    if not (found := _OFFSET.fullmatch(written)):
        return None
    hours = int(found[2])
    is_known = hours <= (14 if found[1] == "+" else 12)
    turned = "-" if found[1] == "+" else "+"  # the names count westward
    return (f"Etc/GMT{turned}{hours}" if hours else "UTC") if is_known else None


def spread(zones: Iterable[str], part: str = "") -> str:
    """Zones as one text, each with the same part when there is one."""
    return " ".join(sorted(f"{zone}{AT}{part}" if part else zone for zone in zones))


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if "/" in name)
