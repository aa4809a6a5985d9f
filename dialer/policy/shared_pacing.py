"""How many calls each of several campaigns places that share their agents.

Every answer competes for the same agents, whoever dialled, so there is one Y for the pool (see
pacing): the next answer is lost iff the answers before it and the agents still busy fill all seats.
What is each campaign's own is the risk it may run. With the banks b_c and B = sum b_c, and the
campaign's part l_c of the pool's live answers,

    u_c = u0 + eta * (B + b_c - l_c * B)

so the pool as a whole is led to its target, and a campaign that has abandoned more than its part
stands back until it has not. Alone in its pool, a campaign has l = 1 and B = b: pacing's own rule.

While several may run the risk, the one that holds the smallest part of the pool for its weight is
next: agents who talk for it, and answers that it expects. Without that the campaign with the
highest theta would take every agent, and a new one, with nothing in its bank, would never begin.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush

import numpy as np

from dialer.policy.hazard import Floats
from dialer.policy.outlook import (
    PacingState,
    answer_chances,
    at_horizons,
    chances_of_next,
    doubt_of,
    free_chances,
    observe,
)
from dialer.policy.pacing import (
    Decision,
    PacingRules,
    burst_ceilings,
    ceilings_of,
    decide,
    lowest,
    per_free_agent,
    risk_word,
    view_of,
    why_not_by_risk,
)
from dialer.policy.picture import Crew, Picture, Seat
from dialer.policy.tail import EXACT_UP_TO, Doubt, Standing, risks
from dialer.policy.theta import steered


@dataclass(frozen=True, slots=True)
class Share:
    """One campaign of the pool. All pictures show the same agents; `is_own` tells them apart."""

    picture: Picture
    state: PacingState
    rules: PacingRules
    weight: float = 1.0
    """The part of the agents that it is to have, relative to the others'."""


