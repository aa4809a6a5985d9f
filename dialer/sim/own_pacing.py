"""The product's own pacing policy behind the face of a rehearsal's pacer.

It is told what the engine tells it, at the same moments; nothing is decided here.
"""

from collections.abc import Callable

from dialer.model.campaign import PacingMode
from dialer.policy.abandon import Ledger
from dialer.policy.outlook import PacingState
from dialer.policy.pacing import Decision, PacingRules, decide
from dialer.policy.picture import Picture
from dialer.policy.statistics import Learned, Trial
from dialer.sim.pacer import Pacer, SimCall, SimFloor

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

    def calls_to_place(self, floor: SimFloor) -> int:
        self.last = self._decide(self._picture(floor), self.state, self.rules)
        return self.last.n_calls

    def _picture(self, floor: SimFloor) -> Picture:
        return Picture(
            now=floor.now,
            crew=floor.staff.crew,
            in_flight=floor.lines.in_flight(),
            n_waiting=floor.n_waiting,
            n_leads=PLENTY,
            n_lines_left=PLENTY,
            n_calls_allowed=PLENTY,
            patience_s=self._patience_s,
        )

    def dialed(self, call: SimCall, now: float) -> None:
        call.evidence = self.state.learned.dialed(now)

    def rang(self, call: SimCall, now: float) -> None:
        self.state.learned.rang(_trial(call), call.person.has_early_media)

    def picked_up(self, call: SimCall, now: float) -> None:
        self.state.learned.picked_up(_trial(call), now)

    def answered(self, call: SimCall, now: float) -> None:
        self.state.learned.answered(_trial(call), now)

    def ended_unanswered(self, call: SimCall, now: float, is_carrier_fault: bool) -> None:
        self.state.learned.ended_unanswered(_trial(call), now, is_carrier_fault)

    def served(self, now: float) -> None:
        self.state.ledger.serve()

    def abandoned(self, now: float) -> None:
        self.state.ledger.abandon()

    def found_machine(self) -> None:
        self.state.ledger.found_machine()

    def talk_ended(self, since: float, now: float) -> None:
        self.state.learned.ended(self.state.learned.talks, since, now)

    def wrap_up_ended(self, since: float, now: float) -> None:
        self.state.learned.ended(self.state.learned.wraps, since, now)


def _trial(call: SimCall) -> Trial:
    assert isinstance(call.evidence, Trial)  # kept at the dial
    return call.evidence
