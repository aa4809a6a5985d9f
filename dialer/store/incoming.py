"""What people write to us: kept once, and obeyed when it asks for no more.

A provider hands a message over until it hears that we have it, so the same one may come twice, and
twice at once: the unique key decides, and only the first has effects. Who asks for no more is
blocked at all numbers: those of the contact, and those of whoever the message answers.
"""

import re
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.model.events import NumberBlocked
from dialer.model.message import ChannelKind
from dialer.policy.opt_out import asks_to_stop
from dialer.store import contacts, do_not_call, number_history
from dialer.store.instants import instant
from dialer.store.numbers import international
from dialer.store.tables import IncomingMessageRow, MessageRow

_WRITTEN = re.compile(r"\+?[0-9][0-9\s().\-]*", re.ASCII)
_NATIONAL = re.compile(r"0[1-9][0-9\s().\-]{5,}", re.ASCII)


def sender_number(sender: str) -> str | None:
    """E.164 of who sent a message; None for what is no person: a short code, a name.

    Raises BadInput for a number without its country: the provider is to write them in full, or
    wishes would be lost unseen.
    """
    if _NATIONAL.fullmatch(sender):
        raise BadInput("from: must be international, such as +33612345678")
    return international(sender) if _WRITTEN.fullmatch(sender) else None


def take_in(
    session: Session, channel: ChannelKind, provider_id: str, number: str, text: str, now: float
) -> tuple[NumberBlocked, ...] | None:
    """Store a message of a number (E.164); what to tell the dialer once the transaction is
    committed. None when it was stored before: nothing changes then."""
    answered = _answered(session, channel, number)
    is_opt_out = asks_to_stop(text)
    row = insert(IncomingMessageRow).values(
        channel=channel, provider_id=provider_id, number=number, text=text,
        received_at=instant(now), is_opt_out=is_opt_out,
        answers_id=None if answered is None else answered.id,
    )  # fmt: skip
    if session.scalar(row.on_conflict_do_nothing().returning(IncomingMessageRow.id)) is None:
        return None
    if not is_opt_out:
        return ()
    return do_not_call.block_person(session, _numbers(session, number, answered), source="REPLY")


def _answered(session: Session, channel: ChannelKind, number: str) -> MessageRow | None:
    sent = (
        MessageRow.number == number,
        MessageRow.channel == channel,
        MessageRow.sent_at.is_not(None),
    )
    return session.scalar(select(MessageRow).where(*sent).order_by(MessageRow.id.desc()).limit(1))


def _numbers(session: Session, number: str, answered: MessageRow | None) -> Collection[str]:
    """Of one who may not be brought to a contact yet: then the call tells whose number it is."""
    called = [] if answered is None else [answered.attempt_id]
    return {
        *contacts.persons_numbers(session, number),
        *number_history.numbers_of(session, called),
    }
