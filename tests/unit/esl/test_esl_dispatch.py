"""Dispatch alone: order within a call, freedom between calls, a bound, and no lost worker."""

import gevent
import pytest
from esl_peer import wait_until
from gevent.event import Event
from hypothesis import given, settings
from hypothesis import strategies as st

from esl.dispatch import Dispatcher, DispatchOverflow
from esl.events import EslEvent


def event(uuid="", name="DTMF", **headers):
    return EslEvent({"Event-Name": name, "Unique-ID": uuid, **headers})


@pytest.fixture
def dispatcher():
    one = Dispatcher(limit=100, workers=8)
    yield one
    one.stop()


def test_handlers_that_do_not_block_see_events_in_the_order_they_came(dispatcher):
    got = []
    dispatcher.add("DTMF", lambda one: got.append(one.get("N")))
    for n in range(90):
        dispatcher.put(event(f"u{n % 7}", N=n))
    wait_until(lambda: len(got) == 90)
    assert got == list(range(90))
    assert dispatcher.waiting == 0


def test_events_of_a_blocked_call_wait_behind_it_only(dispatcher):
    got, gate = [], Event()

    def handler(one):
        if one.uuid == "a" and not got:
            gate.wait(2)
        got.append(one.uuid + str(one.get("N")))

    dispatcher.add("DTMF", handler)
    dispatcher.put(event("a", N=1))
    gevent.sleep(0)
    for n in (2, 3):
        dispatcher.put(event("a", N=n))
    gate.set()
    wait_until(lambda: len(got) == 3)
    assert got == ["a1", "a2", "a3"]


def test_workers_are_bounded_and_events_beyond_them_wait(dispatcher):
    gate, got = Event(), []
    dispatcher.add("DTMF", lambda one: (gate.wait(2), got.append(one.uuid)))
    for n in range(50):
        dispatcher.put(event(f"u{n}"))
    gevent.sleep(0.01)
    assert len(dispatcher._workers) == 8
    gate.set()
    wait_until(lambda: len(got) == 50)
    wait_until(lambda: len(dispatcher._workers) <= 6)


def test_over_the_limit_put_refuses_but_never_the_life_of_the_connection(dispatcher):
    gate = Event()
    dispatcher.add("DTMF", lambda one: gate.wait(2))
    with pytest.raises(DispatchOverflow):
        for _ in range(200):
            dispatcher.put(event("u"))
    dispatcher.put(event(name="DISCONNECT"))
    assert dispatcher.waiting == 101
    assert dispatcher.clear() == 100
    assert dispatcher.waiting == 1
    gate.set()


def test_clear_keeps_connected_and_disconnect(dispatcher):
    got = []
    dispatcher.add("*", lambda one: got.append(one.name))
    for name in ("CONNECTED", "DISCONNECT"):
        dispatcher.add(name, lambda one: got.append(one.name))
    for name in ("CONNECTED", "DTMF", "DISCONNECT"):
        dispatcher.put(event(name=name))
    dispatcher.clear()
    wait_until(lambda: len(got) == 2)
    assert got == ["CONNECTED", "DISCONNECT"]


def test_it_wants_what_has_a_handler_and_custom_until_decoded(dispatcher):
    assert not dispatcher.wants("DTMF")
    assert dispatcher.wants("CUSTOM")
    dispatcher.add("*", print)
    assert dispatcher.wants("DTMF")


def test_a_stopped_dispatcher_can_work_again(dispatcher):
    gate, got = Event(), []
    dispatcher.add("DTMF", lambda one: (gate.wait(2), got.append(one.uuid)))
    for n in range(20):
        dispatcher.put(event(f"u{n}"))
    gevent.sleep(0.01)
    dispatcher.stop()
    gate.set()
    dispatcher.put(event("after"))
    wait_until(lambda: got == ["after"])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=80))
def test_each_event_is_handled_once_and_in_its_calls_order(events):
    dispatcher, got = Dispatcher(limit=1000, workers=3), []

    def handler(one):
        if one.get("slow"):
            gevent.sleep(0)
        got.append((one.uuid, one.get("N")))

    dispatcher.add("DTMF", handler)
    for n, (call, slow) in enumerate(events):
        dispatcher.put(event(f"u{call}", N=n, slow=slow))
    wait_until(lambda: len(got) == len(events))
    for call in range(5):
        numbers = [n for uuid, n in got if uuid == f"u{call}"]
        assert numbers == sorted(numbers)
    assert len(set(got)) == len(events)
    dispatcher.stop()
