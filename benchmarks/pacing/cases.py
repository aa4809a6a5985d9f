"""One run of one policy: which world, which pacer, and the figures it gives."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import quantiles

from benchmarks.pacing import rivals
from benchmarks.pacing.revisions import OURS, revision
from dialer.model.campaign import Campaign
from dialer.model.ids import CampaignId
from dialer.policy.pacing import Decision, PacingRules, PacingState, decide
from dialer.policy.picture import Picture
from dialer.sim.own_pacing import OwnPacing
from dialer.sim.pacer import Pacer
from dialer.sim.population import BENCHMARK, Population
from dialer.sim.regimes import REGIMES, staff
from dialer.sim.rehearsal import Rehearsal, Work
from dialer.sim.takings import Minute

HERE = Path(__file__).parent
TUNED = HERE / "tuned.json"
CLOCKS = {"greeting": (1.5, 2.5), "strict": (0.0, 0.0), "unscreened": None}
"""When the two seconds begin: after machine detection of so many seconds, or at the answer, where
machines are known at once, or not before an agent hears them."""
DEFAULTS = Campaign(CampaignId(1), "defaults")
VICIDIAL_CAP = 3.0
FIRST_S, AFTER_JUMP_S = 120.0, 600.0

FACTORIES: dict[str, Callable[[float], Pacer]] = {
    "progressive": lambda _: rivals.Progressive(),
    "ratio": rivals.Level,
    "ratio_idle": rivals.RatioIdle,
    "vicidial": lambda _: rivals.Vicidial(VICIDIAL_CAP),
    "vicidial_fine": rivals.Vicidial,
    "erlang": rivals.Erlang,
}
"""Rivals by name, each from the parameter that was tuned for it."""
UNTUNED = frozenset({"progressive", "vicidial"})
FAMILIES = {"ratio": ("ratio", "ratio_idle"), "vicidial": ("vicidial", "vicidial_fine")}
"""What a word of --policies stands for, where it is more than itself."""


@dataclass(frozen=True)
class Case:
    """One run. `hours` None: as long as the published workload has it."""

    policy: str
    regime: str
    n_agents: int
    seed: int
    clock: str = "greeting"
    hours: float = 0.0
    parameter: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """Figures of one run. Waits in seconds per call; live answers and the abandoned of them."""

    case: Case
    revision: str
    wait_s: float
    talk_share: float
    n_live: int
    n_abandoned: int
    n_dialed: int
    first_live: int
    first_abandoned: int
    after_jump_live: int
    after_jump_abandoned: int
    cpu_s: float
    decision_us: tuple[float, float] = (0.0, 0.0)
    """Median and 99th percentile of the CPU time of a decision; zero when not asked for."""
    n_decisions: int = 0

    @property
    def abandoned_pct(self) -> float:
        return 100.0 * self.n_abandoned / self.n_live if self.n_live else 0.0

    def line(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of_line(cls, line: str) -> "Outcome":
        found = json.loads(line)
        found["decision_us"] = tuple(found["decision_us"])
        return cls(**found | {"case": Case(**found["case"])})


def usual_hours(n_agents: int) -> float:
    """Hours of the published workload: shorter for the large floors."""
    return 8.0 if n_agents < 300 else 4.0 if n_agents < 1000 else 2.0


def tuned(policy: str, n_agents: int) -> float:
    """The parameter found by benchmarks.pacing.tune for the nearest number of agents."""
    if policy == OURS or policy in UNTUNED:
        return 0.0
    by_agents = json.loads(TUNED.read_text())["found"][policy]
    nearest = min(by_agents, key=lambda key: abs(int(key) - n_agents))
    return float(by_agents[nearest])


@dataclass
class Stopwatch:
    """`decide`, with the CPU time of each call."""

    spent_us: list[float] = field(default_factory=list)

    def decide(self, picture: Picture, state: PacingState, rules: PacingRules) -> Decision:
        start = time.thread_time_ns()
        decision = decide(picture, state, rules)
        self.spent_us.append((time.thread_time_ns() - start) / 1000.0)
        return decision

    def percentiles(self) -> tuple[float, float]:
        if len(self.spent_us) < 2:
            return (0.0, 0.0)
        cuts = quantiles(self.spent_us, n=100)
        return round(cuts[49], 1), round(cuts[98], 1)


def play(case: Case, watch: Stopwatch | None = None) -> Outcome:
    """One run and its figures."""
    hours = case.hours or usual_hours(case.n_agents)
    horizon_s = hours * 3600.0
    people = Population(case.seed, BENCHMARK, REGIMES[case.regime](horizon_s))
    work = Work(
        staff(case.regime, case.n_agents, horizon_s, case.seed),
        ring_timeout_s=DEFAULTS.ring_timeout_s,
        patience_s=DEFAULTS.answer_limit_s,
        screening_s=CLOCKS[case.clock],
    )
    start = time.process_time()
    takings = Rehearsal(people, work, _pacer(case, watch)).run(horizon_s)
    total, first = takings.total, takings.between(0.0, FIRST_S)
    jump_s = horizon_s / 2.0 if case.regime == "up" else horizon_s
    after = takings.between(jump_s, min(jump_s + AFTER_JUMP_S, horizon_s))
    return Outcome(
        case=case,
        revision=revision(case.policy),
        wait_s=takings.wait_s,
        talk_share=takings.talk_share,
        n_live=takings.n_live,
        n_abandoned=total.n_abandoned,
        n_dialed=takings.n_dialed,
        first_live=_live(first),
        first_abandoned=first.n_abandoned,
        after_jump_live=_live(after),
        after_jump_abandoned=after.n_abandoned,
        cpu_s=round(time.process_time() - start, 2),
        decision_us=watch.percentiles() if watch else (0.0, 0.0),
        n_decisions=len(watch.spent_us) if watch else 0,
    )


def _live(minute: Minute) -> int:
    return minute.n_served + minute.n_abandoned


def _pacer(case: Case, watch: Stopwatch | None) -> Pacer:
    if case.policy != OURS:
        return FACTORIES[case.policy](case.parameter)
    return OwnPacing.cold(
        target=DEFAULTS.abandon_target,
        max_lines_per_agent=DEFAULTS.max_lines_per_agent,
        ring_timeout_s=DEFAULTS.ring_timeout_s,
        patience_s=DEFAULTS.answer_limit_s,
        decide=watch.decide if watch else decide,
    )
