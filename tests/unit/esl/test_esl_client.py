"""The client over real sockets: replies to their askers, events to their handlers."""

import functools
import random
import socket as std
import sys

import gevent
import pytest
from esl_peer import connected, make_client, peer, wait_until
from gevent.event import Event
from greenswitch import InboundESL

from esl.backoff import Backoff
from esl.client import EslClient
from esl.commands import Api, Filter, NoEvents, Subscribe
from esl.errors import ConnectionLost, LossStage
from esl.events import EslEvent

BIG = "x" * 1_000_000


def test_it_is_a_greenswitch_client_by_type_and_by_names():
    with peer() as one, make_client(one) as client:
        assert isinstance(client, InboundESL)
        assert client.connected
        reply = client.send("api status")
        assert (reply.data, reply.headers["Content-Type"]) == ("status", "api/response")
        assert client.send("filter Event-Name X").data.startswith("+OK filter added")
    assert not client.connected


def test_it_works_without_monkey_patching():
    if gevent.monkey.is_module_patched("socket"):
        pytest.skip("another test has patched this process")
    with peer() as one, connected(one) as client:
        assert client.api("status") == "status"


def test_it_connects_over_ipv6_too():
    try:
        with peer(family=std.AF_INET6) as one, connected(one) as client:
            assert client.api("status") == "status"
    except OSError:
        pytest.skip("no IPv6 on this machine")


def test_the_socket_has_its_options_set():
    with peer() as one, connected(one) as client:
        sock = client._link._sock
        assert sock.getsockopt(std.IPPROTO_TCP, std.TCP_NODELAY) == 1
        assert sock.getsockopt(std.SOL_SOCKET, std.SO_KEEPALIVE) == 1
        assert sock.getsockopt(std.SOL_SOCKET, std.SO_RCVBUF) > 200_000
        if sys.platform == "linux":
            assert sock.getsockopt(std.IPPROTO_TCP, std.TCP_USER_TIMEOUT) == 10_000


def test_ten_thousand_pipelined_commands_each_get_their_own_reply():
    with peer() as one, connected(one, reply_deadline_s=20) as client:
        link = client._link
        tickets = [link._submit(Api(f"echo {n}"), link._queue) for n in range(10_000)]
        results = [link._replies[ticket] for ticket in tickets]
        assert [result.get(timeout=20).data for result in results] == [
            f"echo {n}" for n in range(10_000)
        ]
        assert client.connected


def test_interleaved_greenlets_never_cross_their_replies():
    with peer() as one, connected(one, reply_deadline_s=20) as client:
        wrong = []

        def ask(who):
            chance = random.Random(who)
            for n in range(60):
                text = f"{who}-{n}-" + "y" * chance.choice((1, 100, 5000))
                if client.api(text) != text:
                    wrong.append(text)
                if chance.random() < 0.2:
                    gevent.sleep(0)

        gevent.joinall([gevent.spawn(ask, who) for who in range(40)], timeout=20)
        assert wrong == []
        assert len(one.link.requests) == 40 * 60 + 1


def test_a_command_larger_than_the_socket_takes_arrives_whole():
    with peer() as one, connected(one, reply_deadline_s=20) as client:
        client._link._sock.setsockopt(std.SOL_SOCKET, std.SO_SNDBUF, 4096)
        others = [gevent.spawn(client.api, f"small {n}") for n in range(20)]
        assert client.api(BIG) == BIG
        gevent.joinall(others, timeout=10)
        assert [other.value for other in others] == [f"small {n}" for n in range(20)]


def test_commands_begun_behind_a_half_written_one_keep_their_order():
    with peer() as one, connected(one, reply_deadline_s=20) as client:
        client._link._sock.setsockopt(std.SOL_SOCKET, std.SO_SNDBUF, 4096)
        texts = [BIG, "small 0", "small 1", BIG, "small 2"]
        answers = []
        for text in texts:
            answers.append(client.begin(Api(text)))
            client.poke()
            gevent.sleep(0)
        assert [answer().data for answer in answers] == texts


def test_a_command_begun_takes_along_what_waits_for_the_writer():
    with peer() as one, connected(one) as client:
        before = client._link._submit(Api("echo before"), client._link._queue)
        assert before.stage is LossStage.NOT_SENT
        answer = client.begin(Api("echo begun"))
        assert before.stage is LossStage.UNCONFIRMED
        assert answer().data == "echo begun"


