"""Who talked when: the steps of a call, its entrusted time, and what recovery reads of them."""

from dataclasses import replace

import pytest
from store_facts import NOON, World

from dialer.model.agent import AgentState
from dialer.model.call import CallState
from dialer.model.commands import NoteAgent, NoteAttempt, NoteOutsideCall, NoteStep, Step
from dialer.model.events import AgentAdopted, CallAdopted
from dialer.reports.history import attempt_details
from dialer.reports.queries import Period, campaign_totals
from dialer.run.history import read_history
from dialer.run.recovery import take_over
from dialer.store import agents, attempts
from dialer.store.campaigns import get_campaign
from dialer.store.outside_calls import note_outside_calls
from dialer.store.steps import note_steps
from dialer.switch import variables
from dialer.switch.survey import LiveLeg


@pytest.fixture
def world(session_factory):
    """One call that agent `awa` has."""
    world = World(session_factory)
    world.add_leads(1)
    world.lead = world.dial("a1")
    with world.transaction() as session:
        attempts.note(
            session,
            [NoteAttempt("a1", answered_at=NOON + 1, bridged_at=NOON + 2, agent_id=world.agent_id)],
        )
    return world


def give_out(world):
    steps = [
        NoteStep("a1", Step.TALK, NOON + 2, world.agent_id),
        NoteStep("a1", Step.ENTRUSTED, NOON + 30, None, "SAV", "out-1"),
        NoteStep("a1", Step.OUTSIDE, NOON + 35, None, "SAV", "out-1"),
    ]
    with world.transaction() as session:
        note_steps(session, steps)
        attempts.note(session, [NoteAttempt("a1", entrusted_at=NOON + 30)])


def test_calls_to_destinations_are_counted_after_a_restart_as_before(world):
    hour = 3600.0
    with world.transaction() as session:
        calls = [
            NoteOutsideCall(world.campaign_id, "a1", f"out-{at}", "SAV", NOON + at)
            for at in (0.0, 30.0, 90.0)
        ]
        note_outside_calls(session, [*calls, calls[0]])
    with world.transaction() as session:
        campaign = get_campaign(session, world.campaign_id)
        told = read_history(session, campaign, NOON + hour + 10.0).outside_at
        elsewhere = read_history(session, replace(campaign, campaign_id=99), NOON + hour).outside_at
    assert told == (NOON + 30.0, NOON + 90.0) and elsewhere == ()


def test_history_says_who_talked_from_when_on(world):
    with world.transaction() as session:
        assert attempt_details(session, "a1").steps == ()
    give_out(world)
    with world.transaction() as session:
        found = [(s.step, s.at, s.agent, s.other) for s in attempt_details(session, "a1").steps]
    assert found == [
        (Step.TALK, NOON + 2, "Awa", ""), (Step.ENTRUSTED, NOON + 30, "", "SAV"),
        (Step.OUTSIDE, NOON + 35, "", "SAV"),
    ]  # fmt: skip


def test_the_agents_talk_ends_at_the_hand_over_not_with_the_call(world):
    world.close(
        world.lead, "a1", answered_at=NOON + 1, bridged_at=NOON + 2, entrusted_at=NOON + 30,
        ended_at=NOON + 600, is_live_answer=True,
    )  # fmt: skip
    with world.transaction() as session:
        totals = campaign_totals(session, Period(NOON - 1, NOON + 3600, world.campaign_id))
    assert totals.talk_s == 28.0


def test_a_customer_who_came_back_is_the_agents_until_the_end(world):
    give_out(world)
    world.close(
        world.lead, "a1", answered_at=NOON + 1, bridged_at=NOON + 2, ended_at=NOON + 62,
        is_live_answer=True,
    )  # fmt: skip
    with world.transaction() as session:
        totals = campaign_totals(session, Period(NOON - 1, NOON + 3600, world.campaign_id))
    assert totals.talk_s == 60.0


# --- taking over ---------------------------------------------------------------------------------


