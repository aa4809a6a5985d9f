import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.policy.erlang import (
    erlang_a,
    erlang_b,
    erlang_c,
    most_load,
    servers_for,
    waits_longer,
)

SERVERS = st.integers(1, 60)
LOADS = st.floats(0.01, 80.0)


def lost_by_sum(n_servers, load):
    """The definition: a^n/n! over the sum of a^k/k!."""
    terms = [load**k / math.factorial(k) for k in range(n_servers + 1)]
    return terms[-1] / sum(terms)


@pytest.mark.parametrize(
    ("n_servers", "load", "lost"),
    [(1, 1.0, 0.5), (2, 1.0, 0.2), (10, 5.0, 0.018385), (100, 84.06, 0.01), (0, 3.0, 1.0)],
)
def test_known_values_of_the_loss_formula(n_servers, load, lost):
    assert erlang_b(n_servers, load) == pytest.approx(lost, abs=2e-5)


@given(SERVERS, LOADS)
def test_the_loss_formula_is_its_definition(n_servers, load):
    assert erlang_b(n_servers, load) == pytest.approx(lost_by_sum(n_servers, load), rel=1e-9)


@pytest.mark.parametrize(("n_servers", "load"), [(1000, 1000.0), (5000, 3000.0), (10, 1e6)])
def test_large_systems_neither_overflow_nor_vanish_wrongly(n_servers, load):
    lost = erlang_b(n_servers, load)
    assert 0.0 <= lost <= 1.0
    if load > n_servers:
        assert lost >= 1.0 - n_servers / load


@pytest.mark.parametrize(
    ("n_servers", "load", "waits"), [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (10, 8.0, 0.40918)]
)
def test_known_values_of_the_waiting_formula(n_servers, load, waits):
    assert erlang_c(n_servers, load) == pytest.approx(waits, abs=1e-4)


def test_over_capacity_everybody_waits():
    assert erlang_c(5, 5.0) == erlang_c(5, 9.0) == waits_longer(5, 5.0, 120.0, 999.0) == 1.0


def test_waits_fall_off_exponentially():
    """One server, half loaded: P(wait > t) = rho e^{-(1 - rho) t / s}."""
    assert waits_longer(1, 0.5, 100.0, 100.0) == pytest.approx(0.5 * math.exp(-0.5))


@given(st.integers(1, 30), st.floats(0.1, 60.0))
def test_patience_lies_between_loss_and_endless_waiting(n_servers, load):
    lost = erlang_b(n_servers, load)
    short = erlang_a(n_servers, load, 140.0, 2.0)
    long = erlang_a(n_servers, load, 140.0, 60.0)
    assert max(1.0 - n_servers / load, 0.0) - 1e-9 <= long <= short + 1e-9 <= lost + 2e-9


def test_no_patience_is_the_loss_system_and_patience_like_service_loses_as_poisson():
    """With patience as long as service the number in the system is Poisson, whatever n."""
    assert erlang_a(10, 5.5, 140.0, 0.0) == erlang_b(10, 5.5)
    load, n_servers = 6.0, 5
    waiting = sum(
        (k - n_servers) * math.exp(-load) * load**k / math.factorial(k) for k in range(6, 60)
    )
    assert erlang_a(n_servers, load, 100.0, 100.0) == pytest.approx(waiting / load, rel=1e-9)


def test_two_seconds_of_patience_hardly_help_a_dialler_that_does_not_look():
    """Ten agents, 140 s a call: at 3 % lost such a dialler keeps them about half busy."""
    assert most_load(10, 0.03) == pytest.approx(5.53, abs=0.01)
    assert 0.025 < erlang_a(10, 5.53, 140.0, 2.0) < 0.03


def test_a_team_is_sized_by_what_it_may_lose():
    agents = servers_for(20.0, lambda n: erlang_b(n, 20.0) <= 0.03)
    assert erlang_b(agents, 20.0) <= 0.03 < erlang_b(agents - 1, 20.0)
    agents = servers_for(20.0, lambda n: waits_longer(n, 20.0, 180.0, 20.0) <= 0.2)
    assert waits_longer(agents, 20.0, 180.0, 20.0) <= 0.2
    assert servers_for(0.0, lambda n: erlang_b(n, 0.0) <= 0.03) <= 1


@pytest.mark.parametrize("load", [-1.0, float("nan"), float("inf")])
def test_a_load_that_is_none_is_refused_by_name(load):
    with pytest.raises(ValueError, match="load"):
        erlang_b(3, load)


def test_impossible_sizes_are_refused():
    with pytest.raises(ValueError, match="n_servers"):
        erlang_c(-1, 1.0)
    with pytest.raises(ValueError, match="most_lost"):
        most_load(3, 0.0)
    with pytest.raises(ValueError, match="no 100000 servers"):
        servers_for(10.0, lambda n: False)
