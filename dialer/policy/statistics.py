"""Everything one campaign learns while dialling, and how it comes to learn it.

Plain state and arithmetic, no clock: every method takes the time it needs, in seconds.
*Maturity*: a call enters the ring histograms only when every call dialled with it has ended;
otherwise short rings dominate (pacing study, section 5.1).
"""

import heapq
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from dialer.policy.answer_model import AnswerModel, Traits
from dialer.policy.answer_rate import FAST_WINDOW, SLOW_WINDOW, AnswerFlow, AnswerRate
from dialer.policy.carrier import CarrierWatch
from dialer.policy.hazard import Hazard, ages_at
from dialer.policy.picture import TALKING, WRAP_UP, Crew, Sign
from dialer.policy.rings import N_RING_BINS, RING_BIN_S, RingModel
from dialer.policy.signs import SignModel
from dialer.policy.theta import SMALL_TEAM, Footing

MATURE_MARGIN_S = 3.0
CAUTIOUS_RATE = 0.5
"""Prior answer rate, too high on purpose: it costs a little idle time in the first minutes, where
one too low abandons. Without machine detection voicemails are answers too."""
WATCH_EVERY_S = 0.25
"""Decisions that follow each other faster learn nothing new."""
REFRESH_EVERY_S = 5.0
CUSTOMARY_BUSY_S, BUSY_EVIDENCE = 140.0, 20
SCREENINGS = 50.0
"""Over so many the mean time of screening is taken."""
LONGEST_RING_S = N_RING_BINS * RING_BIN_S


@dataclass(slots=True)
class Trial:
    """One call as evidence. `lift`: its chance to be answered, relative to the answer rate."""

    at: float
    lift: float
    traits: Traits | None = None
    """What was known of the lead, to learn from."""
    sign: int = int(Sign.NOTHING)
    """The last thing that the network said while it rang."""
    picked_up_at: float | None = None
    """When it was picked up, if it then had to be found out by whom."""

    def ring_s(self, ended_at: float) -> float:
        """How long it rang."""
        return (ended_at if self.picked_up_at is None else self.picked_up_at) - self.at


