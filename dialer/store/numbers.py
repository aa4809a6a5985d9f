"""Telephone numbers: E.164 from what people write, and the zone whose hours hold for a number.

Most rows of a list follow one plain national form, which a pattern decides without the library;
what the patterns do not know goes to `phonenumbers`, some twenty times slower.
Since 30 November 2024 a number of Benin is 01 and 8 digits; old 8-digit forms are rewritten when
the list says so.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import timezone as number_zones

from dialer.model.errors import BadInput
from dialer.model.import_faults import fault
from dialer.policy.destinations import may_reach
from dialer.policy.german_states import states_of_number
from dialer.policy.places import spread
from dialer.store.number_patterns import pattern_of

E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
WRITTEN_LENGTH = 40
"""No written number is longer; what is longer is not parsed."""
_NOISE = re.compile(r"[\s().\-/\u00a0\u202f\u2010-\u2015]+")
_OLD_BENIN = re.compile(r"(?:\+229|00229|229)?([2-9][0-9]{7})", re.ASCII)
_FRENCH = "(?:[13][0-9]|2[0-57-9]|4[1-9]|5[0-8]|6[0-24-8]|7[3-9]|9[0-9])[0-9]{7}|63[0-8][0-9]{6}"
_FAST: Mapping[str, tuple[re.Pattern[str], str]] = {
    "FR": (re.compile(rf"(?:\+33|0033|0)?(?P<national>{_FRENCH})", re.ASCII), "+33"),
    "BJ": (re.compile(r"(?:\+229|00229)?(?P<national>01(?:4|5|6|9)[0-9]{7})", re.ASCII), "+229"),
}
_OVERSEAS = re.compile(
    r"0(?:(?P<GP>590|69[01])|(?P<RE>26[29]|69[23]|639)|(?P<GF>[56]94)|(?P<MQ>596|69[67]))[0-9]{6}",
    re.ASCII,
)
"""French national numbers that belong to another country code, and so to another zone."""
REGION_ZONES: Mapping[str, str] = {
    "FR": "Europe/Paris",
    "BE": "Europe/Brussels",
    "CH": "Europe/Zurich",
    "BJ": "Africa/Porto-Novo",
    "TN": "Africa/Tunis",
    "MA": "Africa/Casablanca",
    "SN": "Africa/Dakar",
    "CI": "Africa/Abidjan",
    "GB": "Europe/London",
    "DE": "Europe/Berlin",
}
"""Zone of a number that says none, by the list's region; others take UTC."""
NO_REGION = "ZZ"
ZONE_PREFIX_LENGTH = 9
"""Plus sign and digits that decide the zone; the library's table has none longer."""
_DEAR_TYPES = frozenset(
    {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
        phonenumbers.PhoneNumberType.PAGER,
    }
)
GERMAN = "+49"
_UNKNOWN_ZONE = "Etc/Unknown"
_PREFIX_ZONES = {
    "+33": "Europe/Paris",
    "+229": "Africa/Porto-Novo",
    "+212": "Africa/Casablanca",  # the library's table says Atlantic/Canary
}


class Reading(NamedTuple):
    """A number in E.164 with plus, and the zone whose calling hours hold for it."""

    number: str
    time_zone: str


def check_region(region: str) -> str:
    """`region` when it is an ISO country with a numbering plan. Raises BadInput."""
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise fault("BAD_REGION", region=region)
    return region


def reader_for(region: str, has_old_benin: bool = False) -> Callable[[str], Reading | None]:
    """What reads the numbers of a list: `normalised` and `zone_of`, one after the other."""

    def read(written: str) -> Reading | None:
        number = normalised(written, region, has_old_benin)
        return None if number is None else Reading(number, zone_of(number, region))

    return read


def normalised(written: str, region: str, has_old_benin: bool = False) -> str | None:
    """E.164 with plus of a number written in `region`'s way; None when it is no valid number."""
    if len(written) > WRITTEN_LENGTH:
        return None
    bare = written if written.isdigit() else _NOISE.sub("", written)
    if has_old_benin and (old := _OLD_BENIN.fullmatch(bare)):
        bare = f"+22901{old[1]}"
    if region == "FR" and (match := _OVERSEAS.fullmatch(bare)):
        region = str(match.lastgroup)
    fast = _FAST.get(region) or pattern_of(region)
    if fast and (match := fast[0].fullmatch(bare)):
        return fast[1] + match["national"]
    return _by_library(bare, region)


def international(written: str) -> str | None:
    """E.164 with plus of a number written with its country's code, which a carrier may write
    without the plus; None when it is no valid number."""
    return normalised(f"+{written.strip().removeprefix('+').removeprefix('00')}", NO_REGION)


def checked_number(number: str) -> str:
    """`number` when it has the form of E.164. Raises BadInput otherwise."""
    if not E164.fullmatch(number):
        raise BadInput("number: must be international, such as +33123456789")
    return number


def checked_destination(number: str) -> str:
    """`number` when an outside party may be called there. Raises BadInput otherwise.

    Refused: what costs the caller more than a call does (premium, shared cost, personal and
    satellite numbers), and short or false numbers.
    """
    found = checked_number(number)
    parsed = phonenumbers.parse(found)
    if not phonenumbers.is_valid_number(parsed):
        raise BadInput("number: there is no such number")
    is_dear = phonenumbers.number_type(parsed) in _DEAR_TYPES
    if is_dear or not may_reach(found):
        raise BadInput("number: a premium or satellite number is not allowed")
    return found


def zone_of(number: str, region: str) -> str:
    """Place of an E.164 number (policy/places.py); of several, the region's own when among them,
    else all of them: it may be called only while every one is open."""
    zone = _PREFIX_ZONES.get(number[:3]) or _PREFIX_ZONES.get(number[:4])
    if zone is not None:
        return zone
    return _zone_by_library(number, region)


def _by_library(bare: str, region: str) -> str | None:
    try:
        parsed = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException:
        return None
    if parsed.extension or not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _zone_by_library(number: str, region: str) -> str:
    zones = _zones_of_prefix(number[:ZONE_PREFIX_LENGTH])
    default = REGION_ZONES.get(region, "UTC")
    if number.startswith(GERMAN):
        return (
            " ".join(spread(["Europe/Berlin"], state) for state in states_of_number(number))
            or "Europe/Berlin"
        )
    if not zones or default in zones:
        return default
    return " ".join(sorted(zones))


@lru_cache(maxsize=65_536)
def _zones_of_prefix(prefix: str) -> tuple[str, ...]:
    found = number_zones.time_zones_for_geographical_number(phonenumbers.parse(prefix))
    return tuple(zone for zone in found if zone != _UNKNOWN_ZONE)
