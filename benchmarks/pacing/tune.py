"""Finds the parameter of each tunable rival that waits least at 3 % abandoned, and writes it down.

    python -m benchmarks.pacing.tune [--agents 5,10,...] [--policies ratio,ratio_idle,...]

Stationary workload, other seeds than the tables use, pooled: 101 to 104; from 100 agents on two of
them and half the hours. A rival's abandon rate rises with its parameter, so the largest that holds
is looked for by halving, and then the one with the least wait among those tried is taken.
`tuned.json` holds what was found and how.
"""

import json
import sys

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

SEEDS = (101, 102, 103, 104)
LIMIT = 0.03
RANGES = {
    "ratio": (1.0, 2.6),
    "ratio_idle": (1.0, 16.0),
    "vicidial_fine": (1.0, 2.6),
    "erlang": (0.002, 0.08),
}
N_STEPS = 5
LARGE = 100


def tried(policy: str, n_agents: int, parameter: float) -> tuple[float, float]:
    """Mean wait and pooled abandon rate."""
    is_large = n_agents >= LARGE
    seeds = SEEDS[:2] if is_large else SEEDS
    hours = usual_hours(n_agents) / (2.0 if is_large else 1.0)
    outcomes: list[Outcome] = [
        play(Case(policy, "stationary", n_agents, seed, hours=hours, parameter=parameter))
        for seed in seeds
    ]
    n_live = sum(one.n_live for one in outcomes)
    rate = sum(one.n_abandoned for one in outcomes) / max(n_live, 1)
    return sum(one.wait_s for one in outcomes) / len(outcomes), rate


def search(policy: str, n_agents: int) -> tuple[float, float, float]:
    """(parameter, wait, rate) of the best that holds the limit."""
    low, high = RANGES[policy]
    found = [(*tried(policy, n_agents, low), low)]
    for _ in range(N_STEPS):
        middle = round((low + high) / 2.0, 4)
        wait_s, rate = tried(policy, n_agents, middle)
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
    table["command"] = "python -m benchmarks.pacing.tune"
    table["seeds"] = list(SEEDS)
    table["limit"] = LIMIT
    table["revision"] = revision("ratio")
    found = table.setdefault("found", {})
    for n_agents in chosen.agents:
        for policy in chosen.policies.split(","):
            parameter, wait_s, rate = search(policy, n_agents)
            found.setdefault(policy, {})[str(n_agents)] = parameter
            print(
                f"{policy} {n_agents}: {parameter} wait {wait_s:.2f} s, {100 * rate:.2f} %",
                flush=True,
            )
            TUNED.write_text(json.dumps(table, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
