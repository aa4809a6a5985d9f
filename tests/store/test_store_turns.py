"""The turn among a lead's numbers: after calls, after what agents say, past what is forbidden."""

import pytest
from sqlalchemy import select
from store_facts import NOON, World

from dialer.model.outcome import Outcome
from dialer.store import attempts, contacts, dispositions, do_not_call, erasure
from dialer.store.tables import AttemptRow, DoNotCall, Identity, LeadRow, NumberHistory

PARIS, REUNION, MOBILE = "+33155550001", "+262262550002", "+33655550003"
HOUR = 3600.0


@pytest.fixture
def lead_id(world):
    (found,) = world.add_leads(1, number=PARIS, other_numbers=[REUNION, MOBILE])
    return found


def missed(world, attempt_id, now, outcome=Outcome.NO_ANSWER):
    """Dial the lead and reach nobody; the number that was dialled."""
    lead = world.dial(attempt_id, now)
    world.close(lead, attempt_id, outcome, ended_at=now + 30, retry_at=now + HOUR)
    assert world.get(AttemptRow, attempt_id).number == lead.number
    return lead.number


def turn(world, lead_id):
    row = world.get(LeadRow, lead_id)
    return row.next_number or row.number, row.time_zone


def test_the_numbers_are_dialled_in_turn_each_in_its_own_zone(world, lead_id):
    dialled = [missed(world, f"a{n}", NOON + n * 2 * HOUR) for n in range(4)]
    assert dialled == [PARIS, REUNION, MOBILE, PARIS]
    assert turn(world, lead_id) == (REUNION, "Indian/Reunion")
    assert world.get(LeadRow, lead_id).n_tries == 4


def test_what_says_nothing_of_the_number_leaves_the_turn(world, lead_id):
    assert missed(world, "a1", NOON, Outcome.CONGESTION) == PARIS
    assert missed(world, "a2", NOON + 2 * HOUR, Outcome.ABANDONED) == PARIS
    assert turn(world, lead_id) == (PARIS, "Europe/Paris")


def test_a_number_that_does_not_exist_is_left_out_for_good_and_the_last_one_ends_the_lead(
    world, lead_id
):
    dialled = []
    for n, outcome in enumerate([Outcome.WRONG_NUMBER, Outcome.BUSY, Outcome.FAX, Outcome.BUSY]):
        dialled.append(missed(world, f"a{n}", NOON + n * 2 * HOUR, outcome))
    assert dialled == [PARIS, REUNION, MOBILE, REUNION]
    assert world.get(LeadRow, lead_id).left_out == [PARIS, MOBILE]
    assert not world.claim(1, NOON + 9 * HOUR)[0].has_other_numbers
    with world.transaction() as session:
        session.get_one(LeadRow, lead_id).state = "WAITING_RETRY"
    missed(world, "a9", NOON + 10 * HOUR, Outcome.WRONG_NUMBER)
    assert world.get(LeadRow, lead_id).state == "DONE"


def test_a_claimed_lead_knows_whether_it_has_other_numbers(world, lead_id):
    world.add_leads(1)
    assert {lead.number: lead.has_other_numbers for lead in world.claim(2)} == {
        PARIS: True, "+33100000000": False,
    }  # fmt: skip


@pytest.mark.parametrize("is_before_the_turn", [True, False])
def test_a_number_on_a_do_not_call_list_is_passed_over(world, lead_id, is_before_the_turn):
    if is_before_the_turn:
        block(world, REUNION)
    missed(world, "a1", NOON)
    if not is_before_the_turn:
        block(world, REUNION)
        assert world.claim(1, NOON + 2 * HOUR) == ()  # it found out, and gave the turn on
    (lead,) = world.claim(1, NOON + 2 * HOUR)
    assert lead.number == MOBILE


def test_a_number_blocked_between_claim_and_dial_gives_the_turn_on(world, lead_id):
    missed(world, "a1", NOON)
    (lead,) = world.claim(1, NOON + 2 * HOUR)
    block(world, REUNION)
    assert world.open(lead, "a2", NOON + 2 * HOUR) == set()
    assert world.claim(1, NOON + 2 * HOUR + 120) == ()
    assert [lead.number for lead in world.claim(1, NOON + 2 * HOUR + 121)] == [MOBILE]


def test_when_every_other_number_is_blocked_the_first_is_dialled_again(world, lead_id):
    block(world, REUNION, MOBILE)
    assert [missed(world, f"a{n}", NOON + n * 2 * HOUR) for n in range(2)] == [PARIS, PARIS]


def test_no_two_leads_call_one_number_at_once_whosever_turn_it_is(world, lead_id):
    missed(world, "a1", NOON)
    world.add_leads(1, number=REUNION, list_id=world.add_list())
    both = world.claim(2, NOON + 2 * HOUR)
    assert [lead.number for lead in both] == [REUNION, REUNION]
    assert [len(world.open(lead, f"b{lead.lead_id}", NOON + 2 * HOUR)) for lead in both] == [1, 0]
    world.add_leads(1, number=REUNION, list_id=world.add_list())
    assert world.claim(1, NOON + 2 * HOUR + 1) == ()


