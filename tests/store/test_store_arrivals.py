"""Who called us back: kept, and due now if the next try was only a matter of time."""

import pytest
from sqlalchemy import select
from store_facts import NOON

from dialer.model.commands import NoteArrival
from dialer.model.lead import LeadState
from dialer.store.arrivals import caller_number, note_arrivals
from dialer.store.leads import CALLBACK_PRIORITY
from dialer.store.tables import ArrivalRow, LeadRow


def arrive(world, caller, leg_id="in-1"):
    note = NoteArrival(leg_id, world.campaign_id, caller, "+33188000001", NOON + 50)
    with world.transaction() as session:
        note_arrivals(session, [note])


def lead(world, **changes):
    """The world's first lead, changed; a copy of its number and identity."""
    world.add_leads(1)
    with world.transaction() as session:
        row = session.scalars(select(LeadRow).order_by(LeadRow.id)).first()
        for name, value in changes.items():
            setattr(row, name, value)
        session.flush()
        return row.id, row.number


def now(world, lead_id):
    with world.transaction() as session:
        row = session.get(LeadRow, lead_id)
        return row.state, row.priority, row.due_at.timestamp() - NOON


def test_a_person_who_waits_for_the_next_try_is_called_now(world):
    lead_id, number = lead(world, state=LeadState.WAITING_RETRY)
    arrive(world, number.removeprefix("+"))
    assert now(world, lead_id) == (LeadState.CALLBACK, CALLBACK_PRIORITY, 50.0)
    with world.transaction() as session:
        (arrival,) = session.scalars(select(ArrivalRow)).all()
        assert (arrival.lead_id, arrival.at.timestamp()) == (lead_id, NOON + 50)


@pytest.mark.parametrize("state", [LeadState.NEW, LeadState.DONE, LeadState.BLOCKED])
def test_other_leads_stay_as_they_are(world, state):
    lead_id, number = lead(world, state=state)
    before = now(world, lead_id)
    arrive(world, number)
    assert now(world, lead_id) == before
    with world.transaction() as session:
        assert session.scalars(select(ArrivalRow.lead_id)).all() == [lead_id]


def test_a_stranger_is_kept_and_told_twice_he_is_kept_once(world):
    arrive(world, "anonymous\x00" + "9" * 100)
    arrive(world, "anonymous")
    with world.transaction() as session:
        (row,) = session.scalars(select(ArrivalRow)).all()
        assert (row.lead_id, len(row.caller)) == (None, 32)
        assert row.caller.startswith("anonymous9")


@pytest.mark.parametrize(
    ("caller", "number"),
    [
        ("33612345678", "+33612345678"),
        ("+33612345678", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("0612345678", "+33612345678"),
        ("anonymous", None),
        ("", None),
        ("0", None),
        ("+" + "9" * 60, None),
    ],
)
def test_a_callers_number_is_read_however_the_carrier_writes_it(caller, number):
    assert caller_number(caller, "33188000001") == number
