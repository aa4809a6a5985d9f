"""Login page, logout, language switch, and the way to each role's first page."""

from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from dialer.model.events import AgentLoggedOut
from dialer.model.ids import AgentId
from dialer.store import users
from dialer.store.tables import AuditEntry, User
from web import audit
from web.aside import aside
from web.auth.identity import Visitor
from web.extensions import bus, db
from web.i18n import LANGUAGES
from web.permissions import Right, for_everyone, for_users, may
from web.ratelimit import is_over
from web.sessions import RedisSession

bp = Blueprint("auth", __name__)

TRIES_PER_LOGIN = 5
TRIES_PER_ADDRESS = 20
WINDOW_S = 60
HOMES = {
    "admin": "campaigns.index",
    "supervisor": "supervisor.index",
    "agent": "desk.index",
    "analyst": "reports.attempts",
}


@bp.get("/")
@for_users
def home() -> ResponseReturnValue:
    return redirect(url_for(HOMES[current_user.role]))


@bp.route("/login", methods=["GET", "POST"])
@for_everyone
def login() -> ResponseReturnValue:
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(url_for("auth.home"))
        return _login_page("", 200)
    name = request.form.get("login", "").strip().lower()[:200]
    if _is_over_limit(name):
        flash(_("Trop d’essais. Attendez une minute avant de recommencer."), "fault")
        return _login_page(name, 429)
    password = request.form.get("password", "")[:1000]
    row = users.check_password(db.session(), name, password, run=aside)
    if row is None:
        flash(_("Identifiant ou mot de passe inconnu."), "fault")
        return _login_page(name, 401)
    _enter(Visitor(row))
    return redirect(_local(request.args.get("next", "")) or url_for("auth.home"))


@bp.post("/logout")
@for_users
def logout() -> ResponseReturnValue:
    audit.note("logout", f"user:{current_user.user_id}")
    db.session.commit()
    if may(Right.USE_DESK):
        bus().tell(AgentLoggedOut(AgentId(current_user.user_id)))  # no seat without its agent
    logout_user()
    session.clear()
    cast(RedisSession, session._get_current_object()).rotate()  # type: ignore[attr-defined]
    return redirect(url_for("auth.login"))


@bp.post("/language")
@for_everyone
def set_language() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if current_user.is_authenticated:
            row = db.session.get_one(User, current_user.user_id)
            row.locale = chosen
            db.session.commit()
    return redirect(_local(request.form.get("next", "")) or url_for("auth.home"))


def _login_page(login: str, status: int) -> ResponseReturnValue:
    is_first_start = not users.has_users(db.session())
    return render_template("login.html", login=login, is_first_start=is_first_start), status


def _is_over_limit(name: str) -> bool:
    redis = bus().redis
    by_login = is_over(redis, f"login:{name}", TRIES_PER_LOGIN, WINDOW_S)
    by_address = is_over(redis, f"address:{request.remote_addr}", TRIES_PER_ADDRESS, WINDOW_S)
    return by_login or by_address


def _enter(visitor: Visitor) -> None:
    language = session.get("language")
    session.clear()
    cast(RedisSession, session._get_current_object()).rotate()  # type: ignore[attr-defined]
    if language:
        session["language"] = language
    login_user(visitor)
    user_id = visitor.user_id
    db.session.add(AuditEntry(user_id=user_id, verb="login", subject=f"user:{user_id}"))
    db.session.commit()


def _local(address: str) -> str:
    """`address` when it stays on this site, else nothing."""
    parts = urlsplit(address)
    is_local = not parts.scheme and not parts.netloc and address.startswith("/")
    return address if is_local and not address.startswith(("//", "/\\")) else ""
