"""The two faces tell the same: model commands straight in, or as event socket lines and back."""

import pytest
from sim_replay import START, run_until

from dialer.config import SwitchSettings
from dialer.model.commands import (
    BridgeLegs,
    CallAgent,
    CallOutside,
    CallSupervisor,
    HangUpLeg,
    JoinRoom,
    Originate,
    OverhearLeg,
    ParkLeg,
    PlaySound,
)
from dialer.model.events import LegJoined, LegsBridged, NodeBeat, OriginateFailed
from dialer.model.permit import Permit
from dialer.model.supervision import Hearers
from dialer.sim.dialing import Limits
from dialer.sim.population import DEMO, LAB, Population
from dialer.sim.typed import TypedSwitch
from dialer.sim.wire import WireSwitch
from dialer.switch import verbs
from dialer.switch.translate import translate
from esl.events import parse_event
from esl.frames import FrameReader

SETTINGS = SwitchSettings(
    "n1", "localhost", 8021, "secret", "sofia/gateway/carrier/{number}", "user/{phone}", "{notice}"
)
LINES = {
    Originate: lambda command: verbs.dial_customer(command, SETTINGS).render(),
    CallAgent: lambda command: verbs.dial_agent(command, SETTINGS).render(),
    BridgeLegs: lambda command: verbs.bridge(command).render(),
    HangUpLeg: lambda command: verbs.hang_up(command).render(),
    CallSupervisor: lambda command: verbs.dial_supervisor(command, SETTINGS).render(),
    OverhearLeg: lambda command: verbs.overhear(command).render(),
    CallOutside: lambda command: verbs.dial_outside(command, SETTINGS).render(),
    JoinRoom: lambda command: verbs.room(command).render(),
    ParkLeg: lambda command: verbs.park(command).render(),
    PlaySound: lambda command: verbs.sound(command, SETTINGS).render(),
}


def dial(leg, number, lead=1, attempt=1):
    permit = Permit(lead, number, "FR", START.utc + 1e6)
    return Originate(permit, 1, f"t-{leg}", leg, lead, attempt, "n1", number, "+33100000000",
                     20.0, START.utc)  # fmt: skip


def typed(population, script, until):
    switch = TypedSwitch("n1", population, START, limits=Limits(900, 900))
    told = []
    for at, command in script:
        told += _typed_until(switch, at)
        told += [(at, event) for event in switch.handle(command, START.plus(at))]
    return told + _typed_until(switch, until)


def _typed_until(switch, at):
    told = []
    while (due := switch.next_deadline()) is not None and due <= at:
        told += [(due, event) for event in switch.expire(START.plus(due))]
    return told


def wire(population, script, until):
    switch = WireSwitch(population, START, "secret", limits=Limits(900, 900))
    client = switch.connect()
    reader, told = FrameReader(), []
    ask = b"auth secret\n\nevent json ALL\n\n"
    for at, command in [*script, (until, None)]:
        switch.handle(client, ask, START.plus(at))
        run_until(switch, at)
        if command is not None:
            job, text = getattr(command, "leg_id", "job"), LINES[type(command)](command)
            line = f"api bgapi uuid:{job} {text}\n\n"
            switch.handle(client, line.encode(), START.plus(at))
        ask = b""
    for frame in reader.feed(client.take()):
        if frame.content_type.startswith("text/event"):
            told.append(translate(parse_event(frame.content_type, frame.body), "n1"))
    return told


def essence(events):
    """Beats apart: their count depends on when one stops looking."""
    return [event for event in events if event is not None and not isinstance(event, NodeBeat)]


@pytest.mark.parametrize("digits", ["01", "03", "04", "05", "06", "07", "08", "09", "10", "11"])
def test_one_call_to_each_sort_of_far_end(digits):
    script = [(0.0, dial("c", f"+336123456{digits}"))]
    population = Population(1, LAB)
    ours = essence(event for _, event in typed(population, script, 70.0))
    theirs = [e for e in essence(wire(population, script, 70.0)) if not _is_job(e)]
    assert ours == theirs


