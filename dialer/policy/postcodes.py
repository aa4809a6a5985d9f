"""Candidate places of a postcode, by country: all that it leaves open, none where it says nothing.

A postcode decides more than a number where numbers move with people: French and American mobiles,
the parts of France overseas, the states of Germany. Borders of time zones that run through a
beginning of postcodes give both zones.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from dialer.policy.german_states import states_of_postcode
from dialer.policy.places import spread

ALSACE_MOSELLE = frozenset({"57", "67", "68"})
"""Departments with two public holidays more: Good Friday and 26 December."""
_FRENCH = {
    "97133": "America/St_Barthelemy", "97150": "America/Marigot", "97180": "America/Marigot",
    "971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne",
    "974": "Indian/Reunion", "975": "America/Miquelon", "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy", "978": "America/Marigot", "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti Pacific/Marquesas Pacific/Gambier", "988": "Pacific/Noumea",
    "98": "Europe/Monaco",
}  # fmt: skip
_E, _C, _M, _P = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
_ARIZONA, _PORTO_RICO = "America/Phoenix", "America/Puerto_Rico"
_GUAM = "Pacific/Guam Pacific/Palau Pacific/Chuuk Pacific/Pohnpei Pacific/Kosrae Pacific/Majuro"
_AMERICAN: tuple[tuple[int, int, str], ...] = (
    (5, 5, _E), (6, 9, _PORTO_RICO), (10, 89, _E), (100, 323, _E), (324, 324, f"{_E} {_C}"),
    (325, 325, _C), (326, 339, _E), (341, 342, _E), (344, 344, _E), (346, 347, _E),
    (349, 349, _E), (350, 367, _C), (368, 368, f"{_E} {_C}"), (369, 372, _C),
    (373, 374, f"{_E} {_C}"), (375, 375, _C), (376, 379, _E), (380, 384, _C),
    (385, 385, f"{_E} {_C}"), (386, 397, _C), (398, 400, _E), (401, 401, f"{_E} {_C}"),
    (402, 418, _E), (420, 424, _C), (425, 427, f"{_E} {_C}"), (430, 462, _E),
    (463, 466, f"{_E} {_C}"), (467, 474, _E), (475, 479, f"{_E} {_C}"), (480, 497, _E),
    (498, 499, f"{_E} {_C}"), (500, 567, _C), (570, 574, _C), (575, 577, f"{_C} {_M}"),
    (580, 584, _C), (585, 588, f"{_C} {_M}"), (590, 599, _M), (600, 676, _C),
    (677, 678, f"{_C} {_M}"), (679, 689, _C), (690, 693, f"{_C} {_M}"), (700, 738, _C),
    (739, 739, f"{_C} {_M}"), (740, 797, _C), (798, 798, f"{_C} {_M}"), (799, 831, _M),
    (832, 834, _M), (835, 835, f"{_M} {_P}"), (836, 837, _M), (838, 838, _P), (840, 847, _M),
    (850, 858, _ARIZONA), (859, 860, f"{_ARIZONA} {_M}"), (863, 863, _ARIZONA),
    (864, 865, f"{_ARIZONA} {_M}"), (870, 885, _M), (889, 897, _P), (898, 898, f"{_M} {_P}"),
    (900, 961, _P), (967, 967, "Pacific/Honolulu Pacific/Pago_Pago"),
    (968, 968, "Pacific/Honolulu"), (969, 969, _GUAM), (970, 978, _P),
    (979, 979, f"{_M} {_P}"), (980, 994, _P),
    (995, 996, "America/Anchorage America/Adak"), (997, 999, "America/Anchorage"),
)  # fmt: skip
"""First and last three digits of a ZIP code, and its zones. Codes of forces abroad are not here."""
_CANADIAN = {
    "A": "America/St_Johns America/Goose_Bay", "B": "America/Halifax", "C": "America/Halifax",
    "E": "America/Moncton", "G": "America/Toronto America/Halifax America/Blanc-Sablon",
    "H": "America/Toronto", "J": "America/Toronto", "K": "America/Toronto",
    "L": "America/Toronto", "M": "America/Toronto", "N": "America/Toronto",
    "P": "America/Toronto America/Winnipeg", "R": "America/Winnipeg",
    "S": "America/Regina America/Edmonton", "T": "America/Edmonton",
    "V": "America/Vancouver America/Edmonton America/Dawson_Creek",
    "X": "America/Edmonton America/Iqaluit America/Rankin_Inlet America/Resolute",
    "Y": "America/Whitehorse",
}  # fmt: skip
"""By the first letter."""


@lru_cache(maxsize=65_536)
def places_of_postcode(country: str, written: str) -> str:
    """Candidate places of a postcode as people write it in the country (ISO 3166); empty where it
    says nothing. A leading zero that a spreadsheet dropped is put back."""
    reader = _READERS.get(country)
    return "" if reader is None else reader(written.strip().upper().replace(" ", ""))


def _france(code: str) -> str:
    code = _five_digits(code.removeprefix("F-").removeprefix("FR-"))
    if not code:
        return ""
    known = next((_FRENCH[code[:n]] for n in (5, 3, 2) if code[:n] in _FRENCH), None)
    if known is not None:
        return spread(known.split())
    part = "57" if code[:2] in ALSACE_MOSELLE else ""
    return spread(["Europe/Paris"], part)


def _germany(code: str) -> str:
    code = _five_digits(code.removeprefix("D-").removeprefix("DE-"))
    return " ".join(spread(["Europe/Berlin"], state) for state in states_of_postcode(code))


def _united_states(code: str) -> str:
    code = _five_digits(code.partition("-")[0][:9])
    beginning = int(code[:3]) if code else -1
    zones = (zones for low, high, zones in _AMERICAN if low <= beginning <= high)
    return spread(next(zones, "").split())


def _canada(code: str) -> str:
    is_code = len(code) >= 3 and code[1].isdigit() and code[2].isalpha()
    return spread(_CANADIAN.get(code[0], "").split()) if is_code else ""


def _five_digits(code: str) -> str:
    """Empty for what is no code of five digits."""
    if not code.isascii() or not code.isdigit():
        return ""
    if len(code) == 9:  # ZIP+4 without its dash
        code = code[:5]
    return code.zfill(5) if 4 <= len(code) <= 5 else ""


_READERS: Mapping[str, Callable[[str], str]] = {
    "FR": _france, "DE": _germany, "US": _united_states, "CA": _canada,
}  # fmt: skip
"""Of other countries the number alone decides."""
