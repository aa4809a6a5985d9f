"""What each column of a list file is used for: guessed from its name or its cells, then checked.

A mapping gives each column a role. A column without one is a field: the agent sees it under its
own name, or under the one given as `field:Name`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from dialer.model.import_faults import fault
from dialer.store.lead_intake import MAX_OTHER_NUMBERS


class ColumnRole(StrEnum):
    NUMBER = "number"
    OTHER_NUMBER = "other_number"
    """Where the lead may be reached too; several columns may be."""
    NAME = "name"
    FIRST_NAME = "first_name"
    CONSENT = "consent"
    """How and where the person consented to be called."""
    CONSENT_AT = "consent_at"
    CONSENT_WAY = "consent_way"
    """By what channel it was given."""
    POSTCODE = "postcode"
    """Says where the person is; the agent sees it too."""
    TIME_ZONE = "time_zone"
    FIELD = "field"
    IGNORED = "ignored"


_R = ColumnRole
FIELD_NAMED = "field:"
FIELD_NAME_LENGTH = 100
MANY = frozenset({_R.OTHER_NUMBER, _R.FIELD, _R.IGNORED})
"""Roles that several columns may have."""
KNOWN: Mapping[ColumnRole, tuple[str, ...]] = {
    _R.NUMBER: (
        "telephone", "tel", "phone", "phone number", "numero de telephone", "numero telephone",
        "num tel", "no tel", "n tel", "numero tel", "telephone mobile", "tel mobile", "mobile",
        "portable", "telephone portable", "tel portable", "gsm", "mobile phone", "cell",
        "cellphone", "msisdn", "telephone 1", "telephone1", "tel1", "tel 1", "phone1", "phone 1",
        "telephone fixe", "tel fixe", "fixe", "telephone 2", "telephone2", "tel2", "tel 2",
        "phone2", "phone 2", "telephone 3", "tel3", "tel 3", "phone 3", "autre telephone",
        "other phone", "numero", "number", "num", "contact",
    ),
    _R.NAME: (
        "nom complet", "nom et prenom", "nom prenom", "full name", "name", "nom", "last name",
        "surname", "nom de famille", "raison sociale", "societe", "entreprise", "company",
        "client", "customer",
    ),
    _R.FIRST_NAME: ("prenom", "prenoms", "first name", "firstname", "given name"),
    _R.CONSENT: (
        "consentement", "preuve de consentement", "preuve consentement", "origine consentement",
        "consent", "consent proof", "consent evidence", "consent source", "opt in", "optin",
    ),
    _R.CONSENT_AT: (
        "date de consentement", "date du consentement", "date consentement", "consent date",
        "date of consent", "consented at", "consent at", "date opt in", "date optin",
        "opt in date",
    ),
    _R.CONSENT_WAY: (
        "canal de consentement", "canal du consentement", "canal consentement", "consent channel",
        "channel of consent", "opt in channel", "canal opt in",
    ),
    _R.POSTCODE: (
        "code postal", "cp", "postcode", "post code", "postal code", "zip", "zip code", "zipcode",
        "plz", "postleitzahl",
    ),
    _R.TIME_ZONE: ("fuseau horaire", "fuseau", "time zone", "timezone", "tz"),
}  # fmt: skip
"""Names by role, the likelier first; written without accents, signs and capitals."""
NUMBER_LIKE = re.compile(r"\+?[0-9][0-9 .\-/()\u00a0\u202f]{6,20}[0-9]", re.ASCII)
_MOSTLY = 0.6
"""Share of a column's cells that look like telephone numbers when the column holds them."""


def names_number(header: Sequence[str]) -> bool:
    """Whether one of the names is known to be that of a number's column."""
    names = set(KNOWN[_R.NUMBER])
    return any(_plain(column) in names for column in header)


def guess_mapping(
    header: Sequence[str], rows: Sequence[Sequence[str]] = ()
) -> dict[str, ColumnRole]:
    """A role for each column; of several numbers, the likeliest is dialled."""
    found = {column: _R.FIELD for column in header}
    for role in KNOWN:
        for n, column in enumerate(_named(header, role)):
            found[column] = role if n == 0 else _second(role)
    if _R.NUMBER not in found.values() and (column := _by_cells(header, rows)):
        found[column] = _R.NUMBER
    return found


def check_mapping(
    mapping: Mapping[str, str], header: Sequence[str], rows: Sequence[Sequence[str]] = ()
) -> dict[str, str]:
    """`mapping`, or the guess when it is empty. Raises BadInput naming the columns there are."""
    chosen = {**mapping} or {
        column: str(role) for column, role in guess_mapping(header, rows).items()
    }
    columns = ", ".join(header)
    for column, role in chosen.items():
        if column not in header:
            raise fault("NO_SUCH_COLUMN", column=column, columns=columns)
        if role not in list(ColumnRole) and not _is_named_field(role):
            raise fault("NO_SUCH_ROLE", role=role, roles=", ".join(ColumnRole))
    used = list(chosen.values())
    if _R.NUMBER not in used:
        raise fault("NO_NUMBER_COLUMN", columns=columns)
    for role in ColumnRole:
        if used.count(role) > (1 if role not in MANY else len(used)):
            raise fault("COLUMN_TWICE", role=str(role))
    if used.count(_R.OTHER_NUMBER) > MAX_OTHER_NUMBERS:
        raise fault("COLUMN_TWICE", role=str(_R.OTHER_NUMBER))
    return chosen


def columns_of(mapping: Mapping[str, str], role: ColumnRole) -> list[str]:
    """The columns that have the role."""
    return [column for column, given in mapping.items() if given == role]


def field_name(column: str, role: str) -> str:
    """Under which name the agent sees a column; empty when he does not."""
    if role.startswith(FIELD_NAMED):
        return role.removeprefix(FIELD_NAMED)
    return column if role in (_R.FIELD, _R.POSTCODE) else ""


def _named(header: Sequence[str], role: ColumnRole) -> list[str]:
    """Columns whose names mean the role, the likelier first."""
    names = {name: place for place, name in enumerate(KNOWN[role])}
    plain = {column: _plain(column) for column in header}
    return sorted((c for c in header if plain[c] in names), key=lambda c: names[plain[c]])


def _second(role: ColumnRole) -> ColumnRole:
    return _R.OTHER_NUMBER if role is _R.NUMBER else _R.FIELD


def _by_cells(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The column whose cells look like telephone numbers most; empty when none does."""
    best, best_share = "", _MOSTLY
    for place, column in enumerate(header):
        cells = [row[place].strip() for row in rows if len(row) > place and row[place].strip()]
        share = sum(1 for cell in cells if NUMBER_LIKE.fullmatch(cell)) / len(cells) if cells else 0
        if share > best_share:
            best, best_share = column, share
    return best


def _is_named_field(role: str) -> bool:
    name = role.removeprefix(FIELD_NAMED)
    return (
        role.startswith(FIELD_NAMED) and 0 < len(name) <= FIELD_NAME_LENGTH and name.isprintable()
    )


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())
