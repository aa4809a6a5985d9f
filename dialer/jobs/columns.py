"""Which column of a list file is which: guessed from French and English names, then checked."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from dialer.model.errors import BadInput

NUMBER, NAME, FIRST_NAME = "number", "name", "first_name"
KNOWN: Mapping[str, tuple[str, ...]] = {
    NUMBER: (
        "telephone", "tel", "phone", "phone number", "numero de telephone", "numero telephone",
        "num tel", "no tel", "n tel", "numero tel", "telephone mobile", "tel mobile", "mobile",
        "portable", "telephone portable", "tel portable", "gsm", "mobile phone", "cell",
        "cellphone", "msisdn", "telephone 1", "telephone1", "tel1", "tel 1", "phone1", "phone 1",
        "telephone fixe", "tel fixe", "fixe", "numero", "number", "num", "contact",
    ),
    NAME: (
        "nom complet", "nom et prenom", "nom prenom", "full name", "name", "nom", "last name",
        "surname", "nom de famille", "raison sociale", "societe", "entreprise", "company",
        "client", "customer",
    ),
    FIRST_NAME: ("prenom", "prenoms", "first name", "firstname", "given name"),
}  # fmt: skip
"""Names by field, the likelier first; written without accents, signs and capitals."""
_NUMBER_LIKE = re.compile(r"\+?[0-9 .\-]{8,}")


def guess_mapping(header: Sequence[str]) -> dict[str, str]:
    """Our field to the file's column, for the fields that the header names."""
    plain = {_plain(column): column for column in reversed(header)}
    found = {
        field: next((plain[name] for name in names if name in plain), None)
        for field, names in KNOWN.items()
    }
    return {field: column for field, column in found.items() if column is not None}


def check_mapping(mapping: Mapping[str, str], header: Sequence[str]) -> dict[str, str]:
    """`mapping`, or the guess when it is empty. Raises BadInput naming the columns there are."""
    if any(_NUMBER_LIKE.fullmatch(column) for column in header):
        raise BadInput("file: its first row must hold the names of the columns")
    chosen = dict(mapping) or guess_mapping(header)
    columns = ", ".join(header)
    if NUMBER not in chosen:
        raise BadInput(f"file: no column looks like a telephone number; it has: {columns}")
    for field, column in chosen.items():
        if field not in KNOWN:
            raise BadInput(f"mapping: {field!r} is no field; there are {', '.join(KNOWN)}")
        if column not in header:
            raise BadInput(f"file: it has no column {column!r}; it has: {columns}")
    return chosen


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())
