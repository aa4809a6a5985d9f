"""The RQ queues: jobs carry ids only, and one thing has at most one waiting job."""

from redis import Redis
from rq import Queue
from rq.job import Job, JobStatus

IMPORTS = "imports"
MESSAGES = "messages"
IMPORT_LIMIT_S = 3600
MESSAGE_LIMIT_S = 60
_WAITING = frozenset({JobStatus.QUEUED, JobStatus.STARTED, JobStatus.DEFERRED})


def queues(redis: Redis) -> tuple[Queue, ...]:
    """The queues that a worker serves, the more urgent first."""
    return Queue(MESSAGES, connection=redis), Queue(IMPORTS, connection=redis)


def enqueue_import(redis: Redis, list_id: int) -> bool:
    """Queue the import of a list; False when it waits or runs already."""
    return _enqueue(
        Queue(IMPORTS, connection=redis, default_timeout=IMPORT_LIMIT_S),
        "dialer.jobs.imports.run",
        list_id,
    )


def enqueue_message(redis: Redis, message_id: int) -> bool:
    """Queue the sending of a message; False when it waits or runs already."""
    return _enqueue(
        Queue(MESSAGES, connection=redis, default_timeout=MESSAGE_LIMIT_S),
        "dialer.jobs.messages.send_message",
        message_id,
    )


def _enqueue(queue: Queue, task: str, identity: int) -> bool:
    job_id = f"{queue.name}-{identity}"
    known = Job.exists(job_id, connection=queue.connection)
    if known and Job.fetch(job_id, connection=queue.connection).get_status() in _WAITING:
        return False
    queue.enqueue(task, identity, job_id=job_id, result_ttl=0, failure_ttl=86_400)
    return True
