"""API keys: what they allow, how long, and whether they still do."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from web.labels.words import Label

SCOPES: dict[str, LazyString] = {
    "lists:read": _l("Lire les listes"),
    "lists:write": _l("Créer, modifier et archiver des listes"),
    "leads:read": _l("Lire les fiches"),
    "leads:write": _l("Ajouter, modifier et retirer des fiches"),
    "campaigns:read": _l("Lire les campagnes et leurs chiffres"),
    "campaigns:write": _l("Régler les campagnes"),
    "campaigns:control": _l("Démarrer, mettre en pause et arrêter les campagnes"),
    "dnc:read": _l("Consulter « ne plus appeler »"),
    "dnc:write": _l("Modifier « ne plus appeler »"),
    "attempts:read": _l("Lire l’historique des appels"),
    "recordings:read": _l("Écouter les enregistrements"),
}
"""What a program may do with an API key."""
KEY_TERMS: dict[str, LazyString] = {
    "30": _l("30 jours"),
    "90": _l("90 jours"),
    "365": _l("un an"),
}
KEY_STATES: dict[str, Label] = {
    "VALID": Label(_l("Valable"), "ready", "check"),
    "EXPIRED": Label(_l("Expirée"), "offline", "circle"),
    "REVOKED": Label(_l("Révoquée"), "fault", "stop"),
}
