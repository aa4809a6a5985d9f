"""The RQ queues: jobs carry ids only, and one thing has at most one waiting job."""

from redis import Redis
from rq import Queue
from rq.job import Job, JobStatus

IMPORTS = "imports"
MESSAGES = "messages"
IMPORT_LIMIT_S = 3600
WHAT_IF = "what-if"
CONTACTS, SEGMENTS = "contacts", "segments"
CONTACTS_LIMIT_S = 3600
WHY_NOT = "why-not"
NIGHTLY = "nightly"
MESSAGE_LIMIT_S = 60
WHAT_IF_LIMIT_S = 1800
WHY_NOT_LIMIT_S = 1800
NIGHTLY_LIMIT_S = 4 * 3600
NIGHT_KEPT_S = 2 * 86_400
"""How long a night's job is remembered, so that it is queued once."""
ORDER = (MESSAGES, IMPORTS, WHY_NOT, SEGMENTS, CONTACTS, WHAT_IF, NIGHTLY)
JUST_TAKEN_S = 60.0
"""A job that was taken longer ago has its list in hand, or is dead."""
_WAITING = frozenset({JobStatus.QUEUED, JobStatus.STARTED, JobStatus.DEFERRED})


def queues(redis: Redis) -> tuple[Queue, ...]:
    """The queues that a worker serves, the more urgent first."""
    return tuple(Queue(name, connection=redis) for name in ORDER)


def enqueue_import(redis: Redis, list_id: int, task: str = "run") -> bool:
    """Queue what a list waits for: `run`, `run_check` or `run_undo` of jobs.imports.

    False when a job of the list waits or runs already.
    """
    return _enqueue(_imports(redis), f"dialer.jobs.imports.{task}", list_id)


def requeue_import(redis: Redis, list_id: int, task: str, now: float) -> bool:
    """The same for a list that nobody has in hand, whose job may have died with its worker.

    `now`: UTC seconds. False when a job waits, or was taken so short a while ago that its worker
    is about to take the list.
    """
    (known,) = Job.fetch_many([_job_id(_imports(redis), list_id)], connection=redis)
    if known is not None and _is_dead(known, now):
        known.delete()
    return enqueue_import(redis, list_id, task)


def _is_dead(job: Job, now: float) -> bool:
    is_taken = job.get_status(refresh=False) is JobStatus.STARTED
    return is_taken and (job.started_at is None or now - job.started_at.timestamp() > JUST_TAKEN_S)


def _imports(redis: Redis) -> Queue:
    return Queue(IMPORTS, connection=redis, default_timeout=IMPORT_LIMIT_S)


def enqueue_contacts(redis: Redis, list_id: int) -> bool:
    """Queue the attaching of a list's leads to contacts; False when it waits or runs already."""
    return _enqueue(
        Queue(CONTACTS, connection=redis, default_timeout=CONTACTS_LIMIT_S),
        "dialer.jobs.contacts.run",
        list_id,
    )


def enqueue_segment(redis: Redis, list_id: int) -> bool:
    """Queue that a list follows its segment; False when it waits or runs already."""
    return _enqueue(
        Queue(SEGMENTS, connection=redis, default_timeout=CONTACTS_LIMIT_S),
        "dialer.jobs.segments.run",
        list_id,
    )


def enqueue_message(redis: Redis, message_id: int) -> bool:
    """Queue the sending of a message; False when it waits or runs already."""
    return _enqueue(
        Queue(MESSAGES, connection=redis, default_timeout=MESSAGE_LIMIT_S),
        "dialer.jobs.messages.send_message",
        message_id,
    )


def enqueue_what_if(redis: Redis, question_id: int) -> bool:
    """Queue the playing of an hour; False when it waits or runs already."""
    return _enqueue(
        Queue(WHAT_IF, connection=redis, default_timeout=WHAT_IF_LIMIT_S),
        "dialer.jobs.what_if.run",
        question_id,
    )


def enqueue_why_not(redis: Redis, campaign_id: int) -> bool:
    """Queue the counting of why leads are not called; False when it waits or runs already."""
    return _enqueue(
        Queue(WHY_NOT, connection=redis, default_timeout=WHY_NOT_LIMIT_S),
        "dialer.jobs.why_not.run",
        campaign_id,
    )


def enqueue_nightly(redis: Redis, night: str) -> bool:
    """Queue the job of that night (an ISO date); False when it was queued before, run or not."""
    job_id = f"{NIGHTLY}-{night}"
    if Job.exists(job_id, connection=redis):
        return False
    queue = Queue(NIGHTLY, connection=redis, default_timeout=NIGHTLY_LIMIT_S)
    queue.enqueue(
        "dialer.jobs.nightly.run", job_id=job_id, result_ttl=NIGHT_KEPT_S, failure_ttl=NIGHT_KEPT_S
    )
    return True


def _enqueue(queue: Queue, task: str, identity: int) -> bool:
    job_id = _job_id(queue, identity)
    (known,) = Job.fetch_many([job_id], connection=queue.connection)  # in one question: it may end
    if known is not None and known.get_status(refresh=False) in _WAITING:
        return False
    queue.enqueue(task, identity, job_id=job_id, result_ttl=0, failure_ttl=86_400)
    return True


def _job_id(queue: Queue, identity: int) -> str:
    return f"{queue.name}-{identity}"
