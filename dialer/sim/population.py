"""The people who are called: who answers, when, for how long, and who hangs up first.

A person is decided by `lead_id:attempt_number` and the seed alone, so whatever calls whom, and in
which order, each attempt meets the same person. Must not know of legs, events or clocks.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from dialer.sim import chance
from dialer.sim.numbers import far_end
from dialer.sim.person import Answer, Person


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares and distributions of a population. Shares of one group sum to 1; times in seconds."""

    name: str
    live: float = 0.25
    voicemail: float = 0.30
    no_answer: float = 0.35
    busy: float = 0.05
    fail: float = 0.05
    ring_mean_s: float = 9.0
    """Live persons: dial to answer, gamma of shape 3."""
    voicemail_fast: float = 0.35
    """Share of the voicemails that answer at once (phone off); the others after ringing."""
    voicemail_fast_s: float = 4.0
    voicemail_slow_s: float = 19.0
    busy_s: tuple[float, float] = (1.0, 3.0)
    fail_s: tuple[float, float] = (0.5, 3.0)
    fail_statuses: tuple[int, ...] = (404, 503, 404, 503, 480)
    talk_mean_s: float = 120.0
    talk_cv: float = 0.8
    hangs_up_first: float = 0.5
    patience_mean_s: float = math.inf
    wrap_up_mean_s: float = 20.0
    machine_wrap_up_s: float = 3.0
    recognition_s: tuple[float, float] = (3.0, 5.0)
    """How long an agent needs to know a machine by ear."""
    carrier_failure: float = 0.0
    """Share of all calls that the carrier drops before anybody is reached."""
    is_number_plan: bool = False
    """The last two digits dialled decide (numbers.py), not chance."""


class Shift(NamedTuple):
    """From `at_s` seconds after the start on, another profile holds."""

    at_s: float
    profile: Profile


BENCHMARK = Profile("benchmark")
"""The workload of the pacing benchmarks; published figures use this one."""

DEMO = Profile(
    "demo",
    live=0.35, voicemail=0.15, no_answer=0.32, busy=0.10, fail=0.08,
    ring_mean_s=5.0, voicemail_fast_s=3.0, voicemail_slow_s=9.0,
    talk_mean_s=20.0, talk_cv=0.6, wrap_up_mean_s=5.0, machine_wrap_up_s=2.0,
    patience_mean_s=90.0,
)  # fmt: skip
"""Short talks, so that two minutes of watching show a whole day's sorts of calls."""

LAB = Profile("lab", is_number_plan=True)
"""The number plan of the laboratory's far end, for tests against a recorded switch."""


class Population:
    """Everybody who can be called. `shifts` in rising order of `at_s`."""

    def __init__(self, seed: int, profile: Profile, shifts: tuple[Shift, ...] = ()) -> None:
        self.seed = seed
        self._starts = [0.0, *(shift.at_s for shift in shifts)]
        self._profiles = [profile, *(shift.profile for shift in shifts)]

    def profile_at(self, at_s: float = 0.0) -> Profile:
        """The profile that holds `at_s` seconds after the start."""
        if len(self._profiles) == 1:
            return self._profiles[0]
        return self._profiles[max(0, bisect_right(self._starts, at_s) - 1)]

    def person(
        self, lead_id: str, attempt_number: int, number: str = "", at_s: float = 0.0
    ) -> Person:
        """Who is at the other end of this attempt. `number` counts in a number plan only."""
        profile = self.profile_at(at_s)
        if profile.is_number_plan:
            return far_end(number)
        key = f"{lead_id or number}:{attempt_number}"
        return _person(profile, chance.draws(self.seed, key, "person"))

    def reached(
        self, lead_id: str, attempt_number: int, number: str = "", at_s: float = 0.0
    ) -> Person:
        """What a switch meets: the person, unless the carrier fails on the way."""
        profile = self.profile_at(at_s)
        if profile.carrier_failure:
            u, v, *_ = chance.draws(self.seed, f"{lead_id or number}:{attempt_number}", "carrier")
            if u < profile.carrier_failure:
                return Person(Answer.FAIL, None, chance.between(*profile.fail_s, v), 503)
        return self.person(lead_id, attempt_number, number, at_s)

    def wrap_up_s(self, lead_id: str, attempt_number: int, at_s: float = 0.0) -> float:
        """After-call work for a live person: gamma of shape 2."""
        u, v, *_ = chance.draws(self.seed, f"{lead_id}:{attempt_number}", "wrap")
        return chance.gamma2(self.profile_at(at_s).wrap_up_mean_s, u, v)


def _person(profile: Profile, u: chance.Draws) -> Person:
    """One draw decides the outcome; the others its times."""
    share = u[0]
    if share < profile.live:
        return _live(profile, u)
    share -= profile.live
    if share < profile.voicemail:
        return _voicemail(profile, share / profile.voicemail, u)
    share -= profile.voicemail
    if share < profile.no_answer:
        return Person(Answer.NO_ANSWER, _ring_delay(math.inf, u[7]), math.inf)
    share -= profile.no_answer
    if share < profile.busy:
        return Person(Answer.BUSY, None, chance.between(*profile.busy_s, u[1]), 486)
    status = profile.fail_statuses[int(u[2] * len(profile.fail_statuses))]
    return Person(Answer.FAIL, None, chance.between(*profile.fail_s, u[1]), status)


def _live(profile: Profile, u: chance.Draws) -> Person:
    answer_s = chance.gamma3(profile.ring_mean_s, u[1], u[2], u[3])
    patience = profile.patience_mean_s
    return Person(
        Answer.LIVE,
        _ring_delay(answer_s, u[7]),
        answer_s,
        talk_s=chance.lognormal(profile.talk_mean_s, profile.talk_cv, u[4], u[5]),
        hangs_up_first=u[6] < profile.hangs_up_first,
        patience_s=patience if patience == math.inf else 5.0 + chance.exponential(patience, u[7]),
    )


def _voicemail(profile: Profile, share: float, u: chance.Draws) -> Person:
    """`share`: 0 to 1, where among the voicemails this one is."""
    is_fast = share < profile.voicemail_fast
    about_s = profile.voicemail_fast_s if is_fast else profile.voicemail_slow_s
    answer_s = chance.between(0.85 * about_s, 1.15 * about_s, u[1])
    return Person(Answer.VOICEMAIL, _ring_delay(answer_s, u[7]), answer_s)


def _ring_delay(answer_s: float, u: float) -> float:
    """Post-dial delay: half a second to 1.5 s, and never past half the way to the answer."""
    return min(0.5 + u, answer_s / 2.0)
