import gevent
import pytest
from gevent import socket

from dialer.run.clocks import SystemClock
from dialer.sim import server as served
from dialer.sim.population import LAB, Population
from dialer.sim.server import SwitchServer
from dialer.sim.wire import WireSwitch
from esl import EslClient

DIAL = "originate {origination_uuid=c}sofia/switch/33612345601@x &park()"


@pytest.fixture
def server():
    clock = SystemClock()
    switch = WireSwitch(Population(1, LAB), clock.now(), "secret")
    server = SwitchServer(("127.0.0.1", 0), switch, clock, speed=20.0)
    server.start()
    yield server
    server.stop()


def connect(server, *names):
    heard = []
    client = EslClient("127.0.0.1", server.port, "secret", subscriptions=names, keepalive_s=0)
    for name in names:
        client.register_handle(name, heard.append)
    client.connect()
    return client, heard


def until(condition):
    with gevent.Timeout(5.0, AssertionError("did not happen")):
        while not condition():
            gevent.sleep(0.005)


def test_a_call_over_tcp_faster_than_life(server):
    client, heard = connect(server, "CHANNEL_ANSWER")
    assert client.api(f"bgapi uuid:j {DIAL}") == "+OK Job-UUID: j\n"
    until(lambda: heard)
    assert heard[0].uuid == "c"
    client.stop()
    until(lambda: not server.switch.clients)


def test_several_clients_hear_the_same(server):
    pairs = [connect(server, "CHANNEL_CREATE") for _ in range(3)]
    pairs[0][0].api(f"bgapi {DIAL}")
    until(lambda: all(len(heard) == 1 for _, heard in pairs))
    for client, _ in pairs:
        client.stop()


def test_a_restart_disconnects_everybody_who_then_come_back(server):
    client, _ = connect(server)
    before = client.api("global_getvar core_uuid")
    server.restart_switch()
    until(lambda: not client.connected)
    until(lambda: client.connected)
    assert client.api("global_getvar core_uuid") != before
    client.stop()


def test_a_leg_dropped_by_fault_is_told(server):
    client, heard = connect(server, "CHANNEL_HANGUP_COMPLETE")
    client.api(f"bgapi {DIAL}")
    server.drop_leg("c")
    until(lambda: heard)
    assert heard[0].hangup_cause == "NORMAL_TEMPORARY_FAILURE"
    client.stop()


def test_a_client_that_does_not_read_is_cut_off_and_the_others_go_on(server, monkeypatch):
    monkeypatch.setattr(served, "BACKLOG_LIMIT_BYTES", 200_000)
    deaf = socket.create_connection(("127.0.0.1", server.port))
    deaf.sendall(b"auth secret\n\nevent json ALL\n\n")
    client, _ = connect(server)
    until(lambda: len(server.switch.clients) == 2)

    def is_cut_off():
        for _ in range(50):
            client.api("bgapi originate {}sofia/switch/33612345604@x &park()")
        return len(server.switch.clients) == 1

    until(is_cut_off)
    assert client.api("echo alive") == "alive"
    client.stop()
    deaf.close()


def test_a_speed_must_be_above_zero(server):
    with pytest.raises(ValueError, match="speed"):
        SwitchServer(("127.0.0.1", 0), server.switch, SystemClock(), speed=0.0)
