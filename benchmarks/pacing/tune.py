"""Finds the parameter of each tunable rival that waits least at 3 % abandoned, and writes it down.

    python -m benchmarks.pacing.tune [--agents 5,10,...] [--policies ratio,ratio_idle,...]

Stationary workload, other seeds than the tables use, pooled: 101 to 104; two of them from 20 agents
on, and half the hours from 100 on. A rival's abandon rate rises with its parameter, so the largest
that holds is looked for by halving, and then the one with the least wait among those tried is
taken. `tuned.json` holds what was found and how; what it holds already is not looked for again
while the sources are the same.
"""

import json
import sys
from collections.abc import Callable
from functools import partial
from itertools import product

from benchmarks.common import numbers, parser
from benchmarks.pacing.cases import (
    FACTORIES,
    TUNED,
    UNTUNED,
    Case,
    Outcome,
    play,
    revision,
    usual_hours,
)

COMMAND = "python -m benchmarks.pacing.tune"
SEEDS = (101, 102, 103, 104)
LIMIT = 0.03
RANGES = {
    "ratio": (1.0, 1.8, 6),
    "ratio_idle": (1.0, 16.0, 6),
    "vicidial_fine": (1.0, 1.8, 6),
    "erlang": (0.002, 0.08, 5),
}
"""Where to look, and how often to halve."""
MIDDLING, LARGE = 20, 100
"""Agents from which fewer seeds hold calls enough, and from which fewer hours do."""


def tried(policy: str, n_agents: int, parameter: float) -> tuple[float, float]:
    """Mean wait and pooled abandon rate."""
    seeds = SEEDS[:2] if n_agents >= MIDDLING else SEEDS
    hours = usual_hours(n_agents) / (2.0 if n_agents >= LARGE else 1.0)
    outcomes: list[Outcome] = [
        play(Case(policy, "stationary", n_agents, seed, hours=hours, parameter=parameter))
        for seed in seeds
    ]
    n_live = sum(one.n_live for one in outcomes)
    rate = sum(one.n_abandoned for one in outcomes) / max(n_live, 1)
    return sum(one.wait_s for one in outcomes) / len(outcomes), rate


def search(
    low: float, high: float, n_steps: int, tried: Callable[[float], tuple[float, float]]
) -> tuple[float, float, float]:
    """(parameter, wait, rate) of the best that holds the limit; `tried` gives wait and rate."""
    found = [(*tried(low), low)]
    for _ in range(n_steps):
        middle = round((low + high) / 2.0, 4)
        wait_s, rate = tried(middle)
        found.append((wait_s, rate, middle))
        low, high = (middle, high) if rate <= LIMIT else (low, middle)
    holding = [entry for entry in found if entry[1] <= LIMIT] or [min(found, key=lambda e: e[1])]
    wait_s, rate, parameter = min(holding)
    return parameter, wait_s, rate


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--agents", type=numbers, default=[5, 10, 20, 50, 100, 300, 1000])
    options.add_argument("--policies", default=",".join(sorted(set(FACTORIES) - UNTUNED)))
    chosen = options.parse_args()
    table = json.loads(TUNED.read_text()) if TUNED.exists() else {}
    if table.get("revision") != revision("ratio"):
        table = {"command": COMMAND, "revision": revision("ratio"), "found": {}}
    for n_agents, policy in product(chosen.agents, chosen.policies.split(",")):
        found = table["found"].setdefault(policy, {})
        if str(n_agents) in found:
            continue
        parameter, wait_s, rate = search(*RANGES[policy], partial(tried, policy, n_agents))
        found[str(n_agents)] = parameter
        here = f"{policy} {n_agents}: {parameter}"
        print(f"{here}, wait {wait_s:.2f} s, {100 * rate:.2f} %", flush=True)
        TUNED.write_text(json.dumps(table, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
