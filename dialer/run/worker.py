"""The worker process: an unpatched RQ worker, and a thread that keeps it fed.

Unpatched, because COPY refuses green connections. The outbox of messages is swept here, so that
a message whose enqueueing was lost (a crash between commit and enqueue) is sent all the same;
imported lists are brought to contacts, other lists to what their segments find, an import whose
worker died is gone on with, and the night's work is queued once its hour has come.
"""

import logging
import threading

from redis import RedisError
from rq import SimpleWorker
from sqlalchemy.exc import SQLAlchemyError

from dialer.bus.redis import connection
from dialer.channels.registry import sms_channel
from dialer.jobs.contacts import queue_unattached
from dialer.jobs.context import JobContext, configure
from dialer.jobs.imports.abandoned import queue_abandoned
from dialer.jobs.messages import queue_pending
from dialer.jobs.nightly import queue_nightly
from dialer.jobs.queues import queues
from dialer.jobs.segments import queue_followers
from dialer.run.bootstrap import Services
from dialer.run.clocks import SystemClock
from dialer.store.recording_files import RecordingFiles

log = logging.getLogger(__name__)

SWEEP_EVERY_S = 1.0


def run_worker(found: Services) -> None:
    """Work until SIGTERM; the job in hand is finished first."""
    redis = connection(found.redis_url)
    clock = SystemClock()
    here = JobContext(
        session_factory=found.sessions(),
        redis=redis,
        uploads=found.settings.var_dir / "uploads",
        channel=sms_channel(found.settings),
        now=lambda: clock.now().utc,
        recordings=RecordingFiles(found.settings.recordings),
        recording_days=found.settings.recording_days,
        pacing_log_months=found.settings.pacing_log_months,
    )
    configure(here)
    stopping = threading.Event()
    sweeper = threading.Thread(target=_sweep, args=(stopping, here), daemon=True)
    sweeper.start()
    try:
        SimpleWorker(queues(redis), connection=redis).work(logging_level="WARNING")
    finally:
        stopping.set()
        sweeper.join(SWEEP_EVERY_S * 2)


def _sweep(stopping: threading.Event, here: JobContext) -> None:
    while not stopping.wait(SWEEP_EVERY_S):
        try:
            queue_pending(here)
            queue_unattached(here)
            queue_followers(here)
            queue_nightly(here)
            queue_abandoned(here)
        except (RedisError, SQLAlchemyError) as error:
            log.warning("what is due was not queued: %s", error)
        except Exception:  # this thread must outlive whatever it meets: nothing else sweeps
            log.exception("what is due was not queued")
