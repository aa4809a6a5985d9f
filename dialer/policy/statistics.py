"""Everything one campaign learns while dialling, and how it comes to learn it.

Plain state and arithmetic, no clock: every method takes the time it needs, in seconds.
*Maturity*: a call enters the ring histograms only when every call dialled with it has ended;
otherwise short rings dominate (pacing study, section 5.1).
"""

import heapq
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from dialer.policy.answer_rate import FAST_WINDOW, SLOW_WINDOW, AnswerRate
from dialer.policy.hazard import Hazard
from dialer.policy.rings import N_RING_BINS, RING_BIN_S, RingModel

MATURE_MARGIN_S = 3.0
CAUTIOUS_RATE = 0.5
"""Prior answer rate, too high on purpose: it costs a little idle time in the first minutes, where
one too low abandons. Without machine detection voicemails are answers too."""
CARRIER_WINDOW = 50


@dataclass(slots=True)
class Learned:
    """Everything one campaign has learnt. `ring_timeout_s` bounds how long a call may ring."""

    ring_timeout_s: float
    rings: RingModel
    rate: AnswerRate
    talks: Hazard
    wraps: Hazard
    n_agents: int = 1
    n_talks: int = 0
    crossed: dict[int, int] = field(default_factory=dict)
    """Last bin counted for each agent's present talk or wrap-up."""
    dials: deque[tuple[float, int]] = field(default_factory=deque)
    """(second of the dial, calls) of calls that are evidence on the answer rate."""
    immature: list[tuple[float, float, bool]] = field(default_factory=list)
    """Heap of (dialled at, ring seconds, answered) of ended calls."""
    recent_faults: deque[bool] = field(default_factory=lambda: deque(maxlen=CARRIER_WINDOW))
    exposed_until: float | None = None
    refreshed_at: float = float("-inf")
    version: int = 0
    """Rises when the curves and hazards are made anew, so that tables can follow."""

    @classmethod
    def prior(cls, ring_timeout_s: float, answer_rate: float = CAUTIOUS_RATE) -> "Learned":
        """Nothing learnt yet."""
        return cls(
            ring_timeout_s,
            RingModel.prior(ring_timeout_s),
            AnswerRate.prior(answer_rate),
            Hazard.talk(),
            Hazard.wrap_up(),
        )

    # --- calls --------------------------------------------------------------------------------

    def dialed(self, now: float) -> None:
        """A call was placed."""
        if self.dials and self.dials[-1][0] == now:
            self.dials[-1] = (now, self.dials[-1][1] + 1)
        else:
            self.dials.append((now, 1))

    def answered(self, dialed_at: float, now: float) -> None:
        """A call was answered."""
        self.rate.answer()
        self.recent_faults.append(False)
        heapq.heappush(self.immature, (dialed_at, now - dialed_at, True))

    def ended_unanswered(self, dialed_at: float, now: float, is_carrier_fault: bool) -> None:
        """A call ended without answer; a carrier's fault is no evidence on the answer rate."""
        self.recent_faults.append(is_carrier_fault)
        if is_carrier_fault:
            self.forget_dial(dialed_at)
        else:
            heapq.heappush(self.immature, (dialed_at, now - dialed_at, False))

    def forget_dial(self, dialed_at: float) -> None:
        """A call dialled then is no evidence on the answer rate."""
        for index, (at, count) in enumerate(self.dials):
            if at == dialed_at:
                self.dials[index] = (at, count - 1)
                return

    @property
    def carrier_fault_share(self) -> float:
        """Share of carrier faults in the last 50 calls; 0 until 20 have ended."""
        n = len(self.recent_faults)
        return sum(self.recent_faults) / n if n >= 20 else 0.0

    # --- agents -------------------------------------------------------------------------------

    def follow(self, hazard: Hazard, agent_id: int, age_s: float) -> None:
        """Count the exposure of an agent's talk (or wrap-up) up to its present age."""
        current = hazard.bin_of(age_s)
        last = self.crossed.get(agent_id, -1)
        if current > last:
            hazard.expose(last + 1, current)
            self.crossed[agent_id] = current

    def ended(self, hazard: Hazard, agent_id: int, age_s: float) -> None:
        """An agent's talk (or wrap-up) came to its end at `age_s`."""
        self.follow(hazard, agent_id, age_s)
        hazard.end(age_s, max(300.0, 10.0 * self.n_agents))
        self.crossed.pop(agent_id, None)
        self.n_talks += hazard is self.talks

    # --- time ---------------------------------------------------------------------------------

    def advance(self, now: float, refresh_every_s: float = 5.0) -> None:
        """Bring exposure and maturity up to `now`; make the curves anew now and then."""
        self._expose_dials(now)
        horizon = now - self.ring_timeout_s - MATURE_MARGIN_S
        slow_window = max(SLOW_WINDOW, 10.0 * self.n_agents)
        while self.immature and self.immature[0][0] <= horizon:
            _, ring_s, is_answered = heapq.heappop(self.immature)
            self.rings.add(ring_s, is_answered)
            self.rate.mature(is_answered, slow_window)
        self.rate.follow_jump(max(FAST_WINDOW, float(self.n_agents)))
        if now - self.refreshed_at >= refresh_every_s:
            self.rings.refresh()
            self.refreshed_at = now
            self.version += 1

    def _expose_dials(self, now: float) -> None:
        before = self.exposed_until if self.exposed_until is not None else now
        limit = now - N_RING_BINS * RING_BIN_S
        while self.dials and self.dials[0][0] < limit:
            self.dials.popleft()
        if self.dials and now > before:
            at = np.array([dial[0] for dial in self.dials])
            count = np.array([dial[1] for dial in self.dials], dtype=float)
            gained = self.rings.answered_by(now - at) - self.rings.answered_by(
                np.maximum(before - at, 0.0)
            )
            self.rate.expose(float(count @ gained), max(FAST_WINDOW, float(self.n_agents)))
        self.exposed_until = now
