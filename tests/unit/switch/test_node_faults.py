"""Faults of the event socket that reach the node and the engine: each ends in order, and once."""

from dataclasses import replace

import gevent
import gevent.event
import pytest
from live_floor import LiveFloor, links_pulled, settings_of, simulated_switch, until
from test_node_resync import Told

from dialer.model.commands import CallAgent
from dialer.model.events import (
    LegAnswered,
    LegEnded,
    NodeDown,
    NodeTrunks,
    NodeUp,
    OriginateFailed,
)
from dialer.model.trunk import TrunkRules
from dialer.sim import happenings as ev

pytestmark = pytest.mark.timeout(60)


def test_a_slow_handler_of_one_leg_delays_no_other():
    with simulated_switch() as server, Told(server) as told:
        heard = []

        def slow(event):
            if event.uuid == "slow":
                gevent.sleep(5.0)
            heard.append(event.uuid)

        told.node._events.register_handle("CHANNEL_ANSWER", slow)
        for leg in ("slow", "a", "b", "c"):
            told._dial(leg)
        until(lambda: len(heard) == 3, deadline_s=2.0)
        assert sorted(heard) == ["a", "b", "c"]


def test_an_overflow_closes_the_link_and_asks_for_what_was_missed():
    with simulated_switch() as server, Told(server) as told:
        told.place(30)
        gate = gevent.event.Event()
        told.node._events.register_handle("CHANNEL_PARK", lambda event: gate.wait(10.0))
        told.node._events._dispatcher._limit = 20
        told.node._events._dispatcher._max_workers = 4
        told.events.clear()
        told.legs.extend(f"more{i}" for i in range(60))
        for leg in told.legs[30:]:
            told._dial(leg)
        until(lambda: told.node._events.stats.overflows >= 1)
        told.node._events._dispatcher._limit = 20_000
        gate.set()
        until(lambda: told.of(NodeUp))
        gevent.sleep(0.3)
        until(lambda: {e.leg_id for e in told.of(LegAnswered)} >= set(told.legs))
        assert told.of(LegEnded) == []
        assert [type(e) for e in told.events if type(e) in (NodeDown, NodeUp)][-1] is NodeUp


def test_a_lost_background_job_leaves_no_call_open():
    """The leg's own events end it; a job that never tells changes nothing."""
    with simulated_switch() as server:
        plain = server.switch._publish

        def publish(name, make, body=None):
            if name != ev.BACKGROUND_JOB:
                plain(name, make, body)

        server.switch._publish = publish
        with LiveFloor(server.port) as live:
            until(lambda: live.n_bridged >= 5)
            live.settle()


def test_a_call_that_went_on_under_another_identity_is_killed():
    """FreeSWITCH answers a taken identity with +OK and the identity that it chose."""
    with simulated_switch() as server, Told(server) as told:
        told._dial("stranger")
        until(lambda: told.of(LegAnswered))
        server.switch._publish(
            ev.BACKGROUND_JOB,
            lambda head: head | {"Job-UUID": "mine", "Job-Command": "originate"},
            "+OK stranger\n",
        )
        server._nudge_all()
        until(lambda: told.of(LegEnded))
        assert told.of(OriginateFailed) == [
            OriginateFailed("mine", "DUPLICATE_UUID", is_local=True)
        ]
        assert told.of(LegEnded)[0].leg_id == "stranger"
        assert "stranger" not in server.switch.switch.exchange.legs


def test_links_pulled_for_five_seconds_in_mid_campaign():
    with simulated_switch() as server, LiveFloor(server.port) as live:
        until(lambda: live.n_bridged >= 6)
        phones = {agent.leg_id for agent in live.floor.agents}
        with links_pulled(server):
            until(lambda: not live.dispatcher.nodes.get("n1").is_up)
            n_before = len(live.originates)
            gevent.sleep(5.0)
            assert len(live.originates) == n_before, "a call placed on a node out of reach"
        until(lambda: live.dispatcher.nodes.get("n1").is_up)
        n = live.n_bridged
        until(lambda: live.n_bridged >= n + 6, "agents do not come back")
        assert {agent.leg_id for agent in live.floor.agents} == phones
        assert len(live.floor.agents) == live.n_agents
        live.settle()


@pytest.mark.parametrize(
    "n_seconds", [6, pytest.param(60, marks=[pytest.mark.slow, pytest.mark.timeout(180)])]
)
def test_links_that_flap_once_a_second_dial_nobody_twice_and_double_no_event(n_seconds):
    with simulated_switch() as server, LiveFloor(server.port) as live:
        until(lambda: live.n_bridged >= 3)
        for _ in range(n_seconds):
            for client in list(server.switch.clients):
                server.switch.disconnect(client)
            server._nudge_all()
            gevent.sleep(1.0)
        until(lambda: live.dispatcher.nodes.get("n1").is_up)
        n = live.n_bridged
        until(lambda: live.n_bridged >= n + 4, "agents do not come back")
        live.settle()
        handlers = live.node._events.event_handlers
        assert all(len(known) == 1 for known in handlers.values())


def test_a_switch_that_restarts_in_mid_campaign_gets_its_agents_back():
    with simulated_switch() as server, LiveFloor(server.port) as live:
        until(lambda: live.n_bridged >= 4)
        server.restart_switch()
        until(lambda: live.dispatcher.nodes.get("n1").is_up)
        n = live.n_bridged
        until(lambda: live.n_bridged >= n + 4, "agents are not called back", 30.0)
        live.settle()


def test_an_agents_phone_refused_by_the_limits_is_called_again():
    with simulated_switch() as server, Told(server) as told:
        server.switch.switch.limits.is_outbound_paused = True
        told.node.execute(CallAgent(7, 1, "phone", "n1", "1001"))
        until(lambda: told.of(OriginateFailed))
        assert told.of(OriginateFailed)[0].is_local
        assert settings_of(server.port).name == "n1"


def test_a_gateway_that_does_not_exist_leaves_the_call_to_the_next_trunk():
    with simulated_switch() as server:
        live = LiveFloor(server.port)
        bad, good = TrunkRules("bad", max_failures=3), TrunkRules("good")
        node = live.node
        node.settings = replace(
            node.settings,
            trunks=(
                (bad, "sofia/gateway/nowhere/{number}"),
                (good, "sofia/gateway/trunk/{number}"),
            ),
        )
        live.loop.emit(NodeTrunks("n1", (bad, good)))
        with live:
            until(lambda: live.n_bridged >= 5)
            tried = [call.trunk for call in live.originates]
            assert 3 <= tried.count("bad") <= 6, "it rests after three failures"
            live.originates = [call for call in live.originates if not call.is_again]
            live.settle()
            assert not [close for close in live.closes if close.outcome == "REFUSED_LOCALLY"]
