"""Finished leads made dialable again: by outcome, age and attempts, or any other filter.

Their tries begin anew; what was tried stays in the history, and the law counts by that and not by
the lead. Who may not be called is not called for being recycled: the claim asks as always.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from dialer.model.lead import LEAD_MACHINE, LeadState, LeadTrigger
from dialer.model.lead_filter import Check, Either, Every, Is, LeadFilter
from dialer.store.lead_filters import condition
from dialer.store.tables import LeadRow

_RECYCLED = LEAD_MACHINE.step(LeadState.DONE, LeadTrigger.RECYCLE)


def wanted(
    outcomes: Collection[str], dispositions: Collection[str], older_than_days: float,
    most_attempts: float,
) -> LeadFilter:  # fmt: skip
    """Leads that ended in one of these ways, so long ago, after so many attempts at most.

    A disposition says more than the outcome: HANDLED alone means that nothing was said.
    """
    ends: list[LeadFilter] = []
    if outcomes:
        said_nothing = Check("disposition", Is.EMPTY, None)
        ends.append(Every((Check("last_outcome", Is.IN, tuple(sorted(outcomes))), said_nothing)))
    if dispositions:
        ends.append(Check("disposition", Is.IN, tuple(sorted(dispositions))))
    return Every(
        (
            Either(tuple(ends)),
            Check("last_attempt", Is.OLDER_THAN, older_than_days),
            Check("n_attempts", Is.AT_MOST, most_attempts),
        )
    )


def count(session: Session, list_id: int, chosen: LeadFilter, now: datetime) -> int:
    """How many leads of the list would be recycled."""
    mine = (LeadRow.list_id == list_id, LeadRow.state == LeadState.DONE)
    found = select(func.count()).select_from(LeadRow).where(*mine, condition(chosen, now))
    return session.scalar(found) or 0


def recycle(session: Session, list_id: int, chosen: LeadFilter, now: datetime) -> int:
    """Recycle the leads of the list that the filter finds; how many."""
    mine = (LeadRow.list_id == list_id, LeadRow.state == LeadState.DONE)
    changed = (
        update(LeadRow)
        .where(*mine, condition(chosen, now))
        .values(state=_RECYCLED, due_at=now, n_tries=0, n_attempts=0, callback_agent_id=None)
        .returning(LeadRow.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(changed).all())
