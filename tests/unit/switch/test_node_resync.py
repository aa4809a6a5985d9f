"""After a gap each call known on either side ends in exactly one state."""

import uuid
from collections import Counter

import gevent
from gevent.pool import Pool
from live_floor import (
    LiveFloor,
    links_pulled,
    quick_to_return,
    settings_of,
    simulated_switch,
    until,
)

from dialer.model.commands import CallAgent, HangUpLeg, Originate
from dialer.model.events import (
    AgentLoggedOut,
    LegAnswered,
    LegEnded,
    LegRinging,
    NodeRestarted,
    NodeUp,
)
from dialer.model.permit import Permit
from dialer.sim import happenings as ev
from dialer.switch.node import SwitchNode
from dialer.switch.survey import look_at_all
from esl.backoff import Backoff
from esl.verbs import UuidKill

N_CALLS, N_ENDED = 200, 20


class Told:
    def __init__(self, server):
        self.events, self.legs = [], []
        self.node = SwitchNode(
            settings_of(server.port), self.events.append, lambda: self.legs, {"1"}.__contains__
        )
        quick_to_return(self.node)

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    def __enter__(self):
        self.node.start()
        until(lambda: self.of(NodeUp))
        return self

    def __exit__(self, *_):
        self.node.stop()

    def place(self, n):
        self.legs += [str(uuid.uuid4()) for _ in range(n)]
        Pool(50).map(self._dial, self.legs)
        until(lambda: len(set(e.leg_id for e in self.of(LegAnswered))) == n)

    def _dial(self, leg, **variables):
        given = "".join(f",{name}={value}" for name, value in variables.items())
        self.node.api(f"bgapi uuid:{leg} originate {{origination_uuid={leg}{given}}}null/x &park()")

    def lives(self, leg):
        return look_at_all(self.node.api, [leg])[leg] is not None


def test_two_hundred_calls_each_come_out_in_one_state_after_a_gap():
    with simulated_switch() as server, Told(server) as told:
        told.place(N_CALLS)
        server.switch.is_silent = True
        Pool(50).map(lambda leg: told.node.api(UuidKill(leg)), told.legs[:N_ENDED])
        told.events.clear()
        told.node._events._link.close("pulled")
        server.switch.is_silent = False
        until(lambda: told.of(NodeUp))
        ended = Counter(event.leg_id for event in told.of(LegEnded))
        lives = Counter(e.leg_id for e in told.of(LegAnswered) + told.of(LegRinging))
        assert ended == Counter(told.legs[:N_ENDED])
        assert lives == Counter(told.legs[N_ENDED:])
        assert isinstance(told.events[-1], NodeUp), "calls are placed before all is known"


def test_a_restarted_switch_is_told_as_such_and_no_leg_is_asked_for():
    with simulated_switch() as server, Told(server) as told:
        told.place(10)
        told.events.clear()
        server.restart_switch()
        until(lambda: told.of(NodeUp))
        assert len(told.of(NodeRestarted)) == 1
        assert told.of(LegEnded) == []


def test_an_originate_that_makes_its_leg_late_is_not_lost_in_a_resync():
    with simulated_switch() as server, Told(server) as told:
        told.legs.append("late")
        told.node._in_flight.add("late")
        told.events.clear()
        told.node._events._link.close("pulled")
        gevent.sleep(0.3)
        told._dial("late")
        until(lambda: told.of(NodeUp))
        assert told.of(LegEnded) == []


def test_a_call_that_the_engine_has_given_up_is_not_dialled():
    with simulated_switch() as server, Told(server) as told:
        permit = Permit(1, "+33600000001", "ANY", 9e9)
        call = Originate(permit, 1, "a", "gone", 1, 1, "n1", "+33600000001", "", 15.0, 0.0)
        told.node.execute(call)
        gevent.sleep(0.05)
        assert look_at_all(told.node.api, ["gone"]) == {"gone": None}


def test_a_node_is_not_up_before_all_its_links_are():
    """Else the first calls after a gap would be placed on a link that is not there."""
    with simulated_switch() as server, Told(server) as told:
        told.events.clear()
        told.node._originates.stop()
        told.node._events._link.close("pulled")
        until(lambda: told.node._events.connected)
        gevent.sleep(0.6)
        assert told.of(NodeUp) == []
        told.node._originates.start()
        until(lambda: told.of(NodeUp))


