"""Calls and messages: how they ended, their steps, their recordings."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from web.labels.words import Label

"""Of a person who called the number that we showed."""
OUTCOMES: dict[str, Label] = {
    "HANDLED": Label(_l("Traité par un agent"), "ready", "check"),
    "ABANDONED": Label(_l("Abandonné"), "fault", "alert"),
    "EARLY_HANGUP": Label(_l("Raccroché aussitôt"), "wrap", "phone-off"),
    "NO_ANSWER": Label(_l("Sans réponse"), "neutral", "circle"),
    "BUSY": Label(_l("Occupé"), "pause", "pause"),
    "REJECTED": Label(_l("Refusé"), "pause", "phone-off"),
    "WRONG_NUMBER": Label(_l("Faux numéro"), "wrap", "alert"),
    "CONGESTION": Label(_l("Réseau saturé"), "wrap", "alert"),
    "FAILED": Label(_l("Échec"), "fault", "alert"),
    "REFUSED_LOCALLY": Label(_l("Refusé par le commutateur"), "fault", "alert"),
    "LOST": Label(_l("Perdu"), "fault", "alert"),
    "MESSAGE_PLAYED": Label(_l("Message écouté"), "ready", "check"),
    "MESSAGE_CUT": Label(_l("Message interrompu"), "wrap", "phone-off"),
    "OPTED_OUT": Label(_l("Ne veut plus d’appels"), "fault", "stop"),
    "MACHINE": Label(_l("Répondeur"), "neutral", "circle"),
    "MESSAGE_LEFT": Label(_l("Message laissé sur répondeur"), "messaging", "check"),
    "SCREENED": Label(_l("Filtrage d’appels"), "wrap", "circle"),
    "FAX": Label(_l("Télécopieur"), "wrap", "alert"),
}
CALL_STEPS: dict[str, LazyString] = {
    "TALK": _l("Conversation"),
    "CONSULT": _l("Consultation, client en garde"),
    "THREE_WAY": _l("Conférence à trois"),
    "ENTRUSTED": _l("Transfert vers l’extérieur"),
    "OUTSIDE": _l("Conversation avec l’extérieur"),
    "ALONE": _l("Retour en attente d’un agent"),
}
MESSAGE_FAULTS: dict[str, LazyString] = {
    "do not call": _l("Sur une liste « ne plus appeler »"),
}
"""Ours; what a provider says is shown as it is."""
MESSAGE_STATES: dict[str, Label] = {
    "QUEUED": Label(_l("En attente"), "pause", "dots"),
    "SENT": Label(_l("Envoyé"), "talking", "mail"),
    "DELIVERED": Label(_l("Remis"), "ready", "check"),
    "FAILED": Label(_l("Échec"), "fault", "alert"),
}
DISPOSITION_GROUPS: dict[str, LazyString] = {
    "SI OK": _l("SI OK"),
    "SI NON": _l("SI NON"),
    "RAPPEL": _l("Rappel"),
    "AUTRE": _l("Autre"),
}
RECORDING_STATES: dict[str, LazyString] = {
    "OFF": _l("A échoué"),
    "ON": _l("Faite"),
    "PAUSED": _l("En pause à la fin"),
}
FILE_STATES: dict[str, LazyString] = {
    "MISSING": _l("Le fichier n’est pas dans le dossier des enregistrements de ce serveur."),
    "OUT_OF_REACH": _l("Le dossier des enregistrements n’est pas accessible depuis ce serveur."),
    "REFUSED": _l("Ce qui porte le nom du fichier n’est pas un fichier d’enregistrement."),
}
"""Why a recording cannot be heard; HERE needs no word."""
