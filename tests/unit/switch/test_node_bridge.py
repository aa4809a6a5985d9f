"""From the engine's decision to the bytes of uuid_bridge: nothing comes between."""

import gevent
import pytest
from live_floor import settings_of, simulated_switch, until
from test_node_resync import Told

import esl.client
from dialer.model.commands import BridgeLegs
from dialer.model.events import BridgeFailed, LegAnswered, LegsBridged
from dialer.run.clocks import SystemClock
from dialer.run.engine_loop import EngineLoop
from dialer.switch.node import SwitchNode
from esl.transport import open_socket


class Watched:
    """A socket that notes what it writes."""

    def __init__(self, sock, diary):
        self._sock, self._diary = sock, diary

    def send(self, data, *how):
        if b"uuid_bridge" in data:
            self._diary.append("written")
        return self._sock.send(data, *how)

    def __getattr__(self, name):
        return getattr(self._sock, name)


class Deciding:
    """A dispatcher that answers the first event with a bridge."""

    def __init__(self, diary):
        self._diary = diary

    def handle(self, event, now):
        self._diary.append(event.leg_id)
        return [BridgeLegs("n1", "first", "phone")] if event.leg_id == "first" else []

    def expire(self, now):
        return []

    def next_deadline(self):
        return None


@pytest.fixture
def diary(monkeypatch):
    made = []
    monkeypatch.setattr(
        esl.client, "open_socket", lambda *address: Watched(open_socket(*address), made)
    )
    return made


def test_the_bytes_of_a_bridge_are_written_before_the_next_event_is_handled(diary):
    with simulated_switch() as server:
        node = SwitchNode(settings_of(server.port), lambda event: None, list)
        node.start()
        until(lambda: node._commands.connected)
        loop = EngineLoop(Deciding(diary), node.execute, SystemClock())
        for leg_id in ("before", "first", "second", "third"):
            loop.emit(LegAnswered(leg_id))
        engine = gevent.spawn(loop.run)
        until(lambda: "third" in diary)
        assert diary == ["before", "first", "written", "second", "third"]
        loop.stop()
        engine.join(1.0)
        node.stop()


def test_a_bridge_that_is_made_is_told_by_the_switch_and_fails_nothing():
    with simulated_switch() as server, Told(server) as told:
        told.place(2)
        told.node.execute(BridgeLegs("n1", *told.legs))
        until(lambda: told.of(LegsBridged))
        assert told.of(BridgeFailed) == []


def test_a_bridge_that_the_switch_refuses_is_told_with_its_reason():
    with simulated_switch() as server, Told(server) as told:
        told.node.execute(BridgeLegs("n1", "nobody", "nowhere"))
        until(lambda: told.of(BridgeFailed))
        assert told.of(BridgeFailed) == [BridgeFailed("nobody", "nowhere", "-ERR Invalid uuid")]


@pytest.mark.parametrize("is_down_before", [True, False])
def test_a_bridge_that_meets_a_lost_link_fails_at_once(is_down_before):
    with simulated_switch() as server, Told(server) as told:
        link = told.node._commands._link
        if is_down_before:
            link.close("pulled")
        told.node.execute(BridgeLegs("n1", "a", "b"))
        link.close("pulled")
        until(lambda: told.of(BridgeFailed))
        assert len(told.of(BridgeFailed)) == 1
