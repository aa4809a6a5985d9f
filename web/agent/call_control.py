"""What an agent does to the call in progress: each act goes to the dialer over the bus.

Every act names its call, so that one which arrives late touches nobody else's. What became of it
comes back on the agent's event stream; nothing is shown before.
"""

from collections.abc import Callable, Mapping
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
    AgentAskedThreeWay,
    AgentConsulted,
    AgentConsultedOut,
    AgentDroppedMessage,
    AgentHandedOver,
    AgentPlayed,
    AgentReturned,
    AgentSentDigits,
    AgentTransferred,
    AgentTransferredOut,
    PeopleEvent,
)
from dialer.model.ids import AgentId, AttemptId, CampaignId
from dialer.store.tables import AgentSession, CampaignRow
from web import labels
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
    """Whom one may bring in: agents of the campaign one works in, by name, and its destinations.

    Destinations go to the browser by their labels: no outside number ever comes back from it.
    """
    mine = (AgentSession.agent_id == _me()) & AgentSession.ended_at.is_(None)
    row = db.session.scalar(
        select(CampaignRow)
        .join(AgentSession, AgentSession.campaign_id == CampaignRow.id)
        .where(mine)
    )
    picture = bus().snapshot(CampaignId(row.id)) if row is not None else None
    others = [agent for agent in (picture or {}).get("agents", ()) if agent["agent_id"] != _me()]
    others.sort(key=lambda agent: str(agent["name"]))
    return {
        "colleagues": [
            {"agent_id": agent["agent_id"], "name": agent["name"]}
            for agent in others
            if _is_free(agent)
        ],
        "busy": [
            {"name": agent["name"], "word": str(labels.desk.AGENT_STATES[agent["state"]].word)}
            for agent in others
            if not _is_free(agent)
        ],
        "destinations": [one["label"] for one in row.destinations] if row is not None else [],
    }


@bp.post("/transfer")
@needs(Right.USE_DESK)
def transfer() -> ResponseReturnValue:
    return _bring_in(AgentTransferred, AgentTransferredOut)


@bp.post("/consult")
@needs(Right.USE_DESK)
def consult() -> ResponseReturnValue:
    return _bring_in(AgentConsulted, AgentConsultedOut)


@bp.post("/three-way")
@needs(Right.USE_DESK)
def three_way() -> ResponseReturnValue:
    return _tell(AgentAskedThreeWay(_me(), _attempt(_sent())))


@bp.post("/hand-over")
@needs(Right.USE_DESK)
def hand_over() -> ResponseReturnValue:
    return _tell(AgentHandedOver(_me(), _attempt(_sent())))


@bp.post("/return")
@needs(Right.USE_DESK)
def come_back() -> ResponseReturnValue:
    return _tell(AgentReturned(_me(), _attempt(_sent())))


def _bring_in(
    colleague: Callable[[AgentId, AttemptId, AgentId], PeopleEvent],
    outside: Callable[[AgentId, AttemptId, str], PeopleEvent],
) -> ResponseReturnValue:
    """A colleague by identity, or a destination by its label: one of the two."""
    sent = _sent()
    to_agent_id, destination = sent.get("to_agent_id"), sent.get("destination")
    if type(to_agent_id) is int and destination is None:
        return _tell(colleague(_me(), _attempt(sent), AgentId(to_agent_id)))
    if to_agent_id is None and isinstance(destination, str) and 0 < len(destination) <= ID_LENGTH:
        return _tell(outside(_me(), _attempt(sent), destination))
    abort(400)


def _is_free(agent: Mapping[str, Any]) -> bool:
    return agent["state"] == AgentState.READY and bool(agent["is_phone_up"])


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
