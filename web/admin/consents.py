"""Consents to be called: who gave one, when, and what proves it."""

from datetime import datetime
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select

from dialer.model.errors import BadInput
from dialer.store import consents as store
from dialer.store import holds
from dialer.store.instants import instant
from dialer.store.tables import Consent, LeadList
from web import clock, labels
from web.admin.compliance import NUMBER_HELP, campaign_choices, campaign_name, e164, user_name
from web.extensions import db
from web.forms import Field, Words
from web.i18n import zone
from web.permissions import Right
from web.resource import Column, Resource, register

bp = Blueprint("consents", __name__)

DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
DAY_HELP = _l("écrivez année-mois-jour : 2026-09-30")


def _lists() -> list[tuple[str, Words]]:
    rows = db.session.execute(
        select(LeadList.id, LeadList.name).where(LeadList.state == "READY").order_by(LeadList.name)
    )
    return [(str(list_id), name) for list_id, name in rows]


def _create(values: dict[str, Any]) -> Consent:
    """For numbers that were typed, or for all of a list; the newest row."""
    if bool(values["numbers"]) is bool(values["list_id"]):
        raise BadInput(_("Donnez des numéros, ou choisissez une liste."))
    facts = {
        "given_at": _day("given_on", values["given_on"]),
        "expires_at": _day("expires_on", values["expires_on"]) if values["expires_on"] else None,
        "source": values["source"], "evidence": values["evidence"],
        "user_id": current_user.user_id,
    }  # fmt: skip
    session = db.session()
    if values["list_id"]:
        n_new = store.record_for_list(session, int(values["list_id"]), **facts)
    else:
        campaign_id = int(values["campaign_id"]) if values["campaign_id"] else None
        numbers = [_number(written) for written in values["numbers"]]
        n_new = store.record(session, numbers, campaign_id=campaign_id, **facts)
    if not n_new:
        raise BadInput(_("Tous les numéros de cette liste ont déjà un consentement."))
    return session.scalars(select(Consent).order_by(Consent.id.desc()).limit(1)).one()


def _number(written: str) -> str:
    number = e164(written)
    if number is None:
        raise BadInput(f"numbers: {written[:40]} : {_('ce numéro n’est pas possible.')}")
    return number


def _day(name: str, text: str) -> float:
    """The beginning of that day where the reader is; today counts from now on."""
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=zone()).timestamp()
    except ValueError:
        raise BadInput(f"{name}: {DAY_HELP}") from None
    if name == "given_on" and at > clock.now().timestamp():
        raise BadInput(f"{name}: {_('Ce jour n’est pas encore venu.')}")
    return at


def _withdraw(row: Consent) -> None:
    row.withdrawn_at = instant(clock.now().timestamp())
    holds.free_numbers(db.session(), [row.number])


register(
    bp,
    Resource(
        name="consents",
        title=_l("Consentements"),
        intro=_l(
            "Qui a accepté d’être appelé, quand, et ce qui le prouve. Une ligne ne change plus : "
            "elle se retire, et reste."
        ),
        new_label=_l("Enregistrer un consentement"),
        empty=_l("Aucun consentement enregistré."),
        empty_detail=_l(
            "En France et en Allemagne, une campagne fondée sur le consentement n’appelle personne "
            "sans lui."
        ),
        table=Consent,
        right=Right.MANAGE_CONSENTS,
        search=("number", "evidence"),
        columns=(
            Column("number", _l("Numéro"), "phone"),
            Column("campaign_id", _l("Vaut pour"), get=campaign_name),
            Column("given_at", _l("Donné le"), "day_time"),
            Column("expires_at", _l("Expire le"), "day_time"),
            Column("withdrawn_at", _l("Retiré le"), "day_time"),
            Column("source", _l("Forme"), words=labels.rules.CONSENT_SOURCES),
            Column("evidence", _l("Preuve"), "long"),
            Column("created_by", _l("Saisi par"), get=lambda row: user_name(row.created_by)),
        ),
        fields=(
            Field("numbers", _l("Numéros"), "lines", is_required=False, help=NUMBER_HELP),
            Field(
                "list_id", _l("Ou tous les numéros d’une liste"), "choice", is_required=False,
                choices=_lists, help=_l("Ceux qui ont déjà un consentement gardent le leur."),
            ),
            Field(
                "campaign_id", _l("Seulement pour la campagne"), "choice", is_required=False,
                choices=campaign_choices, help=_l("Vide : pour toutes les campagnes."),
            ),
            Field(
                "source", _l("Forme"), "choice",
                choices=lambda: list(labels.rules.CONSENT_SOURCES.items()),
            ),
            Field(
                "evidence", _l("Preuve"), "area", high=store.EVIDENCE_LENGTH,
                help=_l("Adresse et version du formulaire, lieu du papier, enregistrement…"),
            ),
            Field("given_on", _l("Donné le"), pattern=DAY, pattern_help=DAY_HELP,
                  placeholder="2026-09-30", high=10),
            Field("expires_on", _l("Expire le"), pattern=DAY, pattern_help=DAY_HELP,
                  placeholder="2028-09-30", is_required=False, high=10),
        ),
        may_edit=False,
        delete_label=_l("Retirer"),
        delete_question=_l("Retirer ce consentement ? La personne ne sera plus appelée."),
        deleted=_l("Consentement retiré."),
        create=_create,
        remove=_withdraw,
    ),
)  # fmt: skip
