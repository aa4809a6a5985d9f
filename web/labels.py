"""Words, icons and tones of the product's vocabularies; the only place that names them.

A tone is a CSS class (`tone-ready`); an icon is a symbol of static/dist/icons.svg. A state is
always shown with its word, never by colour alone.
"""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Label:
    word: LazyString
    tone: str = "neutral"
    icon: str = "dot"


AGENT_STATES: dict[str, Label] = {
    "OFFLINE": Label(_l("Hors ligne"), "offline", "circle"),
    "PAUSED": Label(_l("Pause"), "pause", "pause"),
    "READY": Label(_l("Prêt"), "ready", "dot"),
    "PREVIEWING": Label(_l("Fiche à appeler"), "messaging", "user"),
    "RESERVED": Label(_l("Appel en arrivée"), "dialing", "dots"),
    "TALKING": Label(_l("En ligne"), "talking", "phone"),
    "WRAP_UP": Label(_l("Post-appel"), "wrap", "pencil"),
}
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
CALLED_BACK = Label(_l("A rappelé"), "ready", "check")
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
LINE_KINDS: dict[str, Label] = {
    "CALL": Label(_l("Appel"), "talking", "phone"),
    "MESSAGE": Label(_l("Message"), "messaging", "mail"),
    "ARRIVAL": Label(_l("A appelé"), "wrap", "phone"),
    "NOTE": Label(_l("Note"), "neutral", "pencil"),
}
NOTE_KINDS: dict[str, LazyString] = {
    "NOTE": _l("Note"),
    "VISIT": _l("Visite"),
    "LETTER": _l("Courrier"),
    "CALL": _l("Appel hors plate-forme"),
}
IDENTITY_KINDS: dict[str, LazyString] = {
    "PHONE": _l("Téléphone"),
    "WHATSAPP": _l("WhatsApp"),
    "MESSENGER": _l("Messenger"),
    "EMAIL": _l("E-mail"),
    "EXTERNAL_ID": _l("Identifiant externe"),
}
LIKENESSES: dict[str, LazyString] = {
    "EMAIL": _l("même e-mail"),
    "WHATSAPP": _l("même WhatsApp"),
    "EXTERNAL_ID": _l("même identifiant externe"),
    "NAME": _l("même nom"),
}
FIELD_KINDS: dict[str, LazyString] = {
    "TEXT": _l("Texte"),
    "NUMBER": _l("Nombre"),
    "DATE": _l("Date"),
    "CHOICE": _l("Choix"),
    "SWITCH": _l("Oui ou non"),
}
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
CALL_STEPS: dict[str, LazyString] = {
    "TALK": _l("Conversation"),
    "CONSULT": _l("Consultation, client en garde"),
    "THREE_WAY": _l("Conférence à trois"),
    "ENTRUSTED": _l("Transfert vers l’extérieur"),
    "OUTSIDE": _l("Conversation avec l’extérieur"),
    "ALONE": _l("Retour en attente d’un agent"),
}
REFUSED_THIRD: dict[str, LazyString] = {
    "NOT_FREE": _l("Cet agent n’est plus libre."),
    "UNKNOWN": _l("Cette destination n’est plus dans la liste."),
    "TOO_MANY": _l("Trop d’appels vers l’extérieur en ce moment. Réessayez plus tard."),
    "NO_LINE": _l("Aucune ligne n’est libre vers l’extérieur."),
}
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
    "field": _l("Montrer à l’agent"),
    "ignored": _l("Ne pas importer"),
}
MESSAGE_STATES: dict[str, Label] = {
    "QUEUED": Label(_l("En attente"), "pause", "dots"),
    "SENT": Label(_l("Envoyé"), "talking", "mail"),
    "DELIVERED": Label(_l("Remis"), "ready", "check"),
    "FAILED": Label(_l("Échec"), "fault", "alert"),
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
ROLES: dict[str, LazyString] = {
    "admin": _l("Administrateur"),
    "supervisor": _l("Superviseur"),
    "agent": _l("Agent"),
    "analyst": _l("Analyste"),
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
BASES: dict[str, LazyString] = {
    "CONSENT": _l("Consentement de chaque personne"),
    "CONTRACT": _l("Contrat en cours avec la personne"),
}
"""By what right people are called, where the law asks for one."""
PREVIEW_ENDS: dict[str, LazyString] = {
    "CALL": _l("Appeler la fiche"),
    "SKIP": _l("Passer la fiche"),
}
SKIP_REASONS: dict[str, LazyString] = {
    "NOT_NOW": _l("Pas maintenant"),
    "NOT_IN_TARGET": _l("Hors cible"),
    "KNOWN": _l("Déjà traité"),
    "BAD_DATA": _l("Fiche inexploitable"),
    "OTHER": _l("Autre raison"),
}
"""What an agent may say; the limit of time says OVERRUN."""
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
DISPOSITION_GROUPS: dict[str, LazyString] = {
    "SI OK": _l("SI OK"),
    "SI NON": _l("SI NON"),
    "RAPPEL": _l("Rappel"),
    "AUTRE": _l("Autre"),
}
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
    "carrier": _l("Le réseau répond mal : appels en cours retenus à leur niveau d’avant"),
    "zero_target": _l("Cible d’abandon nulle : un appel par agent libre"),
    "ratio": _l("Ratio fixe"),
    "progressive": _l("Un appel par agent libre"),
    "preview": _l("Les agents appellent eux-mêmes, fiche par fiche"),
    "manual": _l("Les agents choisissent eux-mêmes qui appeler"),
}
"""Why pacing placed no further call; the words of PacingView.limit."""
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
ALARMS: dict[str, LazyString] = {
    "AMD_OFF": _l("La détection de répondeurs s’est arrêtée : trop de personnes prises pour eux"),
    "ABANDON_LIMIT": _l("Le taux d’abandon dépasse la limite légale"),
    "BROKEN_STATISTICS": _l("Les mesures de la cadence sont incohérentes"),
    "DESK_SILENT": _l("Le poste d’un agent ne répond plus"),
    "PHONE_UNREACHABLE": _l("Le téléphone d’un agent ne répond pas"),
    "PHONE_FORBIDDEN": _l("Le numéro extérieur d’un agent est satellite ou surtaxé"),
    "RECORDING_FAILED": _l("L’enregistrement d’un appel a échoué"),
}
SUPERVISION_STATES: dict[str, Label] = {
    "CALLING": Label(_l("Votre téléphone sonne"), "dialing", "dots"),
    "LISTENING": Label(_l("À l’écoute"), "talking", "ear"),
    "WHISPERING": Label(_l("Souffle à l’agent"), "messaging", "ear"),
    "BARGED": Label(_l("Intervention"), "fault", "phone"),
    "TAKING_OVER": Label(_l("Reprise de l’appel"), "dialing", "dots"),
    "TAKEN_OVER": Label(_l("Appel repris"), "fault", "phone"),
    "STANDING_BY": Label(_l("En veille"), "pause", "pause"),
    "ENDED": Label(_l("Terminée"), "neutral", "check"),
}
SUPERVISION_MODES: tuple[tuple[str, str, LazyString, LazyString], ...] = (
    ("LISTEN", "LISTENING", _l("Écouter"), _l("Personne ne vous entend.")),
    ("WHISPER", "WHISPERING", _l("Souffler"), _l("Seul l’agent vous entend.")),
    ("BARGE", "BARGED", _l("Intervenir"), _l("L’agent et le client vous entendent.")),
)
"""What is asked, the state that it leads to, its word, and who hears the supervisor then."""
SUPERVISION_SENTENCES: dict[str, LazyString] = {
    "CALLING": _l("Décrochez : vous entendrez l’agent et le client."),
    "LISTENING": _l("Personne ne vous entend."),
    "WHISPERING": _l("Seul l’agent vous entend."),
    "BARGED": _l("L’agent et le client vous entendent."),
    "TAKING_OVER": _l("Le client vous est passé."),
    "TAKEN_OVER": _l("Le client est avec vous. L’agent donne le statut de l’appel."),
    "STANDING_BY": _l("Votre téléphone reste en ligne une minute : choisissez un autre appel."),
    "ENDED": _l("Votre téléphone est raccroché."),
}
SUPERVISION_REASONS: dict[str, LazyString] = {
    "STOPPED": _l("Écoute arrêtée."),
    "CONVERSATION_OVER": _l("La conversation est terminée."),
    "PHONE_UNREACHABLE": _l("Votre téléphone n’a pas répondu."),
    "PHONE_LOST": _l("Votre téléphone a raccroché."),
    "NOT_HEARD": _l("Le commutateur n’a pas permis l’écoute."),
    "NOT_TAKEN_OVER": _l("L’appel n’a pas pu être repris : l’agent l’a gardé."),
    "UNUSED": _l("Votre téléphone est raccroché, faute d’appel à écouter."),
}
"""Why a supervision is over, or stands by."""
"""Why a row of a list file was not imported."""
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
RECORDING_MODES: dict[str, LazyString] = {
    "OFF": _l("Jamais"),
    "ON_DEMAND": _l("À la demande de l’agent"),
    "ALWAYS": _l("Tous les appels"),
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


def plain(words: dict[str, Label]) -> dict[str, dict[str, str]]:
    """Labels as the pages' scripts take them."""
    return {
        key: {"word": str(label.word), "tone": label.tone, "icon": label.icon}
        for key, label in words.items()
    }


def all_pauses() -> dict[str, LazyString]:
    """Pause codes of agents and of the dialer."""
    return PAUSE_CODES | SYSTEM_PAUSES


def results() -> dict[str, str]:
    """What may come of an agent's own call, in words."""
    outcomes = {key: label.word for key, label in OUTCOMES.items()}
    return {key: str(word) for key, word in (outcomes | REFUSALS | DESK_RESULTS).items()}


def pause_word(code: str) -> str:
    """A pause code in words; a code of the installation's own stays as it is."""
    return str(PAUSE_CODES.get(code) or SYSTEM_PAUSES.get(code) or code)
