"""The rival keeps to the rules it is said to follow."""

import numpy as np

from benchmarks.amd.asterisk import DEFAULT, Rules, decide
from dialer.model.amd import Verdict

LOUD, QUIET = 2000.0, 50.0


def levels(*runs):
    """(seconds, amplitude) one after another, as frames of 20 ms."""
    return np.concatenate([np.full(round(seconds * 50), level) for seconds, level in runs])


def test_a_word_then_silence_is_a_person():
    assert decide(levels((0.5, QUIET), (0.5, LOUD), (2, QUIET)), DEFAULT) == (Verdict.HUMAN, 1.8)


def test_silence_at_the_beginning_is_a_machine():
    assert decide(levels((5.0, QUIET)), DEFAULT) == (Verdict.MACHINE, 2.5)


def test_a_long_greeting_is_a_machine():
    assert decide(levels((0.5, QUIET), (4.0, LOUD)), DEFAULT) == (Verdict.MACHINE, 2.0)


def test_many_words_are_a_machine():
    words = [(0.2, LOUD), (0.1, QUIET)] * 3
    assert decide(levels((0.5, QUIET), *words, (2, QUIET)), DEFAULT)[0] is Verdict.MACHINE


def test_noise_over_the_fixed_threshold_is_one_endless_word():
    assert decide(levels((6.0, 300.0)), DEFAULT)[0] is Verdict.MACHINE
    assert decide(levels((6.0, 300.0)), Rules(silence_threshold=512))[0] is Verdict.MACHINE


def test_a_word_too_short_is_none_and_time_runs_out():
    clicks = [(0.06, LOUD), (0.4, QUIET)] * 12
    patient = Rules(initial_silence=9000)
    assert decide(levels(*clicks), patient) == (Verdict.UNSURE, 5.0)
