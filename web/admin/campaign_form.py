"""The campaign form: every setting with its bounds and unit, in the groups of the page."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from dialer.store import caller_numbers
from web import labels
from web.extensions import db
from web.forms import Field


@dataclass(frozen=True, slots=True)
class Group:
    title: LazyString
    intro: LazyString | str
    fields: tuple[Field, ...]


_SECONDS = _l("secondes")

PACING_FIELDS = (
    Field(
        "mode", _l("Mode de numérotation"), "choice",
        choices=lambda: list(labels.campaigns.PACING_MODES.items()),
    ),
    Field(
        "abandon_target", _l("Cible d’abandon"), "percent", unit="%",
        low=0, high=5, step="0.1", scale=100,
        help=_l(
            "Part des réponses que le mode prédictif ne dépasse pas. Plafond légal : 3 % "
            "(Canada : 5 %)."
        ),
    ),
    Field(
        "ratio", _l("Lignes par agent libre"), "number", low=1, high=10, step="0.1",
        help=_l("Sert au mode à ratio fixe."),
    ),
    Field(
        "max_calls_per_s", _l("Débit maximal"), "number", unit=_l("appels par seconde"),
        low=0.1, high=1000, step="0.1",
    ),
)  # fmt: skip

_IDENTITY = Group(
    _l("Campagne"),
    "",
    (
        Field("name", _l("Nom"), high=200),
        Field(
            "rule_set", _l("Heures d’appel"), "choice",
            choices=lambda: list(labels.rules.RULE_SETS.items()),
            help=_l("Les heures valent dans le fuseau de chaque personne appelée."),
        ),
        Field(
            "caller_ids", _l("Numéros présentés"), "lines", is_required=False,
            help=_l("Un par ligne, avec l’indicatif : +33…"),
            pattern=r"\+?[0-9]{3,15}", pattern_help=_l("chiffres seulement, + permis au début"),
        ),
        Field(
            "caller_pool", _l("Ou un groupe de numéros"), "choice", is_required=False,
            choices=lambda: [(name, name) for name in caller_numbers.pools(db.session())],
            help=_l(
                "Choisis par région, toujours le même pour la même personne, plafonnés par jour."
            ),
        ),
    ),
)  # fmt: skip
_PACING = Group(
    _l("Cadence"),
    _l("Combien d’appels partent, et où ils s’arrêtent."),
    (
        *PACING_FIELDS,
        Field(
            "lead_order", _l("Ordre des fiches"), "choice",
            choices=lambda: list(labels.campaigns.LEAD_ORDERS.items()),
            help=_l("À priorité égale, dans quel ordre les fiches sont appelées."),
        ),
        Field("max_lines", _l("Lignes au plus"), "whole", low=1, high=10_000, step="1"),
        Field(
            "max_lines_per_agent", _l("Lignes par agent au plus"), "number",
            low=1, high=20, step="0.1",
        ),
        Field(
            "pool", _l("Agents partagés"), is_required=False, high=200,
            help=_l(
                "Les campagnes qui portent ici le même nom partagent leurs agents. "
                "Vide : la campagne a les siens."
            ),
        ),
        Field(
            "pool_weight", _l("Poids dans le partage"), "number", low=0.01, high=100, step="0.01",
            help=_l("Avec le poids 2, une campagne reçoit deux fois le temps d’agents du poids 1."),
        ),
    ),
)  # fmt: skip
_OWN = Group(
    _l("Appels passés par l’agent"),
    _l("Aperçu : la fiche est montrée avant l’appel. Manuel : l’agent compose ou choisit."),
    (
        Field(
            "preview_limit_s", _l("Temps pour lire une fiche"), "number", unit=_SECONDS,
            low=5, high=1800, step="1",
        ),
        Field(
            "preview_end", _l("À la fin de ce temps"), "choice",
            choices=lambda: list(labels.campaigns.PREVIEW_ENDS.items()),
        ),
        Field(
            "preview_skips", _l("Fiches passées de suite au plus"), "whole",
            low=0, high=100, step="1",
            help=_l("Au-delà l’agent doit appeler ; s’il ne fait rien, il est mis en pause."),
        ),
        Field(
            "has_manual_calls", _l("Appels manuels dans tous les modes"), "switch",
            is_required=False, help=_l("Depuis une pause : composer un numéro, choisir une fiche."),
        ),
    ),
)  # fmt: skip
_CALL = Group(
    _l("Déroulement d’un appel"),
    "",
    (
        Field(
            "ring_timeout_s", _l("Sonnerie"), "number", unit=_SECONDS, low=15, high=120, step="1",
            help=_l("Au moins 15 : raccrocher plus tôt n’est pas permis."),
        ),
        Field(
            "answer_limit_s", _l("Attente d’un agent"), "number", unit=_SECONDS,
            low=0.2, high=10, step="0.1",
            help=_l("Passé ce délai, le message d’excuse est joué : c’est un abandon."),
        ),
        Field(
            "wrap_up_limit_s", _l("Post-appel"), "number", unit=_SECONDS,
            low=1, high=3600, step="1",
            help=_l("Passé ce délai, l’agent est mis en pause, jamais en prêt."),
        ),
        Field(
            "notice", _l("Message d’excuse"), pattern=r"[A-Za-z0-9_-]{1,64}",
            pattern_help=_l("lettres, chiffres et tirets"),
            help=_l("Nom de l’enregistrement sur le commutateur."),
        ),
    ),
)  # fmt: skip
_RULES = Group(
    _l("Règles"),
    _l("Ce que la loi choisie plus haut permet, la campagne peut le restreindre."),
    (
        Field(
            "basis", _l("Fondement des appels"), "choice",
            choices=lambda: list(labels.rules.BASES.items()),
            help=_l("Demandé en France et en Allemagne. Les consentements ont leur propre page."),
        ),
        Field(
            "max_attempts", _l("Tentatives par fiche au plus"), "whole", low=1, high=100, step="1",
            help=_l("Seules comptent celles que le réseau a vraiment faites."),
        ),
        Field(
            "keeps_holidays", _l("Ne pas appeler les jours fériés"), "switch", is_required=False,
            help=_l("En France et en Allemagne la loi l’impose, région par région."),
        ),
        Field(
            "min_gap_s", _l("Délai entre deux tentatives"), "number", unit=_l("minutes"),
            low=0, high=43_200, step="1", scale=1 / 60,
            help=_l("Pour une même personne, toutes listes et campagnes confondues."),
        ),
        Field(
            "cap_most", _l("Appels à une même personne au plus"), "whole", low=0, high=100,
            step="1", help=_l("0 : pas d’autre limite que celle de la loi."),
            zero=_l("Pas d’autre limite que celle de la loi"),
        ),
        Field(
            "cap_within_s", _l("Dans une période de"), "number", unit=_l("heures"),
            low=1, high=1464, step="1", scale=1 / 3600,
        ),
        Field(
            "callback_wait_s", _l("Un rappel promis attend son agent"), "number",
            unit=_l("minutes"), low=0, high=1440, step="1", scale=1 / 60,
            help=_l("Passé ce délai, n’importe quel agent peut le faire."),
        ),
        Field(
            "opened_destinations", _l("Numéros surtaxés permis"), "lines", is_required=False,
            pattern=r"\+[1-9][0-9]{2,14}", pattern_help=_l("écrivez un début de numéro : +3389"),
            help=_l("Débuts de numéros, un par ligne. Vide : ils sont tous refusés."),
        ),
    ),
)  # fmt: skip
_SOUND = r"[A-Za-z0-9_-]{1,64}"
_AUDIO = Group(
    _l("Enregistrements"),
    _l("Les noms sont ceux des fichiers audio du commutateur."),
    (
        Field(
            "recording", _l("Enregistrer les appels"), "choice",
            choices=lambda: list(labels.campaigns.RECORDING_MODES.items()),
            help=_l("L’agent peut toujours le suspendre, par exemple pour une carte."),
        ),
        Field(
            "recording_days", _l("Conservation des enregistrements"), "whole", is_required=False,
            unit=_l("jours"), low=1, high=3650, step="1",
            help=_l("Passé ce délai, ils sont effacés. Vide : le délai de l’installation."),
        ),
        Field(
            "machine_message", _l("Message pour les répondeurs"), is_required=False,
            pattern=_SOUND, pattern_help=_l("lettres, chiffres et tirets"),
            help=_l("Vide : aucun message n’est laissé, ni par l’agent ni au bip."),
        ),
        Field(
            "sounds", _l("Messages que l’agent peut jouer"), "lines", is_required=False,
            pattern=_SOUND, pattern_help=_l("lettres, chiffres et tirets"),
            help=_l("Un nom par ligne."),
        ),
    ),
)  # fmt: skip
_MACHINES = Group(
    _l("Répondeurs"),
    _l("Écouter qui décroche avant de passer l’appel à un agent. Le doute va à l’agent."),
    (
        Field(
            "amd", _l("Détecter les répondeurs"), "choice",
            choices=lambda: list(labels.machines.AMD_PROFILES.items()),
        ),
        Field(
            "machine_action", _l("Sur un répondeur"), "choice",
            choices=lambda: list(labels.machines.MACHINE_ACTIONS.items()),
            help=_l("Le message est celui des enregistrements, plus bas."),
        ),
        Field(
            "amd_check_share", _l("Répondeurs vérifiés par un agent"), "percent", unit="%",
            low=1, high=100, step="0.5", scale=100,
            help=_l("Tirés au sort : ils mesurent combien de personnes sont prises pour des "
                    "répondeurs. 100 : tous, pour un essai."),
        ),
        Field(
            "amd_budget", _l("Personnes prises pour des répondeurs, au plus"), "percent",
            unit="%", low=0.1, high=3, step="0.1", scale=100,
            help=_l("Au-delà la détection s’arrête, avec une alarme."),
        ),
    ),
)  # fmt: skip
_TRANSFERS = Group(
    _l("Transferts vers l’extérieur"),
    _l("Les agents n’appellent que ces numéros, jamais un numéro qu’ils tapent."),
    (
        Field(
            "destinations", _l("Destinations"), "numbers", is_required=False,
            help=_l("Une par ligne : nom, deux-points, numéro international. Les numéros surtaxés "
                    "et satellitaires sont refusés."),
            pattern_help=_l("écrivez « nom : +33… »"),
            placeholder=_l("Service client : +33 1 55 66 77 88"),
        ),
        Field(
            "max_outside_legs", _l("Appels extérieurs en même temps"), "whole",
            low=0, high=100, step="1",
        ),
        Field(
            "max_outside_per_h", _l("Appels extérieurs par heure"), "whole",
            low=0, high=10_000, step="1",
        ),
    ),
)  # fmt: skip
_BROADCAST = Group(
    _l("Diffusion"),
    _l("Un message enregistré, sans agent. Touche 1 : un agent. Touche 9 : ne plus être appelé."),
    (
        Field(
            "broadcast_message", _l("Message diffusé"), is_required=False,
            pattern=_SOUND, pattern_help=_l("lettres, chiffres et tirets"),
            help=_l("Nom de l’enregistrement sur le commutateur."),
        ),
        Field(
            "has_consent", _l("Les personnes des listes ont consenti aux messages enregistrés"),
            "switch", is_required=False,
            help=_l("Votre nom et l’heure sont gardés comme preuve."),
        ),
    ),
)  # fmt: skip
_WORDS = Group(
    _l("Textes"),
    "",
    (
        Field(
            "script", _l("Script de l’agent"), "area", is_required=False, high=100_000,
            help=_l("Affiché à côté de la fiche pendant l’appel."),
        ),
        Field(
            "message_template", _l("SMS en cas de non-réponse"), "area", is_required=False,
            high=1000,
            help=_l("Vide : rien n’est envoyé. Variables : {{ name }}, {{ campaign }}."),
            placeholder=_l("Bonjour {{ name }}, nous avons essayé de vous joindre…"),
        ),
    ),
)  # fmt: skip

GROUPS = (
    _IDENTITY,
    _RULES,
    _PACING,
    _OWN,
    _CALL,
    _MACHINES,
    _AUDIO,
    _TRANSFERS,
    _BROADCAST,
    _WORDS,
)
FIELDS = tuple(field for group in GROUPS for field in group.fields)
