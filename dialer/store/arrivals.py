"""Calls that came in to a number we show: who called, and that they are called again soon."""

from collections.abc import Sequence

import phonenumbers
from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dialer.model.commands import NoteArrival
from dialer.model.lead import LEAD_MACHINE, LeadState, LeadTrigger
from dialer.store.instants import instant
from dialer.store.leads import CALLBACK_PRIORITY
from dialer.store.numbers import NO_REGION, international, normalised
from dialer.store.tables import ArrivalRow, LeadRow

NUMBER_LENGTH = 32
"""Of what a carrier wrote, so much is kept."""


def note_arrivals(session: Session, notes: Sequence[NoteArrival]) -> None:
    """Store who called. A lead that waits for its next try is due now; one that was never called,
    is being called, or is done, stays as it is."""
    for note in notes:
        row = insert(ArrivalRow).values(
            leg_id=note.leg_id, campaign_id=note.campaign_id, lead_id=_call_again(session, note),
            caller=_kept(note.caller), called=_kept(note.called), at=instant(note.at),
        )  # fmt: skip
        session.execute(row.on_conflict_do_nothing())


def caller_number(caller: str, called: str) -> str | None:
    """E.164 of a caller's number: international with or without its plus, or written in the way of
    the country of the number called; None for what is no number."""
    if caller.startswith("0") and not caller.startswith("00"):
        return normalised(caller, _region_of(called))
    return international(caller)


def _region_of(number: str) -> str:
    try:
        parsed = phonenumbers.parse(f"+{number.removeprefix('+')}")
    except phonenumbers.NumberParseException:
        return NO_REGION
    return phonenumbers.region_code_for_number(parsed) or NO_REGION


def _call_again(session: Session, note: NoteArrival) -> int | None:
    number = caller_number(note.caller, note.called)
    its = or_(LeadRow.number == number, LeadRow.next_number == number)
    mine = (LeadRow.campaign_id == note.campaign_id, its)
    latest = LeadRow.last_attempt_at.desc().nulls_last()
    lead_id = session.scalar(select(LeadRow.id).where(*mine).order_by(latest).limit(1))
    session.execute(
        update(LeadRow)
        .where(LeadRow.id == lead_id, LeadRow.state == LeadState.WAITING_RETRY)
        .values(
            state=LEAD_MACHINE.step(LeadState.WAITING_RETRY, LeadTrigger.CALL_BACK),
            priority=CALLBACK_PRIORITY,
            due_at=instant(note.at),
        )
    )
    return lead_id


def _kept(written: str) -> str:
    return "".join(c for c in written if c.isprintable())[:NUMBER_LENGTH]
