"""The audit of one campaign's detector: what agents say of machines that were given to them.

A person who was taken for a machine is an abandoned answer that nobody noticed. How many there are
is estimated from the checked ones; when the estimate's bound exceeds the budget, the detector is
switched off for this campaign until somebody changes the campaign's settings.
"""

from collections import deque
from dataclasses import dataclass, field, replace

from dialer.model.campaign import Campaign
from dialer.model.ids import AttemptId
from dialer.model.screening import ScreeningCounts
from dialer.policy.amd_audit import (
    AuditCount,
    Standing,
    chance_person,
    is_bypassed,
    standing,
)

MOST_CHECKS = 1000
"""Checked calls whose agent has not said yet what they were."""


@dataclass(slots=True)
class Audit:
    """`is_off`: the detector may not act any more."""

    counts: ScreeningCounts = field(default_factory=ScreeningCounts)
    is_off: bool = False
    _awaited: deque[AttemptId] = field(default_factory=lambda: deque(maxlen=MOST_CHECKS))

    @property
    def chance_person(self) -> float:
        """Of a machine that is hung up, the chance that it was a person."""
        return chance_person(self._count(0))

    def recall(self, counts: ScreeningCounts) -> None:
        """Begin with what earlier runs counted."""
        self.counts = counts

    def is_drawn(self, attempt_id: AttemptId, campaign: Campaign) -> bool:
        """Whether this call's verdict is checked."""
        return is_bypassed(attempt_id, campaign.amd_check_share)

    def found_machine(self, attempt_id: AttemptId, *, is_checked: bool) -> None:
        """A verdict that a person could have got."""
        self.counts = replace(self.counts, n_machine=self.counts.n_machine + 1)
        if is_checked:
            self._awaited.append(attempt_id)

    def tell(self, attempt_id: AttemptId, *, is_machine: bool) -> bool:
        """The agent says what a call was; whether it was one that he checked."""
        if attempt_id not in self._awaited:
            return False
        self._awaited.remove(attempt_id)
        counts = self.counts
        self.counts = replace(
            counts,
            n_checked=counts.n_checked + 1,
            n_people=counts.n_people + (not is_machine),
        )
        return True

    def condemn(self, budget: float, n_served: int) -> bool:
        """Switch off when too many people are taken for machines; whether that is news."""
        was_off = self.is_off
        self.is_off = was_off or standing(self._count(n_served), budget) is Standing.SWITCHED_OFF
        return self.is_off and not was_off

    def _count(self, n_served: int) -> AuditCount:
        counts = self.counts
        return AuditCount(counts.n_machine, counts.n_checked, counts.n_people, n_served)
