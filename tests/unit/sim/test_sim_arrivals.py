"""Callers of the simulated switch: both faces tell of them in the dialer's words alike."""

import pytest
from sim_replay import PASSWORD, START, run_until

from dialer.model.commands import AnswerLeg, HangUpLeg, PlayNotice
from dialer.model.events import LegAnswered, LegArrived, LegEnded, LegPlayed
from dialer.sim.person import Answer, Person
from dialer.sim.population import LAB, Population
from dialer.sim.typed import TypedSwitch
from dialer.sim.wire import WireSwitch
from dialer.switch.translate import translate
from esl.events import parse_event
from esl.frames import FrameReader

CALLED, CALLER = "33188000001", "33612345678"
PERSON = Person(Answer.LIVE, 0.0, 0.0, patience_s=60.0)


@pytest.fixture
def typed():
    return TypedSwitch("n1", Population(1, LAB), START, notice_s=6.0)


def arrive(switch):
    *_, arrived = switch.arrive(CALLED, CALLER, PERSON, START)
    return arrived


def test_a_caller_rings_is_answered_hears_and_is_let_go(typed):
    arrived = arrive(typed)
    assert (arrived.called, arrived.caller) == (CALLED, CALLER)
    leg = arrived.leg_id
    assert typed.handle(AnswerLeg("n1", leg), START.plus(1)) == [LegAnswered(leg)]
    typed.handle(PlayNotice("n1", leg, "who_called"), START.plus(1))
    told = typed.expire(START.plus(8))
    assert told[0] == LegPlayed(leg)
    assert isinstance(told[-1], LegEnded)


def test_a_caller_whom_nobody_answers_is_let_go(typed):
    leg = arrive(typed).leg_id
    *_, ended = typed.expire(START.plus(20.1))
    assert (ended.leg_id, ended.cause) == (leg, "NO_USER_RESPONSE")


def test_an_answer_that_comes_too_late_says_so(typed):
    leg = arrive(typed).leg_id
    typed.handle(HangUpLeg("n1", leg), START.plus(1))
    assert typed.handle(AnswerLeg("n1", leg), START.plus(2)) == [LegEnded(leg, "ORIGINATOR_CANCEL")]


def test_the_event_socket_tells_the_same_story():
    switch = WireSwitch(Population(1, LAB), START, PASSWORD)
    client, reader = switch.connect(), FrameReader()
    switch.handle(client, f"auth {PASSWORD}\n\nevent json ALL\n\n".encode(), START)
    leg = switch.switch.arrive(CALLED, CALLER, PERSON)
    switch.switch.settle()
    switch.handle(client, f"api uuid_answer {leg}\n\n".encode(), START.plus(1))
    run_until(switch, 5.0)
    switch.handle(client, f"api uuid_kill {leg}\n\n".encode(), START.plus(5))
    frames = [f for f in reader.feed(client.take()) if f.content_type.startswith("text/event")]
    events = [parse_event(frame.content_type, frame.body) for frame in frames]
    told = [found for event in events if (found := translate(event, "n1"))]
    assert LegArrived(leg, "n1", CALLED, CALLER) in told
    assert LegAnswered(leg) in told
    assert isinstance(told[-1], LegEnded)
    parked = next(event for event in events if event.name == "CHANNEL_PARK")
    assert parked.get("Call-Direction") == "inbound"
    assert parked.get("Caller-Destination-Number") == CALLED
    assert parked.get("Channel-Name") == f"sofia/carrier/{CALLER}@127.0.0.1"
