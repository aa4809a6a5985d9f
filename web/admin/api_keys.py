"""API keys: made with scopes and a term, shown once, revoked. The list never shows a key again."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select

from dialer.model.errors import BadInput
from dialer.store import api_keys as store
from dialer.store.tables import ApiKey, User
from web import audit, clock, labels
from web.extensions import db
from web.faults import blame
from web.forms import Field, Filled, from_values, parse
from web.permissions import Right, needs

bp = Blueprint("api_keys", __name__, url_prefix="/api-keys")

DAY_S = 86_400
FIELDS = (
    Field(
        "name", _l("Nom"), high=store.NAME_LENGTH, help=_l("Le programme qui portera cette clé.")
    ),
    Field(
        "days", _l("Valable"), "choice", is_required=False,
        choices=lambda: list(labels.api.KEY_TERMS.items()),
        help=_l("Passé ce délai, la clé n’ouvre plus rien. Vide : jusqu’à sa révocation."),
    ),
    Field(
        "max_per_min", _l("Requêtes par minute au plus"), "whole",
        low=store.MAX_PER_MIN[0], high=store.MAX_PER_MIN[-1], step="1",
    ),
)  # fmt: skip
DEFAULTS = {"days": "365", "max_per_min": 600}


@bp.get("")
@needs(Right.MANAGE_API_KEYS)
def index() -> ResponseReturnValue:
    rows = db.session.execute(
        select(ApiKey, User.name)
        .outerjoin(User, User.id == ApiKey.created_by)
        .order_by(ApiKey.id.desc())
    ).all()
    now = clock.now().timestamp()
    states = {row.id: labels.api.KEY_STATES[_state(row, now)] for row, _maker in rows}
    return render_template("admin/api_keys.html", rows=rows, states=states)


@bp.route("/new", methods=["GET", "POST"])
@needs(Right.MANAGE_API_KEYS)
def create() -> ResponseReturnValue:
    if request.method == "GET":
        return _form(from_values(FIELDS, DEFAULTS), [])
    filled, scopes = parse(FIELDS, request.form), request.form.getlist("scopes")
    if filled.is_valid and (issued := _issued(filled, scopes)) is not None:
        return render_template("admin/api_key.html", row=issued.row, text=issued.text)
    return _form(filled, scopes)


@bp.post("/<int:key_id>/revoke")
@needs(Right.MANAGE_API_KEYS)
def revoke(key_id: int) -> ResponseReturnValue:
    row = db.session.get(ApiKey, key_id) or abort(404)
    store.revoke(row, clock.now().timestamp())
    audit.note("revoke", f"api_key:{row.id}", row.name)
    db.session.commit()
    flash(_("Clé révoquée : elle n’ouvre plus rien."), "ok")
    return redirect(url_for(".index"))


def _issued(filled: Filled, scopes: list[str]) -> store.Issued | None:
    """The new key; None, with the fault at its field, when it cannot be made."""
    now, days = clock.now().timestamp(), filled.values["days"]
    try:
        issued = store.issue(
            db.session(), filled.values["name"], scopes, now=now,
            expires_at=now + int(days) * DAY_S if days else None,
            max_per_min=filled.values["max_per_min"], user_id=current_user.user_id,
        )  # fmt: skip
    except BadInput as fault:
        db.session.rollback()
        filled.shown.setdefault("scopes", "")
        blame(filled, fault)
        return None
    audit.note("create", f"api_key:{issued.row.id}", f"{issued.row.name}: {', '.join(scopes)}")
    db.session.commit()
    return issued


def _form(filled: Filled, scopes: list[str]) -> ResponseReturnValue:
    page = render_template(
        "admin/api_key_form.html", form=filled, fields=FIELDS, chosen=scopes,
        scopes=labels.api.SCOPES,
    )  # fmt: skip
    return page, 422 if filled.faults else 200


def _state(row: ApiKey, now: float) -> str:
    if row.revoked_at is not None:
        return "REVOKED"
    return "VALID" if store.is_valid(row, now) else "EXPIRED"
