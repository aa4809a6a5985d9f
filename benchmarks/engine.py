"""How fast the engine is: events a second, and microseconds per pacing decision.

Events: every message between engine, simulated switch and agents, over CPU seconds of the whole
process, so the simulator's own cost counts against us. Rival: progressive pacing, which decides
by counting. Decisions: `decide` on floors in mid-campaign, nine agents of ten in conversation, with
two calls in flight per agent; the risk is exact up to 120 tosses. Rival: exact always.

Bounds (--check), with room for a busy machine:
  events_per_cpu_s (50 agents, predictive)     >= 1,000  as cpu_us_per_event <= 1000
  decision_us_10, decision_us_50, decision_us_100       <= 2000, 2000, 2000
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.common import Report, cpu_time, parser
from benchmarks.engine_world import world
from dialer.model.campaign import PacingMode
from dialer.policy import pacing
from dialer.policy.abandon import Ledger
from dialer.policy.outlook import PacingState
from dialer.policy.pacing import PacingRules, decide
from dialer.policy.picture import Crew, InFlight, Picture, Seat
from dialer.policy.statistics import Learned

RULES = PacingRules(PacingMode.PREDICTIVE, 1.5, 6.0)
ALWAYS = 10**9
MAX_EVENT_US = 1000.0
MAX_DECISION_US = {10: 2000.0, 50: 2000.0, 100: 2000.0}


@contextmanager
def exact_up_to(tosses: int) -> Iterator[None]:
    """Convolve up to so many tosses."""
    plain, pacing.EXACT_UP_TO = pacing.EXACT_UP_TO, tosses
    try:
        yield
    finally:
        pacing.EXACT_UP_TO = plain


def events_per_cpu_s(mode: PacingMode, n_agents: int, minutes: float) -> tuple[int, float]:
    """(events, CPU seconds) of a run."""
    run = world(mode, n_agents, 401)
    with cpu_time() as spent:
        run.run(minutes * 60.0)
    return run.n_messages, spent()


def mid_campaign(n_agents: int) -> tuple[Picture, PacingState]:
    """A floor in mid-campaign, and estimates with some experience."""
    learned = Learned.prior(25.0, 0.25)
    learned.n_talks = 500
    n_free = max(n_agents // 10, 1)
    now = 1000.0
    agents = [(Seat.FREE if i < n_free else Seat.TALKING, 7.0 * (i % 40)) for i in range(n_agents)]
    picture = Picture(
        now, Crew.of(now, agents), InFlight.of(now, [i % 25 + 0.5 for i in range(2 * n_agents)]),
        n_waiting=0, n_leads=10_000, n_lines_left=10_000, n_calls_allowed=10_000, patience_s=2.0,
    )  # fmt: skip
    state = PacingState(learned, Ledger(0.028))
    decide(picture, state, RULES)
    return picture, state


def decision_us(n_agents: int, times: int) -> float:
    """Median CPU microseconds of one decision; tables are made before."""
    picture, state = mid_campaign(n_agents)
    taken = []
    for _ in range(times):
        start = time.process_time_ns()
        decide(picture, state, RULES)
        taken.append(time.process_time_ns() - start)
    return sorted(taken)[len(taken) // 2] / 1000.0


def main() -> int:
    chosen = parser(__doc__).parse_args()
    report = Report(chosen.json)
    minutes, times = (5.0, 50) if chosen.quick else (30.0, 300)
    for n_agents in (10, 50):
        for mode in (PacingMode.PREDICTIVE, PacingMode.PROGRESSIVE):
            n_events, cpu_s = events_per_cpu_s(mode, n_agents, minutes)
            report.row(
                n_agents=n_agents, mode=mode.value, virtual_min=minutes, n_events=n_events,
                cpu_s=round(cpu_s, 2), events_per_cpu_s=round(n_events / cpu_s),
                virtual_s_per_cpu_s=round(60.0 * minutes / cpu_s),
            )  # fmt: skip
            if (n_agents, mode) == (50, PacingMode.PREDICTIVE):
                report.summary["events_per_cpu_s"] = round(n_events / cpu_s)
                report.bound("cpu_us_per_event", 1e6 * cpu_s / n_events, MAX_EVENT_US)
    for n_agents, at_most in MAX_DECISION_US.items():
        ours = decision_us(n_agents, times)
        with exact_up_to(ALWAYS):
            exact = decision_us(n_agents, times)
        report.row(n_agents=n_agents, decision_us=round(ours), always_exact_us=round(exact))
        report.bound(f"decision_us_{n_agents}", ours, at_most)
    return report.end(chosen.check)


if __name__ == "__main__":
    sys.exit(main())