def test_a_poke_is_one_line_end_that_the_switch_skips():
    with peer() as one, connected(one) as client:
        for _ in range(3):
            client.poke()
            gevent.sleep(0)
            assert client.api("status") == "status"
        assert len(one.link.requests) == 4


def test_a_poke_while_disconnected_does_nothing():
    with peer() as one:
        client = make_client(one)
        client.poke()
        assert not client.connected


# -- events


def listening(one, *names, **options):
    return connected(one, subscriptions=names, **options)


@pytest.mark.parametrize("json_events", [True, False])
def test_events_reach_their_handlers_in_either_format(json_events):
    got = []
    with peer() as one, listening(one, "CHANNEL_ANSWER", json_events=json_events) as client:
        client.register_handle("CHANNEL_ANSWER", got.append)
        one.link.event("CHANNEL_ANSWER", "u-1", body="hé\n\nX: y", Caller="O'Neil, é")
        wait_until(lambda: got)
        event = got[0]
        assert (event.uuid, event.get("Caller"), event.data) == ("u-1", "O'Neil, é", "hé\n\nX: y")


def test_custom_events_go_to_subclass_custom_and_star_handlers():
    got = []
    with peer() as one, listening(one, "HEARTBEAT", "avmd::beep") as client:
        for name in ("avmd::beep", "CUSTOM", "*", "other::one"):
            client.register_handle(name, lambda event, name=name: got.append(name))
        one.link.event("CUSTOM", "u", **{"Event-Subclass": "avmd::beep"})
        wait_until(lambda: len(got) >= 3)
        assert sorted(got) == ["*", "CUSTOM", "avmd::beep"]
        assert one.link.lines()[-1] == "event json HEARTBEAT CUSTOM avmd::beep"


def test_unwanted_events_are_dropped_undecoded_and_counted():
    got = []
    with peer() as one, listening(one, "ALL") as client:
        client.register_handle("HEARTBEAT", got.append)
        one.link.write(b"Content-Length: 24\nContent-Type: text/event-json\n\n")
        one.link.write(b'{"Event-Name":"TALK",bad')  # would not even parse
        one.link.event("HEARTBEAT")
        wait_until(lambda: got)
        assert client._link.protocol.dropped_events == 1


def test_an_unregistered_handler_hears_nothing_more():
    got = []
    with peer() as one, listening(one, "HEARTBEAT") as client:
        client.register_handle("HEARTBEAT", got.append)
        client.unregister_handle("HEARTBEAT", got.append)
        with pytest.raises(ValueError):
            client.unregister_handle("HEARTBEAT", got.append)
        one.link.event("HEARTBEAT")
        assert client.api("status") == "status"
        assert got == []


def test_events_of_one_call_stay_in_order_though_its_handler_is_slow():
    got = []

    def slow(event):
        gevent.sleep(0.001 * (event.integer("N") % 3))
        got.append((event.uuid, event.integer("N")))

    with peer() as one, listening(one, "DTMF") as client:
        client.register_handle("DTMF", slow)
        for n in range(60):
            one.link.event("DTMF", f"u-{n % 3}", N=str(n))
        wait_until(lambda: len(got) == 60)
        for uuid in ("u-0", "u-1", "u-2"):
            numbers = [n for who, n in got if who == uuid]
            assert numbers == sorted(numbers)


def test_a_handler_stuck_on_one_call_stalls_no_other():
    got, never = [], Event()

    def handler(event):
        if event.uuid == "stuck":
            never.wait(5)
        got.append(event.uuid)

    with peer() as one, listening(one, "DTMF") as client:
        client.register_handle("DTMF", handler)
        for _ in range(3):
            one.link.event("DTMF", "stuck")
        for n in range(100):
            one.link.event("DTMF", f"u-{n}")
        wait_until(lambda: len(got) == 100)
        assert "stuck" not in got
        assert client.api("status") == "status"
        never.set()
        wait_until(lambda: len(got) == 103)


