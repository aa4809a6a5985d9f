"""In which order leads are claimed, by which claim they are dialled, one call for a person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from store_facts import NOON, World

from dialer.model.campaign import LeadOrder
from dialer.store import campaigns, contacts, leads, merging
from dialer.store.session import transaction
from dialer.store.tables import AttemptRow, CampaignRow, LeadList, LeadRow


def order(world, lead_order):
    with world.transaction() as session:
        session.get_one(CampaignRow, world.campaign_id).lead_order = lead_order


def standing(world, list_id, **facts):
    with world.transaction() as session:
        row = session.get_one(LeadList, list_id)
        for name, value in facts.items():
            setattr(row, name, value)


def test_a_list_of_higher_priority_goes_first_and_a_callback_before_it(world):
    ordinary = world.add_leads(2)
    other = world.add_list(priority=30)
    preferred = world.add_leads(2, 10, list_id=other)
    callback = world.add_leads(1, 20, state="CALLBACK", priority=10)
    claimed = [lead.lead_id for lead in world.claim(5)]
    assert claimed[:1] == callback
    assert set(claimed[1:3]) == set(preferred) and set(claimed[3:]) == set(ordinary)


def test_newest_first(world):
    ids = [world.add_leads(1, i, due_at=NOON - 100 + i)[0] for i in range(4)]
    order(world, LeadOrder.NEWEST)
    assert [lead.lead_id for lead in world.claim(3)] == ids[:0:-1]


def test_by_weight_each_list_gives_its_share_and_the_rest_fill_up(world):
    heavy, light = world.list_id, world.add_list()
    world.add_leads(40)
    world.add_leads(40, 100, list_id=light)
    standing(world, heavy, weight=3)
    order(world, LeadOrder.WEIGHTED)
    from_heavy = [lead.list_id for lead in world.claim(20)].count(heavy)
    assert from_heavy == 15
    assert len(world.claim(60)) == 60  # a list that is used up holds nobody up


def test_random_order_mixes_the_whole_list_and_loses_nobody(world):
    world.add_leads(400)
    order(world, LeadOrder.RANDOM)
    with world.transaction() as session:
        session.execute(text("UPDATE leads SET due_at = now() - interval '1 minute'"))
        assert contacts.attach_list(session, world.list_id, "", 1000) is not None
        now = session.scalar(text("SELECT extract(epoch FROM now())"))
    first = [lead.lead_id for lead in world.claim(100, float(now))]
    halves = sum(1 for lead_id in first if lead_id <= 200)
    assert 25 <= halves <= 75
    rest = [lead.lead_id for lead in world.claim(400, float(now))]
    assert len(first) + len(rest) == 400 == len({*first, *rest})


def test_switching_to_random_sends_the_worker_over_the_lists_again(world):
    standing(world, world.list_id, attached_at=leads.NEVER)
    with world.transaction() as session:
        campaigns.update_settings(session, world.campaign_id, {"lead_order": "RANDOM"})
    assert world.get(LeadList, world.list_id).attached_at is None


def test_a_lead_is_dialled_by_its_last_claim_only(world):
    world.add_leads(1)
    (stale,) = world.claim(1)
    with world.transaction() as session:
        assert leads.reclaim_expired(session, NOON + 1000) == 1
    (held,) = world.claim(1, NOON + 1000)
    assert held.lead_id == stale.lead_id and held.claim_no > stale.claim_no
    assert world.open(stale, "late", NOON + 1001) == set()
    assert world.open(held, "own", NOON + 1001) == {"own"}


def test_a_person_with_two_numbers_is_in_one_call(world):
    world.add_leads(2)
    with world.transaction() as session:
        both = [contacts.ensure(session, f"+3310000000{i}") for i in (0, 1)]
        merging.merge(session, *both, None)
    first, second = world.claim(2)
    assert world.open(first, "a1") == {"a1"}
    assert world.open(second, "a2") == set()
    with world.factory() as session:
        assert session.scalars(select(AttemptRow.contact_id)).all() == [both[0]]
    other = world.add_list()
    world.add_leads(1, 1, list_id=other)
    assert world.claim(5) == ()  # the person is in a call


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "open", "lapse", "crash", "close", "merge", "unmerge"]),
        st.integers(0, 3),
    ),
    max_size=14,
)


@pytest.fixture(scope="session")
def new_world(_factory):
    """Three leads of one number (a callback, a hot lead, a recycled one) and one of another."""

    def make():
        with transaction(_factory) as session:
            every = session.scalar(
                text("SELECT string_agg(tablename, ',') FROM pg_tables"
                     " WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
            )  # fmt: skip
            session.execute(text(f"TRUNCATE {every} RESTART IDENTITY CASCADE"))
        world = World(_factory, min_gap_s=0.0, max_attempts=100, rule_set="ANY")
        world.add_leads(1, state="CALLBACK", priority=10)
        world.add_leads(1, list_id=world.add_list(), priority=20)
        world.add_leads(1, list_id=world.add_list(), state="WAITING_RETRY")
        world.add_leads(1, 1)
        with world.transaction() as session:
            both = [contacts.ensure(session, f"+3310000000{i}") for i in (0, 1)]
        return world, both

    return make


class Floor:
    """What one or several controllers do, whatever they believe; `live`: calls by identity."""

    def __init__(self, world, both):
        self.world, self.both, self.now = world, both, NOON
        self.held, self.live, self.merge_id = [], {}, None

    def claim(self, which):
        self.held += self.world.claim(which + 1, self.now)

    def open(self, which):
        if self.held:
            lead, name = self.held[which % len(self.held)], f"a{self.now}"
            self.live |= dict.fromkeys(self.world.open(lead, name, self.now), lead)

    def lapse(self, which):
        self.now += 400.0
        with self.world.transaction() as session:
            leads.reclaim_expired(session, self.now)

    def crash(self, which):
        with self.world.transaction() as session:
            leads.release_all(session, self.world.campaign_id)

    def close(self, which):
        if self.live:
            name = sorted(self.live)[which % len(self.live)]
            self.world.close(self.live.pop(name), name, ended_at=self.now)

    def merge(self, which):
        if not self.live and self.merge_id is None:
            with self.world.transaction() as session:
                self.merge_id = merging.merge(session, *self.both, None).id

    def unmerge(self, which):
        if not self.live and self.merge_id is not None:
            with self.world.transaction() as session:
                merging.unmerge(session, self.merge_id, None)
            self.merge_id = None


@settings(max_examples=20, deadline=None)
@given(steps=STEPS)
def test_whatever_claims_lapses_and_crashes_come_nobody_is_in_two_calls(new_world, steps):
    floor = Floor(*new_world())
    for step, which in steps:
        floor.now += 1.0
        getattr(floor, step)(which)
        _check(floor.world, len(floor.live), floor.merge_id is not None)


def _check(world, n_live, is_one_person):
    with world.factory() as session:
        open_now = session.scalars(select(AttemptRow).where(AttemptRow.ended_at.is_(None))).all()
        assert len(open_now) == n_live
        assert len({attempt.number for attempt in open_now}) == n_live
        if is_one_person:
            assert n_live <= 1
        held = session.scalars(select(LeadRow.id).where(LeadRow.state == "DIALING")).all()
        assert sorted(held) == sorted(attempt.lead_id for attempt in open_now)
