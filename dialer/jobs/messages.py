"""Sending fallback messages: one job for each, and the sweep that puts due ones into the queue.

Exactly once in effect: the row is locked while the provider is asked and carries the outcome; a
job that runs twice, or a worker that dies in between, finds the state or repeats the same
idempotency key. The jobs of RQ may be lost with Redis: the sweep finds the rows again.
"""

from dialer.channels.base import Channel, OutgoingMessage, SendFailed
from dialer.jobs.context import JobContext, context
from dialer.jobs.queues import enqueue_message
from dialer.store.messages import (
    DO_NOT_CALL,
    due_messages,
    mark_failed,
    mark_sent,
    may_be_sent,
    postpone,
    take_message,
)
from dialer.store.session import transaction
from dialer.store.tables import MessageRow

MAX_SENDS = 6
FIRST_PAUSE_S = 30.0
"""Pause after the first failed send; each further one is four times longer, to 8.5 hours."""
SWEEP_LIMIT = 500


def send_message(message_id: int) -> None:
    """The job: hand one message over, or set the time of the next try."""
    here = context()
    if here.channel is None:
        return
    now = here.now()
    with transaction(here.session_factory) as session:
        message = take_message(session, message_id, now)
        if message is None:
            return
        if not may_be_sent(session, message):
            mark_failed(message, DO_NOT_CALL)
            return
        _send(here.channel, message, now)


def queue_pending(here: JobContext) -> int:
    """Queue a job for each message that is due; how many. The worker's loop calls it.

    A message whose job still waits is not queued twice: the job's identity is the message's.
    """
    if here.channel is None:
        return 0
    with transaction(here.session_factory) as session:
        waiting = due_messages(session, here.now(), SWEEP_LIMIT)
    return sum(enqueue_message(here.redis, message_id) for message_id in waiting)


def idempotency_key(message: MessageRow) -> str:
    """The same for every try of the message, and for no other message."""
    return f"relance-{message.attempt_id}-{message.id}"


def _send(channel: Channel, message: MessageRow, now: float) -> None:
    outgoing = OutgoingMessage(idempotency_key(message), message.number, message.text)
    try:
        mark_sent(message, channel.send(outgoing), now)
    except SendFailed as failure:
        if failure.is_retryable and message.n_sends + 1 < MAX_SENDS:
            postpone(message, str(failure), now + FIRST_PAUSE_S * 4**message.n_sends)
        else:
            mark_failed(message, str(failure))
