"""Segments: saved filters, and the lists that follow them.

A list that follows a segment is a list like others: the claim reads it as it reads any, at no more
cost. What the filter finds is added to it, one lead for each number that the campaign has not yet;
who was never called and is found no more is taken out. Who was called stays: that is history.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    delete,
    distinct,
    exists,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, aliased

from dialer.model.errors import BadInput
from dialer.model.lead import LIST_PRIORITY, LeadState
from dialer.model.lead_filter import LeadFilter, parsed
from dialer.store.lead_filters import condition
from dialer.store.tables import ArrivalRow, LeadList, LeadRow, LeadSkip, SegmentRow

COUNT_LIMIT_S = 5


@dataclass(frozen=True, slots=True)
class Followed:
    """What following a segment changed in its list."""

    n_added: int
    n_removed: int


def count(session: Session, wanted: LeadFilter, now: datetime) -> int | None:
    """How many persons (numbers) the filter finds; None when counting takes too long here."""
    found = select(func.count(distinct(LeadRow.number))).where(_of_segment(wanted, now))
    try:
        with session.begin_nested():
            session.execute(text(f"SET LOCAL statement_timeout = '{COUNT_LIMIT_S}s'"))
            n_found = session.scalar(found)
            session.execute(text("SET LOCAL statement_timeout TO DEFAULT"))
            return n_found
    except OperationalError:
        return None


def sample(session: Session, wanted: LeadFilter, now: datetime, n: int = 10) -> list[LeadRow]:
    """Some leads that the filter finds."""
    rows = select(LeadRow).where(_of_segment(wanted, now)).limit(n)
    return list(session.scalars(rows))


def make_list(session: Session, segment: SegmentRow, campaign_id: int, user_id: int) -> LeadList:
    """A list of the campaign that follows the segment. Raises BadInput when there is one."""
    mine = exists().where(LeadList.campaign_id == campaign_id, LeadList.segment_id == segment.id)
    if session.scalar(select(mine)):
        raise BadInput("campaign: a list of it follows this segment already")
    row = LeadList(
        campaign_id=campaign_id, name=segment.name, segment_id=segment.id, state="READY",
        created_by=user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def follow(session: Session, list_id: int, now: datetime) -> Followed:
    """Bring the list to what its segment finds now. Raises BadInput when it follows none."""
    batch = session.get(LeadList, list_id, with_for_update=True)
    segment = session.get(SegmentRow, batch.segment_id or 0) if batch is not None else None
    if batch is None or segment is None:
        raise BadInput(f"list {list_id}: it follows no segment")
    wanted = _of_segment(parsed(segment.criteria), now)
    removed = _remove(session, batch, wanted)
    added = _add(session, batch, wanted, now)
    batch.n_read += added
    batch.n_inserted += added
    batch.finished_at = now
    session.flush()
    return Followed(added, removed)


def due_lists(session: Session, before: datetime, n: int) -> list[int]:
    """Lists that follow a segment, are switched on, and were last brought up `before`."""
    is_due = LeadList.finished_at.is_(None) | (LeadList.finished_at < before)
    due = select(LeadList.id).where(LeadList.segment_id.is_not(None), LeadList.is_active, is_due)
    return list(session.scalars(due.order_by(LeadList.finished_at.nulls_first()).limit(n)))


def _of_segment(wanted: LeadFilter, now: datetime) -> ColumnElement[bool]:
    """Who asked to be forgotten is in no segment."""
    return condition(wanted, now) & (LeadRow.state != LeadState.BLOCKED)


def _add(session: Session, batch: LeadList, wanted: ColumnElement[bool], now: datetime) -> int:
    own = aliased(LeadRow)
    has_it = exists().where(own.campaign_id == batch.campaign_id, own.number == LeadRow.number)
    found = (
        select(
            literal(batch.id), literal(batch.campaign_id), LeadRow.number, LeadRow.other_numbers,
            LeadRow.next_number, LeadRow.left_out, LeadRow.time_zone, LeadRow.place, LeadRow.name,
            LeadRow.fields, literal(LIST_PRIORITY), literal(now),
        )
        .ext(distinct_on(LeadRow.number))
        .where(wanted, ~has_it)
        .order_by(LeadRow.number, LeadRow.last_attempt_at.desc().nulls_last(), LeadRow.id)
    )  # fmt: skip
    names = (
        "list_id", "campaign_id", "number", "other_numbers", "next_number", "left_out",
        "time_zone", "place", "name", "fields", "priority", "due_at",
    )  # fmt: skip
    written = insert(LeadRow).from_select(names, found).on_conflict_do_nothing()
    return _n_rows(session.execute(written))


def _remove(session: Session, batch: LeadList, wanted: ColumnElement[bool]) -> int:
    still = select(LeadRow.number).where(wanted, LeadRow.list_id != batch.id).cte("still")
    untouched = (
        LeadRow.list_id == batch.id,
        LeadRow.state == LeadState.NEW,
        LeadRow.n_attempts == 0,
        LeadRow.number.not_in(select(still.c.number)),
        ~exists().where(LeadSkip.lead_id == LeadRow.id),
        ~exists().where(ArrivalRow.lead_id == LeadRow.id),
    )
    gone = delete(LeadRow).where(*untouched).execution_options(synchronize_session=False)
    return _n_rows(session.execute(gone))


def _n_rows(result: object) -> int:
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
