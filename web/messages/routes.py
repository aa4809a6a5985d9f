"""Fallback messages and how far each got, and what people wrote: two lists, each declared once."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from dialer.store.tables import IncomingMessageRow, MessageRow
from web import labels
from web.permissions import Right
from web.resource import Column, Resource, register

bp = Blueprint("messages", __name__)

register(
    bp,
    Resource(
        name="messages",
        title=_l("Messages"),
        intro=_l("Envoyés quand personne n’a répondu : un par fiche et par jour au plus."),
        empty=_l("Aucun message."),
        empty_detail=_l("Une campagne en envoie dès que son texte de SMS est rempli."),
        table=MessageRow,
        right=Right.READ_MESSAGES,
        search=("number", "text"),
        columns=(
            Column("created_at", _l("Créé le"), "instant"),
            Column("number", _l("Numéro"), "phone"),
            Column("state", _l("État"), words=labels.calls.MESSAGE_STATES),
            Column("text", _l("Texte"), "long"),
            Column("n_sends", _l("Envois"), "number"),
            Column("sent_at", _l("Envoyé le"), "day_time"),
            Column("delivered_at", _l("Remis le"), "day_time"),
            Column(
                "error",
                _l("Erreur"),
                words=labels.calls.MESSAGE_FAULTS,
                get=lambda row: row.error or "—",
            ),
        ),
    ),
)
register(
    bp,
    Resource(
        name="incoming_messages",
        title=_l("Messages reçus"),
        intro=_l("Qui répond STOP n’est plus appelé, à aucun de ses numéros."),
        empty=_l("Aucun message reçu."),
        empty_detail=_l("L’opérateur de SMS les transmet dès qu’il connaît l’adresse à appeler."),
        table=IncomingMessageRow,
        right=Right.READ_MESSAGES,
        search=("number", "text"),
        columns=(
            Column("received_at", _l("Reçu le"), "instant"),
            Column("number", _l("Numéro"), "phone"),
            Column("text", _l("Texte"), "long"),
            Column(
                "is_opt_out",
                _l("Demande"),
                words=labels.contacts.INCOMING_KINDS,
                get=lambda row: "OPT_OUT" if row.is_opt_out else "—",
            ),
        ),
    ),
)
