"""Who heard which call: a row for each stretch, never changed but for its end."""

import pytest
from store_facts import NOON, World

from dialer.model.commands import NoteSupervision
from dialer.model.supervision import SupervisionState
from dialer.store.supervisions import (
    close_supervisions,
    note_supervisions,
    supervisions_of,
    taken_over,
)
from dialer.store.tables import User


@pytest.fixture
def world(session_factory):
    made = World(session_factory)
    made.add_leads(2)
    made.dial("a1")
    made.dial("a2")
    with made.transaction() as session:
        session.add(user := User(login="sam", name="Sam", password_hash="-", role="supervisor"))
        session.flush()
        made.supervisor_id = user.id
    return made


def note(world, state, at, attempt_id="a1", supervision_id="s1"):
    note = NoteSupervision(
        supervision_id, world.supervisor_id, world.campaign_id, world.agent_id, attempt_id,
        SupervisionState(state), NOON + at,
    )  # fmt: skip
    with world.transaction() as session:
        note_supervisions(session, [note])


def stretches(world, attempt_id="a1"):
    with world.transaction() as session:
        return [
            (one.supervisor, one.state, one.started_at - NOON,
             one.ended_at and one.ended_at - NOON)
            for one in supervisions_of(session, attempt_id)
        ]  # fmt: skip


def test_each_way_of_hearing_is_a_stretch_that_ends_the_one_before(world):
    for at, state in enumerate(
        ["CALLING", "LISTENING", "WHISPERING", "BARGED", "TAKING_OVER", "TAKEN_OVER", "STANDING_BY"]
    ):
        note(world, state, at)
    assert stretches(world) == [
        ("Sam", "LISTENING", 1, 2), ("Sam", "WHISPERING", 2, 3),
        ("Sam", "BARGED", 3, 5),  # until the customer is joined to the supervisor
        ("Sam", "TAKEN_OVER", 5, 6),
    ]  # fmt: skip


def test_who_never_heard_anything_leaves_no_trace(world):
    for at, state in enumerate(["CALLING", "ENDED"]):
        note(world, state, at)
    assert stretches(world) == []


def test_each_call_has_its_own_stretches(world):
    note(world, "LISTENING", 1)
    note(world, "STANDING_BY", 2)
    note(world, "LISTENING", 3, attempt_id="a2")
    assert stretches(world) == [("Sam", "LISTENING", 1, 2)]
    assert stretches(world, "a2") == [("Sam", "LISTENING", 3, None)]


def test_two_supervisors_do_not_end_each_others_stretches(world):
    note(world, "LISTENING", 1)
    note(world, "LISTENING", 2, supervision_id="s2")
    note(world, "ENDED", 3, supervision_id="s2")
    assert stretches(world) == [("Sam", "LISTENING", 1, None), ("Sam", "LISTENING", 2, 3)]


def test_what_an_earlier_run_left_open_is_closed(world):
    note(world, "LISTENING", 1)
    with world.transaction() as session:
        close_supervisions(session, world.campaign_id + 1, NOON + 8)
    assert stretches(world)[0][-1] is None
    with world.transaction() as session:
        close_supervisions(session, world.campaign_id, NOON + 9)
    assert stretches(world) == [("Sam", "LISTENING", 1, 9)]


def test_only_a_customer_who_was_taken_over_outlasts_the_controller(world):
    note(world, "LISTENING", 1)
    note(world, "TAKEN_OVER", 2, attempt_id="a2", supervision_id="s2")
    with world.transaction() as session:
        (kept,) = taken_over(session, world.campaign_id)
        assert (kept.supervision_id, kept.supervisor_id) == ("s2", world.supervisor_id)
        assert (kept.agent_id, kept.attempt_id) == (world.agent_id, "a2")
        close_supervisions(session, world.campaign_id, NOON + 9, but=["s2"])
    assert stretches(world) == [("Sam", "LISTENING", 1, 9)]
    assert stretches(world, "a2") == [("Sam", "TAKEN_OVER", 2, None)]
