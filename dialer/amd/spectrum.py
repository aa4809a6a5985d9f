"""Frames of audio and what their spectra say. Shapes: n streams by samples, bins or bands.

A frame is 160 samples (20 ms at 8 kHz); its window is 256, the last 96 being of the frame before.
Levels are dB of full scale (a square wave of full amplitude is 0).
"""

from dataclasses import dataclass

import numpy as np

from dialer.amd.state import Flags, Floats

RATE_HZ = 8000
FRAME = 160
WINDOW = 256
OVERLAP = WINDOW - FRAME
FRAME_S = FRAME / RATE_HZ
BIN_HZ = RATE_HZ / WINDOW
BAND_EDGES = np.array([7, 10, 13, 17, 22, 28, 35, 43, 53, 65, 78, 93, 109])
"""Bins at which the twelve bands begin, from 220 to 3,400 Hz, wider as hearing's are."""
N_BANDS = len(BAND_EDGES) - 1
SILENT_DB = -120.0
LONGEST_PERIOD, SHORTEST_PERIOD = 114, 20
"""Samples of a voice's period: 70 to 400 Hz."""
VOICED = 0.45
ALIKE = 2.0 / 32768.0

HANN = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(WINDOW) / WINDOW)
POWER_SCALE = 2.0 / (WINDOW * float(np.sum(HANN**2)))
BAND_CENTRES_HZ = (BAND_EDGES[:-1] + BAND_EDGES[1:] - 1) / 2.0 * BIN_HZ
BAND_WIDTHS = np.diff(BAND_EDGES).astype(float)


def _window_correlation() -> Floats:
    """How much of a periodic sound's correlation the window leaves, by lag."""
    correlation = np.fft.irfft(np.abs(np.fft.rfft(HANN)) ** 2)[: LONGEST_PERIOD + 1]
    return np.asarray(correlation / correlation[0])


LEFT_BY_WINDOW = np.maximum(_window_correlation(), 0.4)[SHORTEST_PERIOD:]
"""Not below 0.4: at long lags noise would be blown up to a voice."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of n streams.

    `power`: n x 129 bins, mean square of full scale. `bands`: n x 12. `level_db`: n, of all bands.
    `voicing`: n, 0 to 1, how periodic; `f0_hz`: n, the period's frequency. `is_zero`: n, its
    samples are all alike: loss, silence suppression, or the constant that A-law has for silence.
    """

    power: Floats
    bands: Floats
    level_db: Floats
    voicing: Floats
    f0_hz: Floats
    is_zero: Flags


def analyse(windows: Floats) -> Frame:
    """Windows of n streams, n x 256, samples from -1 to 1, become frames."""
    windowed = windows * HANN
    spectrum = np.fft.rfft(windowed, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2) * POWER_SCALE
    bands = np.add.reduceat(power[:, : BAND_EDGES[-1]], BAND_EDGES[:-1], axis=1)
    voicing, f0_hz = _voicing(power)
    fresh = windows[:, OVERLAP:]
    is_zero = fresh.max(axis=1) - fresh.min(axis=1) <= ALIKE
    return Frame(power, bands, decibels(_total(bands)), voicing, f0_hz, is_zero)


def decibels(power: Floats) -> Floats:
    """Power to dB, not below SILENT_DB."""
    return 10.0 * np.log10(np.maximum(power, 1e-12))


def _total(bands: Floats) -> Floats:
    """One after another: a sum in an order of numpy's choice would depend on how many streams."""
    total = bands[:, 0].copy()
    for band in range(1, N_BANDS):
        total += bands[:, band]
    return total


def _voicing(power: Floats) -> tuple[Floats, Floats]:
    """How periodic, and the frequency, from the autocorrelation of the telephone band."""
    in_band = np.zeros_like(power)
    in_band[:, 2 : BAND_EDGES[-1]] = power[:, 2 : BAND_EDGES[-1]]
    correlation = np.fft.irfft(in_band, axis=1)[:, : LONGEST_PERIOD + 1]
    scale = np.maximum(correlation[:, :1], 1e-14)
    normal = correlation[:, SHORTEST_PERIOD:] / (scale * LEFT_BY_WINDOW)
    best = np.argmax(normal, axis=1)
    voicing = np.minimum(np.maximum(normal[np.arange(len(power)), best], 0.0), 1.0)
    return voicing, RATE_HZ / (best + float(SHORTEST_PERIOD))
