"""What the pacing policy must reach on this workload, and what would be better still.

Waits in seconds, talk shares in per cent of the agents' time; every seed at most 3 % abandoned.
"""

from benchmarks.pacing.tables import Figures

LIMIT_PCT = 3.0
MUST_WAIT_S = {5: 39.0, 10: 27.0, 20: 18.5, 50: 10.3, 100: 6.2, 300: 2.6, 1000: 1.2}
STRETCH_WAIT_S = {5: 35.0, 10: 24.5, 20: 16.5, 50: 8.8, 100: 5.2, 300: 1.9, 1000: 0.5}
MUST_TALK_PCT = {5: 67.0, 10: 71.7, 20: 75.5, 50: 79.7, 100: 82.0, 300: 84.2, 1000: 85.0}
SHOCK_FACTOR = 1.25
"""A shock's wait over the stationary one, for 10 to 300 agents."""
AFTER_JUMP_PCT = {5: 9.0, 10: 9.0, 20: 9.0, 50: 5.0, 100: 5.0, 300: 5.0, 1000: 5.0}
"""Abandoned in the ten minutes after answers double."""
DECISION_P99_US = {300: 1000.0, 1000: 5000.0}


def misses(figures: Figures, stationary_wait_s: float | None) -> list[str]:
    """The musts that these figures miss, each in a few words."""
    n, found = figures.n_agents, []
    for seed, pct in figures.abandoned_by_seed.items():
        if pct > LIMIT_PCT:
            found.append(f"seed {seed} abandons {pct:.2f} %, at most {LIMIT_PCT}")
    if figures.regime == "stationary":
        found += _stationary(figures)
    elif _is_bound(figures.regime, n) and stationary_wait_s:
        at_most = SHOCK_FACTOR * stationary_wait_s
        if figures.wait_s > at_most:
            found.append(f"waits {figures.wait_s:.2f} s, at most {at_most:.2f}")
    if figures.regime == "up" and figures.after_jump_pct > AFTER_JUMP_PCT.get(n, 100.0):
        found.append(f"abandons {figures.after_jump_pct:.2f} % after the jump")
    if 0.0 < DECISION_P99_US.get(n, 1e9) < figures.decision_p99_us:
        found.append(f"p99 of a decision is {figures.decision_p99_us:.0f} us")
    return [f"{figures.regime}, {n} agents: {miss}" for miss in found]


def _stationary(figures: Figures) -> list[str]:
    n, found = figures.n_agents, []
    if figures.wait_s > MUST_WAIT_S.get(n, 1e9):
        found.append(f"waits {figures.wait_s:.2f} s, at most {MUST_WAIT_S[n]}")
    if figures.talk_pct < MUST_TALK_PCT.get(n, 0.0):
        found.append(f"talks {figures.talk_pct:.2f} %, at least {MUST_TALK_PCT[n]}")
    if n == 1000 and figures.first_pct > LIMIT_PCT:
        found.append(f"abandons {figures.first_pct:.2f} % in the first two minutes")
    return found


def _is_bound(regime: str, n_agents: int) -> bool:
    """Not where the shock itself is most of the wait: a large floor without its carrier."""
    if not 10 <= n_agents <= 300:
        return False
    return not (regime == "burst" and n_agents >= 300)
