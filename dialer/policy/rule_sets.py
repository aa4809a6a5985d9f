"""The rule sets: figures of the law by country, each with its source. Check them with counsel.

Windows of days are rolling, to the second, and so never shorter than the calendar days that a law
speaks of. `ANY` has no limit: trials and sandboxes only.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from dialer.model.campaign import Window
from dialer.model.rules import Cap, RuleSet

DAY_S = 86_400.0
WEEK = frozenset(range(7))
WORKDAYS = frozenset(range(5))
SATURDAY, SUNDAY = frozenset({5}), frozenset({6})

_TSR_RING = "16 CFR 310.4(b)(4)(ii): 15 seconds or four rings"

FRANCE = RuleSet(
    code="FR",
    windows=(Window(WORKDAYS, 600, 780), Window(WORKDAYS, 840, 1200)),
    holidays_of="FR",
    caps=(Cap(4, 30 * DAY_S),),
    silence_after_refusal_s=61 * DAY_S,
    opt_in_from=datetime(2026, 8, 11, tzinfo=ZoneInfo("Europe/Paris")).timestamp(),
    forbidden_caller_ids=("+336", "+337"),
    automated_caller_ids=(
        "+33162", "+33163", "+33270", "+33271", "+33377", "+33378", "+33424", "+33425",
        "+33568", "+33569", "+33948", "+33949",
        "+339475", "+339476", "+339477", "+339478", "+339479",
        "+5909475", "+5949476", "+5969477", "+2629478", "+2629479",
        "+33937", "+33938", "+33939",
    ),
    sources={
        "windows": "Code de la consommation, art. D.223-9 (décret 2022-1313) : du lundi au "
                   "vendredi, 10 h à 13 h et 14 h à 20 h",
        "holidays_of": "Code de la consommation, art. D.223-9 : hors jours fériés",
        "caps": "Code de la consommation, art. D.223-9 : quatre sollicitations ou tentatives "
                "sur trente jours calendaires",
        "silence_after_refusal_s": "Code de la consommation, art. D.223-9 : soixante jours "
                                   "calendaires révolus ; le jour du refus n’est pas compté",
        "opt_in_from": "Loi 2025-594, art. 13 : consentement préalable depuis le 11 août 2026, "
                       "sauf contrat en cours",
        "forbidden_caller_ids": "ARCEP, plan national de numérotation : ni 06 ni 07",
        "automated_caller_ids": "ARCEP, plan national de numérotation : numéros des plateformes "
                                "d’appels automatisés (0162 … 0949, 09475 à 09479, 0937 à 0939)",
    },
)  # fmt: skip

UNITED_STATES = RuleSet(
    code="US",
    calendar="US",
    windows=(Window(WEEK, 480, 1260),),
    min_ring_s=15.0,
    sources={
        "windows": "47 CFR 64.1200(c)(1), 16 CFR 310.4(c): 8 a.m. to 9 p.m.",
        "min_ring_s": _TSR_RING,
    },
)

FLORIDA = RuleSet(
    code="US_FL",
    calendar="US",
    windows=(Window(WEEK, 480, 1200),),
    caps=(Cap(3, DAY_S),),
    min_ring_s=15.0,
    sources={
        "windows": "Fla. Stat. 501.616(6)(a): 8 a.m. to 8 p.m.",
        "caps": "Fla. Stat. 501.616(6)(b): three calls in 24 hours",
        "min_ring_s": _TSR_RING,
    },
)

UNITED_KINGDOM = RuleSet(
    code="UK",
    calendar="GB",
    windows=(Window(WORKDAYS, 480, 1260), Window(SATURDAY, 540, 1260)),
    min_ring_s=15.0,
    sources={
        "windows": "Custom of the trade; the law asks for reasonable hours",
        "min_ring_s": "Ofcom, persistent misuse: 15 seconds",
    },
)

CANADA = RuleSet(
    code="CA",
    calendar="CA",
    windows=(Window(WORKDAYS, 540, 1290), Window(SATURDAY | SUNDAY, 600, 1080)),
    sources={
        "windows": "CRTC Unsolicited Telecommunications Rules, part III: 9 a.m. to 9:30 p.m., "
                   "at weekends 10 a.m. to 6 p.m.",
    },
)  # fmt: skip

GERMANY = RuleSet(
    code="DE",
    windows=(Window(WORKDAYS | SATURDAY, 480, 1200),),
    holidays_of="DE",
    caps=(Cap(3, DAY_S),),
    opt_in_from=0.0,
    sources={
        "windows": "Bundesnetzagentur, Predictive Dialer: werktags 8 bis 20 Uhr",
        "holidays_of": "Bundesnetzagentur, Predictive Dialer: nicht an Sonn- und Feiertagen",
        "caps": "Bundesnetzagentur, Predictive Dialer: höchstens drei Versuche am Tag",
        "opt_in_from": "UWG § 7 Abs. 2 Nr. 1: vorherige ausdrückliche Einwilligung",
    },
)

BENIN = RuleSet(
    code="BJ",
    calendar="BJ",
    windows=(Window(WORKDAYS | SATURDAY, 480, 1200),),
    sources={"windows": "Usage de la profession ; la loi 2017-20 ne fixe pas d’heures"},
)

ANY = RuleSet(code="ANY", windows=(Window(WEEK, 0, 1440),))

RULE_SETS: Mapping[str, RuleSet] = {
    rules.code: rules
    for rules in (
        FRANCE, UNITED_STATES, FLORIDA, UNITED_KINGDOM, CANADA, GERMANY, BENIN, ANY,
    )
}  # fmt: skip

UNKNOWN = RuleSet(code="", windows=())
"""Of a code that nobody knows: never open."""


def rules_of(code: str) -> RuleSet:
    """The rule set of that code; one that is never open when there is none."""
    return RULE_SETS.get(code, UNKNOWN)
