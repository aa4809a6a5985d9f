"""What if the abandon target had been another: the question, and its answer once it was played."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from dialer.jobs.queues import enqueue_what_if
from dialer.model.errors import BadInput
from dialer.store.tables import CampaignRow, WhatIfRow
from dialer.store.what_ifs import HIGHEST, LOWEST, ask, questions_of
from web import audit
from web.extensions import bus, db
from web.faults import blame
from web.forms import Field, Filled, from_values, parse
from web.permissions import Right, needs

bp = Blueprint("what_if", __name__, url_prefix="/what-if")

LAST_INSTANT = 4_000_000_000.0
FIELDS = (
    Field(
        "target", _l("Cible d’abandon"), "percent", unit="%",
        low=LOWEST * 100, high=HIGHEST * 100, step="0.1", scale=100,
        help=_l("De 0,1 à 3 %."),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over several runs."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(sum(values) / len(values), min(values), max(values))


@bp.get("/<int:campaign_id>")
@needs(Right.READ_PACING)
def index(campaign_id: int) -> ResponseReturnValue:
    row = _campaign(campaign_id)
    return _form(row, from_values(FIELDS, {"target": row.abandon_target}))


@bp.post("/<int:campaign_id>")
@needs(Right.READ_PACING)
def question(campaign_id: int) -> ResponseReturnValue:
    row = _campaign(campaign_id)
    filled = parse(FIELDS, request.form)
    if not filled.is_valid:
        return _form(row, filled), 422
    try:
        asked = ask(db.session(), row.id, filled.values["target"], _since(), current_user.user_id)
    except BadInput as fault:
        db.session.rollback()
        blame(filled, fault)
        return _form(row, filled), 422
    audit.note("what-if", f"campaign:{row.id}", f"target={asked.target} since={asked.since}")
    db.session.commit()
    enqueue_what_if(bus().redis, asked.id)
    return redirect(url_for(".answer", campaign_id=row.id, question_id=asked.id))


@bp.get("/<int:campaign_id>/<int:question_id>")
@needs(Right.READ_PACING)
def answer(campaign_id: int, question_id: int) -> ResponseReturnValue:
    asked = _question(campaign_id, question_id)
    return render_template("pacing/what_if_answer.html", row=_campaign(campaign_id), **_told(asked))


@bp.get("/<int:campaign_id>/<int:question_id>/body")
@needs(Right.READ_PACING)
def body(campaign_id: int, question_id: int) -> ResponseReturnValue:
    """The part of the page that refreshes itself until there is an answer."""
    return render_template("pacing/_what_if.html", **_told(_question(campaign_id, question_id)))


def _campaign(campaign_id: int) -> CampaignRow:
    return db.session.get(CampaignRow, campaign_id) or abort(404)


def _question(campaign_id: int, question_id: int) -> WhatIfRow:
    asked = db.session.get(WhatIfRow, question_id)
    if asked is None or asked.campaign_id != campaign_id:
        abort(404)
    return asked


def _form(row: CampaignRow, filled: Filled) -> str:
    return render_template(
        "pacing/what_if.html", row=row, form=filled, field=FIELDS[0],
        since=_since(), questions=questions_of(db.session(), row.id),
    )  # fmt: skip


def _since() -> float | None:
    """Start of the hour asked about; None, and so the last one, for what is no time."""
    since = request.values.get("since", type=float)
    return since if since is not None and 0.0 <= since <= LAST_INSTANT else None


def _told(asked: WhatIfRow) -> dict[str, Any]:
    """The answer as the template shows it: the measured hour, and the spread of each played one."""
    found: Any = asked.answer
    if found is None:
        return {"asked": asked, "found": None}
    played = {name: _spreads(found[name]) for name in ("actual", "asked")}
    return {"asked": asked, "found": found, "measured": _with_rate(found["measured"])} | {
        "played": played
    }


def _spreads(runs: Sequence[dict[str, float]]) -> dict[str, Spread]:
    figures = [_with_rate(run) for run in runs]
    return {name: Spread.of([one[name] for one in figures]) for name in figures[0]}


def _with_rate(figures: dict[str, float]) -> dict[str, float]:
    n_live = figures["n_live"]
    return figures | {"abandon_rate": figures["n_abandoned"] / n_live if n_live else 0.0}
