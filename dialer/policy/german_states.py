"""The states of Germany that a postcode, or the beginning of a landline number, leaves open.

Neither keeps to the borders of states: of each beginning all states are named into which it
reaches, so that a holiday of any of them keeps the call back.
"""

from collections.abc import Mapping

ALL = (
    "BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH",
)  # fmt: skip
CATHOLIC = frozenset({"BY", "SN", "TH"})
"""States in parts of which Catholic feasts are public holidays."""

_BY_POSTCODE = {
    "01": "BB SN", "02": "BB SN", "03": "BB SN", "04": "BB SN ST TH", "06": "SN ST TH",
    "07": "SN ST TH", "08": "SN TH", "09": "SN",
    "10": "BE", "11": "BE", "12": "BB BE", "13": "BB BE", "14": "BB BE ST", "15": "BB BE",
    "16": "BB MV", "17": "BB MV", "18": "MV", "19": "BB MV NI SH",
    "20": "HH", "21": "HH MV NI SH", "22": "HH SH", "23": "MV SH", "24": "SH", "25": "SH",
    "26": "NI", "27": "HB HH NI SH", "28": "HB NI", "29": "NI ST",
    "30": "NI", "31": "NI NW", "32": "NI NW", "33": "NI NW", "34": "HE NI NW", "35": "HE NW RP",
    "36": "BY HE TH", "37": "HE NI NW TH", "38": "NI ST", "39": "BB NI ST",
    "40": "NW", "41": "NW", "42": "NW", "44": "NW", "45": "NW", "46": "NW", "47": "NW",
    "48": "NI NW", "49": "NI NW",
    "50": "NW", "51": "NW RP", "52": "NW", "53": "NW RP", "54": "NW RP SL", "55": "HE RP SL",
    "56": "HE NW RP", "57": "HE NW RP", "58": "NW", "59": "HE NW",
    "60": "HE", "61": "HE", "63": "BW BY HE", "64": "BW BY HE", "65": "HE RP", "66": "RP SL",
    "67": "BW HE RP", "68": "BW HE", "69": "BW BY HE",
    "70": "BW", "71": "BW", "72": "BW", "73": "BW", "74": "BW BY HE", "75": "BW", "76": "BW RP",
    "77": "BW", "78": "BW", "79": "BW",
    "80": "BY", "81": "BY", "82": "BY", "83": "BY", "84": "BY", "85": "BY", "86": "BW BY",
    "87": "BW BY", "88": "BW BY", "89": "BW BY",
    "90": "BY", "91": "BW BY", "92": "BY", "93": "BY", "94": "BY", "95": "BY TH", "96": "BY TH",
    "97": "BW BY HE TH", "98": "TH", "99": "ST TH",
}  # fmt: skip
"""By the first two digits."""

_BY_NUMBER = {
    "30": "BB BE", "33": "BB ST", "34": "SN ST TH", "35": "BB SN", "36": "ST TH", "37": "SN TH",
    "38": "BB MV NI", "39": "BB MV ST",
    "20": "NW", "21": "NW", "22": "NW RP", "23": "NW", "24": "NW", "25": "NI NW", "26": "HE NW RP",
    "27": "HE NW RP", "28": "NW", "29": "HE NW",
    "40": "HH NI SH", "41": "HH NI SH", "42": "HB NI", "43": "SH", "44": "HB NI", "45": "MV SH",
    "46": "SH", "47": "HB HH NI SH", "48": "SH", "49": "NI",
    "50": "NI", "51": "NI", "52": "NI NW", "53": "NI ST", "54": "NI NW", "55": "HE NI NW TH",
    "56": "HE NI NW", "57": "NI NW", "58": "MV NI ST", "59": "NI NW",
    "60": "BY HE", "61": "HE RP", "62": "BW HE RP", "63": "BW RP SL", "64": "HE NW RP",
    "65": "RP SL", "66": "HE TH", "67": "HE RP", "68": "RP SL", "69": "HE",
    "70": "BW", "71": "BW", "72": "BW RP", "73": "BW BY", "74": "BW", "75": "BW BY", "76": "BW",
    "77": "BW", "78": "BW", "79": "BW BY",
    "81": "BY", "82": "BW BY", "83": "BW BY", "84": "BY", "85": "BY", "86": "BY", "87": "BY",
    "88": "BY", "89": "BY", "80": "BY",
    "90": "BY", "91": "BY", "92": "BY", "93": "BW BY", "94": "BY", "95": "BY", "96": "BY TH",
    "97": "BW BY HE TH", "98": "BY", "99": "BY",
}  # fmt: skip
"""By the first two digits behind +49; mobile and service numbers are not among them."""
_FREE_OF_CHARGE = "+49800"


def states_of_postcode(postcode: str) -> list[str]:
    """Candidate states; none for what is no postcode. Augsburg has a holiday of its own."""
    found = _split(_BY_POSTCODE, postcode[:2]) if len(postcode) == 5 else []
    return [*found, "Augsburg"] if postcode.startswith("861") else found


def states_of_number(number: str) -> list[str]:
    """Candidate states of a number in E.164; none when it may be anywhere in Germany."""
    is_landline = number.startswith("+49") and not number.startswith(_FREE_OF_CHARGE)
    return _split(_BY_NUMBER, number[3:5]) if is_landline else []


def _split(table: Mapping[str, str], beginning: str) -> list[str]:
    return table.get(beginning, "").split()