def _is_job(event):
    """The typed face leaves out a job's failure when the leg's own end says it all."""
    return isinstance(event, OriginateFailed) and not event.is_local


@pytest.mark.parametrize(
    "end",
    [HangUpLeg("n1", "agent"), HangUpLeg("n1", "c"), HangUpLeg("n1", "boss"), ParkLeg("n1", "boss"),
     BridgeLegs("n1", "c", "boss"), OverhearLeg("n1", "boss", "nobody", Hearers.NOBODY)],
    ids=lambda command: type(command).__name__,
)  # fmt: skip
def test_a_supervisor_who_overhears(end):
    script = [
        (0.0, CallAgent(7, 1, "agent", "n1", "1001")),
        (0.0, CallSupervisor(90, 1, "boss", "n1", "1002")),
        (0.1, dial("c", "+33612345601")),
        (3.0, BridgeLegs("n1", "c", "agent")),
        (4.0, OverhearLeg("n1", "boss", "agent", Hearers.NOBODY)),
        (5.0, OverhearLeg("n1", "boss", "agent", Hearers.EVERYBODY)),
        (6.0, end),
        (8.0, HangUpLeg("n1", "boss")),
    ]
    population = Population(1, LAB)
    ours = essence(event for _, event in typed(population, script, 70.0))
    theirs = [e for e in essence(wire(population, script, 70.0)) if not _is_job(e)]
    assert ours == theirs


def test_a_crowd_of_people_is_the_same_crowd():
    population = Population(11, DEMO)
    script = [(0.0, CallAgent(7, 1, "agent", "n1", "1001"))]
    script += [(1.0 + lead, dial(f"c{lead}", "+33612345600", lead, 2)) for lead in range(40)]
    live = next(lead for lead in range(40) if population.person(str(lead), 2).hangs_up_first)
    answered_at = 1.0 + live + population.person(str(live), 2).answer_after_s
    script.append((answered_at + 0.5, BridgeLegs("n1", f"c{live}", "agent")))
    script.append((200.0, HangUpLeg("n1", "agent", "NORMAL_CLEARING")))
    script.sort(key=lambda step: step[0])
    ours = essence(event for _, event in typed(population, script, 300.0))
    theirs = [e for e in essence(wire(population, script, 300.0)) if not _is_job(e)]
    assert len(ours) > 100
    assert ours == theirs


@pytest.mark.parametrize("gone", ["c", "a", "o"])
def test_a_consultation_a_room_of_three_and_the_loss_of_any_of_them(gone):
    script = [
        (0.0, CallAgent(7, 1, "a", "n1", "1001")),
        (0.1, dial("c", "+33612345601")),
        (4.0, BridgeLegs("n1", "c", "a")),
        (5.0, ParkLeg("n1", "c")),
        (5.1, PlaySound("n1", "c", "hold_music", is_endless=True)),
        (5.2, CallOutside(1, "t-c", "o", "n1", "+33612345701", "", 30.0)),
        (9.0, BridgeLegs("n1", "o", "a")),
        (10.0, JoinRoom("n1", "a", "t-c", with_partner=True)),
        (10.0, JoinRoom("n1", "c", "t-c")),
        (12.0, HangUpLeg("n1", gone)),
    ]
    script += [(13.0, BridgeLegs("n1", *(leg for leg in "coa" if leg != gone)))]
    population = Population(1, LAB)
    ours = essence(event for _, event in typed(population, script, 20.0))
    assert {event.leg_id for event in ours if isinstance(event, LegJoined)} == {"a", "c", "o"}
    assert isinstance(ours[-1], LegsBridged)  # the other two had gone on
    assert ours == [e for e in essence(wire(population, script, 20.0)) if not _is_job(e)]
