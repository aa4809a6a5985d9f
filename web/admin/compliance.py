"""Do-not-call numbers, and the audit trail."""

from typing import Any

import phonenumbers
from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select

from dialer.model.errors import BadInput
from dialer.model.events import NumberBlocked
from dialer.store import do_not_call as store
from dialer.store.tables import ApiKey, AuditEntry, CampaignRow, Consent, DoNotCall, User
from web import labels
from web.extensions import bus, db
from web.forms import Field, Words
from web.permissions import Right
from web.resource import Column, Resource, register

bp = Blueprint("compliance", __name__)

NUMBER_HELP = _l("Avec l’indicatif, par exemple +33 1 23 45 67 89.")


def e164(text: str) -> str | None:
    """The number in E.164, or None when it is not a possible one."""
    try:
        parsed = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def campaign_choices() -> list[tuple[str, Words]]:
    """All campaigns, by name."""
    rows = db.session.execute(select(CampaignRow.id, CampaignRow.name).order_by(CampaignRow.name))
    return [(str(campaign_id), name) for campaign_id, name in rows]


def campaign_name(row: DoNotCall | Consent) -> str:
    """For which campaigns an entry holds."""
    if row.campaign_id is None:
        return _("Toutes les campagnes")
    return db.session.get_one(CampaignRow, row.campaign_id).name


def user_name(user_id: int | None) -> str:
    """Who it was."""
    return db.session.get_one(User, user_id).name if user_id else "—"


def _who(row: AuditEntry) -> str:
    """The person, or the program by the name of its API key."""
    if row.api_key_id is None:
        return user_name(row.user_id)
    return _("Clé d’API : %(name)s", name=db.session.get_one(ApiKey, row.api_key_id).name)


def _create(values: dict[str, Any]) -> DoNotCall:
    number = e164(values["number"])
    if number is None:
        raise BadInput(_("Ce numéro n’est pas possible. ") + str(NUMBER_HELP))
    campaign_id = int(values["campaign_id"]) if values["campaign_id"] else None
    session = db.session()
    user_id = current_user.user_id
    store.add(session, number, source="ADMIN", campaign_id=campaign_id, user_id=user_id)
    same = (DoNotCall.number == number, DoNotCall.campaign_id.is_not_distinct_from(campaign_id))
    return session.scalars(select(DoNotCall).where(*same)).one()


def _remove(row: DoNotCall) -> None:
    store.remove(db.session(), row.number, row.campaign_id)


def _tell(row: DoNotCall) -> None:
    bus().tell(NumberBlocked(row.number))


register(
    bp,
    Resource(
        name="do_not_call",
        title=_l("Ne plus appeler"),
        intro=_l("Ces numéros ne sont jamais composés ; une entrée agit aussitôt."),
        new_label=_l("Ajouter un numéro"),
        empty=_l("Aucun numéro bloqué."),
        table=DoNotCall,
        right=Right.MANAGE_DO_NOT_CALL,
        search=("number",),
        columns=(
            Column("number", _l("Numéro"), "phone"),
            Column("campaign_id", _l("Vaut pour"), get=campaign_name),
            Column("source", _l("Origine"), words=labels.rules.BLOCK_SOURCES),
            Column("created_by", _l("Ajouté par"), get=lambda row: user_name(row.created_by)),
            Column("created_at", _l("Ajouté le"), "day_time"),
        ),
        fields=(
            Field("number", _l("Numéro"), high=32, help=NUMBER_HELP),
            Field(
                "campaign_id", _l("Seulement pour la campagne"), "choice", is_required=False,
                choices=campaign_choices, help=_l("Vide : aucune campagne ne l’appellera."),
            ),
        ),
        may_edit=False,
        delete_label=_l("Retirer"),
        create=_create,
        remove=_remove,
        after_save=_tell,
    ),
)  # fmt: skip

register(
    bp,
    Resource(
        name="audit",
        title=_l("Journal"),
        intro=_l("Qui a fait quoi. Rien ne s’efface ici."),
        table=AuditEntry,
        right=Right.READ_AUDIT,
        search=("verb", "subject", "detail"),
        columns=(
            Column("at", _l("Quand"), "instant"),
            Column("user_id", _l("Qui"), get=lambda row: _who(row)),
            Column("verb", _l("Action"), words=labels.journal.VERBS),
            Column("subject", _l("Objet"), "subject"),
            Column("detail", _l("Détail"), "long"),
        ),
    ),
)  # fmt: skip
