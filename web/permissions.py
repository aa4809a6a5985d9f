"""Who may do what: one table, deny by default.

Each view carries `@needs(right)`, `@for_everyone` (logged in or not), `@for_users` or `@for_keys`;
a view without any of them is refused to all, so that a forgotten decorator opens nothing.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dialer.store.tables import Role


class Right(StrEnum):
    MANAGE_CAMPAIGNS = "campaigns.manage"
    RUN_CAMPAIGNS = "campaigns.run"
    MANAGE_LISTS = "lists.manage"
    MANAGE_USERS = "users.manage"
    MANAGE_DO_NOT_CALL = "do_not_call.manage"
    MANAGE_CONSENTS = "consents.manage"
    FORGET_PEOPLE = "people.forget"
    MANAGE_API_KEYS = "api_keys.manage"
    READ_AUDIT = "audit.read"
    WATCH_LIVE = "live.watch"
    ACKNOWLEDGE_ALARMS = "alarms.acknowledge"
    READ_PACING = "pacing.read"
    SUPERVISE_CALLS = "calls.supervise"
    READ_ATTEMPTS = "attempts.read"
    EXPORT_ATTEMPTS = "attempts.export"
    LISTEN_RECORDINGS = "recordings.listen"
    DOWNLOAD_RECORDINGS = "recordings.download"
    DELETE_RECORDINGS = "recordings.delete"
    READ_TOTALS = "totals.read"
    READ_MESSAGES = "messages.read"
    READ_CONTACTS = "contacts.read"
    CHANGE_CONTACTS = "contacts.change"
    USE_DESK = "desk.use"


_R = Right

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMIN: frozenset(_R) - {_R.USE_DESK},
    Role.SUPERVISOR: frozenset(
        {
            _R.RUN_CAMPAIGNS, _R.MANAGE_LISTS, _R.MANAGE_DO_NOT_CALL, _R.WATCH_LIVE,
            _R.MANAGE_CONSENTS, _R.ACKNOWLEDGE_ALARMS,
            _R.READ_ATTEMPTS, _R.EXPORT_ATTEMPTS, _R.READ_TOTALS, _R.READ_MESSAGES,
            _R.LISTEN_RECORDINGS, _R.DOWNLOAD_RECORDINGS, _R.READ_PACING, _R.SUPERVISE_CALLS,
            _R.READ_CONTACTS, _R.CHANGE_CONTACTS,
        }
    ),
    Role.ANALYST: frozenset(
        {
            _R.READ_ATTEMPTS, _R.EXPORT_ATTEMPTS, _R.READ_TOTALS, _R.READ_PACING,
            _R.READ_CONTACTS,
        }
    ),
    Role.AGENT: frozenset({_R.USE_DESK}),
}  # fmt: skip

EVERYONE = "everyone"
USERS = "users"
KEYS = "keys"
_MARK = "relance_right"
View = TypeVar("View", bound=Callable[..., Any])


def needs(right: Right) -> Callable[[View], View]:
    """The view is for roles that hold `right`."""
    return _marked(right)


def for_everyone(view: View) -> View:
    """The view is open to the world; it must show nothing."""
    return _marked(EVERYONE)(view)


def for_users(view: View) -> View:
    """The view is for anyone who is logged in."""
    return _marked(USERS)(view)


def for_keys(view: View) -> View:
    """The view is the API's: it lets programs in by their keys (web/api/door.py), and nobody by a
    login."""
    return _marked(KEYS)(view)


def _marked(mark: str) -> Callable[[View], View]:
    def mark_view(view: View) -> View:
        setattr(view, _MARK, mark)
        return view

    return mark_view


def mark_of(endpoint: str) -> str | None:
    """The right that an endpoint needs; None when it carries no mark at all."""
    if endpoint == "static":
        return EVERYONE
    return getattr(current_app.view_functions[endpoint], _MARK, None)


def may(right: str) -> bool:
    """Whether the current user holds `right` (also for templates)."""
    if not current_user.is_authenticated:
        return False
    return right in RIGHTS.get(Role(current_user.role), frozenset())


def guard() -> ResponseReturnValue | None:
    """Before each request: refuse what the table does not allow."""
    if request.endpoint is None:
        return None  # no such page: Flask answers 404
    mark = mark_of(request.endpoint)
    if mark in (EVERYONE, KEYS):
        return None
    if not current_user.is_authenticated:
        return _to_login()
    if mark == USERS or (mark is not None and may(mark)):
        return None
    abort(403)


def _to_login() -> ResponseReturnValue:
    if request.method != "GET" or request.path.endswith("/events"):
        abort(401)
    return redirect(url_for("auth.login", next=request.full_path.rstrip("?")))
