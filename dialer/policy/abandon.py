"""The compliance bank: live answers against abandoned ones, as the law counts them.

Rule used (glossary): abandon rate = abandoned / (abandoned + persons passed to agents). Without
machine detection every answer that no agent took in time counts as abandoned, which can only
overstate the rate; an answer that the agent found to be a machine leaves the denominator.
Source: 16 CFR 310.4(b)(4)(i); Ofcom ARC = x / (x + y).
"""

from dataclasses import dataclass


@dataclass(slots=True)
class Ledger:
    """Counters of one campaign and window. `bank`: abandoned calls that may still happen.

    bank = target * served - (1 - target) * abandoned, so it is zero exactly on target.
    """

    target: float
    n_served: int = 0
    n_abandoned: int = 0
    bank: float = 0.0

    def serve(self) -> None:
        """A live answer reached an agent in time."""
        self.n_served += 1
        self.bank += self.target

    def abandon(self) -> None:
        """A live answer was not bridged within the limit."""
        self.n_abandoned += 1
        self.bank -= 1.0 - self.target

    def found_machine(self) -> None:
        """The agent says that a served answer was a machine: it was no live answer."""
        if self.n_served:
            self.n_served -= 1
            self.bank -= self.target

    def recall(self, n_served: int, n_abandoned: int) -> None:
        """Begin with what an earlier run counted in the same window."""
        self.n_served, self.n_abandoned = n_served, n_abandoned
        self.retarget(self.target)

    def retarget(self, target: float) -> None:
        """Take a new target; the bank is reckoned again from the counters."""
        self.target = target
        self.bank = target * self.n_served - (1.0 - target) * self.n_abandoned

    @property
    def n_live(self) -> int:
        """Live answers so far."""
        return self.n_served + self.n_abandoned

    @property
    def rate(self) -> float:
        """Abandoned share of live answers, 0 to 1; 0 before the first."""
        return self.n_abandoned / self.n_live if self.n_live else 0.0

    def rate_with_one_more(self) -> float:
        """The rate if the next live answer were abandoned."""
        return (self.n_abandoned + 1) / (self.n_live + 1)
