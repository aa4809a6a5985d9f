"""The agent desktop: one page, its event stream, and the agent's acts.

Acts go to the dialer over the bus and come back as events; the page shows what the dialer says,
never what the agent hoped for.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from dialer.bus.redis import Bus
from dialer.model.errors import BadInput
from dialer.model.events import (
    AgentAskedPause,
    AgentAskedReady,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
)
from dialer.model.ids import AgentId, AttemptId, CampaignId
from dialer.model.phone import PhoneKind
from dialer.policy.places import first_zone
from dialer.store import dispositions
from dialer.store.campaigns import ACTIVE_STATES
from dialer.store.phones import checked_extension
from dialer.store.tables import AttemptRow, CampaignRow, LeadRow, User
from dialer.store.timeline import timeline_of_lead
from web import clock, labels, security, sse
from web.agent import queries
from web.extensions import bus, db, settings
from web.faults import in_words
from web.i18n import language
from web.permissions import Right, needs
from web.sessions import watch_session

bp = Blueprint("desk", __name__, url_prefix="/agent")

_IDENTITY = re.compile(r"\d{1,20}(-\d{1,20})?")
FROM_START = "0"


def me() -> AgentId:
    """The agent who is logged in."""
    return AgentId(current_user.user_id)


@bp.get("")
@needs(Right.USE_DESK)
def index() -> ResponseReturnValue:
    page = render_template(
        "agent/desk.html", campaigns=queries.open_campaigns(db.session()),
        phone=current_user.phone_address, phone_kind=current_user.phone_kind, agent_id=me(),
        phone_words=labels.texts(labels.desk.BROWSER_PHONE),
        pause_words=labels.texts(labels.desk.all_pauses()),
        refused_words=labels.texts(labels.desk.REFUSED_THIRD),
        result_words=labels.desk.results(),
    )  # fmt: skip
    is_phone = current_user.phone_kind == PhoneKind.WEBRTC
    answer = make_response(page)
    return security.admit_phone(answer, settings().phones.wss_urls) if is_phone else answer


@bp.get("/events")
@needs(Right.USE_DESK)
def events() -> ResponseReturnValue:
    last = request.headers.get("Last-Event-ID") or request.args.get("after", "")
    after = last if _IDENTITY.fullmatch(last) else ""
    bus().desk_lives(me())
    return sse.stream(_follow(bus(), me(), after, watch_session()))


def _follow(
    source: Bus, agent_id: AgentId, after: str, is_alive: Callable[[], bool]
) -> Iterator[bytes]:
    """The agent's events after identity `after`, or from what draws the screen anew."""
    if not after:
        for identity, body in source.agent_tail(agent_id):
            after = identity
            yield sse.event(body, identity)
    yield sse.event({}, name="drawn")

    def read(wait_s: float) -> Iterator[bytes]:
        nonlocal after
        wait_ms = round(wait_s * 1000)
        for identity, body in source.agent_events(agent_id, after or FROM_START, wait_ms):
            after = identity
            yield sse.event(body, identity)

    while is_alive():
        yield from sse.until_heartbeat(read)


@bp.post("/alive")
@needs(Right.USE_DESK)
def alive() -> ResponseReturnValue:
    """The page's answer to a heartbeat: it is open, and it runs."""
    bus().desk_lives(me())
    return {}, 202


@bp.get("/campaigns/<int:campaign_id>")
@needs(Right.USE_DESK)
def campaign(campaign_id: int) -> ResponseReturnValue:
    row = db.session.get(CampaignRow, campaign_id) or abort(404)
    is_french = language() == "fr"
    return {
        "name": row.name,
        "script": row.script,
        "wrap_up_limit_s": row.wrap_up_limit_s,
        "recording": row.recording,
        "has_message": bool(row.machine_message),
        "sounds": row.sounds,
        "dispositions": [
            {
                "code": d.code,
                "label": d.label_fr if is_french else d.label_en,
                "group": str(labels.calls.DISPOSITION_GROUPS.get(d.parent, d.parent)),
                "needs_note": d.needs_note,
                "needs_callback": d.needs_callback,
                "is_machine": d.is_machine,
            }
            for d in dispositions.dispositions_of(db.session(), CampaignId(row.id))
        ],
    }


@bp.get("/attempts/<attempt_id>/timeline")
@needs(Right.USE_DESK)
def timeline(attempt_id: str) -> ResponseReturnValue:
    attempt = _my_attempt(attempt_id)
    lead = db.session.get_one(LeadRow, attempt.lead_id)
    lines = timeline_of_lead(db.session(), lead, besides=attempt.id)
    return render_template("agent/_timeline.html", lead=lead, lines=lines)


