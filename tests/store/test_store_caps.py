"""Caps under any order of events: of a person over all numbers and leads, and of each number."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from store_facts import NOON, World

from dialer.model.outcome import TRAITS, Outcome
from dialer.store import contacts, do_not_call
from dialer.store.tables import AttemptRow, LeadList

HOUR = 3600.0
MOST, WITHIN = 2, 24 * HOUR
OUTCOMES = [
    Outcome.NO_ANSWER, Outcome.BUSY, Outcome.MACHINE, Outcome.ABANDONED, Outcome.CONGESTION,
    Outcome.WRONG_NUMBER, Outcome.HANDLED,
]  # fmt: skip
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), st.integers(1, 4)),
        st.tuples(st.just("dial"), st.integers(0, 3)),
        st.tuples(st.just("close"), st.tuples(st.integers(0, 3), st.sampled_from(OUTCOMES))),
        st.tuples(st.just("wait"), st.sampled_from([60.0, HOUR, 11 * HOUR, WITHIN - 1, WITHIN])),
        st.tuples(st.just("contacts"), st.none()),
        st.tuples(st.just("block"), st.none()),
    ),
    min_size=4, max_size=24,
)  # fmt: skip
_nth = count()


class People:
    """A person on two lists, with another number that stands on a third list as somebody's own."""

    def __init__(self, world):
        self.world, self.now, self.held, self.live = world, NOON, [], {}
        with world.transaction() as session:  # those of the example before are not called any more
            session.execute(update(LeadList).values(is_active=False))
        at = next(_nth) * 10
        self.mine, self.shared, self.second = (f"+3365{at + i:07d}" for i in range(3))
        self.lists = [world.add_list() for _ in range(3)]
        self.lead = self._add(0, self.mine, [self.shared, self.second])
        self.twin = self._add(1, self.mine, [])
        self.other = self._add(2, self.shared, [])

    def _add(self, which, number, others):
        (found,) = self.world.add_leads(
            1, list_id=self.lists[which], number=number, other_numbers=others
        )
        return found

    def claim(self, n):
        self.held += self.world.claim(n, self.now)

    def dial(self, which):
        if self.held:
            lead = self.held.pop(which % len(self.held))
            name = f"{lead.lead_id}-{self.now}"
            self.live |= dict.fromkeys(self.world.open(lead, name, self.now), lead)

    def close(self, chosen):
        which, outcome = chosen
        if self.live:
            name = sorted(self.live)[which % len(self.live)]
            facts = {"ended_at": self.now, "retry_at": self.now + 1.0}
            self.world.close(self.live.pop(name), name, outcome, **facts)

    def wait(self, seconds):
        self.now += seconds

    def contacts(self, _):
        with self.world.transaction() as session:
            for list_id in self.lists:
                contacts.attach_list(session, list_id, "", 100)

    def block(self, _):
        with self.world.transaction() as session:
            do_not_call.add(session, self.second, source="ADMIN")


@pytest.fixture
def capped(session_factory):
    return World(session_factory, cap_most=MOST, cap_within_s=WITHIN, max_attempts=100)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_caps_hold_for_persons_and_numbers_in_whatever_order(capped, steps):
    people = People(capped)
    for step, with_what in steps:
        people.now += 1.0
        getattr(people, step)(with_what)
    with capped.factory() as session:
        mine = AttemptRow.lead_id.in_((people.lead, people.twin, people.other))
        rows = session.scalars(select(AttemptRow).where(mine)).all()
    tries = [one for one in rows if not one.outcome or TRAITS[Outcome(one.outcome)].counts_as_try]
    for number in (people.mine, people.shared, people.second):
        _within_cap([row for row in tries if row.number == number])
    _within_cap([row for row in tries if row.lead_id in (people.lead, people.twin)])
    open_numbers = [row.number for row in rows if row.ended_at is None]
    assert len(open_numbers) == len(set(open_numbers))


def _within_cap(tries):
    """In no stretch of the cap's length more tries than it allows."""
    began = sorted(row.started_at.timestamp() for row in tries)
    for first, beyond in zip(began, began[MOST:], strict=False):
        assert beyond - first >= WITHIN
