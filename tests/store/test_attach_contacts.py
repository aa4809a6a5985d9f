"""Lists that were imported are brought to contacts by the worker, once for each import."""

from datetime import UTC, datetime

import pytest
from redis import Redis
from rq import Queue
from sqlalchemy import text
from store_facts import NOON

from dialer.jobs import contacts
from dialer.jobs.context import JobContext, configure
from dialer.jobs.queues import CONTACTS
from dialer.store.tables import LeadList


@pytest.fixture
def here(world, redis_url, tmp_path):
    with Redis.from_url(redis_url) as redis:
        found = JobContext(world.factory, redis, tmp_path, None, lambda: NOON)
        configure(found)
        yield found


def queued(here):
    return [job.args[0] for job in Queue(CONTACTS, connection=here.redis).jobs]


def imported(world, list_id, at=NOON - 100):
    with world.transaction() as session:
        session.get_one(LeadList, list_id).finished_at = datetime.fromtimestamp(at, UTC)


def test_a_list_is_queued_once_until_it_is_attached_and_again_after_the_next_import(world, here):
    world.add_leads(3)
    contacts.queue_unattached(here)
    assert queued(here) == []  # its import has not ended
    imported(world, world.list_id)
    contacts.queue_unattached(here)
    contacts.queue_unattached(here)
    assert queued(here) == [world.list_id]
    Queue(CONTACTS, connection=here.redis).empty()
    contacts.run(world.list_id)
    contacts.queue_unattached(here)
    assert queued(here) == []
    imported(world, world.list_id, NOON + 50)
    contacts.queue_unattached(here)
    assert queued(here) == [world.list_id]


def test_all_leads_have_contacts_afterwards_whatever_the_size_of_a_batch(world, here, monkeypatch):
    monkeypatch.setattr(contacts, "BATCH", 4)
    world.add_leads(10)
    assert contacts.attach(here, world.list_id) == 3
    with world.factory() as session:
        left = text(
            "SELECT count(*) FROM leads l WHERE NOT EXISTS (SELECT FROM identities i"
            " WHERE i.kind = 'PHONE' AND i.value = l.number)"
        )
        assert session.scalar(left) == 0


def test_a_job_that_was_cut_off_is_taken_up_from_the_start(world, here, monkeypatch):
    monkeypatch.setattr(contacts, "BATCH", 4)
    world.add_leads(10)
    with world.transaction() as session:
        contacts.attach_list(session, world.list_id, "", 4)
    contacts.attach(here, world.list_id)
    with world.factory() as session:
        assert session.scalar(text("SELECT count(*) FROM contacts")) == 10
