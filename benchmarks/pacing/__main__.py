"""How long agents wait, and how many people are abandoned: our pacing beside its rivals.

Each run is a whole day from a cold start, in which all policies call the same people: live 25 %
(ring 9 s, talk 120 s), voicemail 30 %, no answer 35 %, busy 5 %, failed 5 %; wrap-up 20 s; an
answer is abandoned after 2 s without an agent. 8 hours; 4 with 300 agents, 2 with 1,000. The world
is dialer/sim/rehearsal.py, which agrees with the whole engine in virtual time (a test holds that).

Policies: relance; progressive (one line per free agent); ratio (a dial level, and lines per free
agent); vicidial (ADAPT_AVERAGE as shipped, and with its cap tuned); erlang (loss formula). The
parameters of the tuned ones are in tuned.json (python -m benchmarks.pacing.tune, other seeds).
Regimes: stationary; answers go up to 50 %, down to 10 %, or swing; agents change; talks change; the
carrier fails for five minutes (burst). Clocks: greeting (machine detection, then 2 s), strict (2 s
from the answer, machines known at once), unscreened (agents hear the machines).

With --results FILE each run is kept as a line of JSON, and not played again while the sources that
decide it are the same. --check holds relance to benchmarks/pacing/targets.py and exits 1 if one is
missed; with --quick (20 agents, an hour) to these bounds instead:
  wait_of_progressive_ratio <= 0.45    abandoned_pct <= 4.0    worst_seed_abandoned_pct <= 5.0
"""

import sys
from argparse import ArgumentTypeError
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial
from itertools import product
from pathlib import Path

from benchmarks.common import Report, numbers, parser
from benchmarks.pacing.cases import (
    CLOCKS,
    FACTORIES,
    FAMILIES,
    Case,
    Outcome,
    Stopwatch,
    play,
    tuned,
)
from benchmarks.pacing.plot import draw
from benchmarks.pacing.revisions import OURS, revision
from benchmarks.pacing.tables import Figures, markdown, summed
from benchmarks.pacing.targets import misses
from dialer.sim.regimes import REGIMES

QUICK_AGENTS = 20
QUICK_BOUNDS = {"wait": 0.45, "pooled": 4.0, "worst": 5.0}
ALL = (OURS, *FACTORIES)
USUAL = [OURS, "progressive", "ratio", "vicidial", "erlang"]


def words(allowed: Iterable[str], text: str) -> list[str]:
    """`up,down` as a list of known words."""
    found = text.split(",")
    if unknown := set(found) - set(allowed):
        known_words = ", ".join(allowed)
        raise ArgumentTypeError(f"{', '.join(sorted(unknown))}: not among {known_words}")
    return found


def cases(chosen_policies: Sequence[str], regimes: Sequence[str], agents: Sequence[int],
          seeds: Sequence[int], clock: str, hours: float) -> list[Case]:  # fmt: skip
    """Every run that is asked for, our own first, small floors first."""
    policies = [one for name in chosen_policies for one in FAMILIES.get(name, (name,))]
    return [
        Case(policy, regime, n_agents, seed, clock, hours, tuned(policy, n_agents))
        for policy, regime, n_agents, seed in product(policies, regimes, agents, seeds)
    ]


def known(path: Path | None) -> dict[tuple[Case, str], Outcome]:
    """Runs already played, by case and revision."""
    if path is None or not path.exists():
        return {}
    outcomes = [Outcome.of_line(line) for line in path.read_text().splitlines() if line]
    return {(one.case, one.revision): one for one in outcomes}


def timed(is_timing: bool, case: Case) -> Outcome:
    """One run, with the CPU time of its decisions if asked for; only ours has any to speak of."""
    return play(case, Stopwatch() if is_timing and case.policy == OURS else None)


