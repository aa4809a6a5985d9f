from floor import Bench

from dialer.engine.nodes import Nodes
from dialer.model.events import NodeBeat, NodeDown, NodeUp


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
