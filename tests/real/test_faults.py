"""What a switch does to its clients, and they to it: stalls, reloads, stops, and a hundred calls.

Those that only a real FreeSWITCH can show are left out on the simulated one. Those that stop or
restart the process need RELANCE_FREESWITCH_PID, the switch's process, which must be a laboratory's.
"""

import os
import signal
import socket
import statistics
import time

import gevent
import gevent.event
import pytest
from conftest import PASSWORD, REAL

from dialer.config import read_switches
from dialer.model.events import LegAnswered, LegEnded, NodeDown, NodeRestarted, NodeUp
from dialer.switch.node import SwitchNode
from dialer.switch.status import read_limits
from esl import EslClient, ReplyTimeout

pytestmark = pytest.mark.freeswitch
PROCESS = int(os.environ.get("RELANCE_FREESWITCH_PID", "0"))
PING = "relance::ping"
only_real = pytest.mark.skipif(not REAL, reason="only a real FreeSWITCH does it")
only_ours = pytest.mark.skipif(not PROCESS, reason="RELANCE_FREESWITCH_PID names no process")


def address():
    host, _, port = REAL.rpartition(":")
    return host, int(port)


def until(condition, limit_s, what="it did not happen"):
    with gevent.Timeout(limit_s, AssertionError(what)):
        while not condition():
            gevent.sleep(0.01)


class Raw:
    """A client without manners: bytes in and out."""

    def __init__(self):
        self.sock = gevent.socket.create_connection(address())
        self.say(f"auth {PASSWORD}")
        self.say(f"event json CUSTOM {PING}")
        gevent.sleep(0.2)

    def say(self, text):
        self.sock.sendall(f"{text}\n\n".encode())

    def hears(self, text, within_s):
        """Whether the text comes in time."""
        heard = b""
        with gevent.Timeout(within_s, False):
            while text not in heard and (data := self.sock.recv(65536)):
                heard += data
        return text in heard

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()


@pytest.fixture
def pinger():
    """Has the switch tell an event to whoever listens."""
    client = EslClient(*address(), PASSWORD, keepalive_s=0)
    client.connect()
    yield lambda tag: client.send(f"sendevent CUSTOM\nEvent-Subclass: {PING}\nTag: {tag}")
    client.stop()


class Watched:
    """The dialer's own node on the real switch, with one leg that it believes in."""

    def __init__(self, leg):
        host, port = address()
        (settings,) = read_switches(f"esl://n1:{PASSWORD}@{host}:{port}")
        self.told = []
        self.node = SwitchNode(settings, self.told.append, lambda: [leg])

    def of(self, kind):
        return [event for event in self.told if isinstance(event, kind)]

    def __enter__(self):
        self.node.start()
        until(lambda: self.of(NodeUp), 10.0)
        self.told.clear()
        return self

    def __exit__(self, *_):
        self.node.stop()


@only_real
def test_a_poke_brings_events_sooner(pinger):
    """An idle listener's thread looks at its queue every 20 ms; a line end wakes it."""

    def latency(is_poked):
        heard = gevent.event.Event()
        client = EslClient(*address(), PASSWORD, subscriptions=[PING], keepalive_s=0)
        client.register_handle(PING, lambda event: heard.set())
        client.connect()
        taken = []

        def poke():
            while is_poked:
                client.poke()
                gevent.sleep(0.002)

        poking = gevent.spawn(poke)
        for n in range(60):
            heard.clear()
            began = time.monotonic()
            pinger(n)
            heard.wait(2.0)
            taken.append(time.monotonic() - began)
            gevent.sleep(0.007)
        poking.kill()
        client.stop()
        return statistics.median(taken)

    idle, poked = latency(is_poked=False), latency(is_poked=True)
    assert poked < idle


@only_real
def test_half_a_command_holds_back_the_events_of_its_connection_and_of_no_other(pinger):
    with Raw() as half, Raw() as whole:
        half.sock.sendall(b"api sta")
        gevent.sleep(0.1)
        pinger("held-back")
        assert whole.hears(b"held-back", 2.0)
        assert not half.hears(b"held-back", 1.0)
        half.sock.sendall(b"tus\n\n")
        assert half.hears(b"held-back", 2.0)


