"""Leads to contacts, in the background: an import is not kept waiting for it.

A list is behind when it was imported after its leads were last attached; one that follows a segment
holds only persons of other lists. Each batch is a
transaction of its own, so that whoever dials meanwhile waits for none, and a job that is cut off
is taken up again from the start: what is attached already costs a look.
"""

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from dialer.jobs.context import JobContext, context
from dialer.jobs.queues import enqueue_contacts
from dialer.store.contacts import attach_list
from dialer.store.instants import instant
from dialer.store.session import transaction
from dialer.store.tables import LeadList

BATCH = 10_000
LISTS_AT_ONCE = 20


def run(list_id: int) -> None:
    """The job."""
    attach(context(), list_id)


def attach(here: JobContext, list_id: int) -> int:
    """Bring all leads of the list to contacts; in how many batches."""
    began, after, n_batches = here.now(), "", 0
    while True:
        with transaction(here.session_factory) as session:
            reached = attach_list(session, list_id, after, BATCH)
            if reached is None:
                mine = update(LeadList).where(LeadList.id == list_id)
                session.execute(mine.values(attached_at=instant(began)))
                return n_batches
        after, n_batches = reached, n_batches + 1


def queue_unattached(here: JobContext) -> None:
    """Queue the lists that are behind; the worker's loop calls it."""
    with transaction(here.session_factory) as session:
        behind = _behind(session)
    for list_id in behind:
        enqueue_contacts(here.redis, list_id)


def _behind(session: Session) -> list[int]:
    is_behind = or_(LeadList.attached_at.is_(None), LeadList.attached_at < LeadList.finished_at)
    imported = (LeadList.finished_at.is_not(None), LeadList.segment_id.is_(None))
    lists = select(LeadList.id).where(*imported, is_behind)
    return list(session.scalars(lists.order_by(LeadList.id).limit(LISTS_AT_ONCE)))
