"""Answering machines: what is listened for, what was heard, what is done then."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from web.labels.words import Label

AMD_PROFILES: dict[str, LazyString] = {
    "OFF": _l("Non : toute réponse va à un agent"),
    "CONSUMER": _l("Particuliers"),
    "BUSINESS": _l("Entreprises (accueils longs)"),
}
MACHINE_ACTIONS: dict[str, LazyString] = {
    "HANG_UP": _l("Raccrocher"),
    "LEAVE_MESSAGE": _l("Laisser le message après le bip"),
}
VERDICTS: dict[str, Label] = {
    "HUMAN": Label(_l("Personne"), "ready", "check"),
    "MACHINE": Label(_l("Répondeur"), "neutral", "circle"),
    "SCREENED": Label(_l("Filtrage d’appels"), "wrap", "circle"),
    "UNSURE": Label(_l("Incertain"), "pause", "dots"),
}
"""Who answered, by the detector; UNSURE goes to an agent."""
VERDICT_CAUSES: dict[str, LazyString] = {
    "PAUSE": _l("attend après quelques mots"),
    "SPEECH": _l("cours de la parole"),
    "BEEP": _l("bip"),
    "SIT": _l("tonalité d’information spéciale"),
    "FAX": _l("tonalité de télécopieur"),
    "BUSY": _l("tonalité d’occupation"),
    "FINGERPRINT": _l("annonce connue"),
    "PROMPT": _l("question puis silence"),
    "NO_SPEECH": _l("personne ne parle"),
    "DIGITAL_SILENCE": _l("silence complet"),
    "TIME_LIMIT": _l("temps écoulé"),
    "NO_AUDIO": _l("aucun son reçu"),
    "NO_LISTENER": _l("écoute indisponible"),
    "WRONG_RATE": _l("son à une autre fréquence"),
    "GARBAGE": _l("son inexploitable"),
    "OFF": _l("sans écoute"),
}
