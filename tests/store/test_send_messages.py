"""Sending: against a real HTTP server, once in effect, with bounded retries."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from redis import Redis
from rq import SimpleWorker
from sqlalchemy import select, text
from store_facts import NOON, World

from dialer.channels.base import OutgoingMessage, SendFailed
from dialer.channels.sms_http import SmsHttp, SmsTemplate
from dialer.jobs import messages
from dialer.jobs.context import JobContext, configure
from dialer.jobs.queues import enqueue_import, queues
from dialer.model.message import MessageTrigger
from dialer.model.outcome import Outcome
from dialer.store.messages import note_report
from dialer.store.tables import LeadList, MessageRow


class Provider(ThreadingHTTPServer):
    """Answers with the statuses given, the last one for ever; remembers what it was sent."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.statuses, self.received, self.lock = [200], [], threading.Lock()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/sms"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            status = self.server.statuses[0]
            if len(self.server.statuses) > 1:
                self.server.statuses.pop(0)
            self.server.received.append((dict(self.headers), body))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps({"id": f"p{len(self.server.received)}"}).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def provider():
    with Provider() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def sms(provider):
    channel = SmsHttp(SmsTemplate(provider.url, "secret"))
    yield channel
    channel.close()


@pytest.fixture
def here(session_factory, sms, redis_url, tmp_path):
    """Surroundings of the jobs, with a clock that the test sets."""
    clock = [NOON + 3600]
    with Redis.from_url(redis_url) as redis:
        made = JobContext(session_factory, redis, tmp_path, sms, lambda: clock[0])
        made_clock = clock
        configure(made)
        yield made, made_clock


@pytest.fixture
def message_id(session_factory, here):
    world = World(session_factory, message_template="Bonjour {{ name }}")
    world.add_leads(1)
    world.close(world.dial(), outcome=Outcome.NO_ANSWER, sends_message=True)
    with session_factory() as session:
        return session.scalars(select(MessageRow.id)).one()


def stored(here):
    with here[0].session_factory() as session:
        return session.scalars(select(MessageRow)).one()


def test_message_goes_out_once_with_key_and_token(here, provider, message_id):
    for _ in range(3):
        messages.send_message(message_id)
    ((headers, body),) = provider.received
    assert body == {"to": "+33100000000", "text": "Bonjour Personne 0"}
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Idempotency-Key"] == f"relance-a1-{message_id}"
    row = stored(here)
    assert (row.state, row.provider_id, row.n_sends) == ("SENT", "p1", 1)


def test_many_workers_at_once_send_it_once(here, provider, message_id):
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(messages.send_message, [message_id] * 12))
    assert len(provider.received) == 1


def test_passing_failure_is_tried_again_later_with_the_same_key(here, provider, message_id):
    provider.statuses = [503, 429, 200]
    messages.send_message(message_id)
    messages.send_message(message_id)
    assert len(provider.received) == 1 and stored(here).error == "HTTP 503"
    for pause in (30, 120):
        here[1][0] += pause
        messages.send_message(message_id)
    assert stored(here).state == "SENT" and stored(here).n_sends == 3
    assert len({headers["Idempotency-Key"] for headers, _ in provider.received}) == 1


def test_retries_are_bounded(here, provider, message_id):
    provider.statuses = [500]
    for _ in range(20):
        here[1][0] += 86_400
        messages.send_message(message_id)
    assert stored(here).state == "FAILED" and len(provider.received) == messages.MAX_SENDS


def test_refusal_is_final(here, provider, message_id):
    provider.statuses = [422]
    messages.send_message(message_id)
    assert (stored(here).state, stored(here).error) == ("FAILED", "HTTP 422")


def test_number_blocked_since_gets_no_message(here, provider, message_id):
    with here[0].session_factory.begin() as session:
        session.execute(text("INSERT INTO do_not_call (number, source) VALUES"
                             " ('+33100000000', 'REPLY')"))  # fmt: skip
    messages.send_message(message_id)
    assert (stored(here).state, stored(here).error) == ("FAILED", "do not call")
    assert provider.received == []


def test_provider_out_of_reach_is_a_passing_failure(provider):
    channel = SmsHttp(SmsTemplate("http://127.0.0.1:9/sms", "secret"))
    with pytest.raises(SendFailed) as failed:
        channel.send(OutgoingMessage("k", "+33100000000", "x"))
    channel.close()
    assert failed.value.is_retryable


def test_sweep_queues_due_messages_and_a_worker_sends_them(here, provider, message_id):
    assert messages.queue_pending(here[0]) == 1
    assert messages.queue_pending(here[0]) == 0
    worker = SimpleWorker(queues(here[0].redis), connection=here[0].redis)
    worker.work(burst=True, logging_level="WARNING")
    assert stored(here).state == "SENT"
    assert messages.queue_pending(here[0]) == 0


def test_import_job_reads_the_upload_and_a_bad_file_does_not_fail_the_job(here, session_factory):
    world = World(session_factory)
    good, bad = (world.add_list(state="UPLOADED") for _ in range(2))
    (here[0].uploads / str(good)).write_text("Tel\n0612345678\n")
    (here[0].uploads / str(bad)).write_text("Ville\nLyon\n")
    assert enqueue_import(here[0].redis, good) and not enqueue_import(here[0].redis, good)
    enqueue_import(here[0].redis, bad)
    worker = SimpleWorker(queues(here[0].redis), connection=here[0].redis)
    worker.work(burst=True, logging_level="WARNING")
    assert world.get(LeadList, good).n_inserted == 1
    assert world.get(LeadList, bad).state == "FAILED"
    assert queues(here[0].redis)[1].failed_job_registry.count == 0


@pytest.mark.parametrize(
    ("reports", "state"),
    [
        (["DELIVRD"], "DELIVERED"),
        (["SENT", "UNDELIV", "DELIVERED"], "DELIVERED"),
        (["DELIVERED", "FAILED"], "DELIVERED"),
        (["REJECTD", "REJECTD"], "FAILED"),
    ],
)
def test_delivery_reports_come_in_any_order(here, sms, message_id, reports, state):
    messages.send_message(message_id)
    for status in reports:
        report = sms.parse_delivery_report({"id": "p1", "status": status})
        with here[0].session_factory.begin() as session:
            note_report(session, report.provider_id, report.trigger, report.detail, NOON)
    assert stored(here).state == state


def test_report_of_an_unknown_message_changes_nothing(session):
    assert not note_report(session, "nobody", MessageTrigger.DELIVER, "", NOON)
