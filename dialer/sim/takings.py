"""What came of a rehearsal: counts by minute, and the agents' time by seat."""

from collections import defaultdict
from dataclasses import dataclass, field

from dialer.policy.picture import Seat

MINUTE_S = 60.0


@dataclass(slots=True)
class Minute:
    """Live answers and agents' waits that ended within one minute."""

    n_served: int = 0
    n_abandoned: int = 0
    wait_s: float = 0.0


@dataclass(slots=True)
class Takings:
    """Counters of one run. Waits: from free to the next call, in seconds."""

    n_dialed: int = 0
    n_machines: int = 0
    """Served answers that agents found to be machines: no live answers."""
    minutes: defaultdict[int, Minute] = field(default_factory=lambda: defaultdict(Minute))
    seconds: dict[Seat, float] = field(default_factory=lambda: dict.fromkeys(Seat, 0.0))

    def serve(self, now: float, waited_s: float) -> None:
        """A live answer reached an agent who had waited so long."""
        minute = self.minutes[int(now / MINUTE_S)]
        minute.n_served += 1
        minute.wait_s += waited_s

    def abandon(self, now: float) -> None:
        """A live answer found no agent in time."""
        self.minutes[int(now / MINUTE_S)].n_abandoned += 1

    def between(self, first_s: float, last_s: float) -> Minute:
        """Sums of whole minutes."""
        found = Minute()
        for index in range(int(first_s / MINUTE_S), int(last_s / MINUTE_S)):
            if (minute := self.minutes.get(index)) is not None:
                found.n_served += minute.n_served
                found.n_abandoned += minute.n_abandoned
                found.wait_s += minute.wait_s
        return found

    @property
    def total(self) -> Minute:
        """Sums of the whole run."""
        return self.between(0.0, MINUTE_S * (max(self.minutes, default=-1) + 1))

    @property
    def wait_s(self) -> float:
        """Mean wait of an agent between two calls."""
        total = self.total
        return total.wait_s / total.n_served if total.n_served else 0.0

    @property
    def n_live(self) -> int:
        """Live answers, as the law counts them."""
        total = self.total
        return total.n_served + total.n_abandoned - self.n_machines

    @property
    def abandon_rate(self) -> float:
        """Abandoned share of live answers."""
        return self.total.n_abandoned / self.n_live if self.n_live else 0.0

    @property
    def talk_share(self) -> float:
        """Share of the agents' time spent talking."""
        worked = sum(self.seconds.values())
        return self.seconds[Seat.TALKING] / worked if worked else 0.0
