"""Attempts: opened under fences, closed once with all that follows."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, text
from store_facts import NOON, World

from dialer.model.commands import NoteAttempt
from dialer.model.outcome import Outcome
from dialer.store import attempts
from dialer.store.tables import AttemptRow, LeadRow, LedgerEntry, MessageRow


def count(world, kind):
    with world.factory() as session:
        return session.scalar(select(func.count()).select_from(kind))


def test_opening_writes_the_attempt_and_moves_the_lead(world):
    world.add_leads(1)
    lead = world.dial("a1")
    row, stored = world.get(AttemptRow, "a1"), world.get(LeadRow, lead.lead_id)
    assert (row.number, row.rule_set, row.started_at.timestamp()) == (lead.number, "FR", NOON)
    assert (stored.state, stored.n_attempts, stored.n_tries) == ("DIALING", 1, 0)
    assert stored.last_attempt_at.timestamp() == NOON and stored.claimed_until is None


def test_opening_twice_opens_once(world):
    world.add_leads(1)
    lead = world.dial("a1")
    assert world.open(lead, "a1") == set()
    assert world.open(lead, "a2") == set()
    assert world.get(LeadRow, lead.lead_id).n_attempts == 1


def test_one_number_in_two_lists_has_one_open_attempt(world):
    world.add_leads(1)
    world.add_leads(1, list_id=world.add_list())
    one, other = world.claim(2)
    assert one.number == other.number
    with world.transaction() as session:
        both = [world.originate(one, "a1"), world.originate(other, "a2")]
        assert len(attempts.open_attempts(session, both)) == 1
    assert count(world, AttemptRow) == 1


def test_attempt_is_refused_for_a_number_blocked_since_the_claim(world):
    world.add_leads(2)
    lead, free = world.claim(2)
    with world.transaction() as session:
        session.execute(text("INSERT INTO do_not_call (number, source) VALUES (:n, 'ADMIN')"),
                        {"n": lead.number})  # fmt: skip
    with world.transaction() as session:
        batch = [world.originate(lead, "a1"), world.originate(free, "a2")]
        assert attempts.open_attempts(session, batch) == {"a2"}
    kept = world.get(LeadRow, lead.lead_id)
    assert (kept.state, kept.held_for) == ("WAITING_RETRY", "DO_NOT_CALL")


def test_attempt_is_refused_when_the_claim_was_lost(world):
    world.add_leads(1)
    (lead,) = world.claim()
    with world.transaction() as session:
        session.execute(text("UPDATE leads SET state = 'WAITING_RETRY'"))
    assert world.open(lead) == set()


def test_an_open_attempt_goes_on_under_another_leg_and_a_closed_one_does_not(world):
    world.add_leads(1)
    lead = world.dial("a1")
    assert world.get(AttemptRow, "a1").trunk == "first"
    again = replace(
        world.originate(lead, "a1"), leg_id="second", trunk="other", is_again=True
    )  # fmt: skip
    other = replace(again, attempt_id="unknown")
    with world.transaction() as session:
        assert attempts.move_legs(session, [again, other]) == {"a1"}
        assert attempts.move_legs(session, []) == set()
    moved = world.get(AttemptRow, "a1")
    assert (moved.leg_id, moved.trunk) == ("second", "other")
    assert world.get(LeadRow, lead.lead_id).n_attempts == 1


def test_notes_add_facts_and_the_last_one_wins(world):
    world.add_leads(1)
    world.dial()
    with world.transaction() as session:
        attempts.note(session, [
            NoteAttempt("a1", ringing_at=NOON + 1), NoteAttempt("a1", answered_at=NOON + 5),
            NoteAttempt("a1", bridged_at=NOON + 9), NoteAttempt("a1", bridged_at=NOON + 6),
        ])  # fmt: skip
        attempts.note(session, [NoteAttempt("a1", agent_id=world.agent_id)])
    row = world.get(AttemptRow, "a1")
    assert row.ringing_at.timestamp() == NOON + 1 and row.bridged_at.timestamp() == NOON + 6
    assert row.agent_id == world.agent_id


def test_retry_leaves_the_lead_waiting_until_then(world):
    world.add_leads(1)
    lead = world.dial()
    assert world.close(lead, outcome=Outcome.BUSY, retry_at=NOON + 300) == {"a1"}
    stored = world.get(LeadRow, lead.lead_id)
    assert (stored.state, stored.n_tries, stored.last_outcome) == ("WAITING_RETRY", 1, "BUSY")
    assert world.claim(1, NOON + 299) == () and len(world.claim(1, NOON + 301)) == 1


def test_carrier_fault_is_no_try(world):
    world.add_leads(1)
    lead = world.dial()
    world.close(lead, outcome=Outcome.CONGESTION, retry_at=NOON + 60)
    stored = world.get(LeadRow, lead.lead_id)
    assert (stored.n_attempts, stored.n_tries) == (1, 0)


@pytest.mark.parametrize("outcome", [Outcome.WRONG_NUMBER, Outcome.HANDLED])
def test_final_outcome_finishes_the_lead(world, outcome):
    world.add_leads(1)
    lead = world.dial()
    is_wrong = outcome is Outcome.WRONG_NUMBER
    world.close(lead, outcome=outcome, retry_at=NOON + 60 if is_wrong else None)
    assert world.get(LeadRow, lead.lead_id).state == "DONE"


def test_closing_again_changes_nothing(session_factory):
    world = World(session_factory, message_template="Bonjour {{ name }}")
    world.add_leads(1)
    lead = world.dial()
    facts = {"outcome": Outcome.NO_ANSWER, "retry_at": NOON + 300, "sends_message": True}
    assert world.close(lead, **facts) == {"a1"}
    assert world.close(lead, **facts) == set()
    assert world.close(lead, outcome=Outcome.LOST) == set()
    stored = world.get(LeadRow, lead.lead_id)
    assert (stored.state, stored.n_tries) == ("WAITING_RETRY", 1)
    assert world.get(AttemptRow, "a1").outcome == "NO_ANSWER"
    assert count(world, MessageRow) == 1


def test_number_is_free_again_after_the_close(world):
    world.add_leads(1)
    lead = world.dial("a1")
    world.close(lead, outcome=Outcome.BUSY, retry_at=NOON + 60)
    assert world.dial("a2", NOON + 61).n_attempts == 1


@pytest.mark.parametrize(("is_abandoned", "kind"), [(True, "ABANDONED"), (False, "SERVED")])
def test_live_answer_enters_the_ledger_at_its_answer(world, is_abandoned, kind):
    world.add_leads(1)
    world.handled(world.dial(), is_abandoned=is_abandoned)
    entry = world.get(LedgerEntry, "a1")
    assert (entry.kind, entry.at.timestamp()) == (kind, NOON + 10)


def test_one_message_per_lead_and_local_day(session_factory):
    world = World(session_factory, message_template="{{ name }}, {{ campaign }} vous a appelé")
    world.add_leads(1)
    for i in range(2):
        lead = world.dial(f"a{i}", NOON + i * 3600)
        world.close(lead, f"a{i}", Outcome.NO_ANSWER, sends_message=True,
                    retry_at=NOON + 1800, ended_at=NOON + i * 3600 + 60)  # fmt: skip
    with world.factory() as session:
        (message,) = session.scalars(select(MessageRow))
    assert message.text == "Personne 0, Essai vous a appelé"
    assert (message.state, message.attempt_id, message.number) == ("QUEUED", "a0", "+33100000000")


def test_name_that_looks_like_a_template_is_sent_as_it_is(session_factory):
    world = World(session_factory, message_template="Bonjour {{ name }}")
    world.add_leads(1, name="{{ 7 * 7 }}{% raw %}")
    world.close(world.dial(), outcome=Outcome.NO_ANSWER, sends_message=True)
    with world.factory() as session:
        assert session.scalar(select(MessageRow.text)) == "Bonjour {{ 7 * 7 }}{% raw %}"


def test_no_message_to_a_number_that_must_not_be_called(session_factory):
    world = World(session_factory, message_template="Bonjour")
    world.add_leads(1)
    lead = world.dial()
    with world.transaction() as session:
        session.execute(text("INSERT INTO do_not_call (number, source) VALUES (:n, 'ADMIN')"),
                        {"n": lead.number})  # fmt: skip
    world.close(lead, outcome=Outcome.NO_ANSWER, sends_message=True)
    assert count(world, MessageRow) == 0


def test_block_during_the_call_outlives_the_close(world):
    world.add_leads(1)
    lead = world.dial()
    with world.transaction() as session:
        session.execute(text("UPDATE leads SET state = 'BLOCKED'"))
    world.close(lead, outcome=Outcome.NO_ANSWER, retry_at=NOON + 60)
    assert world.get(LeadRow, lead.lead_id).state == "BLOCKED"


def test_open_attempts_are_found_again_for_recovery(world):
    world.add_leads(2)
    lead = world.dial("a1")
    world.close(world.dial("a2"), "a2")
    with world.factory() as session:
        (found,) = attempts.open_ones(session, [world.campaign_id])
        assert attempts.open_ones(session, []) == ()
    assert (found.attempt_id, found.leg_id, found.node) == ("a1", "leg-a1", "n1")
    assert found.trunk == "first"
    assert found.lead.number == lead.number and found.started_at == NOON
    assert found.lead.n_attempts == lead.n_attempts == 0  # this one is not before itself
    assert found.answered_at is None and found.agent_id is None
