"""The small buffer of claimed leads, refilled before it runs dry.

Low and high water: a refill is asked for when less than half remains, for what is missing. When
a claim brings fewer leads than asked, no more are due, and the next claim waits a little.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from dialer.model.ids import LeadId
from dialer.model.lead import Lead
from dialer.policy.answer_model import Traits, traits_of
from dialer.policy.hazard import Floats

DRY_PAUSE_S = 2.0


@dataclass(slots=True)
class Claim:
    """A lead in the hopper. `traits`: made when it comes near the front."""

    lead: Lead
    lease_ends: float
    traits: Traits | None = None


class Hopper:
    def __init__(self) -> None:
        self._leads: deque[Claim] = deque()
        self._known: set[LeadId] = set()
        self._promised: set[LeadId] = set()
        """Callbacks that wait for their agent; of those that are gone some."""
        self._hot: set[LeadId] = set()
        """Leads whose persons wait to be called; of those that are gone some."""
        self._asked_for = 0
        self._not_before = float("-inf")

    def __len__(self) -> int:
        return len(self._leads)

    def holds(self, lead_id: LeadId) -> bool:
        """Whether the lead waits here."""
        return lead_id in self._known

    def wants(self, size: int, now: float) -> int:
        """Leads to claim now, to reach `size`; 0 while enough remain or a claim is under way."""
        if self._asked_for or now < self._not_before or len(self._leads) * 2 >= size:
            return 0
        self._asked_for = size - len(self._leads)
        return self._asked_for

    def fill(self, leads: tuple[Lead, ...], lease_ends: float, now: float) -> None:
        """Take claimed leads, usable until monotonic second `lease_ends`."""
        if len(leads) < self._asked_for:
            self._not_before = now + DRY_PAUSE_S
        self._asked_for = 0
        for lead in leads:
            if lead.lead_id not in self._known:
                self._known.add(lead.lead_id)
                if lead.callback_agent_id is not None:
                    self._promised.add(lead.lead_id)
                self._leads.append(Claim(lead, lease_ends))
        self._leads = deque(sorted(self._leads, key=lambda claim: claim.lead.priority))

    def best_first(self, chances: Callable[[list[Traits]], Floats], utc: float) -> None:
        """Leads of one priority stand by their chance to answer, the likeliest first."""
        traits = self.next_traits(len(self._leads), utc)
        ranked = sorted(
            zip(chances(traits).tolist(), range(len(traits)), strict=True),
            key=lambda one: (self._leads[one[1]].lead.priority, -one[0], one[1]),
        )
        self._leads = deque(self._leads[at] for _chance, at in ranked)

    def pop(self, now: float, is_free: Callable[[Lead], bool] | None = None) -> Lead | None:
        """The next lead whose lease holds, and which `is_free`; others stay.

        Leads whose lease is over are dropped: the store frees them.
        """
        at = 0
        while at < len(self._leads):
            claim = self._leads[at]
            holds = now < claim.lease_ends
            if holds and is_free is not None and not is_free(claim.lead):
                at += 1  # a callback that waits for its agent; they are few
                continue
            del self._leads[at]
            self._known.discard(claim.lead.lead_id)
            if holds:
                return claim.lead
        return None

    def put_first(self, lead: Lead, lease_ends: float) -> None:
        """Take a lead whose person waits: after others like it, before all else."""
        if lead.lead_id in self._known:
            self.remove(lead_id=lead.lead_id)
        n_before = len(self.hot())
        self._known.add(lead.lead_id)
        self._hot.add(lead.lead_id)
        self._leads.insert(n_before, Claim(lead, lease_ends))

    def hot(self) -> tuple[Lead, ...]:
        """The leads in it whose persons wait, in the order in which they came: hardly ever any."""
        self._hot &= self._known
        if not self._hot:
            return ()
        return tuple(c.lead for c in self._leads if c.lead.lead_id in self._hot)

    def promised(self) -> tuple[Lead, ...]:
        """The callbacks in it that agents promised themselves: hardly ever any."""
        self._promised &= self._known
        if not self._promised:
            return ()
        return tuple(c.lead for c in self._leads if c.lead.lead_id in self._promised)

    def next_traits(self, n: int, utc: float) -> list[Traits]:
        """What is known of the first `n` leads, for their chances to answer."""
        found = []
        for claim in islice(self._leads, n):
            if claim.traits is None:
                claim.traits = traits_of(claim.lead, utc)
            found.append(claim.traits)
        return found

    def pop_best(self, rank: Callable[[Lead], int | None], now: float) -> Lead | None:
        """The lead of the lowest rank, oldest first; those of rank None stay."""
        best: tuple[int, LeadId] | None = None
        for claim in self._leads:
            at = rank(claim.lead) if now < claim.lease_ends else None
            if at is not None and (best is None or at < best[0]):
                best = (at, claim.lead.lead_id)
                if at == 0:
                    break
        return self.take(best[1], now) if best is not None else None

    def take(self, lead_id: LeadId, now: float) -> Lead | None:
        """This very lead, when it is here and its lease holds."""
        for claim in self._leads:
            if claim.lead.lead_id == lead_id and now < claim.lease_ends:
                self.remove(lead_id=lead_id)
                return claim.lead
        return None

    def drain(self) -> tuple[LeadId, ...]:
        """Take out everything, to be released."""
        ids = tuple(claim.lead.lead_id for claim in self._leads)
        self._leads.clear()
        self._known.clear()
        return ids

    def remove(self, number: str = "", lead_id: LeadId | None = None) -> tuple[LeadId, ...]:
        """Take out the leads with this number or identity."""
        gone = tuple(
            claim.lead.lead_id
            for claim in self._leads
            if claim.lead.number == number or claim.lead.lead_id == lead_id
        )
        if gone:
            self._leads = deque(claim for claim in self._leads if claim.lead.lead_id not in gone)
            self._known.difference_update(gone)
        return gone
