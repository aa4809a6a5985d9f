"""What an agent does to the call in progress: each act goes to the dialer over the bus.

Every act names its call, so that one which arrives late touches nobody else's. What became of it
comes back on the agent's event stream; nothing is shown before.
"""

from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from dialer.model.agent import AgentState
from dialer.model.events import (
    AgentAskedHold,
    AgentAskedMute,
    AgentAskedRecording,
    AgentDroppedMessage,
    AgentPlayed,
    AgentSentDigits,
    AgentTransferred,
    PeopleEvent,
)
from dialer.model.ids import AgentId, AttemptId, CampaignId
from dialer.store.tables import AgentSession
from web.extensions import bus, db
from web.permissions import Right, needs

bp = Blueprint("call_control", __name__, url_prefix="/agent/call")

ID_LENGTH = 64
KEYS = frozenset("0123456789ABCD*#")
MAX_KEYS = 32


@bp.post("/hold")
@needs(Right.USE_DESK)
def hold() -> ResponseReturnValue:
    sent = _sent()
    return _tell(AgentAskedHold(_me(), _attempt(sent), _is_on(sent)))


@bp.post("/mute")
@needs(Right.USE_DESK)
def mute() -> ResponseReturnValue:
    sent = _sent()
    return _tell(AgentAskedMute(_me(), _attempt(sent), _is_on(sent)))


@bp.post("/recording")
@needs(Right.USE_DESK)
def recording() -> ResponseReturnValue:
    sent = _sent()
    return _tell(AgentAskedRecording(_me(), _attempt(sent), _is_on(sent)))


@bp.post("/digits")
@needs(Right.USE_DESK)
def digits() -> ResponseReturnValue:
    sent = _sent()
    keys = str(sent.get("digits", ""))
    if not 0 < len(keys) <= MAX_KEYS or set(keys) - KEYS:
        return {"error": _("Chiffres, * et # seulement."), "field": "digits"}, 422
    return _tell(AgentSentDigits(_me(), _attempt(sent), keys))


@bp.post("/play")
@needs(Right.USE_DESK)
def play() -> ResponseReturnValue:
    sent = _sent()
    return _tell(AgentPlayed(_me(), _attempt(sent), str(sent.get("sound", ""))[:ID_LENGTH]))


@bp.post("/message")
@needs(Right.USE_DESK)
def message() -> ResponseReturnValue:
    return _tell(AgentDroppedMessage(_me(), _attempt(_sent())))


@bp.get("/colleagues")
@needs(Right.USE_DESK)
def colleagues() -> ResponseReturnValue:
    """Agents of the campaign one works in who are free at this moment, by name."""
    mine = (AgentSession.agent_id == _me()) & AgentSession.ended_at.is_(None)
    campaign_id = db.session.scalar(select(AgentSession.campaign_id).where(mine))
    picture = bus().snapshot(CampaignId(campaign_id)) if campaign_id is not None else None
    free = [
        {"agent_id": agent["agent_id"], "name": agent["name"]}
        for agent in (picture or {}).get("agents", ())
        if agent["state"] == AgentState.READY and agent["is_phone_up"]
    ]
    return {"colleagues": sorted(free, key=lambda agent: str(agent["name"]))}


@bp.post("/transfer")
@needs(Right.USE_DESK)
def transfer() -> ResponseReturnValue:
    sent = _sent()
    to_agent_id = sent.get("to_agent_id")
    if type(to_agent_id) is not int:
        abort(400)
    return _tell(AgentTransferred(_me(), _attempt(sent), AgentId(to_agent_id)))


def _me() -> AgentId:
    return AgentId(current_user.user_id)


def _sent() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(400)
    return body


def _attempt(sent: dict[str, Any]) -> AttemptId:
    attempt_id = sent.get("attempt_id")
    if not isinstance(attempt_id, str) or not 0 < len(attempt_id) <= ID_LENGTH:
        abort(400)
    return AttemptId(attempt_id)


def _is_on(sent: dict[str, Any]) -> bool:
    if not isinstance(sent.get("is_on"), bool):
        abort(400)
    return bool(sent["is_on"])


def _tell(event: PeopleEvent) -> ResponseReturnValue:
    bus().tell(event)
    return {}, 202