def test_a_hundred_calls_in_a_second_each_end_once(node):
    _, per_second = read_limits(node.api("status"))
    if per_second and per_second <= 150:
        pytest.skip(f"this switch admits {per_second} legs a second")
    legs = []
    for _ in range(100):
        legs.append(node.dial("33612345603"))
        gevent.sleep(0.01)
    for leg in legs:
        assert node.fate(leg).hangup_cause == "USER_BUSY"
        assert node.wait(leg, "BACKGROUND_JOB").data == "-ERR USER_BUSY\n"
    gevent.sleep(0.2)
    assert {len(node.of(leg, "CHANNEL_HANGUP_COMPLETE")) for leg in legs} == {1}


@only_real
def test_a_reload_of_the_event_socket_is_one_loss_and_the_legs_are_found_again(real_node):
    leg = real_node.agent()
    with Watched(leg) as watched, Raw() as raw:
        raw.say("api reload mod_event_socket")
        until(lambda: watched.of(NodeUp), 30.0, "the links are not back")
        assert len(watched.of(NodeDown)) == 1
        assert (watched.of(NodeRestarted), watched.of(LegEnded)) == ([], [])
        assert watched.of(LegAnswered) == [LegAnswered(leg)]


@only_real
@only_ours
def test_a_short_stop_of_the_process_loses_nothing(real_node):
    leg = real_node.agent()
    with Watched(leg) as watched:
        os.kill(PROCESS, signal.SIGSTOP)
        try:
            asking = gevent.spawn(watched.node.api, f"uuid_exists {leg}")
            gevent.sleep(3.0)
            assert not asking.ready()
        finally:
            os.kill(PROCESS, signal.SIGCONT)
        assert asking.get(timeout=5.0) == "true"
        assert watched.of(NodeDown) == []


@only_real
@only_ours
@pytest.mark.slow
def test_a_stop_of_half_a_minute_is_a_loss_with_deadlines_and_ends_in_a_resync(real_node):
    leg = real_node.agent()
    with Watched(leg) as watched:
        os.kill(PROCESS, signal.SIGSTOP)
        try:
            began = time.monotonic()
            with pytest.raises(ReplyTimeout):
                watched.node.api("status")
            assert time.monotonic() - began < 7.0
            until(lambda: watched.of(NodeDown), 30.0, "the silence is not noticed")
            gevent.sleep(max(0.0, 30.0 - (time.monotonic() - began)))
        finally:
            os.kill(PROCESS, signal.SIGCONT)
        until(lambda: watched.of(NodeUp), 30.0, "the links are not back")
        assert len(watched.of(NodeDown)) == 1
        assert watched.of(NodeRestarted) == []
        assert LegAnswered(leg) in watched.of(LegAnswered) or watched.of(LegEnded)


@only_real
@only_ours
@pytest.mark.slow
def test_a_restart_of_the_switch_is_told_once_and_its_legs_are_gone(real_node):
    leg = real_node.agent()
    with Watched(leg) as watched:
        watched.node._commands.send("api fsctl shutdown restart")
        until(lambda: watched.of(NodeUp), 90.0, "the switch is not back")
        assert len(watched.of(NodeRestarted)) == 1
        assert watched.node.api(f"uuid_exists {leg}") == "false"
        until(lambda: "RUNNING" in watched.node.api("sofia status"), 30.0, "no profile runs")
    until(lambda: real_node.client.connected, 30.0, "the test's own link is not back")


@only_real
def test_a_refused_password_ends_the_connection_with_a_notice():
    with socket.create_connection(address(), 5.0) as sock:
        sock.sendall(b"auth wrong\n\n")
        sock.settimeout(5.0)
        heard = b""
        while data := sock.recv(65536):
            heard += data
    assert b"-ERR invalid" in heard
    assert b"disconnect-notice" in heard
