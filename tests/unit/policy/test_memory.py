import json

import numpy as np
import pytest

from dialer.policy.memory import recall, remember
from dialer.policy.statistics import Learned
from dialer.policy.theta import Footing


def experienced():
    learned = Learned.prior(25.0, answer_rate=0.4)
    for _ in range(50):
        learned.ended(learned.talks, 0.0, 90.0)
        learned.ended(learned.wraps, 0.0, 12.0)
    return learned


def test_a_memory_survives_json_and_brings_back_the_estimates():
    before, after = experienced(), Learned.prior(25.0)
    assert recall(after, json.loads(json.dumps(remember(before))))
    assert after.rate.slow == pytest.approx(0.4)
    assert np.array_equal(after.talks.events, before.talks.events)
    assert np.array_equal(after.wraps.exposure, before.wraps.exposure)
    assert np.array_equal(after.rings.answered_cdf, before.rings.answered_cdf)
    assert after.n_talks == 50


def test_a_memory_brings_back_where_the_risk_stood():
    before, after = experienced(), Learned.prior(25.0)
    before.footing = Footing(-3.5, -3.2, 739_000)
    assert recall(after, json.loads(json.dumps(remember(before))))
    assert after.footing == Footing(-3.5, -3.2, 739_000)


def test_a_memory_of_an_earlier_version_stands_where_a_first_day_does():
    memory = remember(experienced())
    del memory["footing"]
    after = Learned.prior(25.0)
    assert recall(after, memory)
    assert after.footing == Footing()


def test_a_remembered_rate_can_still_be_outvoted_by_the_day():
    after = Learned.prior(25.0)
    recall(after, remember(experienced()))
    for _ in range(800):
        after.rate.mature(False, 1.0, 800.0)
    assert after.rate.slow < 0.15


@pytest.mark.parametrize(
    "damage",
    [
        {"version": 1}, {"answers": None}, {"answers": {}}, {"rate": 0.0}, {"rate": 1.0},
        {"rate": None}, {"rate": float("nan")},
        {"rings_answered": []}, {"rings_answered": None}, {"talk_events": ["x"] * 150},
        {"talk_events": [float("nan")] * 150}, {"talk_exposure": [-1.0] * 150},
        {"wrap_events": [0.0] * 80}, {"wrap_exposure": [[1.0]] * 80}, {"n_talks": "many"},
        {"n_talks": None}, {"n_talks": -5}, {"footing": None}, {"footing": {}},
        {"footing": {"start": -1.0, "settled": -3.0, "day": 1}},
        {"footing": {"start": -3.0, "settled": float("nan"), "day": 1}},
        {"footing": {"start": -3.0, "settled": -3.0, "day": "monday"}},
    ],
    ids=lambda damage: str(damage)[:40],
)  # fmt: skip
def test_a_damaged_memory_is_not_recalled_and_changes_nothing(damage):
    after, fresh = Learned.prior(25.0), Learned.prior(25.0)
    assert not recall(after, remember(experienced()) | damage)
    assert after.rate == fresh.rate
    assert np.array_equal(after.talks.events, fresh.talks.events)
    assert np.array_equal(after.rings.answered, fresh.rings.answered)
    assert after.n_talks == 0


def test_an_empty_memory_is_the_first_day():
    assert not recall(Learned.prior(25.0), {})
