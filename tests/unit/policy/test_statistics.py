import numpy as np
import pytest

from dialer.policy.answer_rate import AnswerRate
from dialer.policy.hazard import Hazard
from dialer.policy.picture import Crew, Seat
from dialer.policy.rings import EDGES, TENTHS, RingModel
from dialer.policy.statistics import Learned


def survival(hazard, age_s):
    """P(a talk lasts past `age_s`), by the hazard per second."""
    return float(np.prod(1.0 - hazard.per_second(int(age_s))))


NOBODY = Crew.of(0.0, [])


def talking(*since):
    """Agents whose talks began at these seconds."""
    return Crew.of(0.0, [(Seat.TALKING, -at) for at in since])


def play(learned, dials, until, start=0.0):
    """Dial as told, [(second, ring_s, is_answered)], with a decision every half second."""
    happenings = [(at, 0, at, None) for at, _, _ in dials]
    happenings += [(at + ring, 1, at, answered) for at, ring, answered in dials]
    happenings.sort(key=lambda h: h[:3])
    now, trials = start, {}
    for when, kind, dialed_at, answered in happenings:
        while now + 0.5 <= min(when, until):
            now += 0.5
            learned.advance(now, NOBODY)
        if when > until:
            break
        if kind == 0:
            trials[dialed_at] = learned.dialed(dialed_at)
        elif answered:
            learned.answered(trials[dialed_at], when)
        else:
            learned.ended_unanswered(trials[dialed_at], when, is_carrier_fault=False)
    while now < until:
        now += 0.5
        learned.advance(now, NOBODY)


def every_nth_answered(n, first_s, last_s, per_s=2):
    """`per_s` calls a second; each n-th is answered after 8 s, the others ring 25 s."""
    count = int((last_s - first_s) * per_s)
    return [
        (first_s + i / per_s, 8.0, True) if i % n == 0 else (first_s + i / per_s, 25.0, False)
        for i in range(count)
    ]


def test_unfinished_long_talks_do_not_make_talks_look_short():
    """The most expensive mistake of the study: 100 talks, ten end after 10 s, ninety go on."""
    learned = Learned.prior(25.0, 0.25)
    for second in range(0, 121):
        if second == 10:
            for _ in range(10):
                learned.ended(learned.talks, 0.0, 10.0)
        learned.advance(float(second), talking(*[0.0] * (100 if second < 10 else 90)))
    assert survival(learned.talks, 120) == pytest.approx(0.9, abs=0.06)


def test_a_talk_is_exposed_once_per_bin_however_often_it_is_looked_at():
    learned = Learned.prior(25.0, 0.25)
    before = learned.talks.exposure.copy()
    for now in np.arange(100.0, 120.0, 0.25):
        learned.advance(float(now), talking(100.0))
    assert list(learned.talks.exposure[:6] - before[:6]) == [1, 1, 1, 1, 1, 0]


def test_a_talk_watched_now_and_then_is_exposed_as_one_watched_all_the_time():
    """Whoever looks, and when: the same bins once each, the last part at the end."""
    seen, unseen = Learned.prior(25.0, 0.25), Learned.prior(25.0, 0.25)
    for now in (101.0, 101.0, 108.0, 131.5):
        seen.advance(now, talking(100.0))
    for learned in (seen, unseen):
        learned.ended(learned.talks, 100.0, 141.0)
    assert np.allclose(seen.talks.exposure, unseen.talks.exposure, atol=0.05)
    assert np.array_equal(seen.talks.events, unseen.talks.events)


def test_a_talk_that_nobody_watched_is_exposed_when_it_ends():
    learned = Learned.prior(25.0, 0.25)
    before = learned.talks.exposure.copy()
    learned.ended(learned.talks, 100.0, 113.0)
    gained = learned.talks.exposure - before * (1 - 1 / 300)
    assert np.allclose(gained[:4], 1 - 1 / 300)
    assert np.allclose(gained[4:], 0.0)
    assert learned.n_talks == 1


