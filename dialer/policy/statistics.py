"""What is learnt while dialling: answer rate, time to answer, talk and wrap-up hazards.

Plain state and arithmetic, no clock: every method takes the time it needs, in seconds. Two rules
keep the estimates honest (pacing study, section 5.1):

- *Right-censoring*: exposure to a hazard is counted when a talk *enters* an age bin, finished or
  not. Learning from finished talks only makes every talk look short and floods the agents.
- *Maturity*: a call enters the ring histograms only when every call dialled with it has ended;
  otherwise short rings dominate.
"""

import heapq
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RING_BIN_S = 0.5
N_RING_BINS = 130
"""Rings are followed for 65 s; longer ones count in the last bin."""
MATURE_MARGIN_S = 3.0
PRIOR_ANSWERS = 40.0
PRIOR_OTHERS = 40.0
PRIOR_RING_MEAN_S = 12.0
PRIOR_RATE_WEIGHT = 200.0
CAUTIOUS_RATE = 0.5
"""Prior answer rate, too high on purpose: it costs a little idle time in the first minutes, where
one too low abandons. Without machine detection voicemails are answers too."""
FAST_WINDOW = 80.0
SLOW_WINDOW = 800.0
ANSWERS_BEFORE_JUMPS = 100
CARRIER_WINDOW = 50


@dataclass(slots=True)
class Hazard:
    """Chance to end within an age bin, given that the bin was reached."""

    width_s: float
    events: Floats
    exposure: Floats

    @classmethod
    def talk(cls) -> "Hazard":
        """Prior for talks: 150 bins of 4 s, hazard 4/150 after the first minute, rising to it."""
        ages = (np.arange(150) + 0.5) * 4.0
        return cls._prior(4.0, (4.0 / 150.0) * np.minimum(1.0, ages / 60.0))

    @classmethod
    def wrap_up(cls) -> "Hazard":
        """Prior for wrap-up: 80 bins of 1 s, hazard 1/20."""
        return cls._prior(1.0, np.full(80, 1.0 / 20.0))

    @classmethod
    def _prior(cls, width_s: float, chance: Floats, weight: float = 5.0) -> "Hazard":
        return cls(width_s, chance * weight, np.full(len(chance), weight))

    def bin_of(self, age_s: float) -> int:
        """The bin that holds an age; the last bin has no upper end."""
        return min(int(age_s / self.width_s), len(self.events) - 1)

    def expose(self, first: int, last: int) -> None:
        """Count that a talk entered bins `first` to `last`, both included."""
        self.exposure[first : last + 1] += 1.0

    def end(self, age_s: float, window: float) -> None:
        """A talk ended at `age_s`; older evidence fades over `window` endings."""
        keep = 1.0 - 1.0 / window
        self.events *= keep
        self.exposure *= keep
        self.events[self.bin_of(age_s)] += 1.0

    def chance(self) -> Floats:
        """Hazard per bin, kept off 0 and 1."""
        return np.clip(self.events / np.maximum(self.exposure, 1e-9), 1e-4, 0.95)

    def per_second(self, n_seconds: int) -> Floats:
        """Chance to end within each of the first `n_seconds` seconds of age, once reached."""
        per_bin = 1.0 - (1.0 - self.chance()) ** (1.0 / self.width_s)
        bins = np.minimum((np.arange(n_seconds) / self.width_s).astype(int), len(per_bin) - 1)
        return np.asarray(per_bin[bins])


