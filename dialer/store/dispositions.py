"""The agent's disposition of an attempt, and what it does to lead, ledger and do-not-call list.

It may come during the call or after it, and may be amended. The lead follows it only while no
later attempt exists: an amendment of yesterday's call must not disturb today's. Amending goes
through DONE, which every lead that rests can reach by its table.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.model.events import AgentDisposed, LeadWithdrawn, PeopleEvent
from dialer.model.ids import AgentId, AttemptId, CampaignId, LeadId
from dialer.model.lead import LEAD_MACHINE, LIST_PRIORITY, LeadState, LeadTrigger
from dialer.policy.turns import Turn, turn_after
from dialer.store import do_not_call, holds, number_history, turns
from dialer.store.instants import instant
from dialer.store.leads import CALLBACK_PRIORITY
from dialer.store.tables import (
    AgentSession,
    AttemptRow,
    DispositionRow,
    LeadRow,
    LedgerEntry,
    LedgerKind,
)

NOTE_LENGTH = 4000
_FRESH = {"populate_existing": True}
CALLBACK_HORIZON = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class _Decision:
    """What was said of which attempt, checked."""

    attempt: AttemptRow
    disposition: DispositionRow
    agent_id: int
    callback_at: datetime | None
    now: datetime


def record(
    session: Session,
    attempt_id: AttemptId,
    agent_id: AgentId,
    code: str,
    note: str,
    callback_at: float | None,
    now: float,
    *,
    is_ready_after: bool = True,
    is_supervisor: bool = False,
) -> tuple[PeopleEvent, ...]:
    """Store the disposition; the events to tell the dialer once the transaction is committed.

    `callback_at`, `now`: UTC seconds. `is_supervisor` may dispose of anybody's attempt. Raises
    BadInput naming the field. Repeating it changes nothing.
    """
    attempt = _attempt(session, attempt_id)
    if not (is_supervisor or _is_of(session, attempt, agent_id)):
        raise BadInput("attempt: it is another agent's")
    disposition = _disposition(session, attempt.campaign_id, code)
    decision = _Decision(
        attempt=attempt,
        disposition=disposition,
        agent_id=attempt.agent_id or agent_id,
        callback_at=_callback(disposition, callback_at, now),
        now=instant(now),
    )
    _write_attempt(decision, _note(disposition, note))
    _tell_number(session, decision)
    _correct_ledger(session, decision)
    return (
        *_move_lead(session, decision),
        *_block_number(session, decision),
        _disposed(decision, is_ready_after),
    )


def dispositions_of(session: Session, campaign_id: CampaignId) -> tuple[DispositionRow, ...]:
    """The closed set of a campaign, in the order of the screen."""
    mine = select(DispositionRow).where(DispositionRow.campaign_id == campaign_id)
    return tuple(session.scalars(mine.order_by(DispositionRow.position, DispositionRow.code)))


def _attempt(session: Session, attempt_id: AttemptId) -> AttemptRow:
    known = select(AttemptRow).where(AttemptRow.id == attempt_id.replace("\0", ""))
    attempt = session.scalar(known.with_for_update(), execution_options=_FRESH)
    if attempt is None:
        raise BadInput("attempt: there is none of this identity")
    return attempt


def _is_of(session: Session, attempt: AttemptRow, agent_id: int) -> bool:
    if attempt.agent_id is not None:
        return attempt.agent_id == agent_id
    holds = (
        (AgentSession.agent_id == agent_id)
        & (AgentSession.attempt_id == attempt.id)
        & AgentSession.ended_at.is_(None)
    )
    return bool(session.scalar(select(exists().where(holds))))


def _disposition(session: Session, campaign_id: int, code: str) -> DispositionRow:
    row = None if "\0" in code else session.get(DispositionRow, (campaign_id, code))
    if row is None:
        raise BadInput(f"code: {code!r} is no disposition of this campaign")
    return row


def _note(disposition: DispositionRow, note: str) -> str:
    note = note.replace("\0", "").strip()
    if disposition.needs_note and not note:
        raise BadInput(f"note: {disposition.code} needs one")
    if len(note) > NOTE_LENGTH:
        raise BadInput(f"note: at most {NOTE_LENGTH} characters")
    return note


def _callback(
    disposition: DispositionRow, callback_at: float | None, now: float
) -> datetime | None:
    if not disposition.needs_callback:
        return None
    if callback_at is None:
        raise BadInput(f"callback_at: {disposition.code} needs a time")
    latest = now + CALLBACK_HORIZON.total_seconds()
    if not now < callback_at <= latest:
        raise BadInput("callback_at: must be in the future, within a year")
    return instant(callback_at)


def _write_attempt(decision: _Decision, note: str) -> None:
    attempt = decision.attempt
    attempt.disposition = decision.disposition.code
    attempt.disposed_at = decision.now
    attempt.note = note
    attempt.agent_id = decision.agent_id


def _tell_number(session: Session, decision: _Decision) -> None:
    """A refusal, or a promise, is the number's: its other leads are judged anew."""
    session.flush()
    attempt_id = decision.attempt.id
    number_history.follow_refusals(session, attempt_id)
    holds.free_numbers(session, number_history.numbers_of(session, [attempt_id]))


