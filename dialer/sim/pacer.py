"""What a rehearsal shows to whatever paces it, and tells it.

Agents and calls are kept as the arrays that the pacing policy sees, changed in place as things
happen: a floor of a thousand is not counted anew for each decision. Must not know how calls and
agents come about; `rehearsal` does.
"""

import numpy as np

from dialer.engine.placing import TICK_S
from dialer.policy.picture import Crew, InFlight, Seat, Sign
from dialer.sim.person import Person

SMALLEST = 64
"""Calls in flight that are made room for at first."""


class SimAgent:
    """An agent of a rehearsal. `since`: when the present seat was taken."""

    __slots__ = ("call", "credited_at", "is_leaving", "row", "seat", "since")

    def __init__(self, now: float) -> None:
        self.seat = Seat.FREE
        self.since = self.credited_at = now
        self.is_leaving = False
        self.call: SimCall | None = None
        self.row = -1


class SimCall:
    """One call, from the dial to the end of the agent's work on it."""

    __slots__ = ("dialed_at", "evidence", "is_waiting", "key", "person", "row")

    def __init__(self, number: int, dialed_at: float, person: Person) -> None:
        self.key = str(number)
        self.dialed_at = dialed_at
        self.person = person
        self.is_waiting = False
        self.row = -1
        self.evidence: object = None
        """Whatever the pacer keeps with the call."""


class Staff:
    """Everybody at work, as a list and as arrays."""

    def __init__(self) -> None:
        self.agents: list[SimAgent] = []
        self.n_in: dict[Seat, int] = dict.fromkeys(Seat, 0)
        self.crew = Crew.of(0.0, [])

    def replace(self, agents: list[SimAgent]) -> None:
        """Other people from now on."""
        self.agents = agents
        self.n_in = dict.fromkeys(Seat, 0)
        for row, agent in enumerate(agents):
            agent.row = row
            self.n_in[agent.seat] += 1
        self.crew = Crew(
            np.array([agent.seat for agent in agents], dtype=np.int8),
            np.array([agent.since for agent in agents], dtype=float),
            np.array([not agent.is_leaving for agent in agents], dtype=bool),
            np.ones(len(agents), dtype=bool),
        )

    def seat(self, agent: SimAgent, seat: Seat, now: float) -> None:
        """An agent changes seats."""
        self.n_in[agent.seat] -= 1
        self.n_in[seat] += 1
        agent.seat, agent.since = seat, now
        self.crew.seats[agent.row] = seat
        self.crew.since[agent.row] = now


class Lines:
    """Calls that may still become live answers. The last row fills the hole of one that is over."""

    def __init__(self) -> None:
        self._calls: list[SimCall] = []
        self._rows = _room(SMALLEST)

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, call: SimCall) -> None:
        """A call was dialled."""
        row = call.row = len(self._calls)
        self._calls.append(call)
        rows = self._rows
        if row == len(rows):
            rows = self._rows = _grown(rows)
        rows.dialed_at[row] = rows.sign_at[row] = call.dialed_at
        rows.signs[row] = Sign.NOTHING
        rows.lifts[row] = 1.0

    def lift(self, call: SimCall, lift: float) -> None:
        """Its chance to be answered, relative to the average."""
        self._rows.lifts[call.row] = lift

    def ring(self, call: SimCall, now: float) -> None:
        """The network says that it rings."""
        has_media = call.person.has_early_media
        self._rows.signs[call.row] = Sign.EARLY_MEDIA if has_media else Sign.RINGING
        self._rows.sign_at[call.row] = now

    def pick_up(self, call: SimCall, now: float) -> None:
        """It is picked up, and has to be told from a machine."""
        self._rows.signs[call.row] = Sign.PICKED_UP
        self._rows.sign_at[call.row] = now

    def remove(self, call: SimCall) -> None:
        """It was answered, or is over."""
        row, last = call.row, self._calls.pop()
        call.row = -1
        if last is call:
            return
        self._calls[row] = last
        rows, end, last.row = self._rows, len(self._calls), row
        for column in (rows.dialed_at, rows.signs, rows.sign_at, rows.lifts):
            column[row] = column[end]

    def in_flight(self) -> InFlight:
        """The rows that hold a call, as the policy sees them; good until the next change."""
        rows, n = self._rows, len(self._calls)
        return InFlight(rows.dialed_at[:n], rows.signs[:n], rows.sign_at[:n], rows.lifts[:n])


def _room(n_rows: int) -> InFlight:
    return InFlight(
        np.zeros(n_rows), np.zeros(n_rows, dtype=np.int8), np.zeros(n_rows), np.ones(n_rows)
    )


def _grown(rows: InFlight) -> InFlight:
    wider = _room(2 * len(rows))
    wider.dialed_at[: len(rows)] = rows.dialed_at
    wider.signs[: len(rows)] = rows.signs
    wider.sign_at[: len(rows)] = rows.sign_at
    wider.lifts[: len(rows)] = rows.lifts
    return wider


class SimFloor:
    """The floor at this moment."""

    __slots__ = ("lines", "n_waiting", "now", "staff")

    def __init__(self) -> None:
        self.now = 0.0
        self.staff = Staff()
        self.lines = Lines()
        self.n_waiting = 0

    @property
    def n_agents(self) -> int:
        """Everybody logged in."""
        return len(self.staff.agents)

    @property
    def n_free(self) -> int:
        return self.staff.n_in[Seat.FREE]

    @property
    def n_talking(self) -> int:
        return self.staff.n_in[Seat.TALKING]

    @property
    def n_in_flight(self) -> int:
        """Calls that may still become live answers."""
        return len(self.lines)


class Pacer:
    """Decides how many calls to place. What it is told is for those who learn."""

    beat_s = TICK_S
    """Between two regular decisions."""
    hears_events = True
    """Whether it also decides when somebody becomes free, or a call ends or is answered."""

    def calls_to_place(self, floor: SimFloor) -> int:
        """How many calls to place now."""
        raise NotImplementedError

    def dialed(self, call: SimCall, now: float) -> None:
        """A call was placed."""

    def rang(self, call: SimCall, now: float) -> None:
        """The network says that it rings: with early media or without, as `call.person` has it."""

    def picked_up(self, call: SimCall, now: float) -> None:
        """Somebody or something answers; which of the two is being found out."""

    def answered(self, call: SimCall, now: float) -> None:
        """A call counts as live from now on: an agent is due."""

    def ended_unanswered(self, call: SimCall, now: float, is_carrier_fault: bool) -> None:
        """A call ended without a live answer."""

    def served(self, now: float) -> None:
        """A live answer reached an agent in time."""

    def abandoned(self, now: float) -> None:
        """A live answer found no agent in time."""

    def found_machine(self) -> None:
        """The agent says that a served answer was a machine."""

    def talk_ended(self, since: float, now: float) -> None:
        """A conversation is over."""

    def wrap_up_ended(self, since: float, now: float) -> None:
        """An agent is free again, or goes home."""
