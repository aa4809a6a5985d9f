"""What a rehearsal shows to whatever paces it, and tells it.

Must not know how calls and agents come about; `rehearsal` does.
"""

from dialer.engine.dialing import TICK_S
from dialer.policy.pacing import Seat


class SimAgent:
    """An agent of a rehearsal. `since`: when the present seat was taken."""

    __slots__ = ("agent_id", "call", "credited_at", "is_leaving", "seat", "since")

    def __init__(self, agent_id: int, now: float) -> None:
        self.agent_id = agent_id
        self.seat = Seat.FREE
        self.since = self.credited_at = now
        self.is_leaving = False
        self.call: object = None


class Floor:
    """The floor at this moment. Calls are named by their number in the order of dialling."""

    __slots__ = (
        "agents", "n_free", "n_talking", "n_waiting", "n_wrapping", "now", "ringing", "screening",
    )  # fmt: skip

    def __init__(self) -> None:
        self.now = 0.0
        self.agents: list[SimAgent] = []
        self.ringing: dict[int, float] = {}
        """When each ringing call was dialled."""
        self.screening: dict[int, tuple[float, float]] = {}
        """When each call was dialled and picked up that may still be a machine."""
        self.n_free = self.n_talking = self.n_wrapping = self.n_waiting = 0

    def count(self, seat: Seat, change: int) -> None:
        """One agent more, or less, in a seat."""
        if seat is Seat.FREE:
            self.n_free += change
        elif seat is Seat.TALKING:
            self.n_talking += change
        else:
            self.n_wrapping += change

    @property
    def n_in_flight(self) -> int:
        """Calls that may still become live answers."""
        return len(self.ringing) + len(self.screening)


class Pacer:
    """Decides how many calls to place. What it is told is for those who learn."""

    beat_s = TICK_S
    """Between two regular decisions."""
    hears_events = True
    """Whether it also decides when somebody becomes free, or a call ends or is answered."""

    def calls_to_place(self, floor: Floor) -> int:
        """How many calls to place now."""
        raise NotImplementedError

    def dialed(self, now: float) -> None:
        """A call was placed."""

    def screened(self, dialed_at: float, now: float) -> None:
        """Somebody or something picked up; which of the two is being found out."""

    def answered(self, dialed_at: float, now: float) -> None:
        """A call counts as live from now on: an agent is due."""

    def ended_unanswered(self, dialed_at: float, now: float, is_carrier_fault: bool) -> None:
        """A call ended without a live answer."""

    def served(self, now: float) -> None:
        """A live answer reached an agent in time."""

    def abandoned(self, now: float) -> None:
        """A live answer found no agent in time."""

    def found_machine(self) -> None:
        """The agent says that a served answer was a machine."""

    def talk_ended(self, agent_id: int, age_s: float) -> None:
        """A conversation is over."""

    def wrap_up_ended(self, agent_id: int, age_s: float) -> None:
        """An agent is free again, or goes home."""

    def left(self, agent_id: int) -> None:
        """An agent went home."""
