"""What the trees are asked of a stream: the rhythm of its runs, gaps and syllables."""

import numpy as np
import pytest

from dialer.amd.features import NAMES
from tests.unit.amd.audio import heard, line, pcm, silence, voice


class Curious:
    """A model that keeps what it was asked."""

    def __init__(self):
        self.asked = []

    def chance(self, features):
        self.asked += list(features)
        return np.full(len(features), 0.5)


def features_of(*parts):
    """The last row that the model was asked about, by name."""
    trees = Curious()
    heard(pcm(line(*parts)), trees=trees)
    return dict(zip(NAMES, trees.asked[-1], strict=True))


def test_who_reads_evenly_has_even_runs_and_gaps():
    row = features_of(silence(0.5), *[voice(1.0), silence(0.7)] * 3)
    assert row["mean_run_s"] == pytest.approx(1.0, abs=0.12)
    assert row["mean_gap_s"] == pytest.approx(0.7, abs=0.12)
    assert max(row["run_sd_s"], row["gap_sd_s"]) < 0.06


def test_who_speaks_freely_has_not():
    row = features_of(
        silence(0.5), voice(0.4), silence(0.3), voice(1.6), silence(1.1), voice(0.8), silence(0.4)
    )
    assert min(row["run_sd_s"], row["gap_sd_s"]) > 0.3
    assert row["first_gap_s"] == pytest.approx(0.3, abs=0.12)


def test_the_first_phrase_is_kept_and_syllables_are_counted_anew_with_each():
    first, second = voice(2.0), voice(1.0)
    row = features_of(silence(0.5), first, silence(0.8), second, silence(0.3))
    assert row["first_phrase_s"] == pytest.approx(2.0, abs=0.15)
    assert row["phrase_s"] == pytest.approx(1.0, abs=0.15)
    assert 3 <= row["phrase_syllables"] <= 5 < row["n_syllables"]
    assert row["syllables_per_s"] == pytest.approx(4.0, abs=0.7)


def test_nothing_is_said_of_who_says_nothing():
    row = features_of(silence(2.0))
    names = [name for name in NAMES if name not in ("t_s", "initial_silence_s", "zero_share")]
    assert not np.any([row[name] for name in names])
