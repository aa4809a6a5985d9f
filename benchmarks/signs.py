"""What it is worth to know what the network says of a ringing call: 180, or 183 with early media.

`--people telling`: of those who will answer one in five has early media, of all others seven in
ten, as where a carrier plays its announcements before any answer; `silent`: half of all, whoever
answers. Both policies call the same people; `deaf` is not told the signs. Days as in
benchmarks.pacing, clock `strict`.

Bounds (--check, whole days): telling: told wait / deaf wait <= 1.00; silent: <= 1.02; worst seed
<= 3.0 %. The sign comes late in a call's life, so little is to be gained: about one per cent.
"""

import sys

from benchmarks.common import Report, parser
from dialer.sim import chance
from dialer.sim.own_pacing import OwnPacing
from dialer.sim.pacer import SimCall
from dialer.sim.person import Answer, Person
from dialer.sim.population import BENCHMARK, Population
from dialer.sim.rehearsal import Rehearsal, Work

EARLY_MEDIA = {"telling": (0.2, 0.7), "silent": (0.5, 0.5)}
"""Shares of early media: of those who answer, and of all others."""
MOST_OF_DEAF = {"telling": 1.00, "silent": 1.02}
MOST_ABANDONED_PCT = 3.0


class SignedPeople(Population):
    """Some of them give early media before they answer, or never do."""

    def __init__(self, seed: int, shares: tuple[float, float]) -> None:
        super().__init__(seed, BENCHMARK)
        self._of_live, self._of_others = shares

    def person(
        self, lead_id: str, attempt_number: int, number: str = "", at_s: float = 0.0
    ) -> Person:
        person = super().person(lead_id, attempt_number, number, at_s)
        share = self._of_live if person.outcome is Answer.LIVE else self._of_others
        u, *_ = chance.draws(self.seed, lead_id, "sign")
        return person._replace(has_early_media=u < share)


class Deaf(OwnPacing):
    """Is not told what the network says."""

    def rang(self, call: SimCall, now: float) -> None:
        pass


POLICIES = {"deaf": Deaf, "told": OwnPacing}


def play(policy: str, people: str, n_agents: int, hours: float, seed: int) -> tuple[float, float]:
    """(wait in seconds, abandoned %) of a day from a cold start."""
    population = SignedPeople(seed, EARLY_MEDIA[people])
    work = Work(((0.0, n_agents),), screening_s=(0.0, 0.0))
    takings = Rehearsal(population, work, POLICIES[policy].cold()).run(hours * 3600.0)
    return takings.wait_s, 100.0 * takings.abandon_rate


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--people", choices=sorted(EARLY_MEDIA), default="telling")
    options.add_argument("--agents", type=int, default=10)
    options.add_argument("--hours", type=float, default=8.0)
    options.add_argument("--seeds", type=int, default=3, help="from seed 401")
    chosen = options.parse_args()
    if chosen.quick:
        chosen.hours, chosen.seeds = 0.5, 1
    report, waits = Report(chosen.json), {}
    for policy in POLICIES:
        days = [
            play(policy, chosen.people, chosen.agents, chosen.hours, 401 + i)
            for i in range(chosen.seeds)
        ]
        waits[policy] = sum(wait_s for wait_s, _ in days) / len(days)
        report.row(
            policy=policy, people=chosen.people, n_agents=chosen.agents,
            wait_s=round(waits[policy], 2), waits_s=[round(wait_s, 1) for wait_s, _ in days],
            abandoned_pct=[round(pct, 2) for _, pct in days],
        )  # fmt: skip
        if not chosen.quick:
            worst = max(pct for _, pct in days)
            report.bound(f"worst_seed_abandoned_pct_{policy}", worst, MOST_ABANDONED_PCT)
    if not chosen.quick:
        ratio = waits["told"] / waits["deaf"]
        report.bound("told_of_deaf_ratio", ratio, MOST_OF_DEAF[chosen.people])
    return report.end(chosen.check)


if __name__ == "__main__":
    sys.exit(main())
