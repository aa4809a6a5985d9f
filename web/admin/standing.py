"""A list's standing among the others of its campaign, and its finished leads dialled again."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from dialer.model.lead_filter import LeadFilter
from dialer.model.outcome import Outcome
from dialer.store import recycling
from dialer.store.tables import CampaignRow, DispositionRow, LeadList
from web import audit, clock
from web.extensions import db
from web.forms import Field, Filled, from_row, from_values, parse
from web.permissions import Right, needs

bp = Blueprint("standing", __name__, url_prefix="/lists")

FIELDS = (
    Field(
        "priority", _l("Priorité"), "whole", low=1, high=99, step="1",
        help=_l("Les plus petits nombres d’abord. 50 : comme les autres."),
    ),
    Field(
        "weight", _l("Poids"), "whole", low=1, high=100, step="1",
        help=_l("La part de la liste, quand la campagne prend dans ses listes selon leur poids."),
    ),
)  # fmt: skip
BOUNDS = (
    Field(
        "older_than", _l("Dernière tentative il y a au moins"), "number", unit=_l("jours"),
        low=0, high=3650, step="any",
    ),
    Field(
        "most_attempts", _l("Tentatives au plus"), "whole", low=1, high=1000, step="1",
    ),
)  # fmt: skip
START = {"older_than": 7, "most_attempts": 20}
RECYCLABLE = tuple(outcome for outcome in Outcome if outcome is not Outcome.OPTED_OUT)


@bp.route("/<int:list_id>/standing", methods=["GET", "POST"])
@needs(Right.MANAGE_LISTS)
def change(list_id: int) -> ResponseReturnValue:
    row = _row(list_id)
    filled = parse(FIELDS, request.form) if request.method == "POST" else from_row(FIELDS, row)
    if request.method == "POST" and filled.is_valid:
        audit.note("update", f"list:{row.id}", audit.changes(row, filled.values))
        row.priority, row.weight = filled.values["priority"], filled.values["weight"]
        db.session.commit()
        flash(_("Enregistré."), "ok")
        return redirect(url_for("lists.show", list_id=list_id))
    page = render_template("admin/standing.html", row=row, fields=FIELDS, form=filled)
    return page, 422 if filled.faults else 200


@bp.route("/<int:list_id>/recycle", methods=["GET", "POST"])
@needs(Right.MANAGE_LISTS)
def recycle(list_id: int) -> ResponseReturnValue:
    """Counts first; recycles when asked to with `recycle`."""
    row = _row(list_id)
    if request.method == "GET":
        return _recycle_page(row, from_values(BOUNDS, START), None), 200
    filled = parse(BOUNDS, request.form)
    chosen = _chosen(row, filled)
    if chosen is None:
        return _recycle_page(row, filled, None), 422
    if "recycle" not in request.form:
        n_found = recycling.count(db.session(), row.id, chosen, _now())
        return _recycle_page(row, filled, n_found), 200
    n_leads = recycling.recycle(db.session(), row.id, chosen, _now())
    detail = " ".join([*_ends("outcome"), *_ends("disposition"), f"n={n_leads}"])
    audit.note("recycle", f"list:{row.id}", detail)
    db.session.commit()
    said = ngettext("%(num)s fiche est remise à appeler.",
                    "%(num)s fiches sont remises à appeler.", n_leads)  # fmt: skip
    flash(said, "ok")
    return redirect(url_for("lists.show", list_id=list_id))


def _row(list_id: int) -> LeadList:
    return db.session.get(LeadList, list_id) or abort(404)


def _now() -> datetime:
    return datetime.fromtimestamp(clock.now().timestamp(), UTC)


def _ends(name: str) -> list[str]:
    return sorted(set(request.form.getlist(name)))


def _chosen(row: LeadList, filled: Filled) -> LeadFilter | None:
    """The filter that the form describes; None when it describes none."""
    outcomes = [code for code in _ends("outcome") if code in RECYCLABLE]
    known = {disposition.code for disposition in _dispositions(row)}
    said = [code for code in _ends("disposition") if code in known]
    if not outcomes and not said:
        filled.faults[""] = _("Choisissez au moins un résultat ou un statut.")
    if not filled.is_valid:
        return None
    bounds = filled.values
    return recycling.wanted(outcomes, said, bounds["older_than"], bounds["most_attempts"])


def _dispositions(row: LeadList) -> list[DispositionRow]:
    mine = select(DispositionRow).where(
        DispositionRow.campaign_id == row.campaign_id, DispositionRow.is_do_not_call.is_(False)
    )
    return list(db.session.scalars(mine.order_by(DispositionRow.position)))


def _recycle_page(row: LeadList, filled: Filled, n_found: int | None) -> Any:
    return render_template(
        "admin/recycle.html", row=row, fields=BOUNDS, form=filled, n_found=n_found,
        outcomes=RECYCLABLE, dispositions=_dispositions(row),
        chosen={*_ends("outcome"), *_ends("disposition")},
        campaign=db.session.get_one(CampaignRow, row.campaign_id),
    )  # fmt: skip
