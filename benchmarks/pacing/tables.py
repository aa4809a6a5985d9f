"""Seeds taken together: means with their confidence, pooled rates, and the worst seed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from scipy.stats import t as student

from benchmarks.pacing.cases import Outcome

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Figures:
    """One policy in one regime with one number of agents. `_ci`: half of the 95 % interval."""

    policy: str
    regime: str
    clock: str
    n_agents: int
    n_seeds: int
    wait_s: float
    wait_ci_s: float
    talk_pct: float
    abandoned_pct: float
    abandoned_ci_pct: float
    abandoned_by_seed: dict[int, float]
    first_pct: float
    """Of the first 120 s."""
    after_jump_pct: float
    """Of the 600 s after answers double; only in regime `up`."""
    after_jump_calls: float
    decision_p50_us: float
    decision_p99_us: float
    cpu_s: float
    revisions: tuple[str, ...]

    @property
    def worst_seed_pct(self) -> float:
        return max(self.abandoned_by_seed.values())

    def row(self) -> dict[str, object]:
        """For the report."""
        shown: dict[str, object] = {
            "policy": self.policy,
            "regime": self.regime,
            "n_agents": self.n_agents,
            "n_seeds": self.n_seeds,
            "wait_s": round(self.wait_s, 2),
            "wait_ci_s": round(self.wait_ci_s, 2),
            "talk_pct": round(self.talk_pct, 2),
            "abandoned_pct": round(self.abandoned_pct, 2),
            "abandoned_ci_pct": round(self.abandoned_ci_pct, 2),
            "worst_seed_pct": round(self.worst_seed_pct, 2),
            "first_120_s_pct": round(self.first_pct, 2),
            "after_jump_pct": round(self.after_jump_pct, 2),
        }
        if self.decision_p99_us:
            shown |= {
                "decision_p50_us": self.decision_p50_us,
                "decision_p99_us": self.decision_p99_us,
            }
        return shown | {"cpu_s": round(self.cpu_s, 1), "revision": "+".join(self.revisions)}


def summed(outcomes: Iterable[Outcome]) -> list[Figures]:
    """Figures for each policy, regime, clock and number of agents, in order of appearance."""
    groups: defaultdict[tuple[str, str, str, int], list[Outcome]] = defaultdict(list)
    for one in outcomes:
        case = one.case
        groups[case.policy, case.regime, case.clock, case.n_agents].append(one)
    return [_figures(*key, group) for key, group in groups.items()]


def _figures(
    policy: str, regime: str, clock: str, n_agents: int, group: Sequence[Outcome]
) -> Figures:
    waits = [one.wait_s for one in group]
    rates = {one.case.seed: one.abandoned_pct for one in group}
    return Figures(
        policy, regime, clock, n_agents, len(group),
        wait_s=fmean(waits),
        wait_ci_s=half_interval(waits),
        talk_pct=100.0 * fmean(one.talk_share for one in group),
        abandoned_pct=_pct(sum(one.n_abandoned for one in group), sum(one.n_live for one in group)),
        abandoned_ci_pct=half_interval(list(rates.values())),
        abandoned_by_seed=rates,
        first_pct=_pct(
            sum(one.first_abandoned for one in group), sum(one.first_live for one in group)
        ),
        after_jump_pct=_pct(
            sum(one.after_jump_abandoned for one in group),
            sum(one.after_jump_live for one in group),
        ),
        after_jump_calls=fmean(one.after_jump_abandoned for one in group),
        decision_p50_us=max(one.decision_us[0] for one in group),
        decision_p99_us=max(one.decision_us[1] for one in group),
        cpu_s=fmean(one.cpu_s for one in group),
        revisions=tuple(sorted({one.revision for one in group})),
    )  # fmt: skip


def half_interval(values: Sequence[float]) -> float:
    """Half of the 95 % interval of the mean, by Student's t; 0 for a single value."""
    n = len(values)
    if n < 2:
        return 0.0
    return float(student.ppf((1.0 + CONFIDENCE) / 2.0, n - 1)) * stdev(values) / sqrt(n)


def markdown(figures: Sequence[Figures], regime: str) -> str:
    """A table of one regime: a row for each policy, a column for each number of agents."""
    here = [one for one in figures if one.regime == regime]
    agents = sorted({one.n_agents for one in here})
    lines = ["| policy | " + " | ".join(str(n) for n in agents) + " |"]
    lines.append("| --- |" + " --- |" * len(agents))
    for policy in dict.fromkeys(one.policy for one in here):
        cells = {one.n_agents: _cell(one) for one in here if one.policy == policy}
        lines.append(f"| {policy} | " + " | ".join(cells.get(n, "–") for n in agents) + " |")
    return "\n".join(lines)


def _cell(one: Figures) -> str:
    worst = " *" if one.worst_seed_pct > 3.0 else ""
    digits = 1 if one.wait_s >= 10.0 else 2
    interval = f" ± {one.wait_ci_s:.{digits}f}" if one.n_seeds > 1 else ""
    return (
        f"{one.wait_s:.{digits}f}{interval} / {one.talk_pct:.1f} / {one.abandoned_pct:.2f}{worst}"
    )


def _pct(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 0.0
