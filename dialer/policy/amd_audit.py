"""How many people are taken for machines: some verdicts are checked by agents, and what follows.

A small share of the calls judged MACHINE goes to an agent all the same, drawn by chance, and the
agent says who it was. Of those k in m were people, so of all calls judged MACHINE about that share
were: an estimate that no vendor's figure can replace (Ofcom 2008, 2016). It counts as abandoned in
the ledger, and when its bound exceeds the budget the detector is switched off.

A share of 1 is shadow mode: the detector judges, and every call goes to an agent.
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from scipy.special import betaincinv

BYPASS_SHARE = 0.02
PRIOR_PEOPLE, PRIOR_VERDICTS = 1.0, 50.0
"""Before any check 2 % of verdicts are taken to be people: twice what the benchmark shows."""
PROVEN_AFTER = 370
"""So many checks without an error bound the share of people below 1 %."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A share between 0 and 1, with a two-sided interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AuditCount:
    """One campaign's period. `n_machine`: verdicts of MACHINE, checked ones among them.
    `n_checked`: of them those given to agents who said what it was. `n_people`: of those the
    people. `n_served`: live people who reached agents."""

    n_machine: int = 0
    n_checked: int = 0
    n_people: int = 0
    n_served: int = 0


class Standing(StrEnum):
    """Whether the detector may act."""

    ON_TRIAL = "ON_TRIAL"
    """Too few checks to prove it, and none that condemn it."""
    PROVEN = "PROVEN"
    SWITCHED_OFF = "SWITCHED_OFF"


def is_bypassed(call_key: str, share: float = BYPASS_SHARE) -> bool:
    """Whether this call's MACHINE verdict is given to an agent: by chance, the same each time."""
    digest = blake2b(f"amd-bypass:{call_key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * 2.0**64


def clopper_pearson(k: int, n: int, level: float = 0.95) -> Interval:
    """k of n, with the exact interval of Clopper and Pearson (1934); 0 to 1 when n is 0."""
    if not 0 <= k <= n:
        raise ValueError(f"clopper_pearson: k must be between 0 and n, not {k} of {n}")
    if n == 0:
        return Interval(0.0, 0.0, 1.0)
    tail = (1.0 - level) / 2.0
    low = float(betaincinv(k, n - k + 1, tail)) if k else 0.0
    high = float(betaincinv(k + 1, n - k, 1.0 - tail)) if k < n else 1.0
    return Interval(k / n, low, high)


def chance_person(count: AuditCount) -> float:
    """The chance that a call hung up as a machine was a person: what the ledger counts for it."""
    return (count.n_people + PRIOR_PEOPLE) / (count.n_checked + PRIOR_VERDICTS)


def false_positives(count: AuditCount) -> Interval:
    """The share of live people who were judged MACHINE.

    Of n machine verdicts the share q were people, with q's exact interval; people in all are
    those and the ones served. Checked people were served as well and are counted once.
    """
    q = clopper_pearson(count.n_people, count.n_checked)
    others = max(count.n_served - count.n_people, 0)
    return Interval(*(_of_people(s * count.n_machine, others) for s in (q.share, q.low, q.high)))


def standing(count: AuditCount, budget: float) -> Standing:
    """Whether the detector may go on, for at most `budget` of live people (0 to 1).

    With few checks the upper bound is high whatever the detector does, so until PROVEN_AFTER only
    a lower bound above the budget condemns it; from then on the upper bound must keep to it.
    """
    bound = false_positives(count)
    if bound.low > budget:
        return Standing.SWITCHED_OFF
    if count.n_checked < PROVEN_AFTER:
        return Standing.ON_TRIAL
    return Standing.PROVEN if bound.high <= budget else Standing.SWITCHED_OFF


def _of_people(mistaken: float, others: int) -> float:
    return mistaken / (mistaken + others) if mistaken else 0.0
