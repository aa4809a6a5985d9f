"""Problems in French, for whoever asks for it (`Accept-Language: fr`); English otherwise.

Titles by code, details by their English sentence. A sentence that is not here is said as it stands:
programs decide by codes.
"""

import re
from collections.abc import Mapping

from flask import request

FRENCH, ENGLISH = "fr", "en"
TITLES: Mapping[str, str] = {
    "bad_request": "La demande ne peut pas être comprise",
    "bad_json": "Le corps n’est pas du JSON en UTF-8",
    "no_key": "La demande ne porte pas de clé valable",
    "no_scope": "La clé n’a pas le droit que cette adresse demande",
    "not_found": "Il n’y a rien de tel",
    "method_not_allowed": "Cette adresse ne se demande pas ainsi",
    "wrong_state": "Son état ne le permet pas",
    "duplicate": "Cela existe déjà",
    "request_running": "Une demande avec cette Idempotency-Key est en cours",
    "changed": "Cela a changé entre-temps",
    "too_large": "Le corps est trop grand",
    "wrong_media_type": "Le corps n’est pas du type attendu",
    "bad_range": "L’enregistrement n’a pas cet intervalle",
    "invalid": "La demande n’est pas acceptable",
    "key_reused": "Cette Idempotency-Key est celle d’une autre demande",
    "too_many_requests": "Trop de demandes",
    "internal": "Une panne est survenue ici",
    "unavailable": "Un serveur derrière celui-ci ne répond pas",
}
_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"(.+): there is none", r"\1 : introuvable"),
    (r"it takes (\S+:\S+)", r"il faut le droit \1"),
    (r"at most (\d+) in (\d+) s", r"\1 au plus en \2 s"),
    (r"its call has not ended", "l’appel n’est pas terminé"),
    (r"must be before `until`", "doit précéder `until`"),
    (r"no page gave this cursor", "aucune page n’a donné ce curseur"),
    (r"there is no such campaign", "cette campagne n’existe pas"),
    (r"there is no such list", "cette liste n’existe pas"),
    (r"there is no field (.+)", r"le champ \1 n’existe pas"),
    (r"the whole file is here", "le fichier est déjà entier"),
    (r"the file has (\d+) of (\d+) bytes", r"le fichier a \1 octets sur \2"),
    (r"not while it is (\w+)", r"pas dans l’état \1"),
    (r"no leads may be added to this list now", "cette liste n’accepte pas de fiches maintenant"),
    (r"no such number exists in the list's country", "ce numéro n’existe pas dans ce pays"),
    (r"the number must not be called", "ce numéro ne doit pas être appelé"),
    (r"the campaign has a lead with this number", "la campagne a déjà une fiche de ce numéro"),
    (r"ask for it again, and decide anew", "redemandez-le, puis décidez de nouveau"),
    (r"1 to 255 printable ASCII characters", "1 à 255 caractères ASCII affichables"),
    (r"this takes no body", "aucun corps n’est attendu"),
    (r"this takes (\S+/\S+)", r"\1 est attendu"),
    (r"given twice", "donné deux fois"),
    (r"unknown", "inconnu"),
    (r"neither a time zone .+", "ni un fuseau de l’IANA, ni des heures entières comme UTC+2"),
    (r"the year must be from (\d+) to (\d+)", r"l’année doit être de \1 à \2"),
    (r"an instant is ISO 8601 with its zone, such as (\S+)",
     r"un instant est en ISO 8601 avec son fuseau, par exemple \1"),
    # what pydantic says
    (r"Field required", "ce champ est obligatoire"),
    (r"Extra inputs are not permitted", "ce champ n’existe pas"),
    (r"String should have at least (\d+) characters?", r"\1 caractères au moins"),
    (r"String should have at most (\d+) characters?", r"\1 caractères au plus"),
    (r"String should match pattern '(.+)'", r"la forme attendue est \1"),
    (r"(?:List|Dictionary) should have at least (\d+) items? .+", r"\1 éléments au moins"),
    (r"(?:List|Dictionary) should have at most (\d+) items? .+", r"\1 éléments au plus"),
    (r"Input should be greater than or equal to (\S+)", r"\1 au moins"),
    (r"Input should be less than or equal to (\S+)", r"\1 au plus"),
    (r"Input should be a valid integer.*", "un nombre entier est attendu"),
    (r"Input should be a valid number.*", "un nombre est attendu"),
    (r"Input should be a valid string.*", "un texte est attendu"),
    (r"Input should be a valid boolean.*", "true ou false est attendu"),
    (r"Input should be a valid (?:list|array).*", "une liste est attendue"),
    (r"Input should be (?:a valid dictionary|an object).*", "un objet est attendu"),
    (r"Input should be ('.+')", r"valeurs admises : \1"),
    (r"Invalid JSON: .+", "le JSON est illisible"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(english, re.DOTALL), french) for english, french in _SENTENCES)


def language() -> str:
    """In which language the present request wants its problems told."""
    return request.accept_languages.best_match([ENGLISH, FRENCH]) or ENGLISH


def in_french(sentence: str) -> str:
    """The sentence in French; one that nobody translated stays as it is."""
    for pattern, french in _PATTERNS:
        if found := pattern.fullmatch(sentence):
            return found.expand(french)
    return sentence
