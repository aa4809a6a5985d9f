"""What goes wrong with lists, in the reader's language: faults of files, and reasons of rows."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from dialer.model.call_list import DedupeScope, RowFault
from dialer.model.import_faults import sentence
from web.rendering import number

FAULTS: Mapping[str, LazyString] = {
    "FILE_EMPTY": _l("Le fichier est vide."),
    "FILE_MISSING": _l("Le fichier n’est plus là ; envoyez-le de nouveau."),
    "FILE_CHANGED": _l(
        "Ce n’est pas le fichier du début ; annulez l’import, ou ajoutez une liste."
    ),
    "FILE_TOO_LARGE": _l("Le fichier fait %(size)s octets ; %(most)s au plus sont acceptés."),
    "FILE_NOT_TEXT": _l(
        "Ce n’est ni un texte ni un classeur ; enregistrez-le en CSV UTF-8 ou en XLSX."
    ),
    "FILE_NO_HEADER": _l("Le fichier n’a aucune ligne qui nomme les colonnes."),
    "FILE_RECORD_TOO_LONG": _l(
        "Après la ligne %(row)s, une ligne dépasse %(most)s caractères : guillemet non fermé ?"
    ),
    "FILE_TOO_MANY_COLUMNS": _l("Le fichier a %(n)s colonnes ; %(most)s au plus sont acceptées."),
    "WORKBOOK_BROKEN": _l("Ce classeur ne peut pas être lu (%(why)s)."),
    "WORKBOOK_TOO_COSTLY": _l(
        "La lecture de ce classeur demande plus de %(megabytes)s Mo ou de %(seconds)s s ; "
        "enregistrez-le en CSV."
    ),
    "CELL_TOO_LONG": _l("Une cellule dépasse %(most)s caractères."),
    "TOO_MANY_TEXTS": _l("Plus de %(most)s textes différents ; enregistrez le classeur en CSV."),
    "UNPACKED_TOO_LARGE": _l(
        "Le fichier dépasse %(most)s octets une fois décompressé ; enregistrez-le en CSV."
    ),
    "ARCHIVE_BROKEN": _l("Cette archive ZIP ne peut pas être lue (%(why)s)."),
    "ARCHIVE_CONTENT": _l(
        "L’archive ZIP doit contenir un seul fichier CSV ou XLSX ; elle en contient %(n)s."
    ),
    "NO_NUMBER_COLUMN": _l(
        "Aucune colonne ne ressemble à un numéro de téléphone. Colonnes : %(columns)s."
    ),
    "NO_SUCH_COLUMN": _l("Le fichier n’a pas de colonne « %(column)s ». Colonnes : %(columns)s."),
    "COLUMN_TWICE": _l("Trop de colonnes ont l’usage « %(role)s »."),
    "NO_SUCH_ROLE": _l("« %(role)s » n’est pas un usage ; il y a %(roles)s."),
    "BAD_REGION": _l("« %(region)s » n’est pas un code de pays comme FR ou BJ."),
    "BAD_SCOPE": _l("« %(scope)s » n’est pas une étendue des doublons ; il y a %(scopes)s."),
    "LIST_UNKNOWN": _l("La liste %(list)s n’existe plus."),
    "LIST_BUSY": _l("La liste %(list)s est déjà en cours de traitement."),
    "LIST_STATE": _l("Ce n’est pas possible dans l’état de la liste %(list)s (%(state)s)."),
    "IMPORT_BROKEN": _l(
        "L’import s’est arrêté sur une panne (%(why)s). "
        "Ce qui était enregistré reste ; reprenez-le."
    ),
    "SAME_FILE": _l("Attention : le même fichier est déjà dans %(lists)s."),
}
ROW_FAULTS: Mapping[str, LazyString] = {
    RowFault.NO_NUMBER: _l("Pas de numéro"),
    RowFault.BAD_NUMBER: _l("Numéro impossible dans ce pays"),
    RowFault.CUT_NUMBER: _l("Numéro tronqué par le tableur : mettez la colonne en texte"),
    RowFault.TOO_MANY_CELLS: _l("Plus de cellules que de colonnes"),
    RowFault.TOO_LONG: _l("Ligne trop longue"),
    RowFault.BAD_BYTES: _l("Caractères illisibles dans l’encodage du fichier"),
    RowFault.NUL_CHARACTER: _l("Caractère nul dans la ligne"),
    RowFault.HEADER_AGAIN: _l("L’en-tête répété au milieu du fichier"),
    RowFault.BAD_CONSENT_DATE: _l("Date de consentement illisible"),
    RowFault.BAD_TIME_ZONE: _l("Fuseau horaire inconnu (exemples : Europe/Paris, UTC+2)"),
    RowFault.NO_CONSENT: _l("Pas de preuve de consentement"),
    RowFault.DO_NOT_CALL: _l("Sur une liste « ne plus appeler »"),
    RowFault.NUMBER_ABOVE: _l("Même numéro plus haut dans le fichier"),
    RowFault.NUMBER_ELSEWHERE: _l("Numéro déjà dans une autre liste"),
}
SCOPES: Mapping[str, LazyString] = {
    DedupeScope.LIST: _l("Dans cette liste seulement"),
    DedupeScope.CAMPAIGN: _l("Dans toute la campagne"),
    DedupeScope.EVERYWHERE: _l("Dans toutes les campagnes"),
}


def fault_words(code: str, fields: Mapping[str, object]) -> str:
    """The fault of that code; one that this release does not know is said as it was told."""
    words = FAULTS.get(code)
    if words is None:
        return sentence(code, fields)
    shown = {name: number(value) if isinstance(value, int) else value
             for name, value in fields.items()}  # fmt: skip
    return str(words) % shown


def stored_words(fault: Mapping[str, object]) -> str:
    """A fault as a list keeps it."""
    return fault_words(str(fault["code"]), {key: fault[key] for key in fault if key != "code"})


def row_words(code: str, detail: str) -> str:
    """Why a row became no lead."""
    words = str(ROW_FAULTS.get(code, code))
    return _("%(words)s : %(detail)s", words=words, detail=detail) if detail else f"{words}."
