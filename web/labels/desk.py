"""Agents: their states, pauses and phones, and what the dialer answers to their wishes."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from web.labels import calls, rules
from web.labels.words import Label

AGENT_STATES: dict[str, Label] = {
    "OFFLINE": Label(_l("Hors ligne"), "offline", "circle"),
    "PAUSED": Label(_l("Pause"), "pause", "pause"),
    "READY": Label(_l("Prêt"), "ready", "dot"),
    "PREVIEWING": Label(_l("Fiche à appeler"), "messaging", "user"),
    "RESERVED": Label(_l("Appel en arrivée"), "dialing", "dots"),
    "TALKING": Label(_l("En ligne"), "talking", "phone"),
    "WRAP_UP": Label(_l("Post-appel"), "wrap", "pencil"),
}
REFUSED_THIRD: dict[str, LazyString] = {
    "NOT_FREE": _l("Cet agent n’est plus libre."),
    "UNKNOWN": _l("Cette destination n’est plus dans la liste."),
    "TOO_MANY": _l("Trop d’appels vers l’extérieur en ce moment. Réessayez plus tard."),
    "NO_LINE": _l("Aucune ligne n’est libre vers l’extérieur."),
}
PAUSE_CODES: dict[str, LazyString] = {
    "BREAK": _l("Pause"),
    "LUNCH": _l("Repas"),
    "BRIEF": _l("Briefing"),
    "TRAINING": _l("Formation"),
    "TECH": _l("Problème technique"),
    "OTHER": _l("Autre"),
}
SYSTEM_PAUSES: dict[str, LazyString] = {
    "WRAP_UP_OVERRUN": _l("Post-appel dépassé"),
    "PREVIEW_OVERRUN": _l("Fiches laissées sans appel"),
    "DESK_SILENT": _l("Poste sans réponse"),
}
SKIP_REASONS: dict[str, LazyString] = {
    "NOT_NOW": _l("Pas maintenant"),
    "NOT_IN_TARGET": _l("Hors cible"),
    "KNOWN": _l("Déjà traité"),
    "BAD_DATA": _l("Fiche inexploitable"),
    "OTHER": _l("Autre raison"),
}
"""What an agent may say; the limit of time says OVERRUN."""
DESK_RESULTS: dict[str, LazyString] = {
    "NOT_ALLOWED": _l("Appel manuel impossible en ce moment : mettez-vous en pause"),
    "NO_PHONE": _l("Votre téléphone n’est pas en ligne"),
    "NO_LINE": _l("Aucune ligne libre ; réessayez"),
    "LEAD_BUSY": _l("Cette fiche est prise, ou en cours d’appel"),
    "WITHDRAWN": _l("Cette fiche a été retirée"),
    "NO_SKIP_LEFT": _l("Plus de passe permise : appelez cette fiche"),
    "MUST_RING": _l("La loi veut 15 secondes de sonnerie : l’appel s’arrête ensuite"),
}
"""Why an agent's wish to call was not carried out."""
PHONE_KINDS: dict[str, LazyString] = {
    "SIP": _l("Téléphone SIP"),
    "WEBRTC": _l("Navigateur"),
    "OUTSIDE": _l("Numéro extérieur"),
}
BROWSER_PHONE: dict[str, LazyString] = {
    "connecting": _l("Téléphone : connexion…"),
    "registered": _l("Téléphone prêt"),
    "in_call": _l("Téléphone en ligne"),
    "lost": _l("Téléphone : connexion au commutateur perdue, nouvel essai…"),
    "refused": _l("Le commutateur a refusé ce téléphone ; nouvel essai…"),
    "not_registered": _l("Le commutateur ne répond pas à votre téléphone."),
    "resting": _l("Téléphone dans un autre onglet"),
    "mic_needed": _l("Le micro doit être autorisé."),
    "mic_denied": _l("Micro refusé : autorisez-le dans la barre d’adresse, puis recommencez."),
    "mic_missing": _l("Aucun micro utilisable : branchez un casque, puis recommencez."),
    "mic_insecure": _l("Le navigateur ne donne le micro qu’à une page en HTTPS."),
    "any_device": _l("Celui du système"),
}
"""What the phone in the page says of itself."""


def all_pauses() -> dict[str, LazyString]:
    """Pause codes of agents and of the dialer."""
    return PAUSE_CODES | SYSTEM_PAUSES


def results() -> dict[str, str]:
    """What may come of an agent's own call, in words."""
    outcomes = {key: label.word for key, label in calls.OUTCOMES.items()}
    return {key: str(word) for key, word in (outcomes | rules.REFUSALS | DESK_RESULTS).items()}


def pause_word(code: str) -> str:
    """A pause code in words; a code of the installation's own stays as it is."""
    return str(PAUSE_CODES.get(code) or SYSTEM_PAUSES.get(code) or code)
