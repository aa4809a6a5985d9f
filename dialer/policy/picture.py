"""What the pacing policy sees of a floor at one moment: arrays, one entry for each agent or call.

Instants are seconds on the same clock as `now`, so that a thing seen twice has not moved between:
ages are reckoned where they are needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from dialer.policy.hazard import Floats

Ints = NDArray[np.int8]
Bools = NDArray[np.bool_]


class Seat(IntEnum):
    """What an agent does, as far as pacing cares."""

    FREE = 0
    TALKING = 1
    WRAP_UP = 2
    HELD = 3
    """Reserved, or about to be: busy with age zero."""


FREE, TALKING, WRAP_UP, HELD = (int(seat) for seat in Seat)
"""Comparing arrays with a plain number is several times faster."""


class Sign(IntEnum):
    """What the network has said of a call that is not answered."""

    NOTHING = 0
    RINGING = 1
    """180: somewhere a phone rings."""
    EARLY_MEDIA = 2
    """183: tones or words before any answer."""
    PICKED_UP = 3
    """Somebody or something answers; which of the two is being found out."""


PICKED_UP = int(Sign.PICKED_UP)


@dataclass(frozen=True, slots=True)
class Crew:
    """All agents at work. One who is about to pause or leave takes no more calls, yet is watched:
    his talk is evidence on how long talks last."""

    seats: Ints
    since: Floats
    """Second at which the agent came into this seat."""
    takes_calls: Bools
    is_own: Bools
    """Works for this campaign; others of its pool may take its calls, but talk for another one."""

    @classmethod
    def of(cls, now: float, agents: Sequence[tuple[Seat, float]]) -> "Crew":
        """Agents who all take calls, each by seat and seconds in it."""
        return cls(
            np.array([seat for seat, _ in agents], dtype=np.int8),
            np.array([now - age_s for _, age_s in agents], dtype=float),
            np.ones(len(agents), dtype=bool),
            np.ones(len(agents), dtype=bool),
        )

    def own_in(self, seat: int) -> Bools:
        """Which of them are this campaign's and in that seat."""
        return np.asarray(self.is_own & (self.seats == seat))

    @property
    def n_agents(self) -> int:
        """Agents who take calls."""
        return int(np.count_nonzero(self.takes_calls))

    @property
    def n_free(self) -> int:
        """Of them those who have nothing to do."""
        return int(np.count_nonzero(self.takes_calls & (self.seats == FREE)))


@dataclass(frozen=True, slots=True)
class InFlight:
    """Calls that were dialled and neither answered nor over."""

    dialed_at: Floats
    signs: Ints
    sign_at: Floats
    """Second of the present sign; that of the dial while there is none."""
    lifts: Floats
    """Chance to be answered, relative to the campaign's answer rate."""

    @classmethod
    def of(cls, now: float, ages_s: Sequence[float]) -> "InFlight":
        """Calls of these ages of which nothing else is known."""
        dialed_at = now - np.array(ages_s, dtype=float)
        n_calls = len(dialed_at)
        return cls(dialed_at, np.zeros(n_calls, dtype=np.int8), dialed_at, np.ones(n_calls))

    def __len__(self) -> int:
        return len(self.dialed_at)


NO_LIFTS: Floats = np.zeros(0)


@dataclass(frozen=True, slots=True)
class Picture:
    """The floor at one moment. Limits in calls."""

    now: float
    crew: Crew
    in_flight: InFlight
    n_waiting: int
    n_leads: int
    n_lines_left: int
    n_calls_allowed: int
    """What the calls-per-second limits leave now."""
    patience_s: float
    """From the answer to the abandon."""
    next_lifts: Floats = field(default_factory=lambda: NO_LIFTS)
    """Of the next leads to dial, in order; those past its end are as likely as the average."""
    n_agents: int = field(init=False)
    """Who take calls."""
    n_free: int = field(init=False)
    """Of them those who have nothing to do."""

    def __post_init__(self) -> None:
        """Count the crew once: a decision asks many times."""
        object.__setattr__(self, "n_agents", self.crew.n_agents)
        object.__setattr__(self, "n_free", self.crew.n_free)
