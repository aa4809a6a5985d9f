"""Counters of one campaign since its controller started: figures for screens and benchmarks.

They are never used to decide anything; the compliance ledger is.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from dialer.model.agent import Agent, AgentState
from dialer.model.amd import Verdict
from dialer.model.ids import AgentId
from dialer.model.outcome import Outcome

WORKING = (AgentState.TALKING, AgentState.WRAP_UP)
NOT_COUNTED = (AgentState.OFFLINE, AgentState.PAUSED)


@dataclass(slots=True)
class Tally:
    """`seconds`: agents' time by state. `n_handled`: calls bridged, by agent."""

    n_attempts: int = 0
    n_answered: int = 0
    n_bridged: int = 0
    n_stale_events: int = 0
    ready_waits_s: float = 0.0
    n_ready_waits: int = 0
    n_late_machines: int = 0
    """Machines that only the second look found."""
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    seconds: defaultdict[AgentState, float] = field(default_factory=lambda: defaultdict(float))
    n_handled: Counter[AgentId] = field(default_factory=Counter)

    def count_time(self, agent: Agent, now: float) -> None:
        """Add the time since the agent's last change to its state."""
        self.seconds[agent.state] += now - agent.since

    def count_ready_wait(self, waited_s: float) -> None:
        """An agent got a call after waiting READY for so long."""
        self.ready_waits_s += waited_s
        self.n_ready_waits += 1

    @property
    def mean_ready_wait_s(self) -> float:
        """Mean time between READY and the next call."""
        return self.ready_waits_s / self.n_ready_waits if self.n_ready_waits else 0.0

    def occupancy(self, agents: "list[Agent]", now: float) -> float:
        """(talk + wrap-up) / (logged in less paused), open intervals included; 0 to 1."""
        seconds = dict(self.seconds)
        for agent in agents:
            seconds[agent.state] = seconds.get(agent.state, 0.0) + now - agent.since
        counted = sum(value for state, value in seconds.items() if state not in NOT_COUNTED)
        working = sum(seconds.get(state, 0.0) for state in WORKING)
        return working / counted if counted > 0 else 0.0
