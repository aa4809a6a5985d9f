"""What the SMS provider tells: delivery reports, and messages that people send.

Each provider signs in its own way, which its channel knows. Without a token in the settings all are
refused. They come late, twice and in any order: what is no news is answered with 200, and changes
nothing.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from flask import Blueprint, abort, current_app, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dialer.channels.base import Channel, IncomingMessage, NotSigned, WebhookCall
from dialer.model.errors import BadInput
from dialer.model.message import ChannelKind
from dialer.store import incoming
from dialer.store.messages import note_report
from dialer.store.tables import MessageRow
from web import clock
from web.extensions import bus, csrf, db
from web.permissions import for_everyone

bp = Blueprint("webhooks", __name__, url_prefix="/webhooks")

MAX_BODY_BYTES = 64 * 1024
Body = Mapping[str, object]
T = TypeVar("T")


@bp.post("/sms/delivery")
@csrf.exempt
@for_everyone
def sms_delivery() -> ResponseReturnValue:
    report = _read(lambda channel, body: channel.parse_delivery_report(body))
    known = select(MessageRow.id).where(MessageRow.provider_id == report.provider_id)
    if db.session.scalar(known) is None:
        return {"result": "unknown"}, 404  # it may have overtaken our own note: try again later
    now = clock.now().timestamp()
    is_news = note_report(db.session(), report.provider_id, report.trigger, report.detail, now)
    db.session.commit()
    return _result(is_news)


@bp.post("/sms/incoming")
@csrf.exempt
@for_everyone
def sms_incoming() -> ResponseReturnValue:
    """A message of a person is stored, and obeyed if it asks for no more; others are no news."""
    message, number = _read(_from_person)
    if number is None:
        return _result(is_news=False)
    now = clock.now().timestamp()
    blocked = incoming.take_in(
        db.session(), ChannelKind.SMS, message.provider_id, number, message.text, now
    )
    db.session.commit()
    for event in blocked or ():
        bus().tell(event)
    return _result(is_news=blocked is not None)


def _from_person(channel: Channel, body: Body) -> tuple[IncomingMessage, str | None]:
    message = channel.parse_incoming(body)
    return message, incoming.sender_number(message.sender)


def _read(parse: Callable[[Channel, Body], T]) -> T:
    """What `parse` finds in the request's body, when the provider signed it."""
    request.max_content_length = MAX_BODY_BYTES
    path = request.full_path if request.query_string else request.path
    call = WebhookCall(path, request.headers, request.get_data())
    channel = cast(Channel | None, current_app.extensions["relance_sms"])
    if channel is None:
        abort(404)
    try:
        return parse(channel, channel.read_webhook(call))
    except NotSigned:
        abort(401)
    except BadInput as error:
        abort(make_response({"error": str(error)}, 400))


def _result(is_news: bool) -> ResponseReturnValue:
    return {"result": "stored" if is_news else "ignored"}, 200
