"""Erlang's formulas: how many lines or agents a load needs, and what it loses.

`load` is in erlangs: arrivals a second times the mean seconds that each takes. Pacing itself does
not rest on them (it sees the floor); they size a team, and bound what a dialer without sight of
its agents could do: a person who answered waits two seconds against two minutes of talk, which is
Erlang's loss system but for those two seconds.

Known values, held by tests: B(10, 5) = 1.84 %; C(10, 8) = 40.9 %.
"""

import math
from collections.abc import Callable

import numpy as np
from scipy.special import gammaincc, gammaln, xlogy

from dialer.policy.hazard import Floats

MOST_SERVERS = 100_000


def erlang_b(n_servers: int, load: float) -> float:
    """Share of arrivals lost when all servers are busy and nobody waits.

    B = a^n/n! e^-a / Q(n+1, a), with Q the regularised upper incomplete gamma function.
    """
    _check(n_servers, load)
    if load == 0.0:
        return 0.0 if n_servers else 1.0
    log_term = float(xlogy(n_servers, load) - gammaln(n_servers + 1.0)) - load
    below = float(gammaincc(n_servers + 1.0, load))
    if below > 1e-280:
        return min(math.exp(log_term) / below, 1.0)
    return _erlang_b_by_steps(n_servers, load)


def _erlang_b_by_steps(n_servers: int, load: float) -> float:
    """B(n) = a B(n-1) / (n + a B(n-1)): slow, and sound at any load."""
    lost = 1.0
    for n in range(1, n_servers + 1):
        lost = load * lost / (n + load * lost)
    return lost


def erlang_c(n_servers: int, load: float) -> float:
    """Share of arrivals that wait, when all wait for as long as it takes; 1 at or over capacity."""
    _check(n_servers, load)
    if load >= n_servers:
        return 1.0
    lost = erlang_b(n_servers, load)
    return lost / (1.0 - load / n_servers * (1.0 - lost))


def waits_longer(n_servers: int, load: float, service_s: float, wait_s: float) -> float:
    """Share of arrivals that wait longer than `wait_s`, in Erlang's waiting system."""
    if load >= n_servers:
        return 1.0
    return erlang_c(n_servers, load) * math.exp(-(n_servers - load) * wait_s / service_s)


def erlang_a(n_servers: int, load: float, service_s: float, patience_s: float) -> float:
    """Share of arrivals that leave unserved, when each waits an exponential time of this mean.

    Palm's system: the birth and death process with rates lambda, and min(n, k) mu + max(k - n, 0)
    theta. Probabilities are summed from state n outwards, so nothing overflows.
    """
    _check(n_servers, load)
    if load == 0.0:
        return 0.0 if n_servers else 1.0
    if patience_s <= 0.0:
        return erlang_b(n_servers, load)
    impatience = service_s / patience_s  # in units of the service rate
    waiting = _queue_weights(n_servers, load, impatience)
    nobody_waits = 1.0 / max(erlang_b(n_servers, load), 1e-300)
    total = nobody_waits + float(waiting.sum())
    left = impatience * float(np.arange(1, len(waiting) + 1) @ waiting)
    return min(left / (load * total), 1.0)


def _queue_weights(n_servers: int, load: float, impatience: float) -> Floats:
    """Probabilities of 1, 2, ... waiting, relative to that of all busy and none waiting."""
    longest = 200 + int(4.0 * load / impatience + 40.0 * math.sqrt(load / impatience + 1.0))
    k = np.arange(1, min(longest, 2_000_000) + 1)
    logs = np.cumsum(np.log(load) - np.log(n_servers + k * impatience))
    return np.asarray(np.exp(np.minimum(logs, 700.0)))


def most_load(n_servers: int, most_lost: float) -> float:
    """The load at which n servers lose this share (Erlang B)."""
    if not 0.0 < most_lost < 1.0:
        raise ValueError(f"most_lost: must be between 0 and 1, not {most_lost}")
    low, high = 0.0, 1.0
    while erlang_b(n_servers, high) < most_lost:
        high *= 2.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if erlang_b(n_servers, middle) < most_lost else (low, middle)
    return low


def servers_for(load: float, is_enough: Callable[[int], bool]) -> int:
    """The fewest servers that are enough for a load; `is_enough` must stay true from there on."""
    low, high = 0, max(int(load), 1)
    while not is_enough(high):
        low, high = high, high * 2
        if high > MOST_SERVERS:
            raise ValueError(f"load: no {MOST_SERVERS} servers are enough for {load:g} erlangs")
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle + 1, high)
    return low


def _check(n_servers: int, load: float) -> None:
    if n_servers < 0:
        raise ValueError(f"n_servers: must not be negative, not {n_servers}")
    if not 0.0 <= load < math.inf:
        raise ValueError(f"load: must be a finite number of erlangs, not {load}")
