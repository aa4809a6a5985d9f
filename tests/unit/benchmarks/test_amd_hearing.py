"""What models are trained on is what the product hears of the same calls."""

import numpy as np
import pytest

from benchmarks.amd.corpus.files import Split
from benchmarks.amd.corpus.timeline import Kind, Truth
from benchmarks.amd.hearing import study
from dialer.amd.features import NAMES
from dialer.amd.wording import N_INPUTS, STEP_FRAMES
from tests.unit.amd.audio import line, pcm, scores_of, silence, voice


def split_of(*calls):
    """Calls of these samples, each a person's."""
    samples = [np.frombuffer(pcm(call), dtype="<i2") for call in calls]
    truths, first = [], 0
    for number, some in enumerate(samples):
        truth = Truth(number, Kind.HUMAN, "short", "fr")
        truth.first, truth.n_samples = first, len(some)
        truths.append(truth)
        first += len(some)
    return Split("drawn", truths, np.concatenate(samples))


def test_each_score_has_its_features_and_each_step_its_inputs():
    calls = [line(silence(0.5), voice(0.8), silence(0.7)), line(silence(2.0))]
    split = split_of(*calls)
    studied = study(split, split.truths, 2.0)
    assert studied.features.shape == (2, 17, len(NAMES))
    assert studied.steps.shape == (2, 50, STEP_FRAMES * N_INPUTS)
    told = scores_of(calls[0])
    speech_s = studied.features[0, :, NAMES.index("speech_s")]
    assert speech_s[: len(told)] == pytest.approx([score.speech_s for score in told])
    assert not studied.features[1, :, NAMES.index("speech_s")].any()
