"""Lists and their leads: states, imports, columns, and what a filter asks."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from web.labels.words import Label

FILTER_FIELDS: dict[str, LazyString] = {
    "last_outcome": _l("Dernier résultat"),
    "disposition": _l("Dernier statut"),
    "last_attempt": _l("Dernière tentative"),
    "n_attempts": _l("Tentatives"),
    "n_tries": _l("Essais comptés"),
    "state": _l("État"),
    "campaign": _l("Campagne"),
    "list": _l("Liste"),
    "name": _l("Nom"),
    "number": _l("Numéro"),
    "time_zone": _l("Fuseau horaire"),
    "priority": _l("Priorité"),
    "created": _l("Ajout"),
    "due": _l("Prochain appel"),
}
FILTER_ASKS: dict[str, LazyString] = {
    "in": _l("parmi"),
    "equals": _l("égal à"),
    "contains": _l("contient"),
    "begins": _l("commence par"),
    "empty": _l("vide"),
    "at_least": _l("au moins"),
    "at_most": _l("au plus"),
    "older_than": _l("il y a plus de (jours)"),
    "younger_than": _l("il y a moins de (jours)"),
    "never": _l("jamais"),
}
LEAD_STATE: dict[str, LazyString] = {
    "NEW": _l("Nouvelle"),
    "CLAIMED": _l("Réservée"),
    "DIALING": _l("En numérotation"),
    "WAITING_RETRY": _l("À rappeler"),
    "CALLBACK": _l("Rendez-vous téléphonique"),
    "DONE": _l("Terminée"),
    "BLOCKED": _l("Bloquée"),
}
"""Of one lead; LEAD_STATES of many."""
LIST_STATES: dict[str, Label] = {
    "RECEIVING": Label(_l("Envoi interrompu"), "pause", "upload"),
    "UPLOADED": Label(_l("À importer"), "pause", "upload"),
    "CHECKING": Label(_l("Essai à blanc"), "dialing", "dots"),
    "IMPORTING": Label(_l("Import en cours"), "dialing", "dots"),
    "STOPPING": Label(_l("Arrêt demandé"), "dialing", "stop"),
    "STOPPED": Label(_l("Import arrêté"), "pause", "stop"),
    "READY": Label(_l("Prête"), "ready", "check"),
    "FAILED": Label(_l("Échec"), "fault", "alert"),
    "UNDOING": Label(_l("Annulation en cours"), "dialing", "dots"),
    "UNDONE": Label(_l("Import annulé"), "offline", "back"),
}
IMPORT_PHASES: dict[str, LazyString] = {
    "READING": _l("Lecture"),
    "COMPARING": _l("Comparaison avec les autres listes"),
    "LOADING": _l("Écriture"),
    "UNDOING": _l("Retrait"),
}
COLUMN_ROLES: dict[str, LazyString] = {
    "number": _l("Numéro à appeler"),
    "other_number": _l("Autre numéro"),
    "name": _l("Nom"),
    "first_name": _l("Prénom"),
    "consent": _l("Preuve du consentement"),
    "consent_at": _l("Date du consentement"),
    "consent_way": _l("Canal du consentement"),
    "postcode": _l("Code postal"),
    "time_zone": _l("Fuseau horaire"),
    "field": _l("Montrer à l’agent"),
    "ignored": _l("Ne pas importer"),
}
LEAD_STATES: dict[str, LazyString] = {
    "NEW": _l("Nouveaux"),
    "CLAIMED": _l("Réservés"),
    "DIALING": _l("En numérotation"),
    "WAITING_RETRY": _l("À rappeler"),
    "CALLBACK": _l("Rendez-vous téléphoniques"),
    "DONE": _l("Terminés"),
    "BLOCKED": _l("Bloqués"),
}
REGIONS: dict[str, LazyString] = {
    "FR": _l("France"),
    "BJ": _l("Bénin"),
    "BE": _l("Belgique"),
    "CH": _l("Suisse"),
    "CA": _l("Canada"),
    "CI": _l("Côte d’Ivoire"),
    "GB": _l("Royaume-Uni"),
    "LU": _l("Luxembourg"),
    "MA": _l("Maroc"),
    "SN": _l("Sénégal"),
    "TG": _l("Togo"),
    "TN": _l("Tunisie"),
    "US": _l("États-Unis"),
}
