"""What a supervisor does on an agent's call: asked of the dialer over the bus, and kept.

The audit log keeps who asked for what; the dialer keeps who heard which call, from when to when.
What becomes of it comes back with the campaign's picture; nothing is shown before.
"""

from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from dialer.model.events import SupervisorAsked, SupervisorStopped
from dialer.model.ids import AgentId, AttemptId, SupervisorId
from dialer.model.phone import PhoneKind, is_address
from dialer.model.supervision import SupervisionMode
from web import audit
from web.extensions import bus, db
from web.permissions import Right, needs
from web.ratelimit import is_over

bp = Blueprint("listening", __name__, url_prefix="/supervisor/listening")

ID_LENGTH = 64
ASKED_PER_MINUTE = 60
CALLED_KINDS = (PhoneKind.SIP, PhoneKind.OUTSIDE)
"""A browser's phone lives in the agent's desk, which a supervisor does not open."""


@bp.post("/ask")
@needs(Right.SUPERVISE_CALLS)
def ask() -> ResponseReturnValue:
    sent = _sent()
    agent_id, attempt_id, mode = _agent(sent), _attempt(sent), _mode(sent)
    kind, address = PhoneKind(current_user.phone_kind), current_user.phone_address
    if kind not in CALLED_KINDS or not is_address(kind, address):
        sentence = _("Votre compte n’a pas de téléphone à appeler : demandez à un administrateur.")
        return {"error": sentence}, 409
    if is_over(bus().redis, f"listening:{current_user.user_id}", ASKED_PER_MINUTE, 60):
        return {"error": _("Trop de demandes. Attendez une minute.")}, 429
    audit.note(mode.lower(), f"attempt:{attempt_id}", f"agent {agent_id}")
    db.session.commit()
    name = current_user.name
    bus().tell(SupervisorAsked(_me(), agent_id, attempt_id, mode, name, address, kind))
    return {}, 202


@bp.post("/stop")
@needs(Right.SUPERVISE_CALLS)
def stop() -> ResponseReturnValue:
    bus().tell(SupervisorStopped(_me()))
    return {}, 202


def _me() -> SupervisorId:
    return SupervisorId(current_user.user_id)


def _sent() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(400)
    return body


def _agent(sent: dict[str, Any]) -> AgentId:
    if type(sent.get("agent_id")) is not int:
        abort(400)
    return AgentId(sent["agent_id"])


def _attempt(sent: dict[str, Any]) -> AttemptId:
    attempt_id = sent.get("attempt_id")
    if not isinstance(attempt_id, str) or not 0 < len(attempt_id) <= ID_LENGTH:
        abort(400)
    return AttemptId(attempt_id)


def _mode(sent: dict[str, Any]) -> SupervisionMode:
    if sent.get("mode") not in list(SupervisionMode):
        abort(400)
    return SupervisionMode(sent["mode"])
