"""Lists that wait for a worker nobody sends: theirs died, or their job was lost with Redis."""

from sqlalchemy import select

from dialer.jobs.context import JobContext
from dialer.jobs.queues import requeue_import
from dialer.model.call_list import ListState
from dialer.store.call_lists import AT_WORK, is_abandoned
from dialer.store.session import transaction
from dialer.store.tables import LeadList

TASKS = {
    ListState.CHECKING: "run_check",
    ListState.IMPORTING: "run",
    ListState.STOPPING: "run",
    ListState.UNDOING: "run_undo",
}


def queue_abandoned(here: JobContext) -> None:
    """Queue their work again; an import goes on with the batches that are left."""
    with transaction(here.session_factory) as session:
        rows = session.scalars(select(LeadList).where(LeadList.state.in_(AT_WORK))).all()
        left = [row for row in rows if is_abandoned(session, row)]
    for row in left:
        requeue_import(here.redis, row.id, TASKS[ListState(row.state)], here.now())
