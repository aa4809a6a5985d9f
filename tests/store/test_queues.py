"""Jobs are queued once while they wait, and the sweep that queues them outlives what it meets."""

import threading

import pytest
from redis import Redis
from rq.job import Job

from dialer.jobs.queues import enqueue_import, queues
from dialer.run import worker


@pytest.fixture
def redis(redis_url):
    made = Redis.from_url(redis_url, protocol=2)
    yield made
    made.close()


def test_a_job_that_waits_is_not_queued_twice(redis):
    assert [enqueue_import(redis, 7), enqueue_import(redis, 7)] == [True, False]
    assert sum(len(queue) for queue in queues(redis)) == 1


def test_a_job_that_ends_while_it_is_asked_for_is_queued_anew(redis, monkeypatch):
    monkeypatch.setattr(Job, "exists", lambda *_, **__: True)  # as it was a moment before
    assert enqueue_import(redis, 7)


def test_a_sweep_goes_on_after_what_nobody_foresaw(monkeypatch):
    n_rounds, stopping = [], threading.Event()

    def surprised(here):
        n_rounds.append(here)
        if len(n_rounds) == 3:
            stopping.set()
        raise LookupError("none of the errors that were foreseen")

    monkeypatch.setattr(worker, "SWEEP_EVERY_S", 0.001)
    monkeypatch.setattr(worker, "queue_pending", surprised)
    worker._sweep(stopping, None)
    assert len(n_rounds) == 3
