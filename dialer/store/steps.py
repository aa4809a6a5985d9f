"""The course of calls that a third party came into: written, and read back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from dialer.model.commands import NoteStep, Step
from dialer.store.instants import instant, seconds_of
from dialer.store.tables import CallStep, User


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as history shows it. `at`: UTC seconds."""

    step: Step
    at: float
    agent: str
    other: str


def note_steps(session: Session, notes: Sequence[NoteStep]) -> None:
    """Store the notes in their order."""
    session.execute(
        insert(CallStep),
        [
            {
                "attempt_id": note.attempt_id, "at": instant(note.at), "step": note.step,
                "agent_id": note.agent_id, "other_name": note.other_name, "leg_id": note.leg_id,
            }
            for note in notes
        ],
    )  # fmt: skip


def steps_of(session: Session, attempt_id: str) -> tuple[StepLine, ...]:
    """The steps of an attempt, in their order; none for a plain conversation."""
    rows = session.execute(
        select(CallStep, User.name)
        .outerjoin(User, User.id == CallStep.agent_id)
        .where(CallStep.attempt_id == attempt_id)
        .order_by(CallStep.id)
    )
    return tuple(
        StepLine(Step(row.step), seconds_of(row.at), name or "", row.other_name)
        for row, name in rows
    )
