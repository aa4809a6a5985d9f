"""Faults that the dialer tells in English sentences, as codes with parameters, in either language.

The dialer says one sentence per fault, `subject: reason`, on the command line. Faults of imports
carry their code (web/import_words.py). Here the others have one; a sentence without is shown as
it stands, and a test walks the dialer's sources so that none that reaches a person is forgotten.
"""

import re
from dataclasses import dataclass
from functools import cache

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from dialer.model.errors import BadInput
from web.forms import Field, Filled
from web.import_words import fault_words
from web.rendering import number

_OF_FIELD = r"(?P<field>\w+): "
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_DECIMAL = re.compile(r"[0-9]+\.[0-9]{1,3}")
_QUOTED = re.compile(r"""(['"]).*\1""", re.DOTALL)

SETTING_FAULTS: dict[str, tuple[str, LazyString]] = {
    "UNKNOWN_SETTING": (r"no such setting", _l("Ce réglage n’existe pas.")),
    "NOT_A_NUMBER": (r"must be a number", _l("Donnez un nombre.")),
    "NOT_WHOLE": (r"must be a whole number", _l("Donnez un nombre entier.")),
    "OUT_OF_LAW": (
        r"must be from 0 to (?P<most>.+) under the rules of (?P<rules>.+)",
        _l("Les règles %(rules)s n’admettent pas plus de %(most)s (0,03 : trois pour cent)."),
    ),
    "OUT_OF_RANGE": (
        r"must be from (?P<low>.+) to (?P<high>.+)",
        _l("Donnez un nombre de %(low)s à %(high)s."),
    ),
    "BAD_FORM": (r"must look like .+", _l("La forme n’est pas acceptée.")),
    "BAD_LENGTH": (
        r"must be 1 to (?P<most>.+) printable characters",
        _l("Donnez 1 à %(most)s caractères affichables."),
    ),
    "TOO_LONG": (
        r"must be a text of at most (?P<most>.+) characters",
        _l("%(most)s caractères au plus."),
    ),
    "NO_SCOPE": (r"a key without a scope opens nothing", _l("Choisissez au moins un droit.")),
    "PAST": (r"must be in the future", _l("Donnez un instant à venir.")),
    "LIST_ARCHIVED": (r"the list is archived", _l("Cette liste est archivée.")),
    "NOT_OFFERED": (r"must be one of (?P<words>.+)", _l("Choisissez dans la liste.")),
    "TOO_MANY": (
        r"must be a list of at most (?P<most>.+) \w+",
        _l("%(most)s lignes au plus."),
    ),
    "NO_WINDOWS": (
        r"must be a list of windows, or nothing",
        _l("Donnez une liste de plages horaires, ou rien."),
    ),
    "BAD_WINDOW": (
        r"a window has weekdays, opens_min and closes_min",
        _l("Une plage a des jours, une ouverture et une fermeture."),
    ),
    "BAD_WEEKDAYS": (
        r"weekdays must be a list, 0 for Monday",
        _l("Les jours sont une liste, 0 pour lundi."),
    ),
    "WINDOW_REVERSED": (
        r"a window must open before it closes",
        _l("Une plage doit s’ouvrir avant de se fermer."),
    ),
    "NO_OUTCOMES": (r"must name outcomes", _l("Donnez des règles par résultat d’appel.")),
    "BAD_OUTCOME": (
        r"(?P<word>.+) is no outcome; they are .+",
        _l("« %(word)s » n’est pas un résultat d’appel."),
    ),
    "BAD_RETRY": (
        r"each outcome takes delay_s and max_tries",
        _l("Chaque résultat prend un délai et un nombre d’essais."),
    ),
    "NAME_TAKEN": (
        r"a campaign is called (?P<name>.+) already",
        _l("Une campagne s’appelle déjà « %(name)s »."),
    ),
    "TEMPLATE_VARIABLE": (
        r"(?P<name>'.+') is unknown; there are (?P<names>.+)",
        _l("« %(name)s » est inconnu ; les variables sont %(names)s."),
    ),
    "TEMPLATE_FILTER": (
        r"filter (?P<name>'.+') is not allowed",
        _l("Le filtre « %(name)s » n’est pas permis."),
    ),
    "TEMPLATE_SIGN": (
        r"(?P<name>[a-z]+) is not allowed",
        _l("Le modèle ne prend que du texte, des variables et des conditions (%(name)s)."),
    ),
    "LOGIN_TAKEN": (r"(?P<login>.+) is taken", _l("L’identifiant « %(login)s » est déjà pris.")),
    "BAD_LOGIN": (
        r"2 to 64 letters, digits, dots, dashes or at characters",
        _l("2 à 64 minuscules, chiffres, points, tirets ou @"),
    ),
    "BAD_PASSWORD": (
        r"must have (?P<least>[0-9]+) to (?P<most>[0-9]+) characters",
        _l("Donnez %(least)s à %(most)s caractères."),
    ),
    "BAD_EXTENSION": (
        r"an extension has letters, digits, dots and dashes, such as 1001",
        _l("Un poste n’a que lettres, chiffres, points et tirets, par exemple 1001."),
    ),
    "BAD_OUTSIDE_NUMBER": (
        r"an outside number is international and valid, such as (?P<example>\+[0-9]+)",
        _l("Un numéro extérieur est international et valide, par exemple %(example)s."),
    ),
    "FORBIDDEN_DESTINATION": (
        r"satellite and premium rate numbers are not called",
        _l("Les numéros satellite ou surtaxés ne sont pas appelés."),
    ),
    "BROWSER_OF_NO_AGENT": (
        r"only an agent's page is a phone",
        _l("Seule la page d’un agent est un téléphone."),
    ),
    "PHONE_TAKEN": (
        r"(?P<extension>.+) is the extension of another user's browser",
        _l("Le poste %(extension)s est celui du navigateur d’un autre utilisateur."),
    ),
    "BAD_NUMBER": (
        r"must be international, such as (?P<example>\+[0-9]+)",
        _l("Donnez un numéro international, comme %(example)s."),
    ),
    "SAME_LABELS": (
        r"two destinations have one label",
        _l("Deux destinations portent le même nom."),
    ),
    "NOT_A_DESTINATION": (
        r"a destination has label and number",
        _l("Une destination a un nom et un numéro."),
    ),
    "BAD_LABEL": (
        r"a label has 1 to (?P<most>.+) printable characters",
        _l("Un nom de destination a 1 à %(most)s caractères affichables."),
    ),
    "DESTINATION_REFUSED": (
        r"(?P<label>.+) must have a valid international number, not premium or satellite",
        _l("« %(label)s » : donnez un numéro international valable, ni surtaxé ni satellitaire."),
    ),
    "NO_SUCH_NUMBER": (r"there is no such number", _l("Ce numéro n’existe pas.")),
    "DEAR_NUMBER": (
        r"a premium or satellite number is not allowed",
        _l("Les numéros surtaxés et satellitaires ne sont pas permis."),
    ),
    "NO_BROADCAST_MESSAGE": (
        r"a broadcast needs a recorded message",
        _l("Une diffusion demande un message enregistré."),
    ),
    "NO_CONSENT": (
        r"recorded messages need the consent of those who are called",
        _l("La loi veut le consentement des personnes appelées aux messages enregistrés."),
    ),
    "NO_RECORDED_MESSAGES": (
        r"it permits no recorded messages",
        _l("Ces règles d’appel ne permettent pas les messages enregistrés."),
    ),
    "NUMBER_UNKNOWN": (r"no such number exists", _l("Ce numéro n’existe pas.")),
    "NUMBER_FORBIDDEN": (
        r"numbers of this kind are not called",
        _l("Les numéros de ce genre ne sont pas appelés."),
    ),
    "NUMBER_BLOCKED": (
        r"it is on a do-not-call list",
        _l("Ce numéro est sur une liste « ne plus appeler »."),
    ),
    "TOO_SHORT": (
        r"at least (?P<least>.+) characters",
        _l("Donnez au moins %(least)s caractères."),
    ),
    "NOT_RUNNING": (r"it is not running", _l("La campagne n’est pas en cours.")),
    "NO_MANUAL_CALLS": (
        r"it has no manual calls",
        _l("Cette campagne n’a pas d’appels manuels."),
    ),
    "NOT_A_SWITCH": (r"must be true or false", _l("Répondez par oui ou par non.")),
    "NUL_CHARACTER": (r"it holds a NUL character", _l("Un caractère nul n’est pas permis.")),
    "UNKNOWN_PAGE": (r"no page gave this key", _l("Cette page n’existe pas, ou n’existe plus.")),
}
"""Reasons after a field's name."""

