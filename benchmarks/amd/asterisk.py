"""A rival: the word counter that Asterisk's AMD and its ports go by, from its documentation.

Frames of 20 ms are silence when their mean amplitude is below a fixed threshold. Runs of sound are
words, runs of silence part them, and the first rule that fires decides. Written from the published
description of the parameters and rules; no code of Asterisk's was used.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from dialer.amd.spectrum import FRAME
from dialer.model.amd import Verdict

FRAME_MS = 20


@dataclass(frozen=True, slots=True)
class Rules:
    """Milliseconds, and the amplitude (0 to 32767) below which a frame is silence."""

    initial_silence: int = 2500
    greeting: int = 1500
    after_greeting_silence: int = 800
    total_analysis: int = 5000
    min_word: int = 100
    between_words: int = 50
    max_words: int = 3
    max_word: int = 5000
    silence_threshold: int = 256


DEFAULT = Rules()
TUNED = Rules(initial_silence=5500, greeting=4000, max_words=8, silence_threshold=512)
"""What `tune` finds on `val` for at most 5 % of people called machines."""


@dataclass(slots=True)
class _Count:
    silence: int = 0
    voice: int = 0
    word: int = 0
    n_words: int = 0
    is_in_word: bool = True
    """It begins so: 50 ms of silence must pass before the first word counts."""
    has_greeting: bool = False


def amplitudes(pcm: bytes) -> NDArray[np.float64]:
    """Mean amplitude of each frame of 8 kHz mono s16le audio."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
    whole = len(samples) // FRAME * FRAME
    return np.asarray(np.abs(samples[:whole]).reshape(-1, FRAME).mean(axis=1))


def decide(levels: NDArray[np.float64], rules: Rules) -> tuple[Verdict, float]:
    """The verdict and its time in seconds; UNSURE when time was up."""
    count = _Count()
    for number, level in enumerate(levels):
        at_ms = (number + 1) * FRAME_MS
        verdict = (
            _silence(count, rules) if level < rules.silence_threshold else _sound(count, rules)
        )
        if verdict is None and at_ms >= rules.total_analysis:
            verdict = Verdict.UNSURE
        if verdict is not None:
            return verdict, at_ms / 1000.0
    return Verdict.UNSURE, len(levels) * FRAME_MS / 1000.0


def _silence(count: _Count, rules: Rules) -> Verdict | None:
    count.silence += FRAME_MS
    if count.silence >= rules.between_words:
        count.is_in_word = False
        count.word = 0
    if not count.has_greeting and count.silence >= rules.initial_silence:
        return Verdict.MACHINE
    if count.has_greeting and count.silence >= rules.after_greeting_silence:
        return Verdict.HUMAN
    return None


def _sound(count: _Count, rules: Rules) -> Verdict | None:
    count.word += FRAME_MS
    count.voice += FRAME_MS
    if count.word >= rules.min_word:
        count.silence = 0
        if not count.is_in_word:
            count.n_words += 1
            count.is_in_word = True
        count.has_greeting = True
    is_long = count.word >= rules.max_word or count.n_words >= rules.max_words
    is_greeting_over = count.has_greeting and count.voice >= rules.greeting
    return Verdict.MACHINE if is_long or is_greeting_over else None


def tune(
    people: list[NDArray[np.float64]], machines: list[NDArray[np.float64]], most: float
) -> tuple[Rules, float, float]:
    """The rules with most machines found among those that call at most such a share of people
    machines; with both shares. A search over a grid."""
    best = (DEFAULT, 1.0, 0.0)
    grid = product((2500, 4500, 5500), (2000, 3000, 4000), (600, 800), (5, 8, 12), (128, 256, 512))
    for initial, greeting, after, words, threshold in grid:
        rules = Rules(
            initial_silence=initial,
            greeting=greeting,
            after_greeting_silence=after,
            max_words=words,
            silence_threshold=threshold,
        )
        wrong = _machine_share(people, rules)
        if wrong > most:
            continue
        found = _machine_share(machines, rules)
        if found > best[2]:
            best = (rules, wrong, found)
    return best


def _machine_share(calls: list[NDArray[np.float64]], rules: Rules) -> float:
    return sum(decide(levels, rules)[0] is Verdict.MACHINE for levels in calls) / len(calls)
