"""The agent's phone as the desk uses it: a password for the browser, and "call me now"."""

from typing import cast

from flask import Blueprint, abort, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from dialer.model.events import AgentAskedPhone
from dialer.model.ids import AgentId, LegId
from dialer.model.phone import PhoneKind
from web.extensions import bus, settings
from web.permissions import Right, needs
from web.ratelimit import is_over
from web.sessions import RedisSession
from web.switch import credentials

bp = Blueprint("phone", __name__, url_prefix="/agent/phone")

MINTED_PER_MINUTE, ASKED_PER_MINUTE = 30, 20
LEG_LENGTH = 64


@bp.post("/credential")
@needs(Right.USE_DESK)
def credential() -> ResponseReturnValue:
    """A fresh password for the page's phone; the page keeps it in memory only."""
    phones, extension = settings().phones, current_user.phone_address
    if current_user.phone_kind != PhoneKind.WEBRTC or not extension:
        return {"error": _("Votre téléphone n’est pas dans le navigateur.")}, 409
    if not phones.wss_urls:
        return {"error": _("Le téléphone dans le navigateur n’est pas configuré.")}, 409
    if _is_over("credential", MINTED_PER_MINUTE):
        return {"error": _("Trop de demandes. Attendez une minute.")}, 429
    held = cast(RedisSession, session._get_current_object())  # type: ignore[attr-defined]
    password = credentials.mint(
        bus().redis, extension, phones.sip_domain, held.identity, current_user.get_id()
    )
    return {
        "extension": extension,
        "domain": phones.sip_domain,
        "password": password,
        "urls": list(phones.wss_urls),
    }


@bp.post("/call")
@needs(Right.USE_DESK)
def call() -> ResponseReturnValue:
    """The phone can be called now; `lost_leg_id` names a leg that the page has lost."""
    sent = request.get_json(silent=True)
    lost = sent.get("lost_leg_id") if isinstance(sent, dict) else None
    if not isinstance(lost, str) or len(lost) > LEG_LENGTH:
        abort(400)
    if _is_over("call", ASKED_PER_MINUTE):
        return {"error": _("Trop de demandes. Attendez une minute.")}, 429
    bus().tell(AgentAskedPhone(AgentId(current_user.user_id), LegId(lost)))
    return {}, 202


def _is_over(what: str, limit: int) -> bool:
    return is_over(bus().redis, f"phone:{what}:{current_user.user_id}", limit, 60)
