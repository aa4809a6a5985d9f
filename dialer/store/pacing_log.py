"""The audit log of pacing: a row for each minute and campaign, its decisions packed in it.

A row is the minute from its first decision on, so a controller that takes over in the middle of a
minute writes a row of its own beside that of the one before.
"""

from collections import Counter
from collections.abc import Sequence
from statistics import fmean

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dialer.model.commands import NotePacing
from dialer.store.instants import instant
from dialer.store.pacing_series import pack
from dialer.store.tables import PacingMinute


def write_minutes(session: Session, minutes: Sequence[NotePacing]) -> None:
    """Add the minutes; one that is there already is left as it is."""
    for minute in minutes:
        row = insert(PacingMinute).values(_values(minute))
        session.execute(row.on_conflict_do_nothing())


def _values(minute: NotePacing) -> dict[str, object]:
    views = [one.view for one in minute.decided]
    counts = minute.counts
    return {
        "campaign_id": minute.campaign_id,
        "begins_at": instant(minute.begins_at),
        "mode": minute.decided[-1].mode,
        "abandon_target": minute.decided[-1].target,
        "n_decisions": len(views),
        "n_dialed": sum(view.n_dialed for view in views),
        "mean_agents": fmean(view.n_agents for view in views),
        "mean_free": fmean(view.n_free for view in views),
        "mean_ringing": fmean(view.n_ringing for view in views),
        "max_waiting": max(view.n_waiting for view in views),
        "max_risk": max(view.risk for view in views),
        "mean_theta": fmean(view.theta for view in views),
        "answer_rate": views[-1].answer_rate,
        "bank": views[-1].bank if abs(views[-1].bank) < float("inf") else 0.0,
        "abandon_rate": minute.abandon_rate,
        "limits": dict(Counter(view.limit for view in views)),
        "n_attempts": counts.n_attempts,
        "n_answered": counts.n_answered,
        "n_bridged": counts.n_bridged,
        "n_live": counts.n_live,
        "n_abandoned": counts.n_abandoned,
        "mean_talk_s": counts.talk_s / counts.n_talks if counts.n_talks else None,
        "mean_wrap_up_s": counts.wrap_up_s / counts.n_wrap_ups if counts.n_wrap_ups else None,
        "mean_ring_s": counts.ring_s / counts.n_answered if counts.n_answered else None,
        "outcomes": dict(counts.outcomes),
        "settings": dict(minute.settings),
        "series": pack(minute.decided),
    }


def minutes_between(
    session: Session, campaign_id: int, since: float, until: float
) -> tuple[PacingMinute, ...]:
    """Minutes of a campaign that began in [since, until), in order, without their series."""
    wanted = select(PacingMinute).where(
        PacingMinute.campaign_id == campaign_id,
        PacingMinute.begins_at >= instant(since),
        PacingMinute.begins_at < instant(until),
    )
    return tuple(session.scalars(wanted.order_by(PacingMinute.begins_at)))


def minute_at(session: Session, campaign_id: int, begins_at: float) -> PacingMinute | None:
    """The minute with that first decision."""
    return session.get(PacingMinute, (campaign_id, instant(begins_at)))


def last_minute(session: Session, campaign_id: int) -> PacingMinute | None:
    """The newest minute of a campaign."""
    mine = select(PacingMinute).where(PacingMinute.campaign_id == campaign_id)
    return session.scalars(mine.order_by(PacingMinute.begins_at.desc()).limit(1)).first()


def delete_minutes(session: Session, before: float, limit: int) -> int:
    """Delete the oldest minutes that began before, `limit` at most; how many."""
    key = (PacingMinute.campaign_id, PacingMinute.begins_at)
    oldest = select(*key).where(PacingMinute.begins_at < instant(before))
    oldest = oldest.order_by(PacingMinute.begins_at).limit(limit)
    gone = delete(PacingMinute).where(tuple_(*key).in_(oldest)).returning(PacingMinute.begins_at)
    return len(session.execute(gone.execution_options(synchronize_session=False)).all())