def test_a_raising_handler_of_any_kind_is_counted_and_the_rest_go_on(caplog):
    got = []

    def fails(event, why="?"):
        raise RuntimeError(why)

    with peer() as one, listening(one, "DTMF") as client:
        for handler in (fails, functools.partial(fails, why="partial"), lambda event: 1 / 0):
            client.register_handle("DTMF", handler)
        client.register_handle("DTMF", got.append)
        one.link.event("DTMF", "u")
        one.link.event("DTMF", "u")
        wait_until(lambda: len(got) == 2)
        assert client.handler_errors == 6
    assert "partial" in caplog.text


def test_a_handler_may_send():
    got = []
    with peer() as one, listening(one, "DTMF") as client:
        client.register_handle("DTMF", lambda event: got.append(client.api("status")))
        one.link.event("DTMF", "u")
        wait_until(lambda: got)
        assert got == ["status"]


def test_a_handler_may_stop_the_client():
    with peer() as one, listening(one, "DTMF") as client:
        client.register_handle("DTMF", lambda event: client.stop())
        one.link.event("DTMF", "u")
        wait_until(lambda: not client.connected and client._supervisor is None)
        assert one.links[0].lines()[-1] == "exit"


def test_an_overflow_closes_counts_and_comes_back():
    ups, downs, never = [], [], Event()
    options = {"queue_limit": 50, "on_up": ups.append, "on_down": downs.append}
    with peer() as one, listening(one, "DTMF", **options) as client:
        client.register_handle("DTMF", lambda event: never.wait(5))
        wait_until(lambda: ups)
        try:
            for _ in range(100):
                one.links[0].event("DTMF", "same")
        except OSError:
            pass
        wait_until(lambda: len(ups) == 2)
        assert (client.stats.overflows, len(downs)) == (1, 1)
        assert "DispatchOverflow" in downs[0].get("Reason")
        assert client.stats.dropped_events >= 49
        assert client.waiting_events == 0
        never.set()


def test_a_flood_does_not_keep_handlers_from_running():
    got = []
    with peer() as one, listening(one, "DTMF", queue_limit=5000) as client:
        client.register_handle("DTMF", got.append)
        event = one.link.server.event(EslEvent({"Event-Name": "DTMF", "Unique-ID": "u"}))
        one.link.write(event * 20_000)
        wait_until(lambda: len(got) == 20_000, 10)
        assert client.stats.overflows == 0


def test_a_job_waited_for_gives_its_output_and_its_event_still_comes():
    got = []

    def work(link, request):
        if request.verb != "bgapi":
            return False
        job = request.headers["job-uuid"]
        link.write(link.server.job_reply(job))
        link.event("BACKGROUND_JOB", body="+OK done\n", **{"Job-UUID": job})
        return True

    with peer(answer=work) as one, listening(one, "BACKGROUND_JOB") as client:
        assert client.run_job("status", job_deadline_s=2) == "+OK done\n"
        client.register_handle("BACKGROUND_JOB", got.append)
        assert client.run_job("status", "mine", job_deadline_s=2) == "+OK done\n"
        wait_until(lambda: got)
        assert got[0].job_uuid == "mine"
        assert (client._link._jobs, client._link._replies) == ({}, {})


def test_log_lines_go_to_the_log_handler():
    got = []
    with peer() as one, connected(one) as client:
        client.register_handle("log", got.append)
        one.link.write(one.link.server.log_line({"Log-Level": "3"}, "hello\n"))
        wait_until(lambda: got)
        assert (got[0].data, got[0].get("Log-Level")) == ("hello\n", "3")


# -- coming back


def test_connected_comes_first_and_carries_the_greeting():
    seen = []

    def burst(link, request):
        if request.verb != "event":
            return False
        reply = link.server.command_reply(link.server.subscriptions.apply(request))
        event = link.server.event(EslEvent({"Event-Name": "DTMF", "Unique-ID": "u"}))
        link.write(reply + event * 3)
        return True

    with peer(answer=burst) as one:
        client = make_client(one, subscriptions=["DTMF"], on_up=seen.append)
        client.register_handle("DTMF", seen.append)
        client.connect()
        wait_until(lambda: len(seen) == 4)
        assert [event.name for event in seen] == ["CONNECTED", "DTMF", "DTMF", "DTMF"]
        assert seen[0].get("Reply-Text") == "+OK accepted"
        assert seen[0].get("Connection-Number") == "1"
        client.stop()


