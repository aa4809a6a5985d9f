"""Supervisors: alarms, and listening to a call."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from web.labels.words import Label

ALARMS: dict[str, LazyString] = {
    "AMD_OFF": _l("La détection de répondeurs s’est arrêtée : trop de personnes prises pour eux"),
    "ABANDON_LIMIT": _l("Le taux d’abandon dépasse la limite légale"),
    "BROKEN_STATISTICS": _l("Les mesures de la cadence sont incohérentes"),
    "DESK_SILENT": _l("Le poste d’un agent ne répond plus"),
    "PHONE_UNREACHABLE": _l("Le téléphone d’un agent ne répond pas"),
    "PHONE_FORBIDDEN": _l("Le numéro extérieur d’un agent est satellite ou surtaxé"),
    "RECORDING_FAILED": _l("L’enregistrement d’un appel a échoué"),
}
STATES: dict[str, Label] = {
    "CALLING": Label(_l("Votre téléphone sonne"), "dialing", "dots"),
    "LISTENING": Label(_l("À l’écoute"), "talking", "ear"),
    "WHISPERING": Label(_l("Souffle à l’agent"), "messaging", "ear"),
    "BARGED": Label(_l("Intervention"), "fault", "phone"),
    "TAKING_OVER": Label(_l("Reprise de l’appel"), "dialing", "dots"),
    "TAKEN_OVER": Label(_l("Appel repris"), "fault", "phone"),
    "STANDING_BY": Label(_l("En veille"), "pause", "pause"),
    "ENDED": Label(_l("Terminée"), "neutral", "check"),
}
MODES: tuple[tuple[str, str, LazyString, LazyString], ...] = (
    ("LISTEN", "LISTENING", _l("Écouter"), _l("Personne ne vous entend.")),
    ("WHISPER", "WHISPERING", _l("Souffler"), _l("Seul l’agent vous entend.")),
    ("BARGE", "BARGED", _l("Intervenir"), _l("L’agent et le client vous entendent.")),
)
"""What is asked, the state that it leads to, its word, and who hears the supervisor then."""
SENTENCES: dict[str, LazyString] = {
    "CALLING": _l("Décrochez : vous entendrez l’agent et le client."),
    "LISTENING": _l("Personne ne vous entend."),
    "WHISPERING": _l("Seul l’agent vous entend."),
    "BARGED": _l("L’agent et le client vous entendent."),
    "TAKING_OVER": _l("Le client vous est passé."),
    "TAKEN_OVER": _l("Le client est avec vous. L’agent donne le statut de l’appel."),
    "STANDING_BY": _l("Votre téléphone reste en ligne une minute : choisissez un autre appel."),
    "ENDED": _l("Votre téléphone est raccroché."),
}
REASONS: dict[str, LazyString] = {
    "STOPPED": _l("Écoute arrêtée."),
    "CONVERSATION_OVER": _l("La conversation est terminée."),
    "PHONE_UNREACHABLE": _l("Votre téléphone n’a pas répondu."),
    "PHONE_LOST": _l("Votre téléphone a raccroché."),
    "NOT_HEARD": _l("Le commutateur n’a pas permis l’écoute."),
    "NOT_TAKEN_OVER": _l("L’appel n’a pas pu être repris : l’agent l’a gardé."),
    "UNUSED": _l("Votre téléphone est raccroché, faute d’appel à écouter."),
}
"""Why a supervision is over, or stands by."""
