"""What it is worth to know that leads are unequal: one answer rate for all, or each lead's own.

Leads come from forty regions in random order. `--spread two_point`: those of half the regions
answer 1.8 times as often as the average, the others 0.2 times; `uniform`: the regions are spread
evenly between the two. All policies call the same people: `blind` has one rate for all, `learnt`
learns lifts from the number's prefix while dialling, from a cold start, `known` is told them. Clock
`strict`; days as in benchmarks.pacing.

Bounds (--check, whole days at 10 agents, two points): learnt wait / blind wait <= 0.90; worst seed
<= 3.0 %.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from benchmarks.common import Report, parser
from dialer.model.campaign import PacingMode
from dialer.model.ids import LeadId, ListId
from dialer.model.lead import Lead
from dialer.policy.abandon import Ledger
from dialer.policy.answer_model import Traits, traits_of
from dialer.policy.hazard import Floats
from dialer.policy.outlook import PacingState
from dialer.policy.pacing import PacingRules
from dialer.policy.picture import Picture
from dialer.policy.statistics import Learned, Trial
from dialer.sim import chance
from dialer.sim.own_pacing import OwnPacing
from dialer.sim.pacer import SimCall, SimFloor
from dialer.sim.person import Person
from dialer.sim.population import BENCHMARK, Population, Profile
from dialer.sim.rehearsal import Rehearsal, Work

N_REGIONS = 40
SPREAD = 0.8
UTC = 1_790_000_000.0
LEADS_AHEAD = 8
MOST_OF_BLIND, MOST_ABANDONED_PCT = 0.90, 3.0
SPREADS: dict[str, Callable[[int], float]] = {
    "two_point": lambda region: 1.0 + SPREAD * (-1) ** region,
    "uniform": lambda region: 1.0 + SPREAD * ((2 * region + 1) / N_REGIONS - 1.0),
}
"""How often a region's leads answer, relative to the average."""
LIVE = replace(BENCHMARK, voicemail=0.0, no_answer=0.65)


class UnequalPeople(Population):
    """Whoever is called, the region decides how likely it is that somebody answers."""

    def __init__(self, seed: int, spread: str) -> None:
        super().__init__(seed, LIVE)
        self._lifts = [SPREADS[spread](region) for region in range(N_REGIONS)]
        self._regions = [Population(seed, _answering(LIVE, lift)) for lift in self._lifts]

    def region(self, lead_id: str) -> int:
        return int(chance.draws(self.seed, lead_id, "region")[0] * N_REGIONS)

    def lift(self, lead_id: str) -> float:
        return self._lifts[self.region(lead_id)]

    def person(
        self, lead_id: str, attempt_number: int, number: str = "", at_s: float = 0.0
    ) -> Person:
        people = self._regions[self.region(lead_id)]
        return people.person(lead_id, attempt_number, number, at_s)


def _answering(profile: Profile, times: float) -> Profile:
    live = profile.live * times
    return replace(profile, live=live, no_answer=profile.no_answer + profile.live - live)


@lru_cache
def _traits(region: int) -> Traits:
    lead = Lead(LeadId(1), ListId(1), f"+33{region:03d}123456", "Europe/Paris")
    return traits_of(lead, UTC)


class Blind(OwnPacing):
    """One answer rate for all."""

    people: UnequalPeople

    @classmethod
    def on(cls, people: UnequalPeople) -> "Blind":
        state = PacingState(Learned.prior(25.0), Ledger(0.028))
        made = cls(PacingRules(PacingMode.PREDICTIVE, 1.0, 6.0), state, patience_s=2.0)
        made.people, made.n_dialed = people, 0
        return made

    def calls_to_place(self, floor: SimFloor) -> int:
        self._floor = floor
        return super().calls_to_place(floor)

    def _picture(self, floor: SimFloor) -> Picture:
        return replace(super()._picture(floor), next_lifts=self.next_lifts())

    def dialed(self, call: SimCall, now: float) -> None:
        self.n_dialed += 1
        call.evidence = self.trial(call.key, now)
        self._floor.lines.lift(call, call.evidence.lift)

    def next_lifts(self) -> Floats:
        return np.ones(0)

    def trial(self, key: str, now: float) -> Trial:
        return self.state.learned.dialed(now)


class Known(Blind):
    """Told each lead's lift."""

    def next_lifts(self) -> Floats:
        ahead = range(self.n_dialed + 1, self.n_dialed + 1 + LEADS_AHEAD)
        return np.array([self.people.lift(str(number)) for number in ahead])

    def trial(self, key: str, now: float) -> Trial:
        return self.state.learned.dialed(now, lift=self.people.lift(key))


class Learnt(Blind):
    """Learns from the number's prefix, as the engine does."""

    def next_lifts(self) -> Floats:
        ahead = range(self.n_dialed + 1, self.n_dialed + 1 + LEADS_AHEAD)
        rows = np.array([_traits(self.people.region(str(number))) for number in ahead])
        return self.state.learned.answers.lifts(rows)

    def trial(self, key: str, now: float) -> Trial:
        return self.state.learned.dialed(now, _traits(self.people.region(key)))


POLICIES: dict[str, Callable[[UnequalPeople], Blind]] = {
    "blind": Blind.on, "learnt": Learnt.on, "known": Known.on,
}  # fmt: skip


@dataclass(frozen=True)
class Day:
    wait_s: float
    abandoned_pct: float


def play(policy: str, spread: str, n_agents: int, hours: float, seed: int) -> Day:
    """One day from a cold start."""
    people = UnequalPeople(seed, spread)
    takings = Rehearsal(people, Work(((0.0, n_agents),)), POLICIES[policy](people)).run(
        hours * 3600.0
    )
    return Day(takings.wait_s, 100.0 * takings.abandon_rate)


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--agents", type=int, default=10)
    options.add_argument("--hours", type=float, default=8.0)
    options.add_argument("--spread", choices=sorted(SPREADS), default="two_point")
    options.add_argument("--seeds", type=int, default=3, help="from seed 401")
    chosen = options.parse_args()
    if chosen.quick:
        chosen.hours, chosen.seeds = 0.5, 1
    report = Report(chosen.json)
    waits, worst = {}, 0.0
    for policy in POLICIES:
        days = [
            play(policy, chosen.spread, chosen.agents, chosen.hours, 401 + i)
            for i in range(chosen.seeds)
        ]
        waits[policy] = sum(day.wait_s for day in days) / len(days)
        worst = max([worst, *(day.abandoned_pct for day in days)])
        report.row(
            policy=policy, spread=chosen.spread, n_agents=chosen.agents,
            wait_s=round(waits[policy], 2),
            waits_s=[round(day.wait_s, 1) for day in days],
            abandoned_pct=[round(day.abandoned_pct, 2) for day in days],
        )  # fmt: skip
    if not chosen.quick and chosen.spread == "two_point":
        report.bound("learnt_of_blind_ratio", waits["learnt"] / waits["blind"], MOST_OF_BLIND)
        report.bound("worst_seed_abandoned_pct", worst, MOST_ABANDONED_PCT)
    return report.end(chosen.check)


if __name__ == "__main__":
    sys.exit(main())