@dataclass(slots=True)
class Bid:
    """A campaign that paces by risk, while its calls are being placed."""

    theta: float
    chances: Floats
    """Of its next calls to be answered, as many as it may place."""
    limit: str
    load: float
    weight: float
    n_placed: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it may place one more."""
        return self.n_placed < len(self.chances)

    def part(self, n_ahead: int) -> float:
        """What it holds for its weight, with `n_ahead` more calls."""
        ahead = self.chances[self.n_placed : self.n_placed + n_ahead].sum()
        return float(self.load + ahead) / self.weight


def decide_together(shares: Sequence[Share]) -> list[Decision]:
    """A decision for each campaign, in their order."""
    if len(shares) == 1:
        (alone,) = shares
        return [decide(alone.picture, alone.state, alone.rules)]
    for share in shares:
        observe(share.picture, share.state)
    reasons = [why_not_by_risk(s.picture, s.state, s.rules) for s in shares]
    decisions = _by_free_agents(shares, reasons)
    promised = [
        chances_of_next(share.picture, share.state, decisions[rank].n_calls)
        for rank, share in enumerate(shares)
        if rank in decisions
    ]
    decisions |= _by_risk(shares, reasons, np.concatenate([[], *promised]))
    return [decisions[rank] for rank in range(len(shares))]


def _by_free_agents(shares: Sequence[Share], reasons: Sequence[str]) -> dict[int, Decision]:
    """Lines for free agents whom no caller and no ringing call of the pool has a claim on; the
    campaign with the smallest part of the pool chooses first."""
    claimed = sum(share.picture.n_waiting + len(share.picture.in_flight) for share in shares)
    decisions: dict[int, Decision] = {}
    for rank in sorted(range(len(shares)), key=lambda rank: _load(shares[rank])):
        share, picture = shares[rank], shares[rank].picture
        if reasons[rank]:
            seen = replace(picture, n_waiting=claimed - len(picture.in_flight))
            decision = per_free_agent(seen, share.state, share.rules, reasons[rank])
            decisions[rank] = decision
            claimed += decision.n_calls
    return decisions


def _by_risk(
    shares: Sequence[Share], reasons: Sequence[str], promised: Floats
) -> dict[int, Decision]:
    """`promised`: chances of calls that the others place now."""
    bidding = [rank for rank in range(len(shares)) if not reasons[rank]]
    if not bidding:
        return {}
    crew = shares[0].picture.crew
    free = np.concatenate([_free(share) for share in shares], axis=1)
    answers = [answer_chances(share.picture, share.state) for share in shares]
    n_waiting = sum(share.picture.n_waiting for share in shares)
    standing = Standing(
        np.concatenate((1.0 - free, *answers, at_horizons(promised)), axis=1),
        sum(_n_free(share) for share in shares),
        n_waiting,
    )
    doubt = _doubt(shares, free, answers)
    bids = {rank: _bid(shares[rank], shares) for rank in bidding}
    burst = _burst([shares[rank] for rank in bidding], shares)
    room = max(min(burst.values()) - len(promised), 0)
    risk = _place(list(bids.values()), standing, crew.n_agents, doubt, room)
    for rank, bid in bids.items():
        shares[rank].state.throttle.take(bid.n_placed)
    is_full = sum(bid.n_placed for bid in bids.values()) >= room
    return {
        rank: Decision(
            bid.n_placed,
            view_of(
                shares[rank].picture, shares[rank].state, bid.n_placed, theta=bid.theta, risk=risk,
                limit=_limit(bid, shares[rank], lowest(burst) if is_full else ""),
                n_soon_free=float(free[-1].sum()),
                expected_answers=float(doubt.n_expected[-1]),
            ),
        )
        for rank, bid in bids.items()
    }  # fmt: skip


def _limit(bid: Bid, share: Share, of_pool: str) -> str:
    if not bid.is_open:
        return bid.limit
    return of_pool or risk_word(share.state)


def _place(
    bids: Sequence[Bid], standing: Standing, n_agents: int, doubt: Doubt, room: int
) -> float:
    """Give out up to `room` calls until nobody may run the risk of one more; that risk.

    Risk only rises with each call, so whoever is over his theta once is out; the order of the
    others is then made anew.
    """
    active = list(bids)
    while True:
        order = _turns(active, room)
        more = at_horizons(np.array([chance for _, chance in order]))
        risk = risks(standing, more, n_agents, doubt, EXACT_UP_TO)
        is_over = risk[:-1] > np.array([bid.theta for bid, _ in order])
        n_given = int(is_over.argmax()) if is_over.any() else len(order)
        for bid, _ in order[:n_given]:
            bid.n_placed += 1
        if n_given == len(order):
            return float(risk[-1])
        given = more[:, :n_given]
        standing = replace(standing, chances=np.concatenate((standing.chances, given), axis=1))
        doubt = replace(doubt, n_expected=doubt.n_expected + given.sum(axis=1))
        active = [bid for bid in active if bid is not order[n_given][0]]
        room -= n_given


def _turns(active: Sequence[Bid], room: int) -> list[tuple[Bid, float]]:
    """Calls that the active ones may place, each with its chance, in the order of turns."""
    waiting = [(bid.part(0), rank, 0) for rank, bid in enumerate(active) if bid.is_open]
    heapify(waiting)
    turns: list[tuple[Bid, float]] = []
    while waiting and len(turns) < room:
        _, rank, n_ahead = heappop(waiting)
        bid = active[rank]
        turns.append((bid, float(bid.chances[bid.n_placed + n_ahead])))
        if bid.n_placed + n_ahead + 1 < len(bid.chances):
            heappush(waiting, (bid.part(n_ahead + 1), rank, n_ahead + 1))
    return turns


def _bid(share: Share, shares: Sequence[Share]) -> Bid:
    picture, state = share.picture, share.state
    ceilings = ceilings_of(picture)
    most = max(min(ceilings.values()), 0)
    return Bid(
        theta=_theta(share, shares),
        chances=chances_of_next(picture, state, most),
        limit=lowest(ceilings),
        load=_load(share) * share.weight,
        weight=share.weight,
    )


def _load(share: Share) -> float:
    """What the campaign holds of the agents, for its weight: talks, and answers it expects."""
    picture = share.picture
    expected = share.state.learned.rate.value * float(picture.in_flight.lifts.sum())
    return (np.count_nonzero(picture.crew.own_in(Seat.TALKING)) + expected) / share.weight


def _burst(bidders: Sequence[Share], shares: Sequence[Share]) -> dict[str, int]:
    """Ceilings against bursts are the pool's: the loosest of its campaigns', not their sum."""
    n_ringing = sum(len(share.picture.in_flight) for share in shares)
    each = [burst_ceilings(s.picture, s.state, s.rules, n_ringing) for s in bidders]
    of_all = set.intersection(*(set(ceilings) for ceilings in each))
    return {name: max(ceilings[name] for ceilings in each) for name in of_all}


def _theta(share: Share, shares: Sequence[Share]) -> float:
    """The campaign's risk: the pool's bank, and how far its own is from its part of that."""
    ledger = share.state.ledger
    bank = sum(other.state.ledger.bank for other in shares)
    n_live = sum(other.state.ledger.n_live for other in shares)
    part = ledger.n_live / n_live if n_live else 0.0
    footing, bank_led_to = share.state.learned.footing, bank + ledger.bank - part * bank
    return steered(footing, ledger, share.picture.n_agents, bank_led_to)


def _free(share: Share) -> Floats:
    """Of the agents who work for this campaign: their talks are of its kind."""
    return free_chances(share.picture, share.state, _own(share.picture.crew))


def _n_free(share: Share) -> int:
    return _own(share.picture.crew).n_free


def _own(crew: Crew) -> Crew:
    return replace(crew, takes_calls=crew.takes_calls & crew.is_own)


def _doubt(shares: Sequence[Share], free: Floats, answers: Sequence[Floats]) -> Doubt:
    """Errors of the campaigns' estimates are independent: their variances add up."""
    doubts = [doubt_of(s.state.learned, free, a) for s, a in zip(shares, answers, strict=True)]
    expected = np.sum([doubt.n_expected for doubt in doubts], axis=0)
    variance = sum(doubt.n_expected[-1] ** 2 * doubt.rate_error for doubt in doubts)
    return Doubt(
        n_expected=expected,
        rate_error=float(variance / max(expected[-1] ** 2, 1e-9)),
        hazard_error=max(doubt.hazard_error for doubt in doubts),
    )
