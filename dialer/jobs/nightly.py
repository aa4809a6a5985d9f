"""What is done once a night, while few people work: whose term has passed goes.

Each task is safe to run twice and to be cut off in the middle: the next night goes on with it. A
task that fails does not keep the others from running.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from dialer.jobs.api_answers import forget_old_api_answers
from dialer.jobs.context import JobContext, context
from dialer.jobs.pacing_log import delete_old_pacing_minutes
from dialer.jobs.queues import enqueue_nightly
from dialer.jobs.recordings import delete_overdue_recordings, erase_deleted_recordings

log = logging.getLogger(__name__)

BEGINS = timedelta(hours=2)
"""After midnight, UTC."""


def run() -> None:
    """The job."""
    here = context()
    for task in TASKS:
        try:
            log.info("nightly: %s: %d", task.__name__, task(here))
        except (SQLAlchemyError, OSError) as error:
            log.error("nightly: %s failed: %s", task.__name__, error)


def queue_nightly(here: JobContext) -> bool:
    """Queue this night's job unless it was queued already; the worker's loop calls it."""
    night = (datetime.fromtimestamp(here.now(), UTC) - BEGINS).date()
    return enqueue_nightly(here.redis, night.isoformat())


TASKS: tuple[Callable[[JobContext], int], ...] = (
    delete_overdue_recordings,
    erase_deleted_recordings,
    delete_old_pacing_minutes,
    forget_old_api_answers,
)
"""Each answers with how many things it dealt with."""
