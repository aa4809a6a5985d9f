"""Sounds for the tests of the detector, made on the spot: 8 kHz, -1 to 1."""

import numpy as np

from dialer.amd.batch import Batch
from dialer.amd.trees import Trees

RATE = 8000


class Even(Trees):
    """A model without an opinion."""

    def __init__(self):
        pass

    def chance(self, features):
        return np.full(len(features), 0.5)


class Talkative(Even):
    """A model whose opinion depends on every feature, to the last bit."""

    def chance(self, features):
        weights = np.linspace(0.1, 0.9, features.shape[1])
        mixed = np.add.reduceat(np.abs(features) * weights, [0], axis=1)[:, 0]
        return mixed % 1.0


def silence(seconds):
    return np.zeros(round(seconds * RATE))


def tone(hz, seconds, amplitude=0.2):
    t = np.arange(round(seconds * RATE)) / RATE
    return amplitude * np.sin(2 * np.pi * hz * t)


def noise(seconds, amplitude, seed=1):
    return amplitude * np.random.default_rng(seed).standard_normal(round(seconds * RATE))


def voice(seconds, f0=120.0, amplitude=0.3, syllables_hz=4.0):
    """Harmonics under two formants, swelling as syllables do."""
    t = np.arange(round(seconds * RATE)) / RATE
    wave = np.zeros_like(t)
    glide = f0 * (1.0 + 0.08 * np.sin(2 * np.pi * 0.7 * t))
    phase = 2 * np.pi * np.cumsum(glide) / RATE
    for k in range(1, int(3400 / f0)):
        formants = np.exp(-(((f0 * k - 600) / 300) ** 2)) + 0.5 * np.exp(
            -(((f0 * k - 1500) / 400) ** 2)
        )
        wave += (formants + 0.03) * np.sin(k * phase)
    swell = 0.55 - 0.45 * np.cos(2 * np.pi * syllables_hz * t)
    return amplitude * wave / np.abs(wave).max() * swell


def line(*parts, floor=2e-4, seed=3):
    """The parts after each other, with a line's faint noise."""
    joined = np.concatenate(parts)
    return joined + noise(len(joined) / RATE, floor, seed)[: len(joined)]


def pcm(samples):
    return np.clip(np.round(samples * 32767.0), -32768, 32767).astype("<i2").tobytes()


def heard(audio, *, trees=None, prints=None, block=None):
    """All that one stream's audio brings, fed in blocks of so many bytes."""
    batch = Batch(prints, trees or Even())
    batch.open("s", 0.0)
    block = block or max(len(audio), 1)
    brought = []
    for at in range(0, len(audio), block):
        batch.feed("s", audio[at : at + block])
        brought += batch.tick((at + block) / 16_000)
    return brought


def tones_of(samples, **how):
    return [tone for one in heard(pcm(samples), **how) for tone in one.tones]


def scores_of(samples, **how):
    return [score for one in heard(pcm(samples), **how) for score in one.scores]
