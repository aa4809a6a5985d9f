"""The line to the listener: whatever becomes of that process, each answer gets a verdict."""

import os
import signal
import sys

import gevent
import pytest

from dialer.model.amd import AmdProfile, Cause, Verdict
from dialer.model.events import LegAwaitsMessage, LegScreened, ListenerReady, ListenerStarts
from dialer.run.ears import link
from dialer.run.ears.link import EarsLink

LISTENER = """
import sys
from dialer.run.ears.words import *
from dialer.model.amd import Cause, Verdict
from dialer.model.events import LegScreened

def tell(word):
    sys.stdout.buffer.write(say(word))
    sys.stdout.buffer.flush()

{start}
for line in sys.stdin.buffer:
    order = understand(line)
    {react}
"""
ALIVE = "tell(Alive(0))"
DECIDE = "tell(LegScreened(order.leg_id, Verdict.HUMAN, Cause.PAUSE, 1.0, 0.1))"


def listener(start=ALIVE, react="pass"):
    return (sys.executable, "-c", LISTENER.format(start=start, react=react))


class Tap:
    """What the switch would be told."""

    def __init__(self):
        self.told = []

    def heedless(self, leg_id):
        self.told.append(("heedless", leg_id))

    def port_open(self, leg_id, port):
        self.told.append((leg_id, port))


def until(condition, what="it did not happen"):
    with gevent.Timeout(15.0, AssertionError(what)):
        while not condition():
            gevent.sleep(0.01)


@pytest.fixture
def ears(tmp_path):
    made = []

    def make(command, *, wait=True):
        events = []
        ears = EarsLink([tmp_path / "tap"], events.append, command)
        made.append(ears)
        ears.wake()
        assert events.pop() == ListenerStarts()
        if wait:
            until(lambda: events, "the listener did not come up")
            assert (ears.is_up, events.pop()) == (True, ListenerReady())
        return ears, events

    yield make
    for one in made:
        one.stop()
        assert not one.is_up


def test_a_verdict_comes_back_as_an_event(ears):
    line, events = ears(listener(react=DECIDE))
    line.listen("leg", AmdProfile.CONSUMER, "/t/leg.r8", Tap())
    until(lambda: events)
    assert events == [LegScreened("leg", Verdict.HUMAN, Cause.PAUSE, 1.0, 0.1)]


def test_without_a_listener_an_answer_is_unsure_at_once(ears):
    line, events = ears((sys.executable, "-c", "raise SystemExit(3)"), wait=False)
    tap = Tap()
    line.listen("leg", AmdProfile.CONSUMER, "/t/leg.r8", tap)
    assert events == [LegScreened("leg", Verdict.UNSURE, Cause.NO_LISTENER)]
    assert tap.told == [("heedless", "leg")], "the switch need not go on"
    until(lambda: line.n_starts > 1, "it was not started again")


def test_a_listener_that_dies_leaves_its_calls_unsure_and_is_started_again(ears):
    line, events = ears(listener())
    line.listen("leg", AmdProfile.CONSUMER, "/t/leg.r8", Tap())
    os.kill(line._process.pid, signal.SIGKILL)
    until(lambda: events)
    assert events == [LegScreened("leg", Verdict.UNSURE, Cause.NO_LISTENER)]
    until(lambda: line.is_up and line.n_starts == 2)
    line.forget("leg")
    assert events[1:] == [ListenerReady()], "each leg is told of once"


def test_a_machine_whose_beep_nobody_hears_any_more_gets_no_message(ears):
    line, events = ears(listener(react=DECIDE))
    line.listen("leg", AmdProfile.CONSUMER, "/t/leg.r8", Tap())
    until(lambda: events)
    os.kill(line._process.pid, signal.SIGKILL)
    until(lambda: len(events) == 2)
    assert events[1] == LegAwaitsMessage("leg", may_speak=False)


def test_a_leg_that_has_ended_is_owed_nothing(ears):
    line, events = ears(listener())
    line.listen("leg", AmdProfile.CONSUMER, "/t/leg.r8", Tap())
    line.forget("leg")
    os.kill(line._process.pid, signal.SIGKILL)
    until(lambda: line.n_starts == 2)
    assert events == []


def test_a_listener_that_hangs_is_given_up(ears, monkeypatch):
    line, events = ears(listener())
    monkeypatch.setattr(link, "SILENCE_LIMIT_S", 0.2)
    line.listen("leg", AmdProfile.CONSUMER, "/t/leg.r8", Tap())
    until(lambda: line.n_starts == 2, "it was not given up")
    assert events == [LegScreened("leg", Verdict.UNSURE, Cause.NO_LISTENER)]


def test_nonsense_from_the_listener_is_passed_over(ears):
    react = "sys.stdout.buffer.write(b'nonsense\\n'); " + DECIDE
    line, events = ears(listener(react=react))
    line.listen("leg", AmdProfile.CONSUMER, "/t/leg.r8", Tap())
    until(lambda: events)
    assert events[0].verdict is Verdict.HUMAN


def test_what_the_switch_has_to_do_for_it_reaches_the_leg_s_own_tap(ears):
    react = "tell(PortOpen(order.leg_id, 4711)); tell(Heedless(order.leg_id))"
    line, _ = ears(listener(react=react))
    tap = Tap()
    line.listen("leg", AmdProfile.CONSUMER, "", tap)
    until(lambda: len(tap.told) == 2)
    assert tap.told == [("leg", 4711), ("heedless", "leg")]


def test_the_process_ends_with_the_controller(ears):
    line, _ = ears(listener())
    pid = line._process.pid
    line.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_who_is_woken_again_starts_once_and_is_ready_once(ears):
    line, events = ears(listener(start=f"{ALIVE}; {ALIVE}", react=DECIDE))
    line.wake()
    line.listen("leg", AmdProfile.CONSUMER, "/t/leg.r8", Tap())
    until(lambda: events)
    assert ([type(event) for event in events], line.n_starts) == ([LegScreened], 1)


def test_a_listener_that_is_not_up_in_time_is_logged_once(ears, monkeypatch, caplog):
    monkeypatch.setattr(link, "LISTENER_PATIENCE_S", 0.05)
    line, _ = ears(listener(start="pass"), wait=False)
    line._patience.join(5.0)
    (told,) = [one.message for one in caplog.records if one.name == link.__name__]
    assert told == "listener: not up in time: answers are UNSURE until it is"
