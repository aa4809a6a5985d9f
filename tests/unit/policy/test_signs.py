"""What 180 and 183 tell of a ringing call, and that they tell nothing where there is nothing."""

from dataclasses import replace

import numpy as np
import pytest

from dialer.policy.abandon import Ledger
from dialer.policy.outlook import PacingState, answer_chances
from dialer.policy.picture import Crew, InFlight, Picture, Sign
from dialer.policy.rings import RingModel
from dialer.policy.signs import EVIDENCE, SHARE_NOISE, SignModel, believed
from dialer.policy.statistics import Learned

NOTHING, RINGING, EARLY_MEDIA, PICKED_UP = (int(sign) for sign in Sign)
NOW = 10_000.0


def after(calls, rings=None):
    """What a model knows after calls by (sign, ring seconds, answered)."""
    model = SignModel()
    for sign, ring_s, is_answered in calls:
        model.add(sign, ring_s, is_answered)
    model.refresh(rings or RingModel.prior(25.0))
    return model


def drawn(n_calls, shares, seed=1, slower_s=(0.0, 0.0)):
    """Calls by turns with 180 and 183: share of answers of each, and how much later all end."""
    random = np.random.default_rng(seed)
    for number in range(n_calls):
        which = number % 2
        ring_s = random.gamma(3.0, 3.0) + slower_s[which]
        yield (RINGING, EARLY_MEDIA)[which], ring_s, random.random() < shares[which]


def pictured(state, signs, age_s=8.0):
    """Chances of calls of that age, each with its sign."""
    calls = InFlight.of(NOW, [age_s] * len(signs))
    calls = replace(calls, signs=np.array(signs, dtype=np.int8))
    return answer_chances(Picture(NOW, Crew.of(NOW, []), calls, 0, 99, 99, 99, 2.0), state)


def state_with(model):
    learned = Learned.prior(25.0, 0.25)
    learned.signs = model
    return PacingState(learned, Ledger(0.028))


def test_where_one_sign_only_occurs_nothing_is_told():
    calls = [(sign, ring_s, hit) for sign, ring_s, hit in drawn(4000, (0.5, 0.1))]
    assert not after([call for call in calls if call[0] == RINGING]).is_telling
    assert after(calls).is_telling


def test_a_difference_that_rests_on_few_calls_is_not_believed():
    n_calls = 2 * int(EVIDENCE) - 2
    assert not after(drawn(n_calls, (0.6, 0.1))).is_telling
    assert after(drawn(n_calls + 100, (0.6, 0.1))).is_telling


@pytest.mark.parametrize("seed", range(1, 7))
def test_what_chance_explains_moves_nothing_or_next_to_nothing(seed):
    model = after(drawn(3000, (0.25, 0.25), seed))
    if model.is_telling:
        both = model.lifts[[RINGING, EARLY_MEDIA]]
        assert both == pytest.approx([1.0, 1.0], abs=0.08)


def test_signs_without_meaning_are_mostly_not_heard_at_all():
    heard = [after(drawn(2000, (0.25, 0.25), seed)).is_telling for seed in range(20)]
    assert sum(heard) <= 5


def test_a_telling_sign_raises_and_lowers_the_chance_of_an_answer():
    state = state_with(after(drawn(4000, (0.4, 0.1))))
    unknown, ringing, media, picked_up = pictured(
        state, [NOTHING, RINGING, EARLY_MEDIA, PICKED_UP]
    )[-1]
    assert media < unknown < ringing
    assert state.learned.signs.lifts[RINGING] == pytest.approx(1.6, abs=0.15)
    assert state.learned.signs.lifts[EARLY_MEDIA] == pytest.approx(0.4, abs=0.15)
    plain = pictured(state_with(SignModel()), [NOTHING, PICKED_UP])[-1]
    assert [unknown, picked_up] == pytest.approx(list(plain))


def test_equal_shares_may_still_answer_at_other_times():
    """Nobody answers within ten seconds where it is 183 that is said."""
    state = state_with(after(drawn(4000, (0.25, 0.25), slower_s=(0.0, 10.0))))
    early, late = pictured(state, [RINGING, EARLY_MEDIA], 4.0)[0]
    assert late < 0.1 * early


def test_what_is_not_telling_leaves_every_chance_exactly_as_it_was():
    signs = [NOTHING, RINGING, RINGING, PICKED_UP]
    heard = pictured(state_with(after([(RINGING, 7.0, n % 4 == 0) for n in range(2000)])), signs)
    assert np.array_equal(heard, pictured(state_with(SignModel()), signs))


@pytest.mark.parametrize(
    ("statistic", "weight"), [(0.0, 0.0), (SHARE_NOISE, 0.0), (2 * SHARE_NOISE, 0.5), (1e9, 1.0)]
)
def test_the_weight_of_a_difference_grows_with_what_chance_does_not_explain(statistic, weight):
    assert believed(statistic, SHARE_NOISE) == pytest.approx(weight, abs=1e-6)


def test_signs_that_never_or_always_bring_an_answer_are_counted_without_fault():
    for is_answered in (False, True):
        calls = [(sign, 5.0, is_answered) for sign in (RINGING, EARLY_MEDIA) for _ in range(300)]
        assert not after(calls).is_telling


def test_a_call_counts_for_its_last_sign_once_it_is_mature():
    learned = Learned.prior(25.0)
    crew = Crew.of(0.0, [])
    trial, other = learned.dialed(0.0), learned.dialed(0.0)
    learned.rang(trial, has_early_media=False)
    learned.rang(trial, has_early_media=True)
    learned.answered(trial, 6.0)
    learned.ended_unanswered(other, 7.0, is_carrier_fault=False)
    learned.advance(20.0, crew)
    assert not learned.signs.n_calls.any()
    learned.advance(30.0, crew)
    assert learned.signs.n_calls == pytest.approx([1.0, 0.0, 1.0, 0.0], abs=1e-3)
    assert list(learned.signs.n_answers) == [0.0, 0.0, pytest.approx(1.0, abs=1e-3), 0.0]