@bp.get("/recent")
@needs(Right.USE_DESK)
def recent() -> ResponseReturnValue:
    now = clock.now()
    past = queries.recent(db.session(), me(), now)
    n_calls, n_successes = queries.count_today(db.session(), me(), now)
    return render_template(
        "agent/_recent.html", past=past, n_calls=n_calls, n_successes=n_successes
    )


@bp.post("/login")
@needs(Right.USE_DESK)
def log_in() -> ResponseReturnValue:
    sent = _sent()
    row = db.session.get(CampaignRow, sent.get("campaign_id") or 0)
    if row is None or row.state not in ACTIVE_STATES:
        return _refused("campaign_id", _("Choisissez une campagne en cours."))
    kind = PhoneKind(current_user.phone_kind)
    try:
        phone = _desk_phone(sent) if kind is PhoneKind.SIP else current_user.phone_address
    except BadInput as fault:
        return _refused("phone", in_words(fault))
    if not phone:
        return _refused("phone", _("Votre administrateur doit d’abord donner votre poste."))
    bus().desk_lives(me())
    bus().tell(AgentLoggedIn(me(), CampaignId(row.id), current_user.name, phone, kind))
    return {}, 202


def _desk_phone(sent: dict[str, Any]) -> str:
    """The extension of the phone that the agent sits at today; kept for the next time."""
    extension = checked_extension(db.session(), me(), str(sent.get("phone", "")).strip())
    db.session.get_one(User, me()).phone_address = extension
    db.session.commit()
    return extension


@bp.post("/ready")
@needs(Right.USE_DESK)
def ready() -> ResponseReturnValue:
    bus().tell(AgentAskedReady(me()))
    return {}, 202


@bp.post("/pause")
@needs(Right.USE_DESK)
def pause() -> ResponseReturnValue:
    code = _sent().get("code")
    if code not in labels.desk.PAUSE_CODES:
        return _refused("code", _("Choisissez un motif de pause."))
    bus().tell(AgentAskedPause(me(), code))
    return {}, 202


@bp.post("/hang-up")
@needs(Right.USE_DESK)
def hang_up() -> ResponseReturnValue:
    bus().tell(AgentHungUp(me()))
    return {}, 202


@bp.post("/leave")
@needs(Right.USE_DESK)
def leave() -> ResponseReturnValue:
    bus().tell(AgentLoggedOut(me()))
    return {}, 202


@bp.post("/dispositions")
@needs(Right.USE_DESK)
def dispose() -> ResponseReturnValue:
    sent = _sent()
    attempt = db.session.get(AttemptRow, str(sent.get("attempt_id", "")))
    if attempt is None:
        return _refused("attempt", _("Cet appel n’est pas encore enregistré. Recommencez."))
    try:
        told = dispositions.record(
            db.session(), AttemptId(attempt.id), me(), str(sent.get("code", "")),
            str(sent.get("note", "")), _callback_at(attempt, sent.get("callback")),
            clock.now().timestamp(), is_ready_after=sent.get("is_ready_after") is not False,
        )  # fmt: skip
    except BadInput as fault:
        db.session.rollback()
        field = str(fault).partition(":")[0]
        return _refused(field, _sentence(field))
    db.session.commit()
    for event in told:
        bus().tell(event)
    return {}, 200


def _my_attempt(attempt_id: str) -> AttemptRow:
    """An attempt of this agent, or a call in progress that the dialer put on this agent's screen:
    one that comes to him, or about which a colleague asks him."""
    attempt = db.session.get(AttemptRow, attempt_id) or abort(404)
    if attempt.agent_id == me():
        return attempt
    shown = {body.get("attempt_id") for _id, body in bus().agent_tail(me())}
    if attempt.ended_at is not None or attempt.id not in shown:
        abort(404)
    return attempt


def _sent() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(400)
    return body


def _callback_at(attempt: AttemptRow, local: object) -> float | None:
    """UTC seconds of a wall-clock time in the lead's zone, as typed: 2026-03-02T14:30."""
    if not local:
        return None
    zone = ZoneInfo(first_zone(db.session.get_one(LeadRow, attempt.lead_id).time_zone))
    try:
        return datetime.fromisoformat(str(local)).replace(tzinfo=zone).timestamp()
    except ValueError:
        raise BadInput("callback_at: not a date") from None


def _refused(field: str, sentence: str) -> ResponseReturnValue:
    return {"error": sentence, "field": field}, 422


def _sentence(field: str) -> str:
    sentences = {
        "attempt": _("Cet appel appartient à un autre agent."),
        "code": _("Choisissez un statut."),
        "note": _("Une note est obligatoire pour ce statut (4000 caractères au plus)."),
        "callback_at": _("Donnez une date et une heure à venir, dans l’année."),
    }
    return str(sentences.get(field) or _("La demande n’a pas pu être comprise."))
