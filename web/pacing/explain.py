"""One pacing decision as a sentence: what it saw, what it placed, and what kept it from more."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from web import labels
from web.rendering import number, percent

Decision = Mapping[str, Any]


def sentence(decision: Decision) -> str:
    """E.g. "12 agents, 2 free, 9 calls ring → 3 more calls. The risk has reached its limit"."""
    return f"{_seen(decision)} → {_placed(decision)}. {_reason(decision)}"


def _seen(decision: Decision) -> str:
    n = {name: int(decision.get(name) or 0) for name in ("n_agents", "n_free", "n_ringing")}
    parts = [
        ngettext("%(num)s agent", "%(num)s agents", n["n_agents"]),
        ngettext("%(num)s libre", "%(num)s libres", n["n_free"]),
        ngettext("%(num)s appel sonne", "%(num)s appels sonnent", n["n_ringing"]),
    ]
    if n_waiting := int(decision.get("n_waiting") or 0):
        parts.append(ngettext("%(num)s personne attend", "%(num)s personnes attendent", n_waiting))
    return ", ".join(parts)


def _placed(decision: Decision) -> str:
    if not decision["n_dialed"]:
        return str(_("aucun appel de plus"))
    return ngettext("%(num)s appel de plus", "%(num)s appels de plus", decision["n_dialed"])


def _reason(decision: Decision) -> str:
    limit = decision["limit"]
    word = str(labels.campaigns.PACING_LIMITS.get(limit, limit))
    detail = _DETAILS[limit](decision) if limit in _DETAILS else ""
    return f"{word} ({detail})" if detail else word


def _risk(decision: Decision) -> str:
    shown = {"risk": percent(decision["risk"]), "theta": percent(decision["theta"])}
    return _("risque %(risk)s, permis %(theta)s", **shown)


def _of(name: str) -> Callable[[Decision], str]:
    def shown(decision: Decision) -> str:
        left = decision.get(name)
        return "" if left is None else _("il en restait %(n)s", n=number(left))

    return shown


_DETAILS: Mapping[str, Callable[[Decision], str]] = {
    "risk": _risk,
    "legal_rate": _risk,
    "leads": _of("n_leads"),
    "lines": _of("n_lines_left"),
    "calls_per_s": _of("n_calls_allowed"),
}
"""The figure that a limit was reached at, where the decision holds it."""