def test_the_hazard_is_learnt_from_finished_and_unfinished_talks():
    """Talks that each end in their 30th second: P(still talking at 60 s) goes to nothing."""
    learned = Learned.prior(25.0, 0.25)
    for _ in range(200):
        learned.ended(learned.talks, 0.0, 29.0)
    assert survival(learned.talks, 28) > 0.6
    assert survival(learned.talks, 60) < 0.1


def test_prior_talks_are_about_two_to_three_minutes():
    assert 0.2 < survival(Hazard.talk(), 120) < 0.6
    assert survival(Hazard.wrap_up(), 20) == pytest.approx(0.95**20)


def test_prior_rings_are_answered_after_about_twelve_seconds():
    rings = RingModel.prior(25.0)
    assert rings.quantiles(np.array([0.5]))[0] == pytest.approx(9.0, abs=1.5)
    assert rings.answered_by(0.0) == 0.0
    assert rings.answered_by(26.0) == 1.0


def test_curves_by_tenth_of_a_second_are_straight_between_the_edges_of_bins():
    rings = RingModel.prior(25.0)
    for cdf, curve in zip((rings.answered_cdf, rings.others_cdf), rings.curves, strict=True):
        assert np.array_equal(curve, np.interp(TENTHS, EDGES, cdf))
    assert rings.answered_by(6e5) == rings.ended_by(6e5) == 1.0  # past the end


def test_short_rings_do_not_dominate_while_their_cohort_still_rings():
    """Ten calls of one instant: the five quick answers wait for the five slow ones."""
    learned = Learned.prior(25.0, 0.25)
    prior = learned.rings.answered.copy()
    dials = [(1.0, 2.0, True)] * 5 + [(1.0, 20.0, True)] * 5
    play(learned, dials, until=28.5)
    assert np.array_equal(learned.rings.answered, prior)
    play(learned, [], until=30.0, start=28.5)
    gained = learned.rings.answered - prior * (1 - 1 / 3000) ** 10
    assert gained[4] == pytest.approx(5.0, abs=0.02)
    assert gained[40] == pytest.approx(5.0, abs=0.02)


def test_a_cold_start_with_quick_refusals_first_does_not_move_the_slow_rate():
    learned = Learned.prior(25.0, 0.25)
    play(learned, [(t * 0.5, 1.0, False) for t in range(40)], until=25.0)
    assert learned.rate.slow == pytest.approx(0.25)


def test_the_fast_rate_is_unbiased_while_calls_still_ring():
    """Answers after 8 s; at 20 s most calls dialled have not yet had their time to answer."""
    learned = Learned.prior(25.0, 0.25)
    learned.rings.answered[:] = 0.0
    learned.rings.answered[16] = 1000.0
    learned.rings.refresh()
    learned.refreshed_at = 0.0
    play(learned, every_nth_answered(2, 0.0, 90.0), until=90.0)
    assert learned.rate.fast == pytest.approx(0.5, abs=0.06)


def test_the_rate_follows_a_jump_from_a_quarter_to_a_half():
    learned = Learned.prior(25.0, 0.25)
    dials = every_nth_answered(4, 0.0, 900.0) + every_nth_answered(2, 900.0, 1100.0)
    play(learned, dials, until=900.0)
    assert learned.rate.value == pytest.approx(0.25, abs=0.03)
    play(learned, [d for d in dials if d[0] >= 900.0], until=1100.0, start=900.0)
    assert learned.rate.value > 0.42


def test_a_fall_is_believed_later_than_a_rise():
    rate = AnswerRate(n_calls=800.0, n_answers=200.0, fast_exposure=80.0, fast_answers=24.0)
    assert rate.value == pytest.approx((0.25 + 0.30) / 2)
    rate.fast_answers = 16.0
    assert rate.value == 0.25


def test_the_first_rate_is_cautious():
    """Too high costs idle time, too low costs people who answer and find nobody."""
    assert Learned.prior(25.0).rate.value == 0.5


