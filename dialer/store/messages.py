"""The outbox: messages that wait, are being sent, were sent, and what became of them.

A message is sent by whoever holds its row lock, so two workers never hand over the same one. The
lock is kept during the request: a worker that dies gives it back, and the same idempotency key
goes out again.
"""

from collections.abc import Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from dialer.model.errors import StaleEvent
from dialer.model.message import MESSAGE_MACHINE, MessageState, MessageTrigger
from dialer.store.instants import instant
from dialer.store.tables import DoNotCall, MessageRow

ERROR_LENGTH = 300
DO_NOT_CALL = "do not call"
"""Why a message failed whose number was blocked while it waited."""


def due_messages(session: Session, now: float, limit: int) -> tuple[int, ...]:
    """Identities of queued messages whose time has come, oldest first."""
    due = (MessageRow.state == MessageState.QUEUED, MessageRow.send_at <= instant(now))
    ordered = select(MessageRow.id).where(*due).order_by(MessageRow.send_at, MessageRow.id)
    return tuple(session.scalars(ordered.limit(limit)))


def take_message(session: Session, message_id: int, now: float) -> MessageRow | None:
    """The message, locked, when it is to be sent now; None when another has it or it is done."""
    due = (
        MessageRow.id == message_id,
        MessageRow.state == MessageState.QUEUED,
        MessageRow.send_at <= instant(now),
    )
    return session.scalar(select(MessageRow).where(*due).with_for_update(skip_locked=True))


def may_be_sent(session: Session, message: MessageRow) -> bool:
    """Whether the number has not entered a do-not-call list since the message was queued."""
    mine = or_(DoNotCall.campaign_id.is_(None), DoNotCall.campaign_id == message.campaign_id)
    return not session.scalar(select(exists().where(DoNotCall.number == message.number, mine)))


def mark_sent(message: MessageRow, provider_id: str, now: float) -> None:
    """The provider took it."""
    _fire(message, MessageTrigger.SEND)
    message.provider_id, message.sent_at, message.error = provider_id, instant(now), ""
    message.n_sends += 1


def mark_failed(message: MessageRow, reason: str) -> None:
    """It will not be sent."""
    _fire(message, MessageTrigger.FAIL)
    message.error = reason[:ERROR_LENGTH]


def postpone(message: MessageRow, reason: str, send_at: float) -> None:
    """It stays queued until `send_at` (UTC seconds) after a send that failed for a while."""
    message.n_sends += 1
    message.error, message.send_at = reason[:ERROR_LENGTH], instant(send_at)


def note_report(
    session: Session, provider_id: str, trigger: MessageTrigger, detail: str, now: float
) -> bool:
    """Take in a delivery report; False when it changes nothing (unknown, repeated or late)."""
    known = select(MessageRow).where(MessageRow.provider_id == provider_id).with_for_update()
    message = session.scalars(known).first()
    if message is None:
        return False
    try:
        _fire(message, trigger)
    except StaleEvent:
        return False
    if trigger is MessageTrigger.DELIVER:
        message.delivered_at, message.error = instant(now), ""
    elif trigger is MessageTrigger.FAIL:
        message.error = detail[:ERROR_LENGTH]
    return True


def messages_of(session: Session, attempt_ids: Sequence[str]) -> tuple[MessageRow, ...]:
    """Messages that these attempts caused, oldest first."""
    theirs = select(MessageRow).where(MessageRow.attempt_id.in_(attempt_ids))
    return tuple(session.scalars(theirs.order_by(MessageRow.id)))


def _fire(message: MessageRow, trigger: MessageTrigger) -> None:
    message.state = MESSAGE_MACHINE.step(MessageState(message.state), trigger)
