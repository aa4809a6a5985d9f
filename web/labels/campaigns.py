"""Campaigns: their states, orders, modes, and what limits their calls."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from web.labels.words import Label

CAMPAIGN_STATES: dict[str, Label] = {
    "DRAFT": Label(_l("Brouillon"), "offline", "circle"),
    "RUNNING": Label(_l("En cours"), "ready", "play"),
    "PAUSED": Label(_l("En pause"), "pause", "pause"),
    "DRAINING": Label(_l("Arrêt en cours"), "wrap", "dots"),
    "FINISHED": Label(_l("Terminée"), "neutral", "check"),
}
CAMPAIGN_TRIGGERS: dict[str, Label] = {
    "start": Label(_l("Démarrer"), "ready", "play"),
    "pause": Label(_l("Mettre en pause"), "pause", "pause"),
    "stop": Label(_l("Arrêter"), "fault", "stop"),
}
LEAD_ORDERS: dict[str, LazyString] = {
    "PRIORITY": _l("Les plus anciennes d’abord"),
    "NEWEST": _l("Les plus récentes d’abord"),
    "RANDOM": _l("Au hasard"),
    "WEIGHTED": _l("Selon le poids des listes"),
    "BEST": _l("Les chances de répondre d’abord"),
}
PACING_MODES: dict[str, LazyString] = {
    "MANUAL": _l("Manuel : l’agent compose ou choisit"),
    "PREVIEW": _l("Aperçu : l’agent voit la fiche, puis appelle"),
    "PROGRESSIVE": _l("Progressif : un appel par agent libre"),
    "RATIO": _l("Ratio fixe : un nombre de lignes par agent libre"),
    "PREDICTIVE": _l("Prédictif : autant d’appels que la cible d’abandon le permet"),
    "BROADCAST": _l("Diffusion : un message enregistré, sans agent"),
}
PACING_WORDS: dict[str, LazyString] = {
    "MANUAL": _l("Manuel"),
    "PREVIEW": _l("Aperçu"),
    "PROGRESSIVE": _l("Progressif"),
    "RATIO": _l("Ratio fixe"),
    "PREDICTIVE": _l("Prédictif"),
    "BROADCAST": _l("Diffusion"),
}
PREVIEW_ENDS: dict[str, LazyString] = {
    "CALL": _l("Appeler la fiche"),
    "SKIP": _l("Passer la fiche"),
}
PACING_LIMITS: dict[str, LazyString] = {
    "": _l("Aucune décision encore"),
    "risk": _l("Le risque d’abandon a atteint sa limite"),
    "leads": _l("Plus de fiches prêtes à appeler"),
    "lines": _l("Toutes les lignes permises sont prises"),
    "calls_per_s": _l("Débit maximal d’appels atteint"),
    "lines_per_agent": _l("Nombre maximal de lignes par agent atteint"),
    "burst": _l("Montée en charge progressive"),
    "few_agents": _l("Trop peu d’agents pour prédire : un appel par agent libre"),
    "legal_rate": _l("Taux d’abandon au plafond légal"),
    "few_answers": _l("Trop peu de réponses par heure : un appel par agent libre"),
    "broken": _l("Mesures incohérentes : un appel par agent libre"),
    "late": _l("Le contrôleur est en retard : aucun appel"),
    "listener": _l("L’écoute des réponses démarre : aucun appel"),
    "carrier": _l("Le réseau répond mal : appels en cours retenus à leur niveau d’avant"),
    "zero_target": _l("Cible d’abandon nulle : un appel par agent libre"),
    "ratio": _l("Ratio fixe"),
    "progressive": _l("Un appel par agent libre"),
    "preview": _l("Les agents appellent eux-mêmes, fiche par fiche"),
    "manual": _l("Les agents choisissent eux-mêmes qui appeler"),
}
"""Why pacing placed no further call; the words of PacingView.limit."""
RECORDING_MODES: dict[str, LazyString] = {
    "OFF": _l("Jamais"),
    "ON_DEMAND": _l("À la demande de l’agent"),
    "ALWAYS": _l("Tous les appels"),
}
