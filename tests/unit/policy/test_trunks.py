import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.model.trunk import TrunkRules
from dialer.policy.trunks import Trunk, choose, is_trunk_fault


def trunk(name="a", **rules):
    return Trunk(TrunkRules(name, **rules))


def fail(one, now, times=1):
    for _ in range(times):
        one.place(now)
        one.end(now, is_fault=True)


def test_trunks_are_taken_in_order_and_never_twice_for_one_call():
    trunks = [trunk("a"), trunk("b")]
    assert choose(trunks, 0.0).rules.name == "a"
    assert choose(trunks, 0.0, tried=("a",)).rules.name == "b"
    assert choose(trunks, 0.0, tried=("a", "b")) is None


def test_a_full_trunk_leaves_the_call_to_the_next():
    trunks = [trunk("a", max_calls=1), trunk("b")]
    trunks[0].place(0.0)
    assert choose(trunks, 0.0).rules.name == "b"
    trunks[0].end(1.0, is_fault=False)
    assert choose(trunks, 1.0).rules.name == "a"


def test_failures_in_a_row_rest_it_and_one_probe_at_a_time_brings_it_back():
    one = trunk(max_failures=3, rest_s=30.0)
    fail(one, 0.0, times=2)
    one.reach()
    fail(one, 1.0, times=2)
    assert one.may_take(1.0)
    fail(one, 2.0)
    assert not one.may_take(31.9)
    assert one.may_take(32.0)
    one.place(32.0)
    assert not one.may_take(33.0), "two probes at once"
    one.end(34.0, is_fault=True)
    assert not one.may_take(63.9)
    one.place(64.0)
    one.reach()
    assert one.may_take(64.0)


@settings(deadline=None, derandomize=True)
@given(
    st.integers(1, 20),
    st.integers(1, 10),
    st.lists(st.tuples(st.floats(0.0, 1.5), st.integers(0, 3), st.booleans()), max_size=60),
)
def test_no_trunk_is_ever_above_its_limits(rate, max_calls, steps):
    one = trunk(max_calls_per_s=rate, max_calls=max_calls, max_failures=4, rest_s=2.0)
    now, placed, n_live = 0.0, [], 0
    for wait_s, n_ended, is_fault in steps:
        now += wait_s
        for _ in range(min(n_ended, n_live)):
            one.end(now, is_fault=is_fault)
            n_live -= 1
        while one.may_take(now):
            one.place(now)
            placed.append(now)
            n_live += 1
        assert n_live <= max_calls
    for at in placed:  # a bucket of one second: its content, and what flows in during the window
        assert sum(at <= other < at + 1.0 for other in placed) <= 2 * rate + 1


@pytest.mark.parametrize(
    ("cause", "is_local", "fault"),
    [
        ("NORMAL_TEMPORARY_FAILURE", False, True),
        ("NETWORK_OUT_OF_ORDER", False, True),
        ("USER_BUSY", False, False),
        ("UNALLOCATED_NUMBER", False, False),
        ("GATEWAY_DOWN", True, True),
        ("DESTINATION_OUT_OF_ORDER", True, False),
    ],
)
def test_only_what_is_the_trunks_own_counts_against_it(cause, is_local, fault):
    assert is_trunk_fault(cause, is_local=is_local) is fault
