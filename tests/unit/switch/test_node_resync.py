"""After a gap each call known on either side ends in exactly one state."""

import uuid
from collections import Counter

import gevent
from gevent.pool import Pool
from live_floor import LiveFloor, quick_to_return, settings_of, simulated_switch, until

from dialer.model.commands import Originate
from dialer.model.events import LegAnswered, LegEnded, LegRinging, NodeRestarted, NodeUp
from dialer.model.permit import Permit
from dialer.switch.node import SwitchNode
from dialer.switch.survey import look_at_all
from esl.verbs import UuidKill

N_CALLS, N_ENDED = 200, 20


class Told:
    def __init__(self, server):
        self.events, self.legs = [], []
        self.node = SwitchNode(settings_of(server.port), self.events.append, lambda: self.legs)
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

    def _dial(self, leg):
        self.node.api(f"bgapi uuid:{leg} originate {{origination_uuid={leg}}}null/x &park()")


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
