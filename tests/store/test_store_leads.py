"""Claims: who may have which lead, in which order, for how long, and at which cost."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from sqlalchemy import select, text
from store_facts import NOON

from dialer.model.commands import NoteSkip
from dialer.model.lead import LeadState
from dialer.model.permit import Refusal, RefusalReason
from dialer.model.preview import SkipReason
from dialer.store import campaigns, claims, do_not_call, leads
from dialer.store.instants import instant
from dialer.store.tables import DoNotCall, LeadRow, LeadSkip
from dialer.store.verdict import parameters


def states(world):
    with world.factory() as session:
        return dict(session.execute(text("SELECT id, state FROM leads ORDER BY id")).all())


def test_claim_takes_due_leads_by_priority_then_due_time(world):
    later, sooner = world.add_leads(1, due_at=NOON - 10), world.add_leads(1, 1, due_at=NOON - 20)
    first = world.add_leads(1, 2, priority=10, state="CALLBACK", due_at=NOON - 1)
    world.add_leads(1, 3, due_at=NOON + 1)
    claimed = world.claim(10)
    assert [lead.lead_id for lead in claimed] == [*first, *sooner, *later]
    assert [lead.is_callback for lead in claimed] == [True, False, False]
    assert claimed[1].time_zone == "Europe/Paris" and claimed[1].name == "Personne 1"


def test_claim_leaves_alone_what_may_not_be_dialled(world):
    world.add_leads(4)
    off, failed = world.add_list(is_active=False), world.add_list(state="FAILED")
    world.add_leads(1, 10, list_id=off)
    world.add_leads(1, 11, list_id=failed)
    for i, state in enumerate(("CLAIMED", "DIALING", "DONE", "BLOCKED")):
        world.add_leads(1, 20 + i, state=state, claimed_until=None)
    with world.transaction() as session:
        session.execute(
            text("INSERT INTO do_not_call (number, campaign_id, source) VALUES"
                 " ('+33100000000', NULL, 'ADMIN'), ('+33100000001', :mine, 'ADMIN')"),
            {"mine": world.campaign_id},
        )  # fmt: skip
    assert {lead.number for lead in world.claim(10)} == {"+33100000002", "+33100000003"}


def test_claim_passes_over_a_number_that_is_being_called_from_another_list(world):
    world.add_leads(1)
    world.dial()
    other = world.add_list()
    world.add_leads(2, list_id=other)
    assert [lead.number for lead in world.claim(10)] == ["+33100000001"]


def test_two_claimers_at_once_never_get_the_same_lead(world):
    world.add_leads(400)

    def claim_all(_):
        got = []
        while batch := world.claim(7):
            got += [lead.lead_id for lead in batch]
        return got

    with ThreadPoolExecutor(4) as pool:
        claims = [lead for got in pool.map(claim_all, range(4)) for lead in got]
    assert len(claims) == len(set(claims)) == 400


def test_released_lead_is_due_again_at_the_time_given(world):
    (lead,) = world.add_leads(1) and world.claim()
    with world.transaction() as session:
        assert leads.release(session, [lead.lead_id], NOON + 100) == 1
        assert leads.release(session, [lead.lead_id], NOON + 900) == 0
    assert world.claim(1, NOON + 99) == ()
    assert len(world.claim(1, NOON + 100)) == 1


def test_released_callback_stays_a_callback(world):
    world.add_leads(1, state="CALLBACK", priority=10)
    (lead,) = world.claim()
    with world.transaction() as session:
        leads.release(session, [lead.lead_id], NOON)
    assert world.claim()[0].is_callback


def test_lead_released_with_a_refusal_is_held_until_that_ends_and_due_as_before(world):
    (lead,) = world.add_leads(1) and world.claim()
    with world.transaction() as session:
        refusal = Refusal(RefusalReason.TOO_SOON, NOON + 500)
        leads.release(session, [lead.lead_id], NOON, refusal=refusal)
    row = world.get(LeadRow, lead.lead_id)
    assert (row.state, row.held_for, row.due_at) == (
        "WAITING_RETRY",
        "TOO_SOON",
        instant(NOON - 60),
    )
    assert world.claim(1, NOON + 499) == () and len(world.claim(1, NOON + 500)) == 1


def test_lead_released_for_a_reason_without_an_end_waits_for_the_rules_to_change(world):
    (lead,) = world.add_leads(1) and world.claim()
    with world.transaction() as session:
        refusal = Refusal(RefusalReason.TOO_MANY_ATTEMPTS)
        leads.release(session, [lead.lead_id], NOON, refusal=refusal)
    assert world.claim(1, NOON + 1e7) == ()
    with world.transaction() as session:
        campaigns.update_settings(session, world.campaign_id, {"max_attempts": 9})
    assert len(world.claim(1, NOON)) == 1


def test_expired_lease_gives_the_lead_back_but_not_while_an_attempt_is_open(world):
    world.add_leads(2)
    dialled = world.dial()
    (held,) = world.claim()
    with world.transaction() as session:
        session.execute(text("UPDATE leads SET state = 'CLAIMED', claimed_until = now()"
                             " WHERE id = :id"), {"id": dialled.lead_id})  # fmt: skip
        assert leads.reclaim_expired(session, NOON + 299) == 0
        session.execute(text("UPDATE leads SET claimed_until = to_timestamp(:t)"), {"t": NOON})
        assert leads.reclaim_expired(session, NOON + 301) == 1
    assert states(world) == {held.lead_id: "WAITING_RETRY", dialled.lead_id: "CLAIMED"}


def test_release_all_frees_what_a_dead_controller_held(world):
    world.add_leads(3)
    world.claim(2)
    with world.transaction() as session:
        assert leads.release_all(session, world.campaign_id) == 2
    assert len(world.claim(10)) == 3


def test_counts_by_state_and_due(world):
    world.add_leads(3)
    world.add_leads(1, 5, due_at=NOON + 10)
    world.add_leads(2, 7, state="DONE")
    with world.factory() as session:
        counts = leads.lead_counts(session, world.campaign_id, NOON)
    assert counts.by_state == {LeadState.NEW: 4, LeadState.DONE: 2}
    assert (counts.n_total, counts.n_due) == (6, 3)


def test_do_not_call_entry_keeps_the_leads_of_the_number_back_until_it_is_taken_out(world):
    (lead_id,) = world.add_leads(1)
    with world.transaction() as session:
        assert do_not_call.add(session, "+33100000000", source="ADMIN")
        assert not do_not_call.add(session, "+33100000000", source="ADMIN")
        assert do_not_call.is_listed(session, "+33100000000", 99)
    assert world.claim() == () and world.get(LeadRow, lead_id).held_for == "DO_NOT_CALL"
    with world.transaction() as session:
        assert do_not_call.remove(session, "+33100000000")
        assert not do_not_call.is_listed(session, "+33100000000")
    assert [lead.lead_id for lead in world.claim()] == [lead_id]


def test_two_claims_at_once_share_the_leads_of_one_place(world):
    """The second finds the first ones taken, and looks further in place of waiting for them."""
    world.add_leads(40)
    with world.transaction() as early, world.transaction() as late:
        first = claims.claim(early, world.campaign_id, 15, 300.0, NOON)
        second = claims.claim(late, world.campaign_id, 15, 300.0, NOON)
    third = world.claim(15)
    assert [len(some) for some in (first, second, third)] == [15, 15, 10]
    assert len({lead.lead_id for lead in (*first, *second, *third)}) == 40


def test_claim_reads_few_pages_however_many_leads_wait(world):
    """40,000 leads, of them 10,000 future callbacks in front: the claim touches some hundreds."""
    with world.transaction() as session:
        session.execute(
            text("""
            INSERT INTO leads (list_id, campaign_id, number, time_zone, name, fields, state,
                               priority, due_at, n_attempts, n_tries)
            SELECT :list, :campaign, '+33' || 100000000 + i, 'Europe/Paris', '', '{}',
                   CASE WHEN i % 4 = 0 THEN 'CALLBACK' ELSE 'NEW' END,
                   CASE WHEN i % 4 = 0 THEN 10 ELSE 50 END,
                   to_timestamp(:now + CASE WHEN i % 4 = 0 THEN 3600 ELSE -60 END), 0, 0
            FROM generate_series(1, 40000) AS i"""),
            {"list": world.list_id, "campaign": world.campaign_id, "now": NOON},
        )
    fresh = claim_pages(world)
    with world.transaction() as session:
        session.execute(text("ANALYZE leads"))
    assert max(fresh, claim_pages(world)) < 400


def claim_pages(world):
    """Pages that finding 200 leads reads."""
    with world.transaction() as session:
        session.execute(claims._STEADY)
        campaign = campaigns.get_campaign(session, world.campaign_id)
        places = claims.places_of(session, world.campaign_id)
        zones = {place.zone for place in places}
        plan = session.execute(
            text("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + claims._CLAIMS["PRIORITY"].text),
            parameters(campaign, zones, NOON, has_own_agent=True)
            | claims.as_columns(places)
            | {"n": 200, "n_seen": 200, "n_looked": 200, "until": instant(NOON),
               "callback_priority": 10, "claim_no": 1},
        ).scalar_one()  # fmt: skip
        session.rollback()
    find = next(p for p in _nodes(plan[0]["Plan"]) if p.get("Subplan Name") == "CTE waiting")
    walk = next(p for p in _nodes(find) if p.get("Index Name") == "ix_leads_due")
    assert walk["Node Type"] == "Index Only Scan"
    return find["Shared Hit Blocks"] + find["Shared Read Blocks"]


def _nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


# --- leads that agents choose --------------------------------------------------------------------


def choose(world, lead_id, campaign_id=None):
    with world.transaction() as session:
        return claims.claim_one(session, campaign_id or world.campaign_id, lead_id, 120.0, NOON)


def state_of(world, lead_id):
    with world.transaction() as session:
        return session.get(LeadRow, lead_id).state


@pytest.mark.parametrize("state", ["NEW", "WAITING_RETRY", "CALLBACK", "DONE"])
def test_an_agent_may_choose_a_lead_that_nobody_holds_due_or_not(world, state):
    (lead_id,) = world.add_leads(1, due_at=NOON + 9000, state=state)
    chosen = choose(world, lead_id)
    assert (chosen.lead_id, chosen.is_finished) == (lead_id, state == "DONE")
    assert state_of(world, lead_id) == "CLAIMED"
    assert choose(world, lead_id) is None, "nobody gets it twice"


@pytest.mark.parametrize("state", ["CLAIMED", "DIALING", "BLOCKED"])
def test_a_lead_that_is_held_or_blocked_cannot_be_chosen(world, state):
    (lead_id,) = world.add_leads(1, state=state)
    assert choose(world, lead_id) is None


def test_a_lead_is_chosen_in_its_own_campaign_only(world):
    (lead_id,) = world.add_leads(1)
    assert choose(world, lead_id, campaign_id=world.campaign_id + 1) is None
    assert choose(world, 10**9) is None


def test_a_chosen_lead_says_when_its_number_is_not_to_be_called(world):
    (lead_id,) = world.add_leads(1)
    with world.transaction() as session:
        number = session.get(LeadRow, lead_id).number
        session.add(DoNotCall(number=number, source="ADMIN"))
    assert choose(world, lead_id).is_do_not_call


def test_a_number_that_is_being_called_elsewhere_cannot_be_chosen(world):
    (first, second) = world.add_leads(2, list_id=None)
    (lead,) = world.claim()
    world.open(lead)
    other = world.add_list()
    (twin,) = world.add_leads(1, list_id=other)
    assert lead.lead_id == first
    assert choose(world, twin) is None
    assert choose(world, second) is not None


def test_a_finished_lead_that_was_chosen_is_finished_again(world):
    (lead_id,) = world.add_leads(1, state="DONE")
    choose(world, lead_id)
    with world.transaction() as session:
        leads.release(session, [lead_id], NOON, finished=True)
    assert state_of(world, lead_id) == "DONE"


def test_whatever_becomes_of_the_claim_nothing_dials_a_finished_lead_by_itself(world):
    (lead_id,) = world.add_leads(1, state="DONE")
    choose(world, lead_id)
    with world.transaction() as session:
        leads.release_all(session, world.campaign_id)  # the controller died meanwhile
    assert world.claim(now=NOON + 1e6) == ()
    choose(world, lead_id)
    with world.transaction() as session:
        leads.release(session, [lead_id], NOON)  # its attempt was not opened
    assert world.claim(now=NOON + 1e6) == ()


def test_a_lead_on_a_desk_stays_claimed_as_long_as_it_lies_there(world):
    world.add_leads(1)
    (lead,) = world.claim()
    with world.transaction() as session:
        leads.hold(session, lead.lead_id, NOON + 1000)
        assert leads.reclaim_expired(session, NOON + 999) == 0
        assert leads.reclaim_expired(session, NOON + 1001) == 1


def test_a_hold_that_comes_late_claims_nothing(world):
    (lead_id,) = world.add_leads(1)
    with world.transaction() as session:
        leads.hold(session, lead_id, NOON + 1000)
    assert state_of(world, lead_id) == "NEW"


def test_a_claim_says_whose_callback_it_is_and_since_when(world):
    world.add_leads(1, state="CALLBACK", priority=10, callback_agent_id=world.agent_id)
    (lead,) = world.claim()
    assert (lead.callback_agent_id, lead.due_at) == (world.agent_id, NOON - 60)


def test_skips_are_kept_with_their_reason(world):
    (lead_id,) = world.add_leads(1)
    skip = NoteSkip(world.campaign_id, world.agent_id, lead_id, SkipReason.KNOWN, NOON)
    with world.transaction() as session:
        leads.note_skips(session, [skip, skip])
    with world.transaction() as session:
        rows = session.scalars(select(LeadSkip)).all()
        assert {(row.lead_id, row.agent_id, row.reason) for row in rows} == {
            (lead_id, world.agent_id, "KNOWN")
        }
        assert len(rows) == 2


def test_neighbours_in_a_sorted_list_do_not_come_one_after_the_other(world):
    world.add_leads(80)
    claimed = [lead.lead_id for lead in world.claim(80)]
    assert sorted(claimed) == list(range(min(claimed), min(claimed) + 80))
    first_half_at = [place for place, lead in enumerate(claimed) if lead <= min(claimed) + 39]
    assert 25 < sum(first_half_at) / 40 < 55, "the first 40 of the file are spread over the claim"
    assert sum(abs(a - b) == 1 for a, b in pairwise(claimed)) < 12


def test_a_callback_comes_before_whatever_is_mixed(world):
    world.add_leads(20)
    with world.transaction() as session:
        session.execute(text("UPDATE leads SET priority = 10 WHERE id IN (7, 13)"))
    assert {lead.lead_id for lead in world.claim(20)[:2]} == {7, 13}
