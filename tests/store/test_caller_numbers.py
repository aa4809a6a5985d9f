"""Pools of numbers: shown so often a day, the same to the same person, whoever dials."""

from store_facts import NOON

from dialer.model.outcome import Outcome
from dialer.store import attempts, campaigns
from dialer.store.caller_numbers import pool_changed
from dialer.store.instants import instant
from dialer.store.tables import AttemptRow, CallerNumberRow, LeadRow

DAY_S = 86_400.0
NOON_UTC = instant(NOON)
ONE, TWO = "+33162000001", "+33162000002"


def pooled(world, *numbers, most_a_day=2):
    with world.transaction() as session:
        session.add_all(
            CallerNumberRow(number=number, pool="nord", most_a_day=most_a_day) for number in numbers
        )
        campaigns.update_settings(session, world.campaign_id, {"caller_pool": "nord"})


def open_all(world, claimed, now=NOON):
    """Open them in one batch; the numbers shown, in order."""
    with world.transaction() as session:
        wanted = [world.originate(lead, f"{lead.lead_id}-{now}", now) for lead in claimed]
        opened = attempts.open_attempts(session, wanted)
        shown = attempts.caller_ids_of(session, opened)
    return [shown.get(one.attempt_id) for one in wanted]


def test_the_load_is_spread_and_no_number_is_shown_more_often_than_it_may(world):
    pooled(world, ONE, TWO)
    world.add_leads(5)
    claimed = world.claim(5)
    assert open_all(world, claimed) == [ONE, TWO, ONE, TWO, None]
    waiting = world.get(LeadRow, claimed[-1].lead_id)
    assert (waiting.state, waiting.held_for) == ("WAITING_RETRY", "NO_CALLER_ID")
    assert world.claim(5) == ()
    midnight = NOON + DAY_S / 2
    assert open_all(world, world.claim(5, midnight), midnight) == [ONE]


def test_a_number_that_is_added_serves_at_once(world):
    pooled(world, ONE, most_a_day=1)
    world.add_leads(2)
    assert open_all(world, world.claim(2)) == [ONE, None]
    with world.transaction() as session:
        session.add(CallerNumberRow(number=TWO, pool="nord"))
        session.flush()
        pool_changed(session, "nord")
    assert open_all(world, world.claim(1)) == [TWO]


def test_a_person_is_shown_the_same_number_until_it_is_retired(world):
    pooled(world, ONE, TWO, most_a_day=0)
    world.add_leads(1)
    for day, expected in ((0, ONE), (1, ONE)):
        at = NOON + day * DAY_S
        (lead,) = world.claim(1, at)
        assert open_all(world, [lead], at) == [expected]
        world.close(lead, f"{lead.lead_id}-{at}", Outcome.NO_ANSWER, retry_at=at, ended_at=at + 9)
    with world.transaction() as session:
        session.query(CallerNumberRow).filter_by(number=ONE).one().retired_at = NOON_UTC
    at = NOON + 2 * DAY_S
    assert open_all(world, world.claim(1, at), at) == [TWO]


def test_calls_to_a_retired_number_are_still_the_campaigns(world):
    pooled(world, ONE, TWO)
    with world.transaction() as session:
        session.query(CallerNumberRow).filter_by(number=ONE).one().retired_at = NOON_UTC
        assert campaigns.get_campaign(session, world.campaign_id).caller_ids == (ONE, TWO)
    world.add_leads(1)
    lead = world.dial()
    assert world.get(AttemptRow, "a1").caller_id == TWO and lead is not None
