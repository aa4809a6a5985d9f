"""The audit log: what was done, and to what kind of thing. An unknown code is shown as it is."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

VERBS: dict[str, LazyString] = {
    "acknowledge": _l("Prise en charge"),
    "activate": _l("Activation"),
    "barge": _l("Intervention dans un appel"),
    "check": _l("Essai à blanc"),
    "create": _l("Création"),
    "deactivate": _l("Désactivation"),
    "delete": _l("Suppression"),
    "discard": _l("Abandon de l’envoi"),
    "download": _l("Téléchargement"),
    "export": _l("Export"),
    "follow": _l("Suivi d’un segment"),
    "forget": _l("Effacement d’une personne"),
    "import": _l("Import"),
    "keep apart": _l("Contacts gardés distincts"),
    "listen": _l("Écoute"),
    "login": _l("Connexion"),
    "logout": _l("Déconnexion"),
    "merge": _l("Fusion"),
    "note": _l("Note"),
    "pause": _l("Mise en pause"),
    "recycle": _l("Remise à appeler"),
    "resume": _l("Reprise"),
    "revoke": _l("Révocation"),
    "start": _l("Démarrage"),
    "stop": _l("Arrêt"),
    "take_over": _l("Reprise d’un appel"),
    "undo": _l("Annulation"),
    "unmerge": _l("Fusion défaite"),
    "update": _l("Modification"),
    "upload": _l("Envoi d’un fichier"),
    "what-if": _l("Et si ?"),
    "whisper": _l("Souffle à un agent"),
}
KINDS: dict[str, LazyString] = {
    "alarm": _l("Alarme"),
    "api_key": _l("Clé d’API"),
    "attempt": _l("Appel"),
    "attempts": _l("Appels"),
    "caller_numbers": _l("Numéro présenté"),
    "campaign": _l("Campagne"),
    "consents": _l("Consentement"),
    "contact": _l("Contact"),
    "custom_fields": _l("Champ des contacts"),
    "do_not_call": _l("Ne plus appeler"),
    "lead": _l("Fiche"),
    "list": _l("Liste"),
    "pacing": _l("Journal de la cadence"),
    "recording": _l("Enregistrement"),
    "segment": _l("Segment"),
    "user": _l("Utilisateur"),
    "users": _l("Utilisateur"),
}


def subject(code: str) -> str:
    """`campaign:3` in words."""
    kind, _colon, key = code.partition(":")
    return " ".join(part for part in (str(KINDS.get(kind, kind)), key) if part)
