"""What the writer passes on once a batch is committed, and to whom."""

from dataclasses import replace

import gevent
import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy import select
from store_facts import NOON

from dialer.model.commands import BlockPerson
from dialer.model.events import AttemptRefused, NumberBlocked
from dialer.model.permit import Permit
from dialer.run.clocks import SystemClock
from dialer.run.effects import Effects
from dialer.run.store_writer import StoreWriter
from dialer.store import contacts
from dialer.store.tables import DoNotCall, Identity


@pytest.fixture
def passed_on():
    return []


@pytest.fixture
def write(world, passed_on):
    """Writes commands as one batch."""
    told = passed_on.append
    writer = StoreWriter(world.factory, told, told, told, lambda: NOON)
    greenlet = gevent.spawn(writer.run)

    def batch(*commands):
        for command in commands:
            writer.submit(command)
        assert writer.flush(5.0) and writer.n_lost == 0

    yield batch
    greenlet.kill()


def test_who_opts_out_by_a_key_is_blocked_at_all_numbers_and_every_dialer_is_told(
    world, write, passed_on
):
    world.add_leads(1)
    lead, mobile = world.dial("a1"), "+33612345678"
    with world.transaction() as session:
        me = contacts.ensure(session, lead.number)
        session.add(Identity(kind="PHONE", value=mobile, contact_id=me))
    write(BlockPerson("a1"))
    with world.factory() as session:
        rows = session.execute(select(DoNotCall.number, DoNotCall.campaign_id, DoNotCall.source))
        assert set(map(tuple, rows)) == {(n, None, "REPLY") for n in (lead.number, mobile)}
    assert set(passed_on) == {NumberBlocked(lead.number), NumberBlocked(mobile)}


@pytest.mark.parametrize("is_away", [False, True])
def test_every_controller_is_told_and_this_one_at_least(world, passed_on, is_away):
    class Bus:
        def tell(self, event):
            if is_away:
                raise RedisConnectionError
            heard.append(event)

    heard = []
    world.add_leads(1)
    lead = world.dial("a1")
    effects = Effects(world.factory, Bus(), {}, passed_on.append, SystemClock(), heard.append)
    greenlet = gevent.spawn(effects.writer.run)
    effects.perform(BlockPerson("a1"))
    assert effects.writer.flush(5.0)
    greenlet.kill()
    told = [NumberBlocked(lead.number)]
    assert (heard, passed_on) == (([], told) if is_away else (told, []))


def test_of_one_batch_what_is_open_is_dialled_and_the_rest_is_refused(world, write, passed_on):
    world.add_leads(3)
    good, late, gone = (world.originate(one, f"a{one.lead_id}") for one in world.claim(3))
    late = replace(late, permit=Permit(late.lead_id, late.number, "FR", NOON - 1.0))
    gone = replace(gone, claim_no=gone.claim_no - 1)
    write(good, late, gone)
    assert [one for one in passed_on if not isinstance(one, AttemptRefused)] == [good]
    refused = {one.attempt_id for one in passed_on if isinstance(one, AttemptRefused)}
    assert refused == {late.attempt_id, gone.attempt_id}
