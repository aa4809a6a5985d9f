"""Rules: what each set asks, why a lead is not called, where a consent or a block came from."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

BASES: dict[str, LazyString] = {
    "CONSENT": _l("Consentement de chaque personne"),
    "CONTRACT": _l("Contrat en cours avec la personne"),
}
"""By what right people are called, where the law asks for one."""
REFUSALS: dict[str, LazyString] = {
    "CAMPAIGN_NOT_RUNNING": _l("La campagne n’est pas en cours"),
    "FORGOTTEN": _l("Données effacées à la demande de la personne"),
    "FINISHED": _l("Fiche terminée"),
    "LIST_OFF": _l("Liste désactivée, ou pas encore importée"),
    "IN_HOPPER": _l("Sur le point d’être appelée, ou sous les yeux d’un agent"),
    "BEING_CALLED": _l("Ce numéro est en cours d’appel"),
    "BAD_NUMBER": _l("Numéro inutilisable"),
    "FORBIDDEN_DESTINATION": _l("Ce genre de numéro n’est pas appelé"),
    "DO_NOT_CALL": _l("Sur une liste « ne plus appeler »"),
    "CONSENT_WITHDRAWN": _l("Consentement retiré par la personne"),
    "NO_CONSENT": _l("Pas de consentement connu"),
    "TOO_MANY_ATTEMPTS": _l("Trop de tentatives déjà"),
    "RETRY_LATER": _l("Pas encore l’heure de la prochaine tentative"),
    "CALLBACK_LATER": _l("Rendez-vous téléphonique à venir"),
    "AWAITS_OWNER": _l("Rappel qui attend l’agent qui l’a promis"),
    "PROMISED_ELSEWHERE": _l("Un rappel est promis à ce numéro dans une autre liste"),
    "LATELY_REFUSED": _l("La personne a refusé il y a peu"),
    "CAPPED": _l("Nombre d’appels permis atteint pour cette personne"),
    "TOO_SOON": _l("Trop tôt après la dernière tentative"),
    "NEEDS_AGENT": _l("Appel abandonné il y a peu : il faut un agent réservé"),
    "NO_CALLER_ID": _l("Aucun numéro à présenter n’est disponible aujourd’hui"),
    "BAD_TIME_ZONE": _l("Fuseau horaire inconnu"),
    "OUTSIDE_WINDOW": _l("Hors des heures d’appel chez cette personne"),
}
"""Why a lead is not called now, in the order in which it is asked."""
CONSENT_SOURCES: dict[str, LazyString] = {
    "FORM": _l("Formulaire en ligne"),
    "PAPER": _l("Papier signé"),
    "CALL": _l("Appel enregistré"),
    "IMPORT": _l("Repris d’un autre système"),
}
BLOCK_SOURCES: dict[str, LazyString] = {
    "AGENT": _l("Agent"),
    "ADMIN": _l("Administration"),
    "IMPORT": _l("Import"),
    "REPLY": _l("Réponse à un message"),
    "ERASURE": _l("Effacement des données"),
}
RULE_SETS: dict[str, LazyString] = {
    "FR": _l(
        "France : lundi à vendredi, 10 h – 13 h et 14 h – 20 h, hors jours fériés ; "
        "4 appels en 30 jours ; consentement ou contrat"
    ),
    "DE": _l(
        "Allemagne : lundi à samedi, 8 h – 20 h, hors jours fériés ; 3 appels par jour ; "
        "consentement ou contrat"
    ),
    "BJ": _l("Bénin : lundi à samedi, 8 h – 20 h"),
    "UK": _l("Royaume-Uni : lundi à vendredi 8 h – 21 h, samedi 9 h – 21 h"),
    "US": _l("États-Unis : tous les jours, 8 h – 21 h"),
    "US_FL": _l("États-Unis, Floride : tous les jours, 8 h – 20 h ; 3 appels en 24 heures"),
    "CA": _l("Canada : lundi à vendredi 9 h – 21 h 30, samedi et dimanche 10 h – 18 h"),
    "ANY": _l("Sans limite : essais seulement"),
}
