from itertools import pairwise

import pytest
from floor import Bench, only
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.engine.nodes import Node, Nodes
from dialer.model.agent import AgentState
from dialer.model.commands import CallAgent, CloseAttempt, Originate, RaiseAlarm
from dialer.model.events import (
    AgentLoggedIn,
    LegRinging,
    NodeBeat,
    NodeDown,
    NodeDraining,
    NodeUp,
    OriginateFailed,
)
from dialer.model.outcome import TRAITS, Outcome


def nodes(**left):
    made = Nodes()
    for name, n_lines in left.items():
        node = made.get(name)
        node.is_up, node.max_sessions = True, n_lines
    return made


def test_a_node_nobody_has_heard_of_is_down():
    assert nodes().get("n1").n_lines_left == 0
    assert nodes().least_loaded() is None
    assert nodes().any_name() == ""


def test_the_node_with_most_lines_left_is_chosen_and_names_break_ties():
    assert nodes(a=10, b=30, c=30).least_loaded().name == "b"
    assert nodes(a=10, b=30).least_loaded(among={"a"}).name == "a"
    assert nodes(a=10).least_loaded(among=set()) is None


def test_our_own_dials_count_until_the_next_heartbeat_counts_them():
    bench = Bench()
    node = bench.dispatcher.nodes.get("n1")
    node.n_placed = 400
    assert node.n_lines_left == 600
    bench.do(NodeBeat("n1", n_sessions=390, max_sessions=900, idle_cpu=80.0))
    assert (node.n_lines_left, node.idle_cpu) == (510, 80.0)


def test_a_node_that_is_down_has_no_line_whatever_it_said():
    bench = Bench()
    bench.do(NodeDown("n1"))
    assert bench.dispatcher.nodes.n_lines_left == 0
    bench.do(NodeUp("n1", 500, 30))
    assert bench.dispatcher.nodes.n_lines_left == 500


# --- limits --------------------------------------------------------------------------------------


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.integers(2, 12),
    st.integers(1, 30),
    st.lists(st.tuples(st.floats(0.0, 0.7), st.integers(0, 4), st.booleans()), max_size=60),
)
def test_no_node_is_ever_above_its_limits(sessions_per_s, max_sessions, steps):
    """Legs end at random; beats come at random and may miss the legs of the last second."""
    node = Node("n1", is_up=True, max_sessions=max_sessions, sessions_per_s=sessions_per_s)
    now, placed, live = 0.0, [], []
    for wait_s, n_ended, beats in steps:
        now += wait_s
        del live[:n_ended]
        if beats:
            counted = [at for at in live if at <= now - 1.0]
            node.beat(len(counted), max_sessions, 90.0, now)
        while node.room(now):
            node.place(now)
            placed.append(now)
            live.append(now)
        assert len(live) <= max_sessions
    for at in placed:
        assert sum(at <= other < at + 1.0 for other in placed) <= sessions_per_s - 1


def test_a_busy_processor_or_a_drain_takes_no_new_leg_and_says_so_of_itself_only():
    bench = Bench("n1", "n2")
    first, second = (bench.dispatcher.nodes.get(name) for name in ("n1", "n2"))
    bench.do(NodeUp("n1", 1000, 30, min_idle_cpu=10.0), NodeBeat("n1", 0, 1000, idle_cpu=14.0))
    bench.do(NodeBeat("n2", 0, 1000, idle_cpu=0.0))  # it has no such limit
    assert (first.room(0.0), second.room(0.0) > 0) == (0, True)
    bench.do(NodeBeat("n1", 0, 1000, idle_cpu=40.0), NodeDraining("n2"))
    assert (first.room(0.0) > 0, second.room(0.0)) == (True, 0)
    bench.do(NodeDraining("n2", is_draining=False))
    assert second.room(0.0) > 0


def test_a_draining_node_keeps_its_calls_and_gets_no_more():
    bench = Bench()
    _, phone = bench.talk()
    bench.seat(2)
    bench.do(NodeDraining("n1"))
    bench.stock(n=5)
    assert only(Originate, bench.wait(5.0)) == []
    assert bench.agent().state is AgentState.TALKING
    assert bench.agent().leg_id == phone
    bench.do(NodeDraining("n1", is_draining=False))
    assert only(Originate, bench.wait(2.0))


def test_agents_legs_count_and_phones_beyond_the_second_wait_for_the_next():
    bench = Bench()
    bench.dispatcher.nodes.get("n1").sessions_per_s = 5
    for agent_id in range(1, 9):
        bench.do(AgentLoggedIn(agent_id, 1, "A", f"10{agent_id:02d}"))
    assert len(bench.all(CallAgent)) == 4
    bench.wait(1.0)
    assert len(bench.all(CallAgent)) == 4
    bench.wait(0.5)
    assert len(bench.all(CallAgent)) == 8


@pytest.mark.parametrize("cause", ["DESTINATION_OUT_OF_ORDER", "GATEWAY_DOWN", "INVALID_GATEWAY"])
def test_a_local_refusal_rests_the_node_longer_each_time_and_charges_no_try(cause):
    bench = Bench()
    bench.seat()
    bench.stock(n=50)
    dialed_at = []
    for _ in range(4):
        call = bench.dial()
        dialed_at.append(bench.now.mono)
        (close,) = only(CloseAttempt, bench.do(OriginateFailed(call.leg_id, cause, is_local=True)))
        assert close.outcome is Outcome.REFUSED_LOCALLY
        assert not TRAITS[close.outcome].counts_as_try
    waits = [after - before for before, after in pairwise(dialed_at)]
    assert waits == sorted(waits) and waits[0] >= 0.5 and waits[-1] >= 2.0
    assert bench.all(RaiseAlarm) == []
    bench.wait(4.0)
    call = bench.all(Originate)[-1]
    bench.do(LegRinging(call.leg_id))
    assert bench.dispatcher.nodes.get("n1").n_refusals == 0
