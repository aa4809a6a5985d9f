"""Pools of numbers that campaigns show: by region, so often a day, and out of service."""

from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from dialer.model.errors import BadInput
from dialer.store import caller_numbers as store
from dialer.store.instants import instant
from dialer.store.tables import CallerNumberDay, CallerNumberRow
from web import clock
from web.admin.compliance import NUMBER_HELP, e164
from web.extensions import db
from web.forms import Field
from web.permissions import Right
from web.resource import Column, Resource, register

bp = Blueprint("caller_numbers", __name__)


def _check(row: CallerNumberRow | None, values: dict[str, Any]) -> None:
    number = e164(values["number"])
    if number is None:
        raise BadInput(f"number: {_('Ce numéro n’est pas possible.')}")
    values["number"] = number
    store.pool_changed(db.session(), values["pool"])


def _today(row: CallerNumberRow) -> int:
    """Calls of the newest day on which it was shown, when that is today."""
    newest = select(func.max(CallerNumberDay.n_calls)).where(
        CallerNumberDay.number == row.number, CallerNumberDay.day == clock.now().date()
    )
    return db.session.scalar(newest) or 0


def _retire(row: CallerNumberRow) -> None:
    """Out of service, or back in."""
    now = clock.now().timestamp()
    row.retired_at = instant(now) if row.retired_at is None else None
    store.pool_changed(db.session(), row.pool)


register(
    bp,
    Resource(
        name="caller_numbers",
        title=_l("Numéros présentés"),
        intro=_l(
            "Des groupes de numéros pour les campagnes. Un numéro retiré n’est plus présenté, mais "
            "reste connu : on peut encore y rappeler."
        ),
        new_label=_l("Ajouter un numéro"),
        empty=_l("Aucun numéro."),
        empty_detail=_l("Sans groupe, une campagne présente les numéros de ses réglages."),
        table=CallerNumberRow,
        right=Right.MANAGE_CAMPAIGNS,
        search=("number", "pool"),
        columns=(
            Column("number", _l("Numéro"), "phone"),
            Column("pool", _l("Groupe")),
            Column("region", _l("Région"), get=lambda row: row.region or None),
            Column("most_a_day", _l("Appels par jour au plus"), "number"),
            Column("n_today", _l("Aujourd’hui"), "number", get=_today),
            Column("retired_at", _l("Hors service depuis"), "day_time"),
        ),
        fields=(
            Field("number", _l("Numéro"), high=32, help=NUMBER_HELP),
            Field("pool", _l("Groupe"), high=200, help=_l("Le nom que les campagnes choisissent.")),
            Field(
                "region", _l("Région"), is_required=False, pattern=r"\+[1-9][0-9]{0,10}",
                pattern_help=_l("écrivez un début de numéro : +331"),
                help=_l("Début des numéros appelés pour qui il est un numéro voisin : +331."),
            ),
            Field(
                "most_a_day", _l("Appels par jour au plus"), "whole", low=0, high=100_000,
                step="1", help=_l("0 : pas de limite."),
            ),
        ),
        defaults={"most_a_day": 100},
        before_save=_check,
        delete_label=_l("Retirer ou remettre"),
        delete_question=_l("Retirer ce numéro du service, ou l’y remettre ?"),
        deleted=_l("Enregistré."),
        remove=_retire,
    ),
)  # fmt: skip
