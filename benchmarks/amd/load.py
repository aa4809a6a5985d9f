"""What the detector costs: live streams in the listener's ticks, in CPU time of this process."""

import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.amd.corpus import sounds
from dialer.amd.batch import BYTES_PER_S, FRAME_BYTES, Batch
from dialer.amd.spectrum import FRAME_S
from dialer.run.ears.process import TICK_S

TICK_BYTES = round(TICK_S * BYTES_PER_S)
FIRST_TICKS = 50
"""Left out: calls begin in them, and the first score comes late."""
WINDOW_TICKS = 50
"""Two seconds: longer than any rhythm of the calls."""


@dataclass(frozen=True, slots=True)
class Load:
    """`core_share`: CPU seconds for each second of audio, in the calmest two seconds; `mean_share`:
    in all. `frame_us`: CPU time of one frame of one stream, in the calmest. `tick_ms`: CPU time of
    the median and of the slowest tick in a hundred."""

    n_streams: int
    core_share: float
    mean_share: float
    frame_us: float
    tick_ms: tuple[float, float]


def measure(n_streams: int, seconds: float, seed: int = 3) -> Load:
    """Feed so many streams of bursts of voice and a beep, each beginning at a time of its own."""
    draw = np.random.default_rng(seed)
    audio = [_call(draw, seconds) for _ in range(16)]
    batch = Batch()
    for number in range(n_streams):
        batch.open(str(number), 0.0)
    starts = [draw.integers(0, 25) for _ in range(n_streams)]
    spent = []
    gc.collect()
    for tick in range(round(seconds / TICK_S)):
        for number in range(n_streams):
            end = (tick + 1) * TICK_BYTES - starts[number] * FRAME_BYTES
            piece = audio[number % 16][max(0, end - TICK_BYTES) : max(0, end)]
            batch.feed(str(number), piece)
        begin = time.process_time()
        batch.tick((tick + 1) * TICK_S)
        spent.append(time.process_time() - begin)
    spent = spent[FIRST_TICKS:]
    share = calmest(spent) / TICK_S
    slow = (float(np.median(spent) * 1e3), float(np.percentile(spent, 99) * 1e3))
    mean_share = float(np.mean(spent) / TICK_S)
    return Load(n_streams, share, mean_share, share * FRAME_S / n_streams * 1e6, slow)


def calmest(spent: Sequence[float]) -> float:
    """The mean of the window that took least: what else runs on the machine slows its core and its
    caches down, and never speeds them up, as `timeit` says of its repetitions."""
    starts = range(0, max(1, len(spent) - WINDOW_TICKS + 1), WINDOW_TICKS)
    return min(float(np.mean(spent[start : start + WINDOW_TICKS])) for start in starts)


def _call(draw: np.random.Generator, seconds: float) -> bytes:
    n = round(seconds * 8000)
    t = np.arange(n) / 8000
    buzz = sum(np.sin(2 * np.pi * 130.0 * k * t) / k for k in range(1, 20))
    bursts = np.repeat(draw.random(n // 2000 + 1) > 0.4, 2000)[:n]
    line = 0.1 * buzz * bursts + 0.001 * draw.standard_normal(n)
    beep = sounds.tone((1000.0,), 0.4)
    line[n // 2 : n // 2 + len(beep)] = beep
    return (np.clip(line, -1, 1) * 32767).astype("<i2").tobytes()
