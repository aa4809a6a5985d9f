"""Other rules for how many calls to place, on the same floor, with the same two-second limit.

`Level` and `Vicidial` follow what VICIdial's AST_VDauto_dial and AST_VDadapt do, in our words:
lines in proportion to the agents who are ready or in a call, set every 2.5 s by a dial level, which
ADAPT_AVERAGE moves every 15 s by how many agents are idle and halves when the day's drops pass 3 %.
Its own drop limit is 5 s; here everybody has the same.
"""

from collections import deque

from dialer.sim.pacer import Pacer, SimCall, SimFloor

TALK_MEAN_S, WRAP_UP_MEAN_S, LIVE_SHARE = 120.0, 20.0, 0.25
"""What `Erlang` is told of the workload; nobody else is told anything."""


class Progressive(Pacer):
    """One line per free agent."""

    def calls_to_place(self, floor: SimFloor) -> int:
        return max(floor.n_free - floor.n_waiting - floor.n_in_flight, 0)


class RatioIdle(Pacer):
    """A fixed number of lines per free agent."""

    def __init__(self, lines: float) -> None:
        self.lines = lines

    def calls_to_place(self, floor: SimFloor) -> int:
        wanted = round(self.lines * (floor.n_free - floor.n_waiting))
        return max(wanted - floor.n_in_flight, 0)


class Level(Pacer):
    """A fixed dial level: lines in all, per agent who is ready or in a call; VICIdial's RATIO."""

    beat_s = 2.5
    hears_events = False

    def __init__(self, level: float) -> None:
        self.level = level

    def calls_to_place(self, floor: SimFloor) -> int:
        wanted = round(self.level * (floor.n_free + floor.n_talking))
        return max(wanted - floor.n_in_flight - floor.n_waiting - floor.n_talking, 0)


class Vicidial(Level):
    """ADAPT_AVERAGE with a cap on the dial level; the shipped one is 3."""

    beat_s = 0.5
    LIMIT = 0.03
    BEATS_PER_DIAL, BEATS_PER_ADAPT, BEATS_PER_COUNT = 5, 30, 120

    def __init__(self, cap: float) -> None:
        super().__init__(1.0)
        self.cap = cap
        self._n_beats = 0
        self._samples: deque[tuple[int, int]] = deque(maxlen=15)
        self._recent_dials: deque[float] = deque()
        self._recent_drops: deque[float] = deque()
        self._n_answers = self._n_drops = 0
        self._drop_rate = 0.0

    def calls_to_place(self, floor: SimFloor) -> int:
        beat, self._n_beats = self._n_beats, self._n_beats + 1
        if beat % 2 == 0:
            self._samples.append((floor.n_free - floor.n_waiting, floor.n_agents))
        if beat % self.BEATS_PER_COUNT == 0 and self._n_answers > 50:
            self._drop_rate = self._n_drops / self._n_answers
        if beat and beat % self.BEATS_PER_ADAPT == 0:
            self._adapt(floor.now)
        return super().calls_to_place(floor) if beat % self.BEATS_PER_DIAL == 0 else 0

    def _adapt(self, now: float) -> None:
        n_agents = sum(agents for _, agents in self._samples)
        if n_agents:
            idle = sum(idle for idle, _ in self._samples) / n_agents
            self.level = min(max(self.level * (1.0 + idle), 1.0), self.cap)
        if self._is_panic(now):
            self.level /= 2.0
        if self._drop_rate > self.LIMIT:
            self.level /= 2.0
        self.level = max(self.level, 1.0)

    def _is_panic(self, now: float) -> bool:
        for recent in (self._recent_dials, self._recent_drops):
            while recent and recent[0] < now - 60.0:
                recent.popleft()
        n_dials = len(self._recent_dials)
        return n_dials > 20 and len(self._recent_drops) > 0.5 * n_dials

    def dialed(self, call: SimCall, now: float) -> None:
        self._recent_dials.append(now)

    def served(self, now: float) -> None:
        self._n_answers += 1

    def abandoned(self, now: float) -> None:
        self._n_answers += 1
        self._n_drops += 1
        self._recent_drops.append(now)


class Erlang(Pacer):
    """A steady rate of calls, at which Erlang's loss formula promises `blocking`."""

    hears_events = False

    def __init__(self, blocking: float) -> None:
        self.blocking = blocking
        self._credit = 0.0
        self._loads: dict[int, float] = {}

    def calls_to_place(self, floor: SimFloor) -> int:
        n_agents = floor.n_agents
        if n_agents not in self._loads:
            self._loads[n_agents] = offered_load(n_agents, self.blocking)
        served_s = (TALK_MEAN_S + WRAP_UP_MEAN_S) * LIVE_SHARE
        self._credit += self._loads[n_agents] / served_s * self.beat_s
        n_calls = int(self._credit)
        self._credit -= n_calls
        return n_calls


def erlang_b(n_agents: int, load: float) -> float:
    """Share of calls that find all agents busy: B(n) = a B(n-1) / (n + a B(n-1)), B(0) = 1."""
    blocking = 1.0
    for n in range(1, n_agents + 1):
        blocking = load * blocking / (n + load * blocking)
    return blocking


def offered_load(n_agents: int, blocking: float) -> float:
    """The load, in erlangs, at which `blocking` of the calls find all agents busy."""
    low, high = 0.0, 4.0 * n_agents + 4.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if erlang_b(n_agents, middle) < blocking else (low, middle)
    return low
