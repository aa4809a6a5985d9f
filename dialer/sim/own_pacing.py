"""The product's own pacing policy behind the face of a rehearsal's pacer.

It is told what the engine tells it, at the same moments; nothing is decided here.
"""

from collections.abc import Callable

from dialer.model.campaign import PacingMode
from dialer.policy.abandon import Ledger
from dialer.policy.pacing import (
    AgentAge,
    Decision,
    PacingRules,
    PacingState,
    Picture,
    decide,
)
from dialer.policy.statistics import Learned
from dialer.sim.pacer import Floor, Pacer

PLENTY = 1_000_000
Decide = Callable[[Picture, PacingState, PacingRules], Decision]


class OwnPacing(Pacer):
    """`decide` of dialer.policy.pacing. Give another `decide` to watch or time it."""

    def __init__(
        self, rules: PacingRules, state: PacingState, patience_s: float, decide: Decide = decide
    ) -> None:
        self.rules = rules
        self.state = state
        self.last: Decision | None = None
        self._patience_s = patience_s
        self._decide = decide

    @classmethod
    def cold(
        cls, *, mode: PacingMode = PacingMode.PREDICTIVE, target: float = 0.028,
        ratio: float = 1.0, max_lines_per_agent: float = 6.0, ring_timeout_s: float = 25.0,
        patience_s: float = 2.0, decide: Decide = decide,
    ) -> "OwnPacing":  # fmt: skip
        """Nothing learnt yet, as on a campaign's first day."""
        state = PacingState(Learned.prior(ring_timeout_s), Ledger(target))
        return cls(PacingRules(mode, ratio, max_lines_per_agent), state, patience_s, decide)

    def calls_to_place(self, floor: Floor) -> int:
        self.last = self._decide(self._picture(floor), self.state, self.rules)
        return self.last.n_calls

    def _picture(self, floor: Floor) -> Picture:
        now = floor.now
        ages = [now - dialed_at for dialed_at in floor.ringing.values()]
        ages += [now - dialed_at for dialed_at, _ in floor.screening.values()]
        return Picture(
            now=now,
            agents=[
                AgentAge(agent.agent_id, agent.seat, now - agent.since)
                for agent in floor.agents
                if not agent.is_leaving
            ],
            ringing_ages_s=ages,
            n_waiting=floor.n_waiting,
            n_leads=PLENTY,
            n_lines_left=PLENTY,
            n_calls_allowed=PLENTY,
            patience_s=self._patience_s,
        )

    def dialed(self, now: float) -> None:
        self.state.learned.dialed(now)

    def answered(self, dialed_at: float, now: float) -> None:
        self.state.learned.answered(dialed_at, now)

    def ended_unanswered(self, dialed_at: float, now: float, is_carrier_fault: bool) -> None:
        self.state.learned.ended_unanswered(dialed_at, now, is_carrier_fault)

    def served(self, now: float) -> None:
        self.state.ledger.serve()

    def abandoned(self, now: float) -> None:
        self.state.ledger.abandon()

    def found_machine(self) -> None:
        self.state.ledger.found_machine()

    def talk_ended(self, agent_id: int, age_s: float) -> None:
        self.state.learned.ended(self.state.learned.talks, agent_id, age_s)

    def wrap_up_ended(self, agent_id: int, age_s: float) -> None:
        self.state.learned.ended(self.state.learned.wraps, agent_id, age_s)

    def left(self, agent_id: int) -> None:
        self.state.learned.crossed.pop(agent_id, None)
