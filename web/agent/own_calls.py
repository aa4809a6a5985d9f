"""Calls that the agent places: the lead on his desk, a number he types, a lead he looks up.

The web only finds or makes the lead; the dialer claims it, asks the law, and says what came of it.
"""

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from dialer.model.errors import BadInput
from dialer.model.events import AgentAskedLead, AgentCalledLead, AgentSkippedLead, PeopleEvent
from dialer.model.ids import AgentId, CampaignId, LeadId
from dialer.store import manual
from dialer.store.tables import AgentSession, LeadRow
from dialer.store.timeline import timeline_of_lead
from web import labels
from web.extensions import bus, db
from web.faults import in_words
from web.permissions import Right, needs

bp = Blueprint("own_calls", __name__, url_prefix="/agent/lead")

TEXT_LENGTH = 200


@bp.post("/call")
@needs(Right.USE_DESK)
def call() -> ResponseReturnValue:
    return _tell(AgentCalledLead(_me(), _lead(_sent())))


@bp.post("/skip")
@needs(Right.USE_DESK)
def skip() -> ResponseReturnValue:
    sent = _sent()
    reason = sent.get("reason")
    if not isinstance(reason, str) or reason not in labels.desk.SKIP_REASONS:
        return {"error": _("Choisissez une raison."), "field": "reason"}, 422
    return _tell(AgentSkippedLead(_me(), _lead(sent), reason))


@bp.post("/dial")
@needs(Right.USE_DESK)
def dial() -> ResponseReturnValue:
    """A typed number: its lead, and the wish to call it at once."""
    written = str(_sent().get("number", ""))[:TEXT_LENGTH]
    try:
        lead_id = manual.lead_for(db.session(), _campaign(), written)
    except BadInput as fault:
        db.session.rollback()
        return {"error": in_words(fault), "field": "number"}, 422
    db.session.commit()
    return _tell(AgentAskedLead(_me(), lead_id, is_call_now=True))


@bp.post("/open")
@needs(Right.USE_DESK)
def open_lead() -> ResponseReturnValue:
    """A lead that was looked up goes on the desk first."""
    return _tell(AgentAskedLead(_me(), _lead(_sent()), is_call_now=False))


@bp.get("/search")
@needs(Right.USE_DESK)
def search() -> ResponseReturnValue:
    try:
        found = manual.search(db.session(), _campaign(), request.args.get("text", "")[:TEXT_LENGTH])
    except BadInput as fault:
        return {"error": in_words(fault), "field": "text"}, 422
    return {
        "leads": [
            {
                "lead_id": one.lead_id,
                "name": one.name,
                "number": one.number,
                "state": str(labels.lists.LEAD_STATES[one.state]),
            }
            for one in found
        ]
    }


@bp.get("/<int:lead_id>/timeline")
@needs(Right.USE_DESK)
def timeline(lead_id: int) -> ResponseReturnValue:
    """What happened with the person of a lead that the dialer has put on this agent's desk."""
    shown = {body.get("lead_id") for _id, body in bus().agent_tail(_me())}
    if lead_id not in shown:
        abort(404)
    lead = db.session.get(LeadRow, lead_id) or abort(404)
    return render_template(
        "agent/_timeline.html", lead=lead, lines=timeline_of_lead(db.session(), lead)
    )


def _me() -> AgentId:
    return AgentId(current_user.user_id)


def _campaign() -> CampaignId:
    """The campaign that the agent works in."""
    mine = (AgentSession.agent_id == _me()) & AgentSession.ended_at.is_(None)
    return CampaignId(db.session.scalar(select(AgentSession.campaign_id).where(mine)) or 0)


def _sent() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(400)
    return body


def _lead(sent: dict[str, Any]) -> LeadId:
    lead_id = sent.get("lead_id")
    if type(lead_id) is not int or not 0 < lead_id < 2**63:
        abort(400)
    return LeadId(lead_id)


def _tell(event: PeopleEvent) -> ResponseReturnValue:
    bus().tell(event)
    return {}, 202
