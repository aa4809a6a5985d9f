"""The risk that the next answer may run, from the compliance bank.

theta = sigmoid(u), u = u0 + eta * bank, clipped: integral feedback, so the realised abandon rate
settles at the target whatever the estimates' errors. eta = 1/N within bounds: the fewer agents,
the more one call weighs. At the law's limit theta is the lowest, one answer in a thousand, until
the rate has fallen.
"""

from math import exp

from dialer.policy.abandon import Ledger

U_START = -3.9
"""Logit of theta with an empty bank; near the optimum for 10 to 50 agents."""
U_LOW, U_HIGH = -7.0, -1.4
SMALL_TEAM, SMALL_TEAM_TARGET = 10, 0.025
"""Under so many agents one call weighs so much that the target keeps off the limit."""
LIVE_BEFORE_STRICT = 1000
"""Live answers from which the realised rate is evidence enough to pace at the lowest risk. With
fewer, one call crosses 3 % though the feedback is on target, and agents would idle for nothing."""


def theta_of(ledger: Ledger, n_agents: int, bank: float | None = None) -> float:
    """The risk, for a campaign with this ledger; `bank`: in place of the ledger's own."""
    eta = min(max(1.0 / max(n_agents, 1), 0.02), 0.3)
    if bank is None:
        bank = ledger.bank_at(target_for(ledger, n_agents))
    u = min(max(U_START + eta * bank, U_LOW), U_HIGH)
    return float(1.0 / (1.0 + exp(-(U_LOW if is_at_legal_limit(ledger) else u))))


def target_for(ledger: Ledger, n_agents: int) -> float:
    """The share of live answers to steer for."""
    return min(ledger.target, SMALL_TEAM_TARGET) if n_agents < SMALL_TEAM else ledger.target


def is_at_legal_limit(ledger: Ledger) -> bool:
    """Whether one more abandoned answer would take a settled rate over the law's limit."""
    return ledger.n_live >= LIVE_BEFORE_STRICT and ledger.rate_with_one_more() > ledger.rule.most
