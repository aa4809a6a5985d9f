import json
import random

import numpy as np
import pytest

from dialer.model.lead import Lead
from dialer.policy.answer_model import AnswerModel, traits_of
from dialer.policy.memory import recall, remember
from dialer.policy.statistics import Learned

UTC = 1_790_000_000.0
RATE = 0.25
N_REGIONS = 40


def lead(region=0, **facts):
    return Lead(1, 1, f"+33{region:03d}123456", "Europe/Paris", **facts)


ROWS = np.array([traits_of(lead(region), UTC) for region in range(N_REGIONS)])


def true_chances(spread, shift=0):
    """Of each region: evenly from rate * (1 - spread) to rate * (1 + spread), out of order."""
    order = (np.arange(N_REGIONS) * 17 + shift) % N_REGIONS
    return RATE * (1.0 + spread * (2.0 * (order + 0.5) / N_REGIONS - 1.0))


def dialled(model, chances, n_calls, seed=1):
    """Learn from calls to all regions in turn of chance; (lift before, answered) of each."""
    draw = random.Random(seed)
    seen = []
    for _ in range(n_calls):
        region = draw.randrange(len(chances))
        lift = float(model.lifts(ROWS[region][None, :])[0])
        is_answered = draw.random() < chances[region]
        model.learn(ROWS[region], is_answered)
        seen.append((lift, is_answered))
    return seen


def test_before_anything_is_learnt_every_lead_is_the_average_one():
    assert AnswerModel.prior(0.5).lifts(ROWS) == pytest.approx(np.ones(N_REGIONS))


def test_traits_that_say_nothing_leave_every_lead_the_average_one():
    model = AnswerModel.prior(0.5)
    dialled(model, true_chances(0.0), 4000)
    assert model.lifts(ROWS) == pytest.approx(np.ones(N_REGIONS), abs=0.06)
    assert model.calibration.slope < 0.3


@pytest.mark.parametrize("seed", [1, 2])
def test_unequal_regions_are_told_apart(seed):
    """After 4,000 calls most of what distinguishes leads is known: variance explained."""
    model, chances = AnswerModel.prior(0.5), true_chances(0.8)
    dialled(model, chances, 4000, seed)
    missed = np.mean((RATE * model.lifts(ROWS) - chances) ** 2)
    assert 1.0 - missed / np.var(chances) > 0.7


@pytest.mark.parametrize("spread", [0.0, 0.3, 0.8])
def test_chances_are_reliable(spread):
    """Of calls promised a chance by rate * lift, so many were answered, in each fifth of them."""
    model = AnswerModel.prior(0.5)
    seen = dialled(model, true_chances(spread), 6000)[2000:]
    seen.sort(key=lambda pair: pair[0])
    for fifth in np.array_split(np.array(seen), 5):
        promised, kept = RATE * fifth[:, 0].mean(), fifth[:, 1].mean()
        noise = (promised * (1.0 - promised) / len(fifth)) ** 0.5
        assert kept == pytest.approx(promised, abs=3.0 * noise + 0.02)


def test_lifts_are_relative_so_their_mean_stays_one():
    model = AnswerModel.prior(0.5)
    lifts = [lift for lift, _ in dialled(model, true_chances(0.8), 5000)]
    assert np.mean(lifts[:1000]) == pytest.approx(1.0, abs=0.05)
    assert np.mean(lifts[1000:]) == pytest.approx(1.0, abs=0.05)


def test_what_has_changed_is_unlearnt():
    model = AnswerModel.prior(0.5)
    dialled(model, true_chances(0.8), 3000)
    swapped = true_chances(0.8, shift=20)
    dialled(model, swapped, 8000)
    assert np.corrcoef(model.lifts(ROWS), swapped)[0, 1] > 0.9


def test_a_jump_of_everything_is_the_rates_and_leaves_lifts_alone():
    learned = Learned.prior(25.0, RATE)
    chances = true_chances(0.6)
    dialled(learned.answers, chances, 5000)
    before = learned.answers.lifts(ROWS)
    dialled(learned.answers, 1.6 * chances, 2500, seed=2)
    assert np.corrcoef(learned.answers.lifts(ROWS), before)[0, 1] > 0.9
    assert np.mean(learned.answers.lifts(ROWS)) == pytest.approx(1.0, abs=0.1)


def test_traits_are_the_same_in_every_process():
    facts = {"n_attempts": 2, "last_outcome": "BUSY"}
    assert list(traits_of(lead(7, **facts), UTC)) == [
        819, 656, 3454, 1506, 3268, 3887, 1962, 1256, 1438,
    ]  # fmt: skip


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../etc/passwd", "Europe/Paris\0"])
def test_a_lead_of_no_known_zone_has_traits_like_another(zone):
    row = traits_of(Lead(1, 1, "", zone), UTC)
    assert AnswerModel.prior(0.5).lifts(row[None, :]) == pytest.approx([1.0])


@pytest.mark.parametrize("utc", [float("nan"), float("inf"), -1e30])
def test_a_time_that_is_none_is_a_trait_like_another(utc):
    assert len(traits_of(lead(), utc)) == ROWS.shape[1]


def test_what_was_learnt_survives_the_night():
    before, after = Learned.prior(25.0), Learned.prior(25.0)
    dialled(before.answers, true_chances(0.8), 3000)
    assert recall(after, json.loads(json.dumps(remember(before))))
    assert after.answers.lifts(ROWS) == pytest.approx(before.answers.lifts(ROWS), abs=0.01)
    assert np.mean([lift for lift, _ in dialled(after.answers, true_chances(0.8), 500)]) == (
        pytest.approx(1.0, abs=0.1)
    )


@pytest.mark.parametrize(
    "damage",
    [
        {"slots": [4096]}, {"slots": [-1]}, {"slots": [1.5]}, {"slots": "all"}, {"mean": []},
        {"mean": [float("nan")]}, {"mean": [1e9]}, {"precision": [0.0]}, {"mean_chance": 0.0},
        {"level": float("inf")}, {"slope": -1.0}, {"slope": True}, {"n_learnt": -1},
    ],
    ids=str,
)  # fmt: skip
def test_a_damaged_memory_of_answers_is_not_recalled(damage):
    learned, after = Learned.prior(25.0), Learned.prior(25.0)
    memory = remember(learned)
    memory["answers"] |= {"slots": [5], "mean": [0.5], "precision": [9.0]} | damage
    assert not recall(after, memory)
    assert after.answers.lifts(ROWS) == pytest.approx(np.ones(N_REGIONS))