def test_the_first_link_that_is_back_brings_the_others():
    """Each waits for longer and longer by itself: one could lag seconds behind."""
    with simulated_switch() as server, Told(server) as told:
        for client in (told.node._commands, told.node._originates):
            client._backoff = Backoff(first_s=60.0, cap_s=60.0, draw=lambda low, high: high)
            client._link.close("pulled")
        told.events.clear()
        told.node._events._link.close("pulled")
        until(lambda: told.of(NodeUp), deadline_s=5.0)
        assert told.node._commands.connected
        assert told.node._originates.connected


def test_a_leg_told_to_end_while_the_link_was_down_ends_when_it_is_back():
    with simulated_switch() as server, Told(server) as told:
        told.place(3)
        with links_pulled(server):
            until(lambda: not told.node._commands.connected)
            told.node.execute(HangUpLeg("n1", told.legs[0]))
            gevent.sleep(0.1)
        until(lambda: told.of(LegEnded))
        assert {event.leg_id for event in told.of(LegEnded)} == {told.legs[0]}
        assert not told.lives(told.legs[0])
        until(lambda: not told.node._unended)


def test_a_leg_told_to_end_before_it_was_born_ends_when_it_is():
    """Originates have a link of their own: a log-out may overtake the call of the phone."""
    with simulated_switch() as server, Told(server) as told:
        told.node._in_flight.add("late")
        told.node.execute(HangUpLeg("n1", "late"))
        until(lambda: len(told.of(LegEnded)) == 1)
        told.node.execute(CallAgent(7, 1, "late", "n1", "1001"))
        until(lambda: len(told.of(LegEnded)) > 1)
        assert not told.lives("late")
        assert told.node._unended == {}
        assert "late" not in told.node._in_flight


def test_a_leg_whose_end_was_not_heard_is_told_again_at_the_next_heartbeat():
    with simulated_switch() as server, Told(server) as told:
        told.place(2)
        told.node._commands._link.close("pulled")
        told.node.execute(HangUpLeg("n1", told.legs[0]))
        until(lambda: told.node._commands.connected)
        assert told.lives(told.legs[0])
        server.switch._publish(ev.HEARTBEAT, lambda head: head)
        server._nudge_all()
        until(lambda: told.of(LegEnded))
        assert told.lives(told.legs[1])


def test_after_a_gap_the_legs_that_nothing_knows_end_and_no_others():
    mine, strange = {"relance_campaign": 1}, {"relance_campaign": 2}
    with simulated_switch() as server, Told(server) as told:
        told.place(2)
        told._dial("orphan-phone", relance_agent=7, **mine)
        told._dial("orphan-call", relance_attempt="a-1", **mine)
        told._dial("another-dialers", relance_attempt="a-2", **strange)
        told._dial("a-supervisors", **mine)
        until(lambda: len(told.of(LegAnswered)) == 6)
        told.events.clear()
        told.node._events._link.close("pulled")
        until(lambda: told.of(NodeUp))
        until(lambda: len(told.of(LegEnded)) == 2)
        assert {event.leg_id for event in told.of(LegEnded)} == {"orphan-phone", "orphan-call"}
        for leg in (*told.legs, "another-dialers", "a-supervisors"):
            assert told.lives(leg)


def test_the_phone_of_an_agent_who_left_during_a_gap_does_not_ring_on():
    with simulated_switch() as server, LiveFloor(server.port) as live:
        until(lambda: live.n_bridged >= 2)
        live.drain()
        phone = live.floor.agents.get(1).leg_id
        with links_pulled(server):
            until(lambda: not live.node._commands.connected)
            live.loop.emit(AgentLoggedOut(1))
            until(lambda: live.floor.agents.get(1) is None)
        until(lambda: phone not in server.switch.switch.exchange.legs, "an orphan")
        others = {agent.leg_id for agent in live.floor.agents}
        assert len(others) == 3
        assert others <= server.switch.switch.exchange.legs.keys()


def test_a_resync_of_one_switch_does_not_end_the_calls_of_another():
    with (
        simulated_switch() as first,
        simulated_switch() as second,
        LiveFloor(first.port, second.port) as live,
    ):
        until(lambda: live.n_bridged >= 4)
        for _ in range(5):
            live.node._events._link.close("pulled")
            until(lambda: live.node._events.connected)
            gevent.sleep(0.1)
        live.settle()
        others = {call.attempt_id for call in live.originates if call.node == "n2"}
        lost = {close.attempt_id for close in live.closes if close.cause == "LOST"}
        assert not lost & others
        assert {call.node for call in live.originates} == {"n1", "n2"}
