"""Users: declared once, listed, created, changed and deactivated by web.resource."""

from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from dialer.model.errors import BadInput
from dialer.model.phone import PhoneKind
from dialer.store import users as store
from dialer.store.phones import checked_phone
from dialer.store.tables import Role, User
from web import labels
from web.aside import aside
from web.extensions import db
from web.forms import Field
from web.i18n import LANGUAGES
from web.permissions import Right
from web.resource import Column, Resource, register

bp = Blueprint("people", __name__)

_LOGIN = Field(
    "login", _l("Identifiant"), pattern=store.LOGIN.pattern,
    pattern_help=_l("2 à 64 minuscules, chiffres, points, tirets ou @"),
)  # fmt: skip
_COMMON = (
    Field("name", _l("Nom"), high=store.NAME_LENGTH),
    Field("role", _l("Rôle"), "choice", choices=lambda: list(labels.people.ROLES.items())),
    Field(
        "phone_kind", _l("Téléphone de l’agent"), "choice",
        choices=lambda: list(labels.desk.PHONE_KINDS.items()),
    ),
    Field(
        "phone_address", _l("Poste ou numéro"), is_required=False, high=40,
        help=_l(
            "Poste, par exemple 1001, pour un téléphone SIP ou le navigateur. Pour un numéro"
            " extérieur, le numéro international : lui seul sera appelé."
        ),
    ),
    Field("locale", _l("Langue"), "choice", choices=lambda: list(LANGUAGES.items())),
)  # fmt: skip
_SHORTEST, _LONGEST = store.PASSWORD_LENGTH[0], store.PASSWORD_LENGTH[-1]


def _before_save(row: User | None, values: dict[str, Any]) -> None:
    password = values.pop("password", "")
    if row is not None and row.id == current_user.user_id and _locks_out(values):
        raise BadInput(_("Vous ne pouvez pas vous retirer vos propres droits."))
    kind, values["phone_address"] = checked_phone(
        db.session(), row.id if row is not None else None,
        values["phone_kind"], values["phone_address"],
    )  # fmt: skip
    values["phone_kind"] = kind.value
    if kind is PhoneKind.WEBRTC and values["role"] != Role.AGENT:
        raise BadInput("phone_kind: only an agent's page is a phone")
    if password:
        values["password_hash"] = aside(store.password_hash, password)


def _locks_out(values: dict[str, Any]) -> bool:
    return not values["is_active"] or values["role"] != Role.ADMIN


register(
    bp,
    Resource(
        name="users",
        title=_l("Utilisateurs"),
        intro=_l("Un compte par personne. Un compte désactivé ne peut plus se connecter."),
        new_label=_l("Nouvel utilisateur"),
        table=User,
        right=Right.MANAGE_USERS,
        search=("login", "name"),
        columns=(
            Column("name", _l("Nom")),
            Column("login", _l("Identifiant")),
            Column("role", _l("Rôle"), words=labels.people.ROLES),
            Column("phone_kind", _l("Téléphone"), words=labels.desk.PHONE_KINDS),
            Column("phone_address", _l("Poste"), get=lambda row: row.phone_address or "—"),
            Column("is_active", _l("Compte"), "switch"),
            Column("created_at", _l("Créé le"), "day_time"),
        ),
        new_fields=(
            _LOGIN,
            *_COMMON,
            Field(
                "password", _l("Mot de passe"), "password", autocomplete="new-password",
                help=_l("12 caractères au moins."), low=_SHORTEST, high=_LONGEST,
            ),
        ),
        fields=(
            *_COMMON,
            Field(
                "password", _l("Nouveau mot de passe"), "password", is_required=False,
                autocomplete="new-password",
                low=_SHORTEST, high=_LONGEST,
                help=_l("Vide : inchangé. Le changer ferme les sessions ouvertes."),
            ),
            Field("is_active", _l("Peut se connecter"), "switch", is_required=False),
        ),
        defaults={"role": "agent", "locale": "fr", "phone_kind": "SIP"},
        before_save=_before_save,
        secret=frozenset({"password_hash"}),
    ),
)  # fmt: skip
