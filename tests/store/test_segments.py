"""Filters find the leads they describe, lists follow segments, finished leads are recycled."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis
from rq import Queue
from sqlalchemy import select
from store_facts import NOON

from dialer.jobs import segments as job
from dialer.jobs.context import JobContext, configure
from dialer.jobs.queues import SEGMENTS
from dialer.model.errors import BadInput
from dialer.model.lead_filter import ANSWERS, FIELDS, Is, Kind, kind_of, parsed
from dialer.store import contacts, recycling, segments
from dialer.store.instants import instant
from dialer.store.lead_filters import condition
from dialer.store.session import transaction
from dialer.store.tables import ContactRow, LeadList, LeadRow, SegmentRow

NOW = instant(NOON)


@pytest.fixture
def people(world):
    """Five leads of different pasts, by letter."""
    long_ago, lately = NOW - timedelta(days=40), NOW - timedelta(days=2)
    facts = {
        "a": {"state": "DONE", "last_outcome": "BUSY", "n_attempts": 3,
              "last_attempt_at": long_ago},
        "b": {"state": "DONE", "last_outcome": "BUSY", "n_attempts": 9, "last_attempt_at": lately},
        "c": {"state": "DONE", "last_outcome": "HANDLED", "disposition": "REFUSAL",
              "n_attempts": 1, "last_attempt_at": long_ago, "fields": {"ville": "Cotonou"}},
        "d": {"state": "NEW", "name": "Zoé 100%", "fields": {"ville": "Lyon", "age": "41"}},
        "e": {"state": "BLOCKED", "last_outcome": "BUSY", "n_attempts": 3,
              "last_attempt_at": long_ago},
    }  # fmt: skip
    ids = {key: world.add_leads(1, i, **plain)[0] for i, (key, plain) in enumerate(facts.items())}
    return ids


def found(world, people, criteria):
    names = {identity: key for key, identity in people.items()}
    with world.factory() as session:
        rows = session.scalars(select(LeadRow.id).where(condition(parsed(criteria), NOW)))
        return "".join(sorted(names[one] for one in rows))


def asks(field, how, value=None):
    return {"field": field, "is": how, "value": value}


@pytest.mark.parametrize(
    ("criteria", "letters"),
    [
        (asks("last_outcome", "in", ["BUSY"]), "abe"),
        (asks("last_outcome", "empty"), "d"),
        ({"not": asks("last_outcome", "in", ["BUSY"])}, "cd"),
        (asks("disposition", "in", ["REFUSAL"]), "c"),
        (asks("last_attempt", "older_than", 30), "ace"),
        (asks("last_attempt", "younger_than", 30), "b"),
        (asks("last_attempt", "never"), "d"),
        ({"not": asks("last_attempt", "older_than", 30)}, "bd"),
        (asks("n_attempts", "at_most", 3), "acde"),
        (asks("n_attempts", "equals", 9), "b"),
        (asks("name", "contains", "100%"), "d"),
        (asks("name", "contains", "_"), ""),
        (asks("name", "begins", "zoé"), "d"),
        (asks("number", "begins", "+33100000002"), "c"),
        (asks("field:ville", "equals", "Cotonou"), "c"),
        (asks("field:ville", "empty"), "abe"),
        (asks("field:age", "at_least", 40), "d"),
        (asks("field:age", "at_most", 40), ""),
        (asks("field:ville", "at_least", 0), ""),
        (asks("state", "in", ["DONE", "NEW"]), "abcd"),
        ({"all": [asks("state", "in", ["DONE"]), asks("n_attempts", "at_least", 3)]}, "ab"),
        ({"any": [asks("state", "in", ["NEW"]), asks("n_attempts", "at_least", 9)]}, "bd"),
    ],
)  # fmt: skip
def test_a_filter_finds(world, people, criteria, letters):
    assert found(world, people, criteria) == letters


def test_what_was_written_on_the_contact_is_asked_before_what_came_with_the_list(world, people):
    with world.transaction() as session:
        contact_id = contacts.ensure(session, "+33100000003")
        session.get_one(ContactRow, contact_id).fields = {"ville": "Cotonou"}
    assert found(world, people, asks("field:ville", "equals", "Cotonou")) == "cd"
    assert found(world, people, asks("field:ville", "equals", "Lyon")) == ""


HOSTILE = st.one_of(
    st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=40),
    st.text("'\"\\%_;-)(: \n", min_size=1, max_size=20),
)


@st.composite
def checks(draw):
    name = draw(st.sampled_from([*FIELDS]) | HOSTILE.map(lambda key: f"field:{key[:60]}"))
    how = draw(st.sampled_from(sorted(ANSWERS[kind_of(name)])))
    if how in (Is.OLDER_THAN, Is.YOUNGER_THAN):
        return asks(name, str(how), draw(st.floats(0, 36_500)))
    numeric = how in (Is.AT_LEAST, Is.AT_MOST)
    if numeric or kind_of(name) is Kind.COUNT:
        return asks(name, str(how), draw(st.floats(-1e9, 1e9)))
    if how is Is.IN:
        words = st.integers(0, 2**62) if kind_of(name) is Kind.IDENTITY else HOSTILE
        return asks(name, str(how), draw(st.lists(words, min_size=1, max_size=3)))
    return asks(name, str(how), draw(HOSTILE))


@pytest.fixture(scope="session")
def questioned(_factory):
    return _factory


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    criteria=st.recursive(
        checks(),
        lambda t: st.builds(lambda p: {"all": p}, st.lists(t, min_size=1, max_size=3)),
        max_leaves=4,
    )
)
def test_whatever_words_are_asked_the_answer_is_leads(questioned, criteria):
    with transaction(questioned) as session:
        chosen = condition(parsed(criteria), NOW)
        assert session.scalars(select(LeadRow.id).where(chosen).limit(1)).all() is not None


@pytest.fixture
def segment(world):
    def make(criteria, name="Occupés"):
        with world.transaction() as session:
            row = SegmentRow(name=name, criteria=criteria)
            session.add(row)
            session.flush()
            return row.id

    return make


def follower(world, segment_id, campaign_id):
    with world.transaction() as session:
        segment = session.get_one(SegmentRow, segment_id)
        return segments.make_list(session, segment, campaign_id, world.agent_id).id


def followed(world, list_id):
    with world.transaction() as session:
        return segments.follow(session, list_id, NOW)


def numbers(world, list_id):
    with world.factory() as session:
        rows = session.scalars(select(LeadRow.number).where(LeadRow.list_id == list_id))
        return sorted(rows)


def test_a_list_follows_its_segment_into_another_campaign(world, people, segment):
    wanted = asks("last_outcome", "in", ["BUSY"])
    with world.transaction() as session:
        other = world.another_campaign(session).id
        assert segments.count(session, parsed(wanted), NOW) == 2  # one asked to be forgotten
    list_id = follower(world, segment(wanted), other)
    assert followed(world, list_id) == segments.Followed(2, 0)
    assert numbers(world, list_id) == ["+33100000000", "+33100000001"]
    assert followed(world, list_id) == segments.Followed(0, 0)
    with world.transaction() as session:
        session.get_one(LeadRow, people["a"]).last_outcome = "HANDLED"
        session.get_one(LeadRow, people["c"]).last_outcome = "BUSY"
    assert followed(world, list_id) == segments.Followed(1, 1)
    assert numbers(world, list_id) == ["+33100000001", "+33100000002"]


def test_who_was_called_from_the_list_stays_in_it(world, people, segment):
    with world.transaction() as session:
        other = world.another_campaign(session).id
    list_id = follower(world, segment(asks("last_outcome", "in", ["BUSY"])), other)
    followed(world, list_id)
    with world.transaction() as session:
        mine = LeadRow.list_id == list_id
        for row in session.scalars(select(LeadRow).where(mine)):
            row.n_attempts, row.state = 1, "WAITING_RETRY"
        for key in "ab":
            session.get_one(LeadRow, people[key]).last_outcome = "NO_ANSWER"
    assert followed(world, list_id).n_removed == 0 and len(numbers(world, list_id)) == 2


def test_whom_the_campaign_knows_already_is_not_added_again(world, people, segment):
    list_id = follower(world, segment(asks("last_outcome", "in", ["BUSY"])), world.campaign_id)
    assert followed(world, list_id) == segments.Followed(0, 0)


def test_a_campaign_follows_a_segment_once(world, segment):
    segment_id = segment(asks("name", "empty"))
    follower(world, segment_id, world.campaign_id)
    with pytest.raises(BadInput, match="already"):
        follower(world, segment_id, world.campaign_id)


def test_the_worker_brings_lists_up_in_their_turn(world, people, segment, redis_url, tmp_path):
    with world.transaction() as session:
        other = world.another_campaign(session).id
    list_id = follower(world, segment(asks("last_outcome", "in", ["BUSY"])), other)
    with Redis.from_url(redis_url) as redis:
        here = JobContext(world.factory, redis, tmp_path, None, lambda: NOON)
        configure(here)
        job.queue_followers(here)
        (queued,) = Queue(SEGMENTS, connection=redis).jobs
        job.run(*queued.args)
        Queue(SEGMENTS, connection=redis).empty()
        job.queue_followers(here)
        assert Queue(SEGMENTS, connection=redis).jobs == []  # not its turn
        job.run(world.list_id)  # follows none: no fault of the worker's
    assert len(numbers(world, list_id)) == 2
    assert world.get(LeadList, list_id).n_inserted == 2


def test_finished_leads_are_recycled_by_end_age_and_attempts(world, people):
    chosen = recycling.wanted({"BUSY"}, {"REFUSAL"}, 30, 5)
    with world.transaction() as session:
        assert recycling.count(session, world.list_id, chosen, NOW) == 2
        assert recycling.recycle(session, world.list_id, chosen, NOW) == 2
        assert recycling.recycle(session, world.list_id, chosen, NOW) == 0
    for key, state in zip("abcde", ("WAITING_RETRY", "DONE", "WAITING_RETRY", "NEW", "BLOCKED"),
                          strict=True):  # fmt: skip
        assert world.get(LeadRow, people[key]).state == state
    assert world.get(LeadRow, people["a"]).n_attempts == 0


def test_an_outcome_alone_recycles_nobody_of_whom_an_agent_said_something(world, people):
    with world.transaction() as session:
        chosen = recycling.wanted({"HANDLED"}, (), 0, 100)
        assert recycling.recycle(session, world.list_id, chosen, NOW) == 0
