"""Delivery reports from the SMS provider.

Signed with HMAC-SHA256 over the raw body (header X-Relance-Signature, hexadecimal, an optional
`sha256=` before it). Without a token in the settings every report is refused. Reports come late,
twice and in any order: the message machine decides, and what it ignores is answered with 200.
"""

import hashlib
import hmac

import orjson
from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dialer.model.errors import IllegalTransition, StaleEvent
from dialer.model.message import MESSAGE_MACHINE, MessageState, MessageTrigger
from dialer.store.tables import MessageRow
from web import clock
from web.extensions import csrf, db, settings
from web.permissions import for_everyone

bp = Blueprint("webhooks", __name__, url_prefix="/webhooks")

MAX_BODY_BYTES = 64 * 1024
ERROR_LENGTH = 500
TRIGGERS = {
    "sent": MessageTrigger.SEND,
    "delivered": MessageTrigger.DELIVER,
    "failed": MessageTrigger.FAIL,
    "undelivered": MessageTrigger.FAIL,
    "rejected": MessageTrigger.FAIL,
    "expired": MessageTrigger.FAIL,
}


@bp.post("/sms/delivery")
@csrf.exempt
@for_everyone
def sms_delivery() -> ResponseReturnValue:
    request.max_content_length = MAX_BODY_BYTES
    raw = request.get_data()
    if not is_signed(raw, request.headers.get("X-Relance-Signature", ""), settings().sms_token):
        abort(401)
    provider_id, trigger, error = _read(raw)
    row = db.session.scalar(
        select(MessageRow).where(MessageRow.provider_id == provider_id).with_for_update()
    )
    if row is None:
        return {"result": "unknown"}, 404
    result = _step(row, trigger, error)
    db.session.commit()
    return {"result": result, "state": row.state}, 200


def is_signed(raw: bytes, signature: str, token: str) -> bool:
    """Whether `signature` is that of `raw` under `token`; never without a token."""
    if not token:
        return False
    expected = hmac.new(token.encode(), raw, hashlib.sha256).hexdigest()
    given = signature.removeprefix("sha256=").strip().lower()
    return hmac.compare_digest(expected.encode(), given.encode())


def _read(raw: bytes) -> tuple[str, MessageTrigger, str]:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        abort(400)
    if not isinstance(body, dict):
        abort(400)
    provider_id = body.get("provider_id") or body.get("id")
    trigger = TRIGGERS.get(str(body.get("status", "")).lower())
    if not isinstance(provider_id, str) or trigger is None:
        abort(400)
    return provider_id, trigger, str(body.get("error", ""))[:ERROR_LENGTH]


def _step(row: MessageRow, trigger: MessageTrigger, error: str) -> str:
    try:
        row.state = MESSAGE_MACHINE.step(MessageState(row.state), trigger)
    except (StaleEvent, IllegalTransition):
        return "ignored"
    now = clock.now()
    if row.state == MessageState.DELIVERED:
        row.delivered_at, row.error = now, ""
    elif row.state == MessageState.SENT:
        row.sent_at = row.sent_at or now
    else:
        row.error = error
    return "stored"