OTHER_FAULTS: dict[str, tuple[str, LazyString]] = {
    "MERGE_SELF": (
        r"contact: it cannot be merged with itself",
        _l("Un contact ne se fusionne pas avec lui-même."),
    ),
    "MERGE_GONE": (
        r"contact (?P<contact>[0-9]+): there is none, or not any more",
        _l("Ce contact n’existe plus, ou a été fusionné entre-temps."),
    ),
    "MERGE_NOT_STANDING": (r"merge: it is not standing", _l("Cette fusion est déjà défaite.")),
    "MERGE_FURTHER": (
        r"merge: the contact was merged further; undo that first",
        _l("Ce contact a été fusionné à son tour ; défaites d’abord cette fusion-là."),
    ),
    "MERGE_ERASED": (r"merge: the contact was erased", _l("Cette personne a demandé l’oubli.")),
    "SEGMENT_FOLLOWED": (
        r"campaign: a list of it follows this segment already",
        _l("Une liste de cette campagne suit déjà ce segment."),
    ),
    "SEGMENT_NONE": (
        r"list (?P<list>[0-9]+): it follows no segment",
        _l("Cette liste ne suit aucun segment."),
    ),
    "WHAT_IF_SHORT": (
        r"what-if: (?P<n>[0-9]+) minutes were recorded; at least (?P<least>[0-9]+) are needed",
        _l("%(n)s minutes seulement ont été enregistrées ; il en faut %(least)s au moins."),
    ),
    "WHAT_IF_FEW": (
        r"what-if: (?P<n>[0-9]+) answers were recorded; at least (?P<least>[0-9]+) are needed",
        _l("%(n)s réponses seulement ont été enregistrées ; il en faut %(least)s au moins."),
    ),
    "WHAT_IF_NOT_PREDICTED": (
        r"what-if: the hour was not paced by prediction, so its target did nothing",
        _l("L’heure n’était pas en mode prédictif : la cible n’y changeait rien."),
    ),
    "WHAT_IF_SHARED": (
        r"what-if: the campaign shares its agents, and others would take them",
        _l("La campagne partage ses agents avec d’autres, ce que le jeu ne connaît pas."),
    ),
    "WHAT_IF_NOTHING_LEARNT": (
        r"what-if: pacing has learnt nothing of this campaign yet",
        _l("La cadence n’a encore rien appris de cette campagne."),
    ),
    "WHAT_IF_TOO_LONG": (
        r"what-if: it took longer than (?P<limit>[0-9]+) s",
        _l("L’heure n’a pas pu être rejouée à temps : il y a trop d’agents, ou trop à faire."),
    ),
    "WHAT_IF_NOTHING": (
        r"what-if: no decision of this campaign was recorded",
        _l("Aucune décision de cette campagne n’a été enregistrée."),
    ),
    "RECORDING_UNKNOWN": (
        r"recording: there is none",
        _l("Cet enregistrement n’existe pas, ou n’existe plus."),
    ),
    "RECORDING_RUNS": (
        r"recording: its call has not ended",
        _l("L’appel est en cours : attendez qu’il finisse."),
    ),
    "CAMPAIGN_UNKNOWN": (
        r"campaign( .+)?: there is none( named .+)?",
        _l("Cette campagne n’existe pas, ou n’existe plus."),
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """`field` is empty when the fault is of no single field."""

    code: str
    parameters: dict[str, str]
    field: str = ""

    def reason(self) -> str:
        """What is wrong, in the reader's language, without the field's name."""
        parameters = {key: _shown(value) for key, value in self.parameters.items()}
        return str(_words()[self.code]) % parameters


def fault_of(told: object) -> Fault | None:
    """The fault that a sentence (or an exception with it) tells; None when it is not known."""
    sentence = str(told)
    for code, pattern in _patterns():
        if found := pattern.fullmatch(sentence):
            parameters = {key: value or "" for key, value in found.groupdict().items()}
            return Fault(code, parameters, parameters.pop("field", ""))
    return None


def in_words(told: object, fields: tuple[Field, ...] = ()) -> str:
    """The fault in the reader's language, with the label of its field when it is of `fields`."""
    if isinstance(told, BadInput) and told.code:
        return fault_words(told.code, told.fields)
    fault = fault_of(told)
    if fault is None:
        return str(told)
    label = next((item.label for item in fields if item.name == fault.field), "")
    if not label:
        return fault.reason()
    return _("%(field)s : %(reason)s", field=str(label), reason=fault.reason())


def blame(filled: Filled, told: object) -> None:
    """Put the fault at its field of the form, or above the form."""
    fault = fault_of(told)
    field, _colon, reason = str(told).partition(": ")
    if fault is not None:
        field, reason = fault.field, fault.reason()
    if field in filled.shown:
        filled.faults[field] = reason
    else:
        filled.faults[""] = in_words(told)


def _shown(value: str) -> str:
    """Numbers as the language writes them; quoted words without the quotes."""
    if _GROUPED.fullmatch(value):
        return number(int(value.replace(",", "")))
    if _DECIMAL.fullmatch(value):
        return number(float(value))
    return value[1:-1] if _QUOTED.fullmatch(value) else value


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    told = [(code, pattern) for code, (pattern, _words) in OTHER_FAULTS.items()]
    told += [(code, _OF_FIELD + pattern) for code, (pattern, _words) in SETTING_FAULTS.items()]
    return tuple((code, re.compile(pattern, re.DOTALL)) for code, pattern in told)


@cache
def _words() -> dict[str, LazyString]:
    every = {**SETTING_FAULTS, **OTHER_FAULTS}
    return {code: words for code, (_pattern, words) in every.items()}
