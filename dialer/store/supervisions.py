"""Who listened to whom, from when to when, and how: one row for each stretch."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dialer.model.commands import NoteSupervision
from dialer.model.ids import AgentId, AttemptId, CampaignId, SupervisorId
from dialer.model.phone import PhoneKind
from dialer.model.supervision import AUDITED, SupervisionState
from dialer.store.instants import instant, seconds_of
from dialer.store.tables import SupervisionRow, User


@dataclass(frozen=True, slots=True)
class Stretch:
    """One way in which one supervisor heard a call. Times: UTC seconds; open without an end."""

    supervisor: str
    state: SupervisionState
    started_at: float
    ended_at: float | None


def note_supervisions(session: Session, notes: Sequence[NoteSupervision]) -> None:
    """Store the notes in their order: each ends the stretch before it, and may begin one."""
    for note in notes:
        if note.state is not SupervisionState.TAKING_OVER:  # the former way of hearing lasts
            _note(session, note)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A customer whom a supervisor had when this was last stored."""

    supervision_id: str
    supervisor_id: SupervisorId
    name: str
    phone_address: str
    phone_kind: PhoneKind
    agent_id: AgentId
    attempt_id: AttemptId


def taken_over(session: Session, campaign_id: CampaignId) -> tuple[TakenOver, ...]:
    """Customers whom supervisors had, by the record."""
    rows = session.execute(
        select(SupervisionRow, User)
        .join(User, User.id == SupervisionRow.supervisor_id)
        .where(
            SupervisionRow.campaign_id == campaign_id,
            SupervisionRow.ended_at.is_(None),
            SupervisionRow.state == SupervisionState.TAKEN_OVER,
        )
        .order_by(SupervisionRow.id)
    )
    return tuple(
        TakenOver(
            row.supervision_id, SupervisorId(row.supervisor_id), user.name, user.phone_address,
            PhoneKind(user.phone_kind), AgentId(row.agent_id), AttemptId(row.attempt_id),
        )
        for row, user in rows
    )  # fmt: skip


def close_supervisions(
    session: Session, campaign_id: CampaignId, at: float, but: Collection[str] = ()
) -> None:
    """Nothing of an earlier run is heard any more, but what goes on."""
    session.execute(
        update(SupervisionRow)
        .where(
            SupervisionRow.campaign_id == campaign_id,
            SupervisionRow.ended_at.is_(None),
            SupervisionRow.supervision_id.not_in(but),
        )
        .values(ended_at=instant(at))
    )


def supervisions_of(session: Session, attempt_id: str) -> tuple[Stretch, ...]:
    """The stretches in which a call was heard, oldest first."""
    rows = session.execute(
        select(SupervisionRow, User.name)
        .join(User, User.id == SupervisionRow.supervisor_id)
        .where(SupervisionRow.attempt_id == attempt_id)
        .order_by(SupervisionRow.started_at, SupervisionRow.id)
    )
    return tuple(
        Stretch(
            name, SupervisionState(row.state), seconds_of(row.started_at), seconds_of(row.ended_at)
        )
        for row, name in rows
    )


def _note(session: Session, note: NoteSupervision) -> None:
    mine = (SupervisionRow.supervision_id == note.supervision_id, SupervisionRow.ended_at.is_(None))
    session.execute(update(SupervisionRow).where(*mine).values(ended_at=instant(note.at)))
    if note.state in AUDITED:
        session.add(
            SupervisionRow(
                supervision_id=note.supervision_id, supervisor_id=note.supervisor_id,
                campaign_id=note.campaign_id, agent_id=note.agent_id,
                attempt_id=note.attempt_id, state=note.state, started_at=instant(note.at),
            )
        )  # fmt: skip
        session.flush()
