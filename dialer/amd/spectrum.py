"""Frames of audio and what their spectra say. Shapes: n streams by samples, bins or bands.

A frame is 160 samples (20 ms at 8 kHz); its window is 256, the last 96 being of the frame before.
Levels are dB of full scale (a square wave of full amplitude is 0).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dialer.amd.products import by_rows
from dialer.amd.state import Flags, Floats, Rows, Samples, places_of

RATE_HZ = 8000
FRAME = 160
WINDOW = 256
OVERLAP = WINDOW - FRAME
FRAME_S = FRAME / RATE_HZ
BIN_HZ = RATE_HZ / WINDOW
BAND_EDGES = np.array([7, 10, 13, 17, 22, 28, 35, 43, 53, 65, 78, 93, 109])
"""Bins at which the twelve bands begin, from 220 to 3,400 Hz, wider as hearing's are."""
LOWEST_VOICED = 2
N_BINS = WINDOW // 2 + 1
N_BANDS = len(BAND_EDGES) - 1
SILENT_DB = -120.0
LONGEST_PERIOD, SHORTEST_PERIOD = 114, 20
"""Samples of a voice's period: 70 to 400 Hz."""
VOICED = 0.45
FAINT_DB = -50.0
"""A frame no louder is nobody's voice: how periodic it is is not asked."""
LOWEST_F0_HZ = RATE_HZ / LONGEST_PERIOD
ALIKE = 2
"""Steps of a sample: the noise of a quantiser that has nothing to say."""
ROWS_AT_ONCE = 128
"""Of what is transformed together, as much as stays in a core's own cache."""

FULL_SCALE = 32768.0
HANN = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(WINDOW) / WINDOW)
POWER_SCALE = 2.0 / (WINDOW * float(np.sum(HANN**2)))
WEIGHTS = HANN / FULL_SCALE * np.sqrt(POWER_SCALE)
"""So weighted, the squares of a spectrum are power."""
BAND_CENTRES_HZ = (BAND_EDGES[:-1] + BAND_EDGES[1:] - 1) / 2.0 * BIN_HZ
BAND_WIDTHS = np.diff(BAND_EDGES).astype(float)


def _window_correlation() -> Floats:
    """How much of a periodic sound's correlation the window leaves, by lag."""
    correlation = np.fft.irfft(np.abs(np.fft.rfft(HANN)) ** 2)[: LONGEST_PERIOD + 1]
    return np.asarray(correlation / correlation[0])


LEFT_BY_WINDOW = np.maximum(_window_correlation(), 0.4)[SHORTEST_PERIOD:]
"""Not below 0.4: at long lags noise would be blown up to a voice."""
VOICED_BINS = np.arange(LOWEST_VOICED, BAND_EDGES[-1])
"""Where a voice is looked for, as far as the telephone reaches."""


def _correlations() -> NDArray[np.float32]:
    """Bins by lags: what each bin's power adds to the autocorrelation at no lag and, the window's
    share made good, at each period of a voice. So few lags of so few bins cost less by a product
    than by a Fourier transform, and in single precision half as much."""
    lags = np.concatenate([[0], np.arange(SHORTEST_PERIOD, LONGEST_PERIOD + 1)])
    waves = np.cos(2.0 * np.pi / WINDOW * VOICED_BINS[:, None] * lags) * (2.0 / WINDOW)
    waves[:, 1:] /= LEFT_BY_WINDOW
    return np.asarray(waves, dtype=np.float32)


CORRELATIONS = _correlations()


@dataclass(frozen=True, slots=True)
class Frame(Rows):
    """One frame of n streams.

    `power`: n x 129 bins, mean square of full scale. `bands`: n x 12, band after band in memory,
    since most is done with one band of all streams. `level_db`: n, of all bands. `voicing`: n, 0 to
    1, how periodic, 0 where it is faint; `f0_hz`: n, the period's frequency. `is_zero`: n, its
    samples are all alike: loss, silence suppression, or the constant that A-law has for silence.
    """

    power: Floats
    bands: Floats
    level_db: Floats
    voicing: Floats
    f0_hz: Floats
    is_zero: Flags


def analyse(windows: Samples) -> Frame:
    """Windows, n x 256 samples, become frames."""
    power = _power(windows)
    by_frame = np.add.reduceat(power[:, : BAND_EDGES[-1]], BAND_EDGES[:-1], axis=1)
    bands = np.asfortranarray(by_frame)
    level_db = decibels(total(bands))
    voicing, f0_hz = np.zeros(len(power)), np.full(len(power), LOWEST_F0_HZ)
    loud = places_of(level_db > FAINT_DB)
    voicing[loud], f0_hz[loud] = _voicing(power[loud, LOWEST_VOICED : BAND_EDGES[-1]])
    fresh = windows[:, OVERLAP:]
    is_zero = fresh.max(axis=1).astype(np.intp) - fresh.min(axis=1) <= ALIKE
    return Frame(power, bands, level_db, voicing, f0_hz, is_zero)


def _power(windows: Samples) -> Floats:
    power = np.empty((len(windows), N_BINS))
    for first in range(0, len(windows), ROWS_AT_ONCE):
        part = slice(first, first + ROWS_AT_ONCE)
        windowed = windows[part].astype(np.float64)
        windowed *= WEIGHTS
        spectrum = np.fft.rfft(windowed, axis=1)
        np.square(spectrum.real, out=power[part])
        power[part] += np.square(spectrum.imag)
    return power


def decibels(power: Floats) -> Floats:
    """Power to dB, not below SILENT_DB."""
    return 10.0 * np.log10(np.maximum(power, 1e-12))


def total(bands: Floats) -> Floats:
    """Of n x 12 numbers of bands the sums, n. One band after another: a sum in an order of numpy's
    choice would depend on how many streams there are."""
    summed = bands[:, 0].copy()
    for band in range(1, N_BANDS):
        summed += bands[:, band]
    return summed


def _voicing(power: Floats) -> tuple[Floats, Floats]:
    """How periodic, and the frequency, from the autocorrelation of n x VOICED_BINS."""
    correlation = by_rows(power.astype(np.float32), CORRELATIONS)
    scale, of_periods = np.maximum(correlation[:, 0], 1e-14), correlation[:, 1:]
    best = np.argmax(of_periods, axis=1)
    highest = of_periods[np.arange(len(power)), best] / scale
    voicing = np.minimum(np.maximum(highest, 0.0), 1.0).astype(np.float64)
    return voicing, RATE_HZ / (best + float(SHORTEST_PERIOD))