class Switch:
    """A switch with these legs: what recovery asks of it, and what it hangs up."""

    name = "n1"

    def __init__(self, *legs, monkeypatch):
        self.legs = {leg.leg_id: leg for leg in legs}
        self.executed = []
        monkeypatch.setattr(
            "dialer.run.recovery.look_at_all",
            lambda api, legs: {leg: self.legs.get(leg) for leg in legs},
        )
        monkeypatch.setattr(
            "dialer.run.recovery.strangers",
            lambda api, known, is_mine: [leg for leg in self.legs if leg not in known()],
        )

    def api(self, line):
        raise AssertionError("asked by the two functions above only")

    def execute(self, command):
        self.executed.append(command.leg_id)


def customer(bridged_to):
    marks = {variables.ATTEMPT: "a1", variables.HELD: "true"}
    return LiveLeg("leg-a1", True, bridged_to, marks)


def outside(world, bridged_to=None):
    marks = {variables.OUTSIDE: "a1", variables.CAMPAIGN: str(world.campaign_id)}
    return LiveLeg("out-1", True, bridged_to, marks)


def phone(agent_id, leg_id, bridged_to=None):
    return LiveLeg(leg_id, True, bridged_to, {variables.AGENT: str(agent_id)})


def adopt(world, switch):
    events = list(take_over(world.factory, {"n1": switch}, world.campaign_id, NOON + 60))
    calls = [event for event in events if isinstance(event, CallAdopted)]
    return calls[0], {e.agent_id: e for e in events if isinstance(e, AgentAdopted)}


def seat(world, agent_id, leg_id, state=AgentState.TALKING):
    with world.transaction() as session:
        agents.note_agent(
            session,
            NoteAgent(agent_id, world.campaign_id, state, NOON, attempt_id="a1", leg_id=leg_id),
        )


def test_a_customer_who_talks_outside_goes_on(world, monkeypatch):
    give_out(world)
    switch = Switch(customer("out-1"), outside(world, "leg-a1"), monkeypatch=monkeypatch)
    call, _ = adopt(world, switch)
    assert (call.state, call.outside_leg_id, call.outside_name) == (
        CallState.OUTSIDE, "out-1", "SAV",
    )  # fmt: skip
    assert call.entrusted_ago_s == 30.0
    assert switch.executed == []


def test_an_outside_leg_that_nobody_talks_with_is_hung_up(world, monkeypatch):
    give_out(world)
    switch = Switch(customer(None), outside(world), monkeypatch=monkeypatch)
    call, _ = adopt(world, switch)
    assert (call.state, call.outside_leg_id) == (CallState.WAITING, None)
    assert switch.executed == ["out-1"]


def test_a_consultation_is_over_and_the_customer_on_hold_for_the_agent(world, monkeypatch):
    other = world.add_agent("zoe")
    seat(world, world.agent_id, "p-1")
    seat(world, other, "p-2")
    switch = Switch(
        customer(None), phone(world.agent_id, "p-1", "p-2"), phone(other, "p-2", "p-1"),
        monkeypatch=monkeypatch,
    )  # fmt: skip
    call, seated = adopt(world, switch)
    assert (call.state, call.agent_id) == (CallState.HELD, world.agent_id)
    assert (seated[other].was_ready, seated[other].attempt_id) == (True, None)
    assert seated[world.agent_id].attempt_id == "a1"


def test_with_the_agents_phone_gone_the_customer_waits(world, monkeypatch):
    seat(world, world.agent_id, "p-1")
    call, _ = adopt(world, Switch(customer(None), monkeypatch=monkeypatch))
    assert call.state is CallState.WAITING


def test_on_its_way_outside_the_customer_waits(world, monkeypatch):
    """The giver fills in his form: he talks with nobody."""
    seat(world, world.agent_id, "p-1", AgentState.WRAP_UP)
    switch = Switch(customer(None), phone(world.agent_id, "p-1"), monkeypatch=monkeypatch)
    call, _ = adopt(world, switch)
    assert call.state is CallState.WAITING
