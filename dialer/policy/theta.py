"""The risk that the next answer may run, from the compliance bank.

theta = sigmoid(u), u = u0 + eta * bank, clipped: integral feedback, so the realised abandon rate
settles at the target whatever the estimates' errors. eta = 1/N within bounds: the fewer agents,
the more one call weighs. About the law's limit the risk falls with what room is left, to a
twentieth: a limit that cuts off at once is met again and again, and its pauses cost agents far more
than a lower risk does (50 agents, three hours, seeds 403 to 406: 13.6 to 15.5 s of waiting, which
became 10.3 to 10.5).

A new day begins with an empty bank. So that it need not find its risk again, u0 is then where u
stood the day before, if that day came to its target (pacing study, 5.2).
"""

from dataclasses import dataclass
from math import exp, expm1

from dialer.policy.abandon import DayCount, Ledger

U_START = -3.9
"""Logit of theta with an empty bank; near the optimum for 10 to 50 agents."""
U_LOW, U_HIGH = -7.0, -1.4
LOWEST = 1.0 / (1.0 + exp(-U_LOW))
START_LOW, START_HIGH = -4.9, -2.7
"""Bounds of what a day may hand on: the study has theta from 0.02 to 0.06 (10 to 1,000 agents)."""
SETTLED_OVER = 400.0
"""Live answers over which u is averaged, and without which a day shows nothing."""
NEAR_TARGET = 0.005
"""A rate that differs more was held by something else than the risk: no agents, no leads."""
SMALL_TEAM, SMALL_TEAM_TARGET = 10, 0.025
"""Under so many agents one call weighs so much that the target keeps off the limit."""
LIVE_BEFORE_LIMIT = 200
"""Live answers from which the realised rate is evidence: of fewer, one call is half a per cent."""
AGENTS_PER_ANSWER, NARROWEST, WIDEST = 15.0, 0.7, 3.0
"""Width of the band about the law's limit in which the risk falls, in abandoned answers: as many as
a floor of that size may have under way before its rate tells."""
LEAST_SHARE = 0.05
"""Of the risk, below that band."""


@dataclass(slots=True)
class Footing:
    """Where u stands with an empty bank, today and, if this day comes to its target, tomorrow."""

    start: float = U_START
    """u0 of this day."""
    settled: float = U_START
    """Mean of u, over the last 400 live answers."""
    day: int = 0
    """The ledger's day that `start` is for."""
    _n_live: float | None = None

    def begin(self, ledger: Ledger) -> None:
        """If it is another day, what the one before has shown holds from now on."""
        if ledger.day != self.day:
            over = ledger.before.get(self.day)
            if over is not None and _came_to_target(over, ledger.target):
                self.start = min(max(self.settled, START_LOW), START_HIGH)
            self.day, self._n_live = ledger.day, None

    def follow(self, u: float, n_live: float) -> None:
        """A decision was steered by `u`, after so many live answers of the day."""
        if self._n_live is not None and n_live > self._n_live:
            self.settled += (u - self.settled) * -expm1((self._n_live - n_live) / SETTLED_OVER)
        self._n_live = n_live


def _came_to_target(day: DayCount, target: float) -> bool:
    return day.n_live >= SETTLED_OVER and abs(day.bank(target)) <= NEAR_TARGET * day.n_live


def steered(footing: Footing, ledger: Ledger, n_agents: int, bank: float | None = None) -> float:
    """Theta of the decision that is made now, from which the footing learns."""
    footing.begin(ledger)
    u = _logit(ledger, n_agents, bank, footing.start)
    footing.follow(u, ledger.today.n_live)
    return _theta_at(u, ledger, n_agents)


def theta_of(
    ledger: Ledger, n_agents: int, bank: float | None = None, start: float = U_START
) -> float:
    """The risk, for a campaign with this ledger; `bank`: in place of the ledger's own."""
    return _theta_at(_logit(ledger, n_agents, bank, start), ledger, n_agents)


def _theta_at(u: float, ledger: Ledger, n_agents: int) -> float:
    """The risk where u stands, as far as the law's limit leaves room for it."""
    return max(1.0 / (1.0 + exp(-u)) * _room(ledger, n_agents), LOWEST)


def _room(ledger: Ledger, n_agents: int) -> float:
    """Share of the risk that the law's limit leaves."""
    if ledger.n_live < LIVE_BEFORE_LIMIT:
        return 1.0
    band = min(max(n_agents / AGENTS_PER_ANSWER, NARROWEST), WIDEST)
    return min(max(0.5 + ledger.headroom / band, LEAST_SHARE), 1.0)


def _logit(ledger: Ledger, n_agents: int, bank: float | None, start: float) -> float:
    eta = min(max(1.0 / max(n_agents, 1), 0.02), 0.3)
    if bank is None:
        bank = ledger.bank_at(target_for(ledger, n_agents))
    return min(max(start + eta * bank, U_LOW), U_HIGH)


def target_for(ledger: Ledger, n_agents: int) -> float:
    """The share of live answers to steer for."""
    return min(ledger.target, SMALL_TEAM_TARGET) if n_agents < SMALL_TEAM else ledger.target


def is_at_legal_limit(ledger: Ledger) -> bool:
    """Whether one more abandoned answer would take the rate over the law's limit."""
    return ledger.n_live >= LIVE_BEFORE_LIMIT and ledger.headroom < 0.0


def is_past_legal_limit(ledger: Ledger) -> bool:
    """Whether the rate is over the limit by more than a lower risk can be expected to mend."""
    return ledger.n_live >= LIVE_BEFORE_LIMIT and ledger.headroom < -WIDEST
