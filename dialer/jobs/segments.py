"""Lists that follow segments, kept up to date in the background."""

import logging

from sqlalchemy import text

from dialer.jobs.context import JobContext, context
from dialer.jobs.queues import enqueue_segment
from dialer.model.errors import BadInput
from dialer.store import segments
from dialer.store.instants import instant
from dialer.store.session import transaction

log = logging.getLogger(__name__)

FOLLOW_EVERY_S = 300.0
LISTS_AT_ONCE = 20


def run(list_id: int) -> None:
    """The job; a list or segment that is gone meanwhile is no fault."""
    try:
        follow(context(), list_id)
    except BadInput as fault:
        log.warning("list=%d does not follow its segment: %s", list_id, fault)


def follow(here: JobContext, list_id: int) -> segments.Followed:
    """Bring a list to what its segment finds now."""
    with transaction(here.session_factory) as session:
        session.execute(text("SET LOCAL statement_timeout = '30min'"))
        changed = segments.follow(session, list_id, instant(here.now()))
    log.info("list=%d added=%d removed=%d", list_id, changed.n_added, changed.n_removed)
    return changed


def queue_followers(here: JobContext) -> None:
    """Queue the lists whose turn it is; the worker's loop calls it."""
    with transaction(here.session_factory) as session:
        due = segments.due_lists(session, instant(here.now() - FOLLOW_EVERY_S), LISTS_AT_ONCE)
    for list_id in due:
        enqueue_segment(here.redis, list_id)