def _correct_ledger(session: Session, decision: _Decision) -> None:
    kind = LedgerKind.MACHINE if decision.disposition.is_machine else LedgerKind.SERVED
    session.execute(
        update(LedgerEntry)
        .where(LedgerEntry.attempt_id == decision.attempt.id)
        .where(LedgerEntry.kind != LedgerKind.ABANDONED)
        .values(kind=kind)
    )


def _move_lead(session: Session, decision: _Decision) -> tuple[PeopleEvent, ...]:
    known = select(LeadRow).where(LeadRow.id == decision.attempt.lead_id)
    lead = session.scalars(known.with_for_update(), execution_options=_FRESH).one()
    if _has_later_attempt(session, decision.attempt):
        return ()
    was = LeadState(lead.state)
    lead.disposition = decision.disposition.code
    lead.claimed_until = None
    _set_course(lead, decision)
    _set_turn(session, lead, decision)
    if was is not LeadState.CLAIMED:
        return ()
    return (LeadWithdrawn(CampaignId(lead.campaign_id), LeadId(lead.id)),)


def _set_turn(session: Session, lead: LeadRow, decision: _Decision) -> None:
    """Who was met at a number is called there again; a wrong one is never dialled again."""
    disposition, attempt = decision.disposition, decision.attempt
    turn = turn_after(
        is_wrong_number=disposition.is_wrong_number, is_machine=disposition.is_machine
    )
    if turn is Turn.STAYS:
        turns.stay(session, lead, attempt.number)
    session.flush()
    turns.pass_on(session, {AttemptId(attempt.id): turn}, decision.now.timestamp())


def _has_later_attempt(session: Session, attempt: AttemptRow) -> bool:
    later = (AttemptRow.lead_id == attempt.lead_id) & (AttemptRow.started_at > attempt.started_at)
    return bool(session.scalar(select(exists().where(later))))


def _set_course(lead: LeadRow, decision: _Decision) -> None:
    trigger, due_at = _course(lead, decision)
    state = _resting(LeadState(lead.state))
    if state is LeadState.BLOCKED:
        return
    lead.state = LEAD_MACHINE.step(state, trigger)
    lead.due_at = due_at or lead.due_at
    is_callback = trigger is LeadTrigger.CALL_BACK
    lead.priority = CALLBACK_PRIORITY if is_callback else max(lead.priority, LIST_PRIORITY)
    lead.callback_agent_id = decision.agent_id if is_callback else None


def _course(lead: LeadRow, decision: _Decision) -> tuple[LeadTrigger, datetime | None]:
    disposition = decision.disposition
    if disposition.is_do_not_call:
        return LeadTrigger.FINISH, None
    if decision.callback_at is not None:
        return LeadTrigger.CALL_BACK, decision.callback_at
    if disposition.is_wrong_number:
        others = turns.others_than(lead, decision.attempt.number)
        return (LeadTrigger.RETRY, decision.now) if others else (LeadTrigger.FINISH, None)
    if disposition.retry_after_s is None:
        return LeadTrigger.FINISH, None
    return LeadTrigger.RETRY, decision.now + timedelta(seconds=disposition.retry_after_s)


def _resting(state: LeadState) -> LeadState:
    """DIALING as it is; otherwise DONE, reached by the table; BLOCKED stays."""
    if state is LeadState.CLAIMED:
        state = LEAD_MACHINE.step(state, LeadTrigger.RELEASE)
    if state in (LeadState.WAITING_RETRY, LeadState.CALLBACK):
        state = LEAD_MACHINE.step(state, LeadTrigger.FINISH)
    return state


def _block_number(session: Session, decision: _Decision) -> tuple[PeopleEvent, ...]:
    if not decision.disposition.is_do_not_call:
        return ()
    numbers = number_history.numbers_of(session, [decision.attempt.id])
    return do_not_call.block_person(session, numbers, "AGENT", decision.agent_id)


def _disposed(decision: _Decision, is_ready_after: bool) -> AgentDisposed:
    return AgentDisposed(
        agent_id=AgentId(decision.agent_id),
        attempt_id=AttemptId(decision.attempt.id),
        is_machine=decision.disposition.is_machine,
        is_ready_after=is_ready_after,
    )