def played(
    todo: Sequence[Case], path: Path | None, is_timing: bool, n_processes: int
) -> Iterator[Outcome]:
    """Outcomes in order; each is written down as soon as it is there."""
    before = known(path)
    is_known = [(case, revision(case.policy)) in before for case in todo]
    missing = [case for case, old in zip(todo, is_known, strict=True) if not old]
    pool = ProcessPoolExecutor(n_processes) if n_processes > 1 else nullcontext()
    with pool as workers:
        run = map if workers is None else workers.map
        fresh = iter(run(partial(timed, is_timing), missing))
        for case, old in zip(todo, is_known, strict=True):
            outcome = before[case, revision(case.policy)] if old else next(fresh)
            if not old and path is not None:
                with path.open("a") as results:
                    results.write(outcome.line() + "\n")
            yield outcome


def check_quick(report: Report, figures: Sequence[Figures]) -> None:
    """The bounds of the short form."""
    ours = next(one for one in figures if one.policy == OURS)
    plain = next(one for one in figures if one.policy == "progressive")
    bounds = QUICK_BOUNDS
    report.bound("wait_of_progressive_ratio", ours.wait_s / plain.wait_s, bounds["wait"])
    report.bound("abandoned_pct", ours.abandoned_pct, bounds["pooled"])
    report.bound("worst_seed_abandoned_pct", ours.worst_seed_pct, bounds["worst"])


def check(report: Report, figures: Sequence[Figures]) -> None:
    """The musts of targets.py, for our own policy under the main clock."""
    ours = [one for one in figures if one.policy == OURS and one.clock == "greeting"]
    steady = {one.n_agents: one.wait_s for one in ours if one.regime == "stationary"}
    for one in ours:
        report.missed += misses(one, steady.get(one.n_agents))


def options():
    made = parser(__doc__)
    made.add_argument("--agents", type=numbers, default=[5, 10, 20, 50, 100, 300, 1000])
    made.add_argument("--regimes", type=partial(words, REGIMES), default=["stationary"])
    made.add_argument("--policies", type=partial(words, ALL), default=USUAL)
    made.add_argument("--seeds", type=int, default=6, help="runs of each")
    made.add_argument("--first-seed", type=int, default=401)
    made.add_argument("--clock", choices=sorted(CLOCKS), default="greeting")
    made.add_argument("--hours", type=float, default=0.0, help="instead of the usual 8, 4 or 2")
    made.add_argument("--cost", action="store_true", help="CPU time of our decisions")
    made.add_argument("--results", type=Path, help="keep runs here, and do not play them again")
    made.add_argument("--plot", type=Path, help="write a PNG of the first regime")
    made.add_argument("--markdown", action="store_true", help="tables for a document at the end")
    made.add_argument("--processes", type=int, default=1)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = options().parse_args(arguments)
    if chosen.quick:
        chosen.agents, chosen.hours, chosen.seeds = [QUICK_AGENTS], 1.0, 2
        chosen.policies, chosen.regimes = ["relance", "progressive"], ["stationary"]
    seeds = range(chosen.first_seed, chosen.first_seed + chosen.seeds)
    todo = cases(chosen.policies, chosen.regimes, chosen.agents, seeds, chosen.clock, chosen.hours)
    report, figures = Report(chosen.json), []
    outcomes = played(todo, chosen.results, chosen.cost, chosen.processes)
    for _ in range(len(todo) // chosen.seeds):
        (row,) = summed(next(outcomes) for _ in seeds)
        figures.append(row)
        report.row(**row.row())
    if chosen.quick:
        check_quick(report, figures)
    else:
        check(report, figures)
    if chosen.plot:
        draw(figures, chosen.regimes[0], chosen.plot)
    if chosen.markdown:
        for regime in chosen.regimes:
            print(f"\n{regime}\n\n{markdown(figures, regime)}")
    report.summary |= {"clock": chosen.clock, "n_seeds": chosen.seeds}
    return report.end(chosen.check)


if __name__ == "__main__":
    sys.exit(main())
