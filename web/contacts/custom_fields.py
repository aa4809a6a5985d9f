"""The customer's own fields: declared here, there at once in forms, filters and imports."""

import re
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from dialer.model.contact import FieldKind
from dialer.model.errors import BadInput
from dialer.store.tables import CustomField
from web import labels
from web.forms import Field
from web.permissions import Right
from web.resource import Column, Resource, register

bp = Blueprint("contact_fields", __name__)

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


def _check(row: CustomField | None, values: dict[str, Any]) -> None:
    if row is None and not KEY.fullmatch(values["key"]):
        raise BadInput(_("La clé commence par une lettre : minuscules, chiffres et _ seulement."))
    if values["kind"] == FieldKind.CHOICE and not values["choices"]:
        raise BadInput(_("Donnez les choix possibles, un par ligne."))


_FIELDS = (
    Field("label_fr", _l("Nom en français"), high=80),
    Field("label_en", _l("Nom en anglais"), high=80),
    Field("kind", _l("Genre"), "choice", choices=lambda: list(labels.contacts.FIELD_KINDS.items())),
    Field(
        "choices", _l("Choix possibles"), "lines", is_required=False, pattern=r".{1,80}",
        pattern_help=_l("80 caractères au plus"), help=_l("Un par ligne, pour le genre « choix »."),
    ),
)  # fmt: skip

register(
    bp,
    Resource(
        name="custom_fields",
        title=_l("Champs des contacts"),
        intro=_l("Un champ ajouté ici paraît aussitôt dans les fiches, les segments et les API."),
        new_label=_l("Ajouter un champ"),
        empty=_l("Aucun champ."),
        table=CustomField,
        right=Right.MANAGE_CAMPAIGNS,
        columns=(
            Column("label_fr", _l("Nom en français")),
            Column("label_en", _l("Nom en anglais")),
            Column("key", _l("Clé")),
            Column("kind", _l("Genre"), get=lambda row: labels.contacts.FIELD_KINDS[row.kind]),
        ),
        new_fields=(
            Field(
                "key", _l("Clé"), high=40,
                help=_l("Le nom du champ dans les fichiers et les API ; il ne change plus."),
            ),
            *_FIELDS,
        ),
        fields=_FIELDS,
        delete_label=_l("Retirer"),
        before_save=_check,
    ),
)  # fmt: skip
