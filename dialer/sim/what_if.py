"""A recorded hour played again, in closed loop, under the target it had or another.

The policy decides anew at each beat, and its calls have their own consequences: nothing of the
recorded decisions is kept, only the people, the agents by minute, and the limits. It begins ten
minutes early, so that the hour meets a floor at work and not an empty one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dialer.model.campaign import PacingMode
from dialer.policy.abandon import Ledger
from dialer.policy.memory import recall
from dialer.policy.outlook import PacingState
from dialer.policy.pacing import PacingRules
from dialer.policy.picture import Picture, Seat
from dialer.policy.statistics import Learned
from dialer.sim.own_pacing import OwnPacing
from dialer.sim.pacer import SimFloor
from dialer.sim.recorded import MINUTE_S, PeopleOfAnHour, RecordedPeople
from dialer.sim.rehearsal import Rehearsal, Work

WARM_UP_S = 600.0


@dataclass(frozen=True, slots=True)
class RecordedHour:
    """What was recorded of an hour, as far as it can be played again."""

    n_agents: tuple[int, ...]
    """Who took calls, by minute."""
    people: RecordedPeople
    machine_share: float
    """Of the served answers, those that agents found to be machines."""
    n_served_before: int
    n_abandoned_before: int
    """On the ledger when the hour began."""
    memory: Mapping[str, Any]
    """What pacing has learnt (policy/memory.py)."""
    max_lines_per_agent: float
    max_lines: int
    max_calls_per_s: float
    ring_timeout_s: float
    patience_s: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What an hour came to, measured or played. Ratios of nothing are 0."""

    n_calls: int
    n_live: int
    n_abandoned: int
    wait_s: float
    """Seconds that agents were free, for each call they took."""
    talk_share: float
    """Of the agents' working time."""

    @property
    def abandon_rate(self) -> float:
        """Abandoned share of live answers."""
        return self.n_abandoned / self.n_live if self.n_live else 0.0


def play(hour: RecordedHour, target: float, seed: int) -> Figures:
    """The hour under that target, with the people that the seed draws."""
    learned = Learned.prior(hour.ring_timeout_s)
    recall(learned, hour.memory)
    pacer = HourPacing(hour, learned, target)
    people = PeopleOfAnHour(seed, hour.people, _copy_of(hour), WARM_UP_S)
    shifts = tuple(
        (WARM_UP_S + minute * MINUTE_S if minute else 0.0, n)
        for minute, n in enumerate(hour.n_agents)
    )
    work = Work(shifts, ring_timeout_s=hour.ring_timeout_s, patience_s=hour.patience_s)
    run = Rehearsal(people, work, pacer)
    before = run.run(WARM_UP_S)
    n_dialed, seconds = before.n_dialed, dict(before.seconds)
    pacer.begin_hour()
    end_s = WARM_UP_S + len(hour.n_agents) * MINUTE_S
    takings = run.run(end_s)
    within = takings.between(WARM_UP_S, end_s)
    spent = {seat: takings.seconds[seat] - seconds[seat] for seat in Seat}
    worked = sum(spent.values())
    return Figures(
        n_calls=takings.n_dialed - n_dialed,
        n_live=within.n_served + within.n_abandoned - pacer.n_machines,
        n_abandoned=within.n_abandoned,
        wait_s=spent[Seat.FREE] / within.n_served if within.n_served else 0.0,
        talk_share=spent[Seat.TALKING] / worked if worked else 0.0,
    )


class HourPacing(OwnPacing):
    """The product's policy under the limits of the hour; machines count for a share of answers."""

    def __init__(self, hour: RecordedHour, learned: Learned, target: float) -> None:
        rules = PacingRules(PacingMode.PREDICTIVE, 1.0, hour.max_lines_per_agent)
        super().__init__(rules, PacingState(learned, Ledger(target)), hour.patience_s)
        self.n_machines = 0
        self._hour = hour
        self._machines_owed = 0.0
        self._tokens = self._tokens_at = 0.0
        self.begin_hour()

    def begin_hour(self) -> None:
        """The ledger as it was when the hour began."""
        self.state.ledger.recall(self._hour.n_served_before, self._hour.n_abandoned_before)
        self.n_machines = 0

    def calls_to_place(self, floor: SimFloor) -> int:
        rate = self._hour.max_calls_per_s
        earned = (floor.now - self._tokens_at) * rate
        self._tokens, self._tokens_at = min(self._tokens + earned, max(rate, 1.0)), floor.now
        n_calls = super().calls_to_place(floor)
        self._tokens -= n_calls
        return n_calls

    def served(self, now: float) -> None:
        super().served(now)
        self._machines_owed += self._hour.machine_share
        if self._machines_owed >= 1.0:
            self._machines_owed -= 1.0
            self.n_machines += 1
            self.found_machine()

    def _picture(self, floor: SimFloor) -> Picture:
        busy = floor.n_in_flight + floor.n_waiting + floor.n_talking
        return replace(
            super()._picture(floor),
            n_lines_left=max(self._hour.max_lines - busy, 0),
            n_calls_allowed=int(self._tokens),
        )


def _copy_of(hour: RecordedHour) -> Learned:
    """What was learnt, apart from what the policy goes on to learn while it plays."""
    learned = Learned.prior(hour.ring_timeout_s)
    recall(learned, hour.memory)
    return learned
