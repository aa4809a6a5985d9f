"""How a day differs from a steady one: the people, the carrier or the staff change while it runs.

Each regime is the same shape over any horizon. Values only.
"""

from collections.abc import Callable
from dataclasses import replace

from dialer.sim import chance
from dialer.sim.population import BENCHMARK, Shift

RICH = replace(BENCHMARK, name="rich", live=0.50, voicemail=0.20, no_answer=0.20)
POOR = replace(BENCHMARK, name="poor", live=0.10, voicemail=0.36, no_answer=0.44)
OUTAGE = replace(BENCHMARK, name="outage", carrier_failure=0.9)
OUTAGE_S = 300.0
N_SWINGS = 15
REDRAW_S = 900.0
STAFF = (0.6, 1.3)
"""Between these shares of the nominal number of agents."""

Shifts = tuple[Shift, ...]


def _swings(horizon_s: float) -> Shifts:
    every_s = horizon_s / (N_SWINGS + 1)
    return tuple(
        Shift((i + 1) * every_s, RICH if i % 2 == 0 else BENCHMARK) for i in range(N_SWINGS)
    )


def _talks(horizon_s: float) -> Shifts:
    return (
        Shift(horizon_s / 3.0, replace(BENCHMARK, talk_mean_s=60.0)),
        Shift(horizon_s / 1.5, replace(BENCHMARK, talk_mean_s=180.0)),
    )


def _outage(horizon_s: float) -> Shifts:
    at_s = horizon_s / 3.0
    return (Shift(at_s, OUTAGE), Shift(at_s + OUTAGE_S, BENCHMARK))


REGIMES: dict[str, Callable[[float], Shifts]] = {
    "stationary": lambda _: (),
    "up": lambda horizon_s: (Shift(horizon_s / 2.0, RICH),),
    "down": lambda horizon_s: (Shift(horizon_s / 2.0, POOR),),
    "osc": _swings,
    "agents": lambda _: (),
    "talk": _talks,
    "burst": _outage,
}
"""Shifts of the benchmark's people over a horizon in seconds."""


def staff(regime: str, n_agents: int, horizon_s: float, seed: int) -> tuple[tuple[float, int], ...]:
    """Who works from when on. In `agents` the number is drawn anew every quarter of an hour."""
    if regime != "agents":
        return ((0.0, n_agents),)
    n_redraws = int(horizon_s / REDRAW_S)
    shares = [
        chance.between(*STAFF, chance.draws(seed, str(i), "staff")[0]) for i in range(n_redraws)
    ]
    return tuple((i * REDRAW_S, round(share * n_agents)) for i, share in enumerate(shares))
