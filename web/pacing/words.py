"""What pacing's guards and inputs mean, in words that a supervisor can act on."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

GUARDS: dict[str, LazyString] = {
    "risk": _l(
        "Un appel de plus, et la chance qu’une réponse ne trouve aucun agent à temps passerait "
        "au-dessus du risque permis. C’est le frein normal du mode prédictif."
    ),
    "leads": _l(
        "La campagne a composé toutes les fiches qui peuvent l’être maintenant : ajoutez une "
        "liste, ou attendez les rappels et les heures d’appel."
    ),
    "lines": _l(
        "Le maximum de lignes de la campagne, ou ce que les commutateurs et le réseau peuvent "
        "encore porter, est atteint."
    ),
    "calls_per_s": _l(
        "Le débit maximal de la campagne est atteint ; la seconde suivante en permet d’autres."
    ),
    "lines_per_agent": _l("Il sonne déjà autant d’appels que la campagne en permet par agent."),
    "burst": _l(
        "Peu d’appels partent à la fois tant que l’on sait peu de chose, pour que trop de "
        "personnes ne répondent pas ensemble."
    ),
    "few_agents": _l(
        "Avec moins de quatre agents, une prédiction ne vaut rien : un appel par agent libre."
    ),
    "legal_rate": _l(
        "Un abandon de plus ferait passer le taux au-dessus de 3 % : le risque permis est au plus "
        "bas jusqu’à ce que le taux redescende."
    ),
    "few_answers": _l(
        "Avec moins de trente réponses par heure, on n’en sait pas assez pour prédire : un appel "
        "par agent libre."
    ),
    "broken": _l(
        "Une mesure est impossible (horloge reculée, événement daté du futur) : rien n’est prédit "
        "tant que cela dure, un appel part par agent libre."
    ),
    "late": _l(
        "Le contrôleur a plus d’une seconde de retard sur les événements : il ne compose rien tant "
        "qu’il ne sait pas qui est libre."
    ),
    "listener": _l(
        "Le détecteur de répondeurs démarre : les appels partent dès qu’il écoute, ou au plus tard "
        "huit secondes après."
    ),
    "preview": _l("Chaque agent voit la fiche et lance lui-même l’appel : rien n’est à prédire."),
    "manual": _l("Les agents composent eux-mêmes : la campagne ne place aucun appel."),
    "carrier": _l("Trop d’appels échouent par la faute du réseau pour prédire les réponses."),
    "zero_target": _l("Une cible de 0 % ne permet aucun abandon : un appel par agent libre."),
    "ratio": _l("Le mode à ratio fixe place ce nombre de lignes par agent libre, sans prédire."),
    "progressive": _l("Le mode progressif place un appel par agent libre, sans prédire."),
}
"""What the guard means and what one may do, for those of PACING_LIMITS that need it."""
FACTS: dict[str, tuple[LazyString, LazyString]] = {
    "n_dialed": (
        _l("Appels placés"),
        _l("Par la dernière décision ; il s’en prend deux par seconde et plus."),
    ),
    "n_agents": (
        _l("Agents qui prennent des appels"),
        _l("Ni en pause, ni sur le point de l’être, ni sur le départ."),
    ),
    "n_free": (_l("Agents libres"), _l("Prêts, téléphone décroché, sans appel.")),
    "n_soon_free": (
        _l("Bientôt libres"),
        _l(
            "Agents occupés qui devraient être libres le temps qu’un nouvel appel "
            "sonne, d’après les durées apprises."
        ),
    ),
    "n_ringing": (_l("Appels qui sonnent"), _l("Composés, sans réponse encore.")),
    "n_waiting": (_l("Personnes qui attendent"), _l("Ont répondu, et n’ont pas encore d’agent.")),
    "expected_answers": (
        _l("Réponses attendues"),
        _l(
            "Des appels qui sonnent, selon l’âge de chacun : ceux qui sonnent depuis "
            "longtemps comptent peu."
        ),
    ),
    "answer_rate": (
        _l("Taux de réponse estimé"),
        _l("Part des appels auxquels quelqu’un, ou un répondeur, répond."),
    ),
    "fault_share": (
        _l("Échecs du réseau"),
        _l("Part des derniers appels que le réseau a refusés ; ils ne disent rien des gens."),
    ),
    "risk": (
        _l("Risque d’un abandon"),
        _l("Chance qu’une réponse de plus ne trouve aucun agent à temps."),
    ),
    "theta": (
        _l("Risque permis"),
        _l(
            "Suit la réserve : il monte quand le taux réel est sous la cible, et "
            "descend à chaque abandon."
        ),
    ),
    "bank": (
        _l("Réserve d’abandons"),
        _l(
            "Abandons encore possibles sous la cible ; négative : il faut servir sans "
            "abandon pour revenir."
        ),
    ),
    "target": (
        _l("Cible d’abandon"),
        _l("Part des réponses que la cadence vise sans la dépasser."),
    ),
    "n_leads": (_l("Fiches prêtes"), _l("Réservées par la campagne et permises à l’appel.")),
    "n_lines_left": (
        _l("Lignes libres"),
        _l("Ce que la campagne, les commutateurs et le réseau permettent encore."),
    ),
    "n_calls_allowed": (
        _l("Débit restant"),
        _l("Appels que le débit maximal permettait à cet instant."),
    ),
}
"""Each input of a decision: its name, and what it means."""