@dataclass(slots=True)
class RingModel:
    """How long calls ring before an answer, and before any other end."""

    answered: Floats
    others: Floats
    answered_cdf: Floats = field(default_factory=lambda: np.zeros(0))
    others_cdf: Floats = field(default_factory=lambda: np.zeros(0))

    @classmethod
    def prior(cls, ring_timeout_s: float) -> "RingModel":
        """Answers: gamma(2) of mean 12 s. Others: half spread evenly, half at the timeout."""
        edges = np.arange(N_RING_BINS + 1) * RING_BIN_S
        scaled = edges / (PRIOR_RING_MEAN_S / 2.0)
        cdf = 1.0 - (1.0 + scaled) * np.exp(-scaled)
        last = _ring_bin(ring_timeout_s)
        others = np.zeros(N_RING_BINS)
        others[: last + 1] = PRIOR_OTHERS / 2.0 / (last + 1)
        others[last] += PRIOR_OTHERS / 2.0
        answered = np.diff(cdf) * PRIOR_ANSWERS
        answered[last + 1 :] = 0.0  # nobody answers after we gave up
        model = cls(answered, others)
        model.refresh()
        return model

    def add(self, ring_s: float, is_answered: bool) -> None:
        """One mature call. Old evidence fades over 3,000 answers and 6,000 others."""
        histogram, window = (self.answered, 3000.0) if is_answered else (self.others, 6000.0)
        histogram *= 1.0 - 1.0 / window
        histogram[_ring_bin(ring_s)] += 1.0

    def refresh(self) -> None:
        """Make the cumulative curves anew; called at most every few seconds."""
        self.answered_cdf = _cdf(self.answered)
        self.others_cdf = _cdf(self.others)

    def answered_by(self, age_s: Floats | float) -> Floats:
        """P(ring <= age | it will be answered)."""
        return _at(self.answered_cdf, age_s)

    def ended_by(self, age_s: Floats | float) -> Floats:
        """P(ring <= age | it will not be answered)."""
        return _at(self.others_cdf, age_s)

    def quantiles(self, shares: Floats) -> Floats:
        """Ring times, in seconds, below which the given shares of answers fall."""
        edges = np.arange(N_RING_BINS + 1) * RING_BIN_S
        return np.asarray(np.interp(shares, self.answered_cdf, edges))


@dataclass(slots=True)
class AnswerRate:
    """P(answer) of a call: a slow estimate over mature calls and a fast one over exposure.

    The fast one divides answers so far by the answers that the calls in flight should have
    brought by now, so it is unbiased before calls resolve. Rises are believed sooner than falls.
    """

    n_calls: float
    n_answers: float
    fast_exposure: float = 0.0
    fast_answers: float = 0.0
    n_mature_answers: int = 0

    @classmethod
    def prior(cls, rate: float) -> "AnswerRate":
        """Start from `rate` with the weight of 200 calls."""
        return cls(PRIOR_RATE_WEIGHT, PRIOR_RATE_WEIGHT * rate)

    @property
    def slow(self) -> float:
        """Answer rate over the slow window."""
        return min(max(self.n_answers / max(self.n_calls, 1e-9), 0.005), 0.99)

    @property
    def fast(self) -> float | None:
        """Answer rate over the fast window; None before it holds enough."""
        if self.fast_exposure < FAST_WINDOW / 2:
            return None
        return min(max(self.fast_answers / self.fast_exposure, 0.005), 0.99)

    @property
    def value(self) -> float:
        """The rate to pace by: the slow one, or half way to a higher fast one."""
        fast = self.fast
        return (self.slow + fast) / 2.0 if fast is not None and fast > self.slow else self.slow

    def mature(self, is_answered: bool, window: float) -> None:
        """One call whose whole cohort has ended."""
        keep = 1.0 - 1.0 / window
        self.n_calls = self.n_calls * keep + 1.0
        self.n_answers = self.n_answers * keep + is_answered
        self.n_mature_answers += is_answered

    def expose(self, expected_share: float, window: float) -> None:
        """Calls in flight gained `expected_share` of their eventual answers' ring time."""
        keep = max(0.0, 1.0 - expected_share / window)
        self.fast_exposure = self.fast_exposure * keep + expected_share
        self.fast_answers *= keep

    def answer(self) -> None:
        """A call was answered."""
        self.fast_answers += 1.0

    def follow_jump(self, window: float) -> None:
        """Drop the slow estimate when the fast one has clearly left it (2.5 sd up, 3.5 down)."""
        fast = self.fast
        if fast is None or self.n_mature_answers < ANSWERS_BEFORE_JUMPS:
            return
        slow = self.slow
        deviation = (slow * (1.0 - slow) / min(self.fast_exposure, window)) ** 0.5
        if fast > slow + 2.5 * deviation or fast < slow - 3.5 * deviation:
            self.n_calls, self.n_answers = window, window * fast


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


def _ring_bin(ring_s: float) -> int:
    return min(max(int(ring_s / RING_BIN_S), 0), N_RING_BINS - 1)


def _cdf(histogram: Floats) -> Floats:
    total = np.concatenate([[0.0], np.cumsum(histogram)])
    return np.asarray(total / total[-1])


def _at(cdf: Floats, age_s: Floats | float) -> Floats:
    edges = np.arange(N_RING_BINS + 1) * RING_BIN_S
    return np.asarray(np.interp(age_s, edges, cdf))
