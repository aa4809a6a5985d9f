"""Delivery reports from the SMS provider.

Signed with HMAC-SHA256 over the raw body (header X-Relance-Signature, hexadecimal, an optional
`sha256=` before it). Without a token in the settings every report is refused. Reports come late,
twice and in any order: the message machine decides, and what it ignores is answered with 200.
"""

import hashlib
import hmac
from typing import cast

import orjson
from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dialer.channels.base import Channel, DeliveryReport
from dialer.model.errors import BadInput
from dialer.store.messages import note_report
from dialer.store.tables import MessageRow
from web import clock
from web.extensions import csrf, db, settings
from web.permissions import for_everyone

bp = Blueprint("webhooks", __name__, url_prefix="/webhooks")

MAX_BODY_BYTES = 64 * 1024


@bp.post("/sms/delivery")
@csrf.exempt
@for_everyone
def sms_delivery() -> ResponseReturnValue:
    request.max_content_length = MAX_BODY_BYTES
    raw = request.get_data()
    if not is_signed(raw, request.headers.get("X-Relance-Signature", ""), settings().sms_token):
        abort(401)
    report = _read(raw)
    known = select(MessageRow.id).where(MessageRow.provider_id == report.provider_id)
    if db.session.scalar(known) is None:
        return {"result": "unknown"}, 404  # it may have overtaken our own note: try again later
    now = clock.now().timestamp()
    is_news = note_report(db.session(), report.provider_id, report.trigger, report.detail, now)
    db.session.commit()
    return {"result": "stored" if is_news else "ignored"}, 200


def is_signed(raw: bytes, signature: str, token: str) -> bool:
    """Whether `signature` is that of `raw` under `token`; never without a token."""
    if not token:
        return False
    expected = hmac.new(token.encode(), raw, hashlib.sha256).hexdigest()
    given = signature.removeprefix("sha256=").strip().lower()
    return hmac.compare_digest(expected.encode(), given.encode())


def _read(raw: bytes) -> DeliveryReport:
    channel = cast(Channel | None, current_app.extensions["relance_sms"])
    if channel is None:
        abort(404)
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        abort(400)
    if not isinstance(body, dict):
        abort(400)
    try:
        return channel.parse_delivery_report(body)
    except BadInput:
        abort(400)