def test_a_call_of_one_number_counts_for_the_person_and_for_that_number(world, lead_id):
    missed(world, "a1", NOON)
    missed(world, "a2", NOON + 2 * HOUR)
    with world.factory() as session:
        tries = {row.number: len(row.tries_at) for row in session.scalars(select(NumberHistory))}
    assert tries == {PARIS: 2, REUNION: 1}


def test_caps_hold_for_the_person_over_all_numbers(session_factory):
    world = World(session_factory, cap_most=2, cap_within_s=86_400.0)
    world.add_leads(1, number=PARIS, other_numbers=[MOBILE])
    assert [missed(world, f"a{n}", NOON + n * 2 * HOUR) for n in range(2)] == [PARIS, MOBILE]
    assert world.claim(1, NOON + 9 * HOUR) == ()
    assert len(world.claim(1, NOON + 25 * HOUR)) == 1


def say(world, attempt_id, code, now, **facts):
    with world.transaction() as session:
        given = {"note": "noté", "callback_at": None} | facts
        return dispositions.record(session, attempt_id, world.agent_id, code, now=now, **given)


def test_an_agents_wrong_number_leaves_it_out_and_repeating_it_changes_nothing(world, lead_id):
    world.handled(world.dial("a1"))
    for _ in range(2):
        say(world, "a1", "FAUX", NOON + 90)
        row = world.get(LeadRow, lead_id)
        assert (row.state, row.next_number, row.left_out) == ("WAITING_RETRY", REUNION, [PARIS])


def test_an_amended_disposition_gives_the_number_its_turn_back(world, lead_id):
    world.handled(world.dial("a1"))
    say(world, "a1", "FAUX", NOON + 90)
    say(world, "a1", "RAPPEL", NOON + 99, callback_at=NOON + HOUR)
    row = world.get(LeadRow, lead_id)
    assert (row.state, row.next_number, row.left_out) == ("CALLBACK", None, None)
    assert row.time_zone == "Europe/Paris"


def test_a_promise_made_at_another_number_keeps_back_the_other_leads_of_that_number(world, lead_id):
    missed(world, "a1", NOON)
    world.handled(world.dial("a2", NOON + 2 * HOUR), "a2", ended_at=NOON + 2 * HOUR + 60)
    say(world, "a2", "RAPPEL", NOON + 2 * HOUR + 90, callback_at=NOON + 9 * HOUR)
    (twin,) = world.add_leads(1, number=REUNION, list_id=world.add_list())
    assert world.claim(2, NOON + 4 * HOUR) == ()
    assert world.get(LeadRow, twin).held_for == "PROMISED_ELSEWHERE"


def test_who_says_stop_is_called_at_none_of_his_numbers(world, lead_id):
    with world.transaction() as session:
        contacts.attach_list(session, world.list_id, "", 100)
    world.handled(world.dial("a1"))
    events = say(world, "a1", "STOP", NOON + 90)
    with world.factory() as session:
        blocked = set(session.scalars(select(DoNotCall.number)))
    assert blocked == {PARIS, REUNION, MOBILE} <= {getattr(e, "number", "") for e in events}


def test_other_numbers_are_the_contacts_but_a_shared_one_is_nobodys(world, lead_id):
    shared = "+33155559999"
    world.add_leads(1, number="+33155550011", other_numbers=[shared])
    world.add_leads(1, number="+33155550012", other_numbers=[shared, "+33155550011"])
    with world.transaction() as session:
        contacts.attach_list(session, world.list_id, "", 100)
    with world.factory() as session:
        owners = {row.value: row.contact_id for row in session.scalars(select(Identity))}
    assert owners[PARIS] == owners[REUNION] == owners[MOBILE] and shared not in owners
    assert owners["+33155550011"] != owners["+33155550012"]


def test_forgetting_takes_the_number_out_of_every_lead(world, lead_id):
    missed(world, "a1", NOON)
    with world.transaction() as session:
        erasure.forget(session, REUNION, NOON + HOUR, None)
    row = world.get(LeadRow, lead_id)
    assert (row.other_numbers, row.next_number) == ([MOBILE], None)


def test_what_is_said_of_a_call_to_an_erased_person_is_kept_and_moves_nothing(world, lead_id):
    world.handled(world.dial("a1"))
    with world.transaction() as session:
        erasure.forget(session, PARIS, NOON + HOUR, None)
    say(world, "a1", "OK", NOON + HOUR + 1)
    row = world.get(LeadRow, lead_id)
    assert (row.state, row.next_number) == ("BLOCKED", None)


def test_a_restarted_controller_finds_the_number_that_is_being_called(world, lead_id):
    missed(world, "a1", NOON)
    world.dial("a2", NOON + 2 * HOUR)
    with world.factory() as session:
        (found,) = attempts.open_ones(session, [world.campaign_id])
    assert (found.lead.number, found.lead.has_other_numbers) == (REUNION, True)


def block(world, *numbers):
    with world.transaction() as session:
        do_not_call.add_many(session, numbers, "ADMIN")
