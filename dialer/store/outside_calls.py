"""Calls to outside numbers, kept so that a restart does not forget how many there were."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dialer.model.commands import NoteOutsideCall
from dialer.store.instants import instant, seconds_of
from dialer.store.tables import OutsideCall


def note_outside_calls(session: Session, notes: Sequence[NoteOutsideCall]) -> None:
    """Store the calls; one that is told twice is there once."""
    rows = [
        {
            "leg_id": note.leg_id, "campaign_id": note.campaign_id, "attempt_id": note.attempt_id,
            "name": note.name, "at": instant(note.at),
        }
        for note in notes
    ]  # fmt: skip
    session.execute(insert(OutsideCall).values(rows).on_conflict_do_nothing())


def since(session: Session, campaign_id: int, at: float) -> tuple[float, ...]:
    """When the campaign called outside numbers after `at`; UTC seconds, in order."""
    recent = select(OutsideCall.at).where(
        OutsideCall.campaign_id == campaign_id, OutsideCall.at > instant(at)
    )
    return tuple(seconds_of(one) for one in session.scalars(recent.order_by(OutsideCall.at)))
