"""Sound from arithmetic: what resembles speech, tones, and the noise of a line. No files.

Waves are arrays of samples from -1 to 1, at 8 kHz. What resembles speech has a pitch that wanders,
formants, syllables and phrases: enough for a detector to hear speech, and nothing to understand.
"""

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 8000
Wave = NDArray[np.float64]

_SYLLABLES_PER_S = 4.5
_FORMANTS_HZ = ((600.0, 200.0), (1400.0, 300.0), (2500.0, 400.0))
"""Centre and width."""
_FULL = 32_767
LINE_NOISE = 0.0012
"""About -58 dB of full scale."""


def silence(seconds: float) -> Wave:
    """Nothing; the line's noise is added to what is played, not here."""
    return np.zeros(round(seconds * RATE_HZ))


def tone(frequencies_hz: tuple[float, ...], seconds: float, level: float = 0.25) -> Wave:
    """One or several sines together."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    parts = [np.sin(2 * np.pi * hertz * t) for hertz in frequencies_hz]
    return np.asarray(level * np.sum(parts, axis=0) / len(parts))


def speech(seconds: float, source: np.random.Generator, level: float = 0.25) -> Wave:
    """One phrase without a pause."""
    n = round(seconds * RATE_HZ)
    t = np.arange(n) / RATE_HZ
    pitch_hz = source.uniform(100.0, 210.0) * (1.0 + 0.12 * _wander(n, 0.25, source))
    phase = 2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ
    vowels = 1.0 + 0.25 * _wander(n, 0.12, source)
    wave = np.zeros(n)
    for k in range(1, 24):
        wave += _loudness(k * pitch_hz * vowels) * np.sin(k * phase)
    beat = np.sin(np.pi * _SYLLABLES_PER_S * t + source.uniform(0.0, np.pi)) ** 2
    wave *= (0.15 + 0.85 * beat) * (1.0 + 0.3 * _wander(n, 0.3, source))
    wave += 0.05 * beat * source.standard_normal(n)
    return np.asarray(level * wave / max(float(np.abs(wave).max(initial=0.0)), 1e-9))


def line_noise(seconds: float, source: np.random.Generator) -> Wave:
    """What is heard when nothing is."""
    return np.asarray(LINE_NOISE * source.standard_normal(round(seconds * RATE_HZ)))


def samples_of(wave: Wave) -> bytes:
    """16-bit samples in the machine's own order."""
    return (np.clip(wave, -1.0, 1.0) * _FULL).astype(np.int16).tobytes()


def _loudness(hertz: Wave) -> Wave:
    """Of a harmonic at that frequency."""
    parts = [np.exp(-(((hertz - centre) / width) ** 2)) for centre, width in _FORMANTS_HZ]
    audible = np.where(hertz < 3400.0, 1.0, 0.0)
    return np.asarray((0.08 + np.sum(parts, axis=0)) * audible / np.sqrt(np.maximum(hertz, 1.0)))


def _wander(n: int, every_s: float, source: np.random.Generator) -> Wave:
    """A slow random curve between -1 and 1."""
    n_points = max(2, round(n / RATE_HZ / every_s) + 2)
    points = source.uniform(-1.0, 1.0, n_points)
    return np.interp(np.linspace(0.0, n_points - 1.0, n), np.arange(n_points), points)