def test_a_jump_is_not_believed_before_a_hundred_answers():
    rate = AnswerRate(800.0, 200.0, fast_exposure=80.0, fast_answers=60.0, n_mature_answers=99)
    rate.follow_jump(80.0)
    assert rate.slow == 0.25
    rate.n_mature_answers = 100
    rate.follow_jump(80.0)
    assert rate.slow == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("answers", "follows"), [(29.0, False), (33.0, True), (10.0, False), (4.0, True)]
)
def test_a_jump_is_two_and_a_half_deviations_up_or_three_and_a_half_down(answers, follows):
    """sd = sqrt(.25 * .75 / 80) = 0.048: up past 0.371, down past 0.081."""
    rate = AnswerRate(800.0, 200.0, 80.0, answers, n_mature_answers=500)
    rate.follow_jump(80.0)
    assert (rate.slow != 0.25) is follows


def test_faults_of_the_carrier_are_no_evidence_on_the_answer_rate():
    learned = Learned.prior(25.0, 0.25)
    play(learned, every_nth_answered(4, 0.0, 600.0), until=600.0)
    before = learned.rate.value
    for i in range(600):
        at = 600.0 + i / 10
        learned.advance(at, NOBODY)
        learned.ended_unanswered(learned.dialed(at), at + 0.01, is_carrier_fault=True)
    learned.advance(700.0, NOBODY)
    assert learned.rate.value == pytest.approx(before, abs=0.02)
    assert learned.carrier.fault_share == 1.0


def test_a_few_faults_are_no_outage():
    learned = Learned.prior(25.0, 0.25)
    for i in range(19):
        learned.ended_unanswered(learned.dialed(float(i)), i + 1.0, is_carrier_fault=True)
    assert learned.carrier.fault_share == 0.0
    learned.ended_unanswered(learned.dialed(19.0), 20.0, is_carrier_fault=False)
    assert learned.carrier.fault_share == pytest.approx(0.95)


def test_rates_stay_off_nothing_and_everything():
    rate = AnswerRate(1e6, 0.0, fast_exposure=100.0, fast_answers=1e9)
    assert (rate.slow, rate.fast) == (0.005, 0.99)
    assert np.all((Hazard.talk().chance() > 0) & (Hazard.talk().chance() < 1))


def test_curves_are_made_anew_every_five_seconds_and_say_so():
    learned = Learned.prior(25.0, 0.25)
    versions = []
    for now in np.arange(0.0, 20.5, 0.5):
        learned.advance(float(now), NOBODY)
        versions.append(learned.version)
    assert versions[0] == 1
    assert versions[-1] == 5


# --- screening ------------------------------------------------------------------------------------


def screened(learned, dials, until):
    """Two seconds of screening each: [(dialled at, ring_s, is_person)]."""
    for at, ring_s, is_person in dials:
        trial = learned.dialed(at)
        learned.picked_up(trial, at + ring_s)
        if is_person:
            learned.answered(trial, at + ring_s + 2.0)
        else:
            learned.ended_unanswered(trial, at + ring_s + 2.0, is_carrier_fault=False)
    learned.advance(until, NOBODY)


def test_without_evidence_on_machines_whoever_picks_up_is_a_person():
    rings = Learned.prior(25.0, 0.25).rings
    assert rings.person_share(np.array([0.25]), np.array([8.0])) == pytest.approx([1.0], abs=1e-3)


def test_who_picks_up_is_known_by_how_long_it_rang():
    """Persons after about eight seconds, machines after about four: as many of each."""
    learned = Learned.prior(25.0, 0.5)
    dials = [(i * 0.5, 8.0, True) if i % 2 else (i * 0.5, 4.0, False) for i in range(2000)]
    screened(learned, dials, 1100.0)
    even = np.array([0.5, 0.5])
    early, late = learned.rings.person_share(even, np.array([4.0, 8.0]))
    assert early < 0.1
    assert late > 0.95


def test_ring_times_end_at_the_pick_up_and_screening_is_timed_apart():
    learned = Learned.prior(25.0, 0.5)
    screened(learned, [(i * 0.5, 8.0, True) for i in range(400)], 300.0)
    assert learned.screening_s == pytest.approx(2.0)
    assert learned.rings.answered[16] > 300
    assert learned.rings.answered[20] < 10