@dataclass(slots=True)
class Learned:
    """Everything one campaign has learnt. `ring_timeout_s` bounds how long a call may ring."""

    ring_timeout_s: float
    rings: RingModel
    rate: AnswerRate
    answers: AnswerModel
    talks: Hazard
    wraps: Hazard
    n_agents: int = 1
    n_talks: int = 0
    rang_s: float = 0.0
    """Seconds that all answered calls of this run rang."""
    dials: dict[float, float] = field(default_factory=dict)
    """Sum of lifts by second of the dial, of calls that are evidence on the answer rate."""
    immature: list[tuple[float, int, float, bool, Trial]] = field(default_factory=list)
    """Heap of (dialled at, order, ring seconds, answered, trial) of ended calls."""
    screening_s: float = 0.0
    """From the pick-up until a person is known for one; 0 where every pick-up is an answer."""
    carrier: CarrierWatch = field(default_factory=CarrierWatch)
    flow: AnswerFlow = field(default_factory=AnswerFlow)
    signs: SignModel = field(default_factory=SignModel)
    footing: Footing = field(default_factory=Footing)
    thawed_at: float = float("-inf")
    """End of the last outage of the carrier; calls dialled before it are no evidence."""
    seen_until: float = float("-inf")
    """Second up to which agents and calls were watched."""
    refreshed_at: float = float("-inf")
    version: int = 0
    """Rises when the curves and hazards are made anew, so that tables can follow."""
    _order: "count[int]" = field(default_factory=count)

    @classmethod
    def prior(cls, ring_timeout_s: float, answer_rate: float = CAUTIOUS_RATE) -> "Learned":
        """Nothing learnt yet."""
        return cls(
            ring_timeout_s,
            RingModel.prior(ring_timeout_s),
            AnswerRate.prior(answer_rate),
            AnswerModel.prior(answer_rate),
            Hazard.talk(),
            Hazard.wrap_up(),
        )

    # --- calls --------------------------------------------------------------------------------

    def dialed(self, now: float, traits: Traits | None = None, lift: float | None = None) -> Trial:
        """A call was placed; what to name when more is known of it. Its lift follows from the
        traits of its lead, unless it is known."""
        if lift is None:
            lift = 1.0 if traits is None else float(self.answers.lifts(traits[None, :])[0])
        self.dials[now] = self.dials.get(now, 0.0) + lift
        return Trial(now, lift, traits)

    def rang(self, trial: Trial, has_early_media: bool) -> None:
        """The network says that it rings: 183 with tones or words, or 180."""
        trial.sign = int(Sign.EARLY_MEDIA if has_early_media else Sign.RINGING)

    def picked_up(self, trial: Trial, now: float) -> None:
        """Somebody or something answers; `answered` or `ended_unanswered` will tell."""
        trial.picked_up_at = now

    def answered(self, trial: Trial, now: float) -> None:
        """A call was answered."""
        self.carrier.note(False)
        if trial.picked_up_at is not None:
            took_s = now - trial.picked_up_at
            self.screening_s += (took_s - self.screening_s) / (
                SCREENINGS if self.screening_s else 1
            )
        self.rang_s += now - trial.at
        self.flow.n_answers += 1.0
        if not self.carrier.is_out:
            self.rate.answer()
            self._await_maturity(trial, now, is_answered=True)

    def ended_unanswered(self, trial: Trial, now: float, is_carrier_fault: bool) -> None:
        """A call ended without answer; a carrier's fault is no evidence on the answer rate."""
        self.carrier.note(is_carrier_fault)
        if is_carrier_fault:
            self.forget(trial)
        elif not self.carrier.is_out:
            self._await_maturity(trial, now, is_answered=False)

    def forget(self, trial: Trial) -> None:
        """The call is no evidence on the answer rate."""
        if trial.at in self.dials:
            self.dials[trial.at] -= trial.lift

    def _await_maturity(self, trial: Trial, now: float, *, is_answered: bool) -> None:
        if trial.at >= self.thawed_at:
            entry = (trial.at, next(self._order), trial.ring_s(now), is_answered, trial)
            heapq.heappush(self.immature, entry)

    # --- agents -------------------------------------------------------------------------------

    def ended(self, hazard: Hazard, since: float, now: float) -> None:
        """A talk (or wrap-up) that began at `since` came to its end."""
        hazard.expose(ages_at(np.array([since]), self.seen_until, now))
        hazard.end(now - since, max(300.0, 10.0 * self.n_agents))
        self.n_talks += hazard is self.talks

    @property
    def busy_s(self) -> float:
        """How long an answer keeps an agent, on average; a customary time while few have ended."""
        if min(self.talks.n_ended, self.wraps.n_ended) < BUSY_EVIDENCE:
            return CUSTOMARY_BUSY_S
        talk_s = self.talks.ended_s / self.talks.n_ended
        return max(talk_s + self.wraps.ended_s / self.wraps.n_ended, 1.0)

    # --- time ---------------------------------------------------------------------------------

    def advance(self, now: float, crew: Crew, n_in_flight: int = 0) -> None:
        """Bring exposure and maturity up to `now`; make the curves anew now and then."""
        if now - self.seen_until < WATCH_EVERY_S:
            return
        self._watch_carrier(n_in_flight, now)
        self.flow.pass_time(now)
        before = self.seen_until
        self.n_agents = max(crew.n_agents, 1)
        ages = ages_at(crew.since, before, now)
        self.talks.expose(ages.compress(crew.own_in(TALKING), axis=1))
        self.wraps.expose(ages.compress(crew.own_in(WRAP_UP), axis=1))
        self._expose_dials(before, now)
        self.seen_until = now
        self._mature(now - self.ring_timeout_s - MATURE_MARGIN_S)
        self.rate.follow_jump(max(FAST_WINDOW, float(self.n_agents)))
        if now - self.refreshed_at >= REFRESH_EVERY_S:
            self.rings.refresh()
            self.signs.refresh(self.rings)
            self.refreshed_at = now
            self.version += 1

    def start_over(self, now: float) -> None:
        """The clock was set back: what was in flight by the old time is no evidence."""
        self.dials.clear()
        self.immature.clear()
        self.thawed_at = self.seen_until = now

    def _watch_carrier(self, n_in_flight: int, now: float) -> None:
        was_out = self.carrier.is_out
        self.carrier.watch(n_in_flight, now)
        if was_out and not self.carrier.is_out:
            self.thawed_at = now

    def _mature(self, horizon: float) -> None:
        slow_window = max(SLOW_WINDOW, 10.0 * self.n_agents)
        while self.immature and self.immature[0][0] <= horizon:
            _, _, ring_s, is_answered, trial = heapq.heappop(self.immature)
            self.rings.add(ring_s, is_answered)
            self.signs.add(trial.sign, ring_s, is_answered)
            if trial.picked_up_at is not None and not is_answered:
                self.rings.add_machine(ring_s)
            self.rate.mature(is_answered, trial.lift, slow_window)
            if trial.traits is not None:
                self.answers.learn(trial.traits, is_answered)

    def _expose_dials(self, before: float, now: float) -> None:
        limit = now - min(self.ring_timeout_s + MATURE_MARGIN_S, LONGEST_RING_S) - self.screening_s
        while self.dials and (first := next(iter(self.dials))) < limit:
            del self.dials[first]
        if self.dials and now > before and not self.carrier.is_out:
            window, is_small = max(FAST_WINDOW, float(self.n_agents)), self.n_agents < SMALL_TEAM
            self.rate.expose(self._gained(before, now), window, heeds_surge=is_small)

    def _gained(self, before: float, now: float) -> float:
        """Answers for each unit of the rate that the calls dialled should have brought meanwhile:
        sum of lift (F(age now) - F(age before)), F the share of answers that come by an age."""
        n_seconds = len(self.dials)
        at = np.fromiter(self.dials.keys(), dtype=float, count=n_seconds)
        lifts = np.fromiter(self.dials.values(), dtype=float, count=n_seconds)
        moments = np.array(((before - self.screening_s,), (now - self.screening_s,)))
        first, last = self.rings.answered_by(np.maximum(moments - at, 0.0))
        return float(lifts @ (last - first))
