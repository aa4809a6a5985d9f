"""Many frames, little memory; many clients, no storm."""

import gc
import os
from collections import Counter

import gevent
import psutil
import pytest
from esl_peer import connected, make_client, peer, wait_until
from greenswitch.esl import NotConnectedError

from esl import EslClient
from esl.backoff import Backoff
from esl.commands import Auth
from esl.connection import ClientConnection
from esl.events import EslEvent
from esl.server import ServerConnection

N_CLIENTS = 100


def ready_client():
    """Both ends of a connection, logged in, without sockets."""
    client, server = ClientConnection(), ServerConnection()
    client.receive_data(server.auth_request())
    data, _ = client.send(Auth("ClueCon", ""))
    server.receive_data(data)
    client.receive_data(server.accept_auth())
    return client, server


@pytest.mark.parametrize(
    "n_frames",
    [
        200_000,
        pytest.param(10_000_000, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
    ],
)
def test_memory_stays_flat_however_many_frames_come(n_frames):
    """Every frame differs, so that whatever is kept by content would grow."""
    client, server = ready_client()
    process, n_events, batch = psutil.Process(os.getpid()), 0, 1000
    sizes = []
    for first in range(0, n_frames, batch):
        frames = b"".join(
            server.event(EslEvent({"Event-Name": "CHANNEL_ANSWER", "Unique-ID": f"leg-{n}"}))
            if n % 100
            else server.event(EslEvent({"Event-Name": "HEARTBEAT", "Padding": "x" * (n % 977)}))
            for n in range(first, first + batch)
        )
        n_events += len(client.receive_data(frames))
        if first % (n_frames // 10) == 0:
            gc.collect()
            sizes.append(process.memory_info().rss)
    assert n_events == n_frames
    assert max(sizes[2:]) - sizes[1] < 8 * 1024 * 1024


def test_a_hundred_clients_come_back_all_of_them_and_not_all_at_once():
    with peer() as one:
        arrivals = []
        one.on_accept = lambda link, n: arrivals.append(gevent.get_hub().loop.now()) is not None
        clients = [
            make_client(one, backoff=Backoff(first_s=0.5, cap_s=2.0)) for _ in range(N_CLIENTS)
        ]
        for client in clients:
            client.start()
        try:
            wait_until(lambda: all(client.connected for client in clients), 20.0)
            arrivals.clear()
            for link in list(one.links):
                link.close()
            wait_until(lambda: len(arrivals) >= N_CLIENTS, 20.0)
            wait_until(lambda: all(client.connected for client in clients), 20.0)
        finally:
            gevent.joinall([gevent.spawn(client.stop) for client in clients])
        at_once = Counter(int(at * 10) for at in arrivals)
        assert max(at_once.values()) < N_CLIENTS * 0.6, "they storm"


def test_a_name_that_nobody_knows_is_a_failed_connect():
    client = EslClient("no-such-switch.invalid", 8021, "ClueCon", reply_deadline_s=1.0)
    with gevent.Timeout(10), pytest.raises(NotConnectedError):
        client.connect()


def test_twenty_thousand_events_over_a_socket_are_all_heard():
    heard = Counter()
    with peer() as one, connected(one, subscriptions=["DTMF"]) as client:
        client.register_handle("DTMF", lambda event: heard.update([event.uuid]))
        frame = one.link.server.event(EslEvent({"Event-Name": "DTMF", "Unique-ID": "leg"}))
        for _ in range(20):
            one.link.write(frame * 1000)
            wait_until(lambda: client.waiting_events < 5000, 20.0)
        wait_until(lambda: heard["leg"] == 20_000, 20.0)
        assert client.stats.losses == 0