def test_subscriptions_and_filters_are_replayed_once_and_in_order():
    ups = []
    options = {"filters": [Filter("Call-Direction", "outbound")], "on_up": ups.append}
    with peer() as one, listening(one, "DTMF", "HEARTBEAT", **options) as client:
        client.send("event json CHANNEL_ANSWER")
        client.send("event json CHANNEL_ANSWER")
        client.request(Filter("Event-Name", "HEARTBEAT"))
        client.api("status")
        expected = [
            "auth ClueCon",
            "filter add Call-Direction outbound",
            "event json DTMF HEARTBEAT",
            "event json CHANNEL_ANSWER",
            "filter add Event-Name HEARTBEAT",
        ]
        for number in (2, 3):
            one.links[-1].close()
            wait_until(lambda number=number: len(ups) == number)
            assert one.links[-1].lines() == expected


def test_noevents_empties_what_is_replayed():
    ups = []
    with peer() as one, listening(one, "DTMF", on_up=ups.append) as client:
        client.request(NoEvents)
        client.request(Subscribe(["HEARTBEAT"]))
        one.link.close()
        wait_until(lambda: len(ups) == 2)
        assert one.link.lines()[1:] == ["event json HEARTBEAT"]


def test_handlers_are_not_doubled_by_reconnecting():
    got, ups = [], []
    with peer() as one, listening(one, "DTMF", on_up=ups.append) as client:
        client.register_handle("DTMF", got.append)
        client.register_handle("DTMF", got.append)
        for number in (2, 3, 4):
            one.link.reset()
            wait_until(lambda number=number: len(ups) == number)
        one.link.event("DTMF", "u")
        wait_until(lambda: got)
        assert client.api("status") == "status"
        assert len(got) == 1


def test_ups_and_downs_alternate_whatever_the_flapping():
    seen = []

    def flap(link, number):
        if number % 2 == 0:
            link.close()  # before the greeting: no connection was made
            return True
        return False

    options = {"on_up": seen.append, "on_down": seen.append}
    with peer(on_accept=flap) as one, connected(one, **options):
        for number in (1, 3, 5, 7):
            wait_until(lambda number=number: len(one.links) == number)
            wait_until(lambda: seen and seen[-1].name == "CONNECTED")
            one.link.close()
            wait_until(lambda: seen[-1].name == "DISCONNECT")
        names = [event.name for event in seen]
        assert names[:8] == ["CONNECTED", "DISCONNECT"] * 4


def test_start_connects_whenever_the_switch_comes_up():
    ups = []
    with peer() as one:
        port = one.port
    client = EslClient(
        "127.0.0.1", port, "ClueCon", on_up=ups.append, backoff=Backoff(first_s=0.01, cap_s=0.02)
    )
    client.start()
    gevent.sleep(0.05)
    assert not client.connected
    with pytest.raises(ConnectionLost):
        client.api("status")
    client.stop()
    with peer() as two:
        client.port = two.port
        client.start()
        wait_until(lambda: ups)
        assert client.api("status") == "status"
        client.stop()


def test_a_password_refused_on_the_way_back_slows_the_retries():
    delays = []

    def draw(low, high):
        delays.append((low, high))
        return 0.001

    def turn_away(link, request):
        if request.verb == "auth" and len(link.peer.links) > 1:
            link.write(link.server.refuse_auth())
            link.close()
            return True
        return False

    with peer(answer=turn_away) as one, connected(one, backoff=Backoff(draw=draw)):
        one.link.close()
        wait_until(lambda: len(delays) >= 7)
        assert delays[0] == (0.0, 0.2)  # a short life counts as a failure
        assert delays[1:7] == [(2.5, 5), (5, 10), (10, 20), (20, 40), (30, 60), (30, 60)]


def test_a_stopped_client_may_connect_again():
    with peer() as one:
        client = make_client(one, subscriptions=["DTMF"])
        for _ in range(2):
            client.connect()
            assert client.api("status") == "status"
            client.stop()
        assert len(one.links) == 2


def test_stop_is_bounded_when_the_switch_does_not_answer():
    with peer(answer=lambda link, request: request.verb == "exit") as one:
        client = make_client(one, reply_deadline_s=0.05)
        client.connect()
        with gevent.Timeout(1):
            client.stop()
        assert not client.connected


def test_stop_tells_no_disconnect():
    downs = []
    with peer() as one:
        client = make_client(one, on_down=downs.append)
        client.connect()
        client.stop()
        gevent.sleep(0.01)
        assert downs == []
