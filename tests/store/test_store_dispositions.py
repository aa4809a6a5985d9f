"""Dispositions: what an agent says decides, during the call or after it, once or amended."""

import pytest
from sqlalchemy import text
from store_facts import NOON, agent

from dialer.model.errors import BadInput
from dialer.model.events import AgentDisposed, LeadWithdrawn, NumberBlocked
from dialer.model.outcome import Outcome
from dialer.store import attempts, dispositions, do_not_call
from dialer.store.tables import AttemptRow, LeadRow, LedgerEntry

AT = NOON + 50


def dispose(world, code, note="", callback_at=None, now=AT, attempt_id="a1", agent_id=None, **how):
    with world.transaction() as session:
        return dispositions.record(
            session, attempt_id, agent_id or world.agent_id, code, note, callback_at, now, **how
        )


@pytest.fixture
def call(world):
    """A call that the agent is in."""
    world.add_leads(1)
    lead = world.dial()
    with world.transaction() as session:
        fact = attempts.NoteAttempt("a1", bridged_at=NOON + 11, agent_id=world.agent_id)
        attempts.note(session, [fact])
    return lead


@pytest.mark.parametrize("is_before_close", [True, False])
@pytest.mark.parametrize(
    ("code", "state", "due_in"),
    [
        ("OK", "DONE", None),
        ("PAS_INT", "DONE", None),
        ("FAUX", "DONE", None),
        ("MACHINE", "WAITING_RETRY", 14_400),
        ("RAPPEL", "CALLBACK", 7_200),
        ("STOP", "DONE", None),
    ],
)
def test_lead_follows_the_disposition_in_either_order(
    world, call, code, state, due_in, is_before_close
):
    def say():
        return dispose(world, code, "parler du devis", AT + 7_200)

    if is_before_close:
        say()
        world.handled(call)
    else:
        world.handled(call)
        say()
    say()
    lead = world.get(LeadRow, call.lead_id)
    assert (lead.state, lead.disposition, lead.n_tries) == (state, code, 1)
    assert due_in is None or lead.due_at.timestamp() == AT + due_in
    row = world.get(AttemptRow, "a1")
    assert (row.disposition, row.note, row.outcome) == (code, "parler du devis", "HANDLED")
    kind = "MACHINE" if code == "MACHINE" else "SERVED"
    assert world.get(LedgerEntry, "a1").kind == kind


def test_callback_is_the_agents_own_and_goes_first(world, call):
    dispose(world, "RAPPEL", "oui", AT + 600)
    lead = world.get(LeadRow, call.lead_id)
    assert (lead.callback_agent_id, lead.priority) == (world.agent_id, 10)
    world.handled(call)
    (claimed,) = world.claim(1, AT + 601)
    assert claimed.is_callback


def test_do_not_call_blocks_the_number_for_every_campaign(world, call):
    events = dispose(world, "STOP")
    assert NumberBlocked(call.number) in events
    with world.factory() as session:
        assert do_not_call.is_listed(session, call.number)


def test_events_end_the_wrap_up(world, call):
    assert dispose(world, "MACHINE", is_ready_after=False) == (
        AgentDisposed(world.agent_id, "a1", is_machine=True, is_ready_after=False),
    )


@pytest.mark.parametrize(
    ("code", "note", "callback_at", "field"),
    [
        ("NIMPORTE", "", None, "code"),
        ("O\0K", "", None, "code"),
        ("RAPPEL", "", AT + 60, "note"),
        ("RAPPEL", "oui", None, "callback_at"),
        ("RAPPEL", "oui", AT, "callback_at"),
        ("RAPPEL", "oui", AT + 400 * 86_400, "callback_at"),
        ("OK", "x" * 4001, None, "note"),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(world, call, code, note, callback_at, field):
    with pytest.raises(BadInput, match=rf"^{field}: "):
        dispose(world, code, note, callback_at)
    assert world.get(AttemptRow, "a1").disposition is None


def test_only_the_agent_of_the_call_or_a_supervisor_may_dispose(world, call):
    with world.transaction() as session:
        session.add(other := agent("bio"))
        session.flush()
        other_id = other.id
    with pytest.raises(BadInput, match=r"^attempt: "):
        dispose(world, "OK", agent_id=other_id)
    with pytest.raises(BadInput, match=r"^attempt: "):
        dispose(world, "OK", attempt_id="none")
    (event,) = dispose(world, "OK", agent_id=other_id, is_supervisor=True)
    assert event.agent_id == world.agent_id


def test_amending_moves_lead_and_ledger_again(world, call):
    world.handled(call)
    for code, state, kind in (
        ("MACHINE", "WAITING_RETRY", "MACHINE"),
        ("RAPPEL", "CALLBACK", "SERVED"),
        ("BARRAGE", "WAITING_RETRY", "SERVED"),
        ("OK", "DONE", "SERVED"),
    ):
        dispose(world, code, "note", AT + 900)
        assert world.get(LeadRow, call.lead_id).state == state
        assert world.get(LedgerEntry, "a1").kind == kind
    lead = world.get(LeadRow, call.lead_id)
    assert lead.callback_agent_id is None and lead.priority == 50


def test_abandoned_answer_stays_abandoned_whatever_is_said(world, call):
    world.handled(call, is_abandoned=True)
    dispose(world, "MACHINE")
    assert world.get(LedgerEntry, "a1").kind == "ABANDONED"


def test_amending_yesterdays_call_does_not_disturb_todays(world, call):
    world.close(call, outcome=Outcome.HANDLED, retry_at=NOON + 100, agent_id=world.agent_id)
    world.dial("a2", NOON + 101)
    dispose(world, "PAS_INT", now=NOON + 102)
    assert world.get(AttemptRow, "a1").disposition == "PAS_INT"
    assert world.get(LeadRow, call.lead_id).state == "DIALING"


def test_amending_withdraws_a_lead_that_waits_in_the_hopper(world, call):
    world.handled(call)
    dispose(world, "BARRAGE")
    world.claim(1, AT + 86_401)
    events = dispose(world, "OK", now=AT + 86_402)
    assert LeadWithdrawn(world.campaign_id, call.lead_id) in events
    assert world.get(LeadRow, call.lead_id).state == "DONE"


def test_disposition_that_overtakes_the_note_of_the_bridge_is_accepted(world):
    world.add_leads(1)
    lead = world.dial()
    with world.transaction() as session:
        session.execute(
            text("INSERT INTO agent_sessions (agent_id, campaign_id, state, state_since,"
                 " attempt_id) VALUES (:agent, :campaign, 'TALKING', now(), 'a1')"),
            {"agent": world.agent_id, "campaign": world.campaign_id},
        )  # fmt: skip
    dispose(world, "OK")
    assert world.get(LeadRow, lead.lead_id).state == "DONE"
