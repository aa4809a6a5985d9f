"""Sounds that are no speech: network tones, beeps, music, and the noises behind a call."""

from collections.abc import Sequence
from random import Random

import numpy as np
from scipy.fft import next_fast_len

from benchmarks.amd.corpus.voices import RATE_HZ, Samples

SIT_CODES = {
    "INTERCEPT": ((913.8, 0.274), (1370.6, 0.274), (1776.7, 0.38)),
    "VACANT": ((985.2, 0.38), (1370.6, 0.274), (1776.7, 0.38)),
    "REORDER": ((913.8, 0.274), (1428.5, 0.38), (1776.7, 0.38)),
    "NO_CIRCUIT": ((985.2, 0.38), (1428.5, 0.38), (1776.7, 0.38)),
    "UNCODED": ((950.0, 0.33), (1400.0, 0.33), (1800.0, 0.33)),
}
BUSY = (((440.0,), 0.5), ((425.0,), 0.5), ((480.0, 620.0), 0.5), ((400.0,), 0.375))
CONGESTION = (((440.0,), 0.25), ((425.0,), 0.25), ((480.0, 620.0), 0.25))
RINGS = (
    ((440.0,), (1.5, 3.5)),
    ((425.0,), (1.0, 4.0)),
    ((440.0, 480.0), (2.0, 4.0)),
    ((400.0, 450.0), (0.4, 0.2, 0.4, 2.0)),
)
KEY_ROWS, KEY_COLUMNS = (697.0, 770.0, 852.0, 941.0), (1209.0, 1336.0, 1477.0)
NOISES = ("white", "pink", "car", "street", "babble", "tv", "hum")


def tone(frequencies: Sequence[float], seconds: float, rms: float = 0.05) -> Samples:
    """Sines of equal amplitude together, with edges of 4 ms."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    summed = sum(np.sin(2 * np.pi * f * t) for f in frequencies)
    edge = np.minimum(1.0, np.minimum(t, t[::-1]) / 0.004)
    return np.asarray(summed * edge * rms * np.sqrt(2.0 / len(frequencies)))


def silence(seconds: float) -> Samples:
    return np.zeros(max(0, round(seconds * RATE_HZ)))


def bursts(frequencies: Sequence[float], seconds: float, n: int) -> Samples:
    """A tone and as long a silence, so many times."""
    return np.tile(np.concatenate([tone(frequencies, seconds), silence(seconds)]), n)


def beep(random: Random) -> Samples:
    """A voicemail's beep: anything from 400 to 2,000 Hz, 0.12 to 1.3 s, some of two tones."""
    low = random.uniform(400.0, 2000.0)
    both = (low, low * random.uniform(1.2, 1.6)) if random.random() < 0.08 else (low,)
    length = random.choice((random.uniform(0.12, 0.3), random.uniform(0.3, 1.3)))
    return tone(both, length, 0.05 * 10 ** (random.uniform(-10.0, 4.0) / 20.0))


def sit(code: str) -> Samples:
    return np.concatenate([tone((f,), length) for f, length in SIT_CODES[code]])


def busy(kind: str, seconds: float, random: Random) -> Samples:
    """Busy or congestion, whole periods."""
    frequencies, on_s = random.choice(BUSY if kind == "BUSY" else CONGESTION)
    return bursts(frequencies, on_s, max(3, int(seconds / (2 * on_s))))


def ringing(seconds: float, random: Random) -> Samples:
    """A ringing tone that began somewhere before, cut at its end wherever that is."""
    frequencies, rhythm = random.choice(RINGS)
    period = [
        tone(frequencies, length) if i % 2 == 0 else silence(length)
        for i, length in enumerate(rhythm)
    ]
    rounds = int(seconds / sum(rhythm)) + 2
    begin = round(random.uniform(0.0, rhythm[-1]) * RATE_HZ)
    whole = np.concatenate([silence(0.2), *(period * rounds)])
    return whole[: round(seconds * RATE_HZ) + begin]


def fax(seconds: float) -> Samples:
    return tone((2100.0,), seconds)


def beside(random: Random) -> Samples:
    """What beeps and is no voicemail: keys that a cheek leans on, and things in the room."""
    maker = random.choice((_keys, _smoke_alarm, _oven, _alarm_clock, _chime, _lorry))
    return maker(random)


def _keys(random: Random) -> Samples:
    """One or two digits, about as loud as the voice (Q.23)."""
    pairs = [(random.choice(KEY_ROWS), random.choice(KEY_COLUMNS)) for _ in range(2)]
    gain = random.uniform(-8.0, 0.0)
    length_s, gap_s = random.uniform(0.08, 0.4), random.uniform(0.08, 0.5)
    tones = [_far(tone(pair, length_s), gain) for pair in pairs[: random.randint(1, 2)]]
    return np.concatenate([piece for one in tones for piece in (one, silence(gap_s))])


def _smoke_alarm(random: Random) -> Samples:
    """Three long beeps and a pause (ISO 8201), high up."""
    three = bursts((random.uniform(2900.0, 3300.0),), 0.5, 3)
    return _far(np.tile(np.concatenate([three, silence(1.0)]), 3), _distance(random))


def _oven(random: Random) -> Samples:
    length_s = random.uniform(0.25, 0.8)
    hz, n = random.uniform(1900.0, 2900.0), random.randint(2, 5)
    return _far(bursts((hz,), length_s, n), _distance(random))


def _alarm_clock(random: Random) -> Samples:
    four = bursts((random.uniform(1900.0, 3300.0),), 0.08, 4)
    return _far(np.tile(np.concatenate([four, silence(0.5)]), 6), _distance(random))


def _chime(random: Random) -> Samples:
    """Another telephone tells of a message: two or three notes that ring out."""
    notes = [_note(random.uniform(600.0, 1400.0), random.uniform(0.12, 0.3)) for _ in range(3)]
    return _far(0.05 * np.concatenate(notes[: random.randint(2, 3)]), _distance(random))


def _lorry(random: Random) -> Samples:
    """It goes backwards outside."""
    hz, n = random.uniform(1000.0, 1350.0), random.randint(3, 8)
    return _far(bursts((hz,), 0.5, n), _distance(random) - 6.0)


def _distance(random: Random) -> float:
    return random.uniform(-26.0, -8.0)


def _far(samples: Samples, gain_db: float) -> Samples:
    return np.asarray(samples * 10 ** (gain_db / 20.0))


def music(seconds: float, random: Random) -> Samples:
    """Notes of a scale with overtones over a bass: what a comfort tune is like."""
    scale = [220.0 * 2 ** (n / 12) for n in (0, 2, 4, 5, 7, 9, 11, 12, 14, 16)]
    beat_s = random.uniform(0.16, 0.4)
    tune = np.concatenate(
        [_note(random.choice(scale), beat_s * random.choice((1, 1, 2))) for _ in range(80)]
    )
    bass = np.concatenate([_note(random.choice(scale[:3]) / 2, beat_s * 4) for _ in range(40)])
    n = round(seconds * RATE_HZ)
    mixed = np.resize(tune, n) + 0.6 * np.resize(bass, n)
    return np.asarray(mixed * (0.05 / np.sqrt(np.mean(mixed**2))))


def _note(hz: float, seconds: float) -> Samples:
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    partials = [np.sin(2 * np.pi * hz * k * t) / k for k in range(1, 7) if hz * k < 3600]
    return np.asarray(sum(partials) * np.exp(-2.5 * t / seconds) * np.minimum(1.0, t / 0.01))


def noise(kind: str, n: int, speech: Sequence[Samples], random: Random) -> Samples:
    """`n` samples of background of RMS 1. `speech`: what neighbours and television say."""
    draw = np.random.default_rng(random.getrandbits(32))
    makers = {
        "white": lambda: draw.standard_normal(n),
        "pink": lambda: _coloured(n, 0.5, draw),
        "car": lambda: _coloured(n, 1.1, draw) + 0.1 * draw.standard_normal(n),
        "street": lambda: _coloured(n, 0.7, draw) * _swells(n, draw),
        "babble": lambda: _voices(n, speech, 5, random),
        "tv": lambda: _voices(n, speech, 1, random),
        "hum": lambda: _hum(n, random) + 0.2 * draw.standard_normal(n),
    }
    made = makers[kind]()
    return np.asarray(made / np.sqrt(np.mean(made**2) + 1e-12))


def _coloured(n: int, slope: float, draw: np.random.Generator) -> Samples:
    whole = next_fast_len(n, real=True)
    spectrum = np.fft.rfft(draw.standard_normal(whole))
    spectrum /= np.maximum(np.arange(len(spectrum)) / whole * RATE_HZ, 60.0) ** slope
    made = np.fft.irfft(spectrum, whole)[:n]
    return np.asarray(made / np.sqrt(np.mean(made**2)))


def _swells(n: int, draw: np.random.Generator) -> Samples:
    """Loudness that comes and goes over seconds: vehicles."""
    points = draw.uniform(0.3, 1.6, n // RATE_HZ + 3)
    return np.interp(np.arange(n) / RATE_HZ, np.arange(len(points)), points)


def _voices(n: int, speech: Sequence[Samples], how_many: int, random: Random) -> Samples:
    mixed = np.zeros(n)
    for _ in range(how_many):
        parts: list[Samples] = []
        while sum(map(len, parts)) < n + RATE_HZ:
            parts += [random.choice(speech), silence(random.uniform(0.1, 0.6))]
        whole = np.concatenate(parts)
        begin = random.randrange(len(whole) - n)
        mixed += whole[begin : begin + n]
    return mixed


def _hum(n: int, random: Random) -> Samples:
    t, mains = np.arange(n) / RATE_HZ, random.choice((50.0, 60.0))
    return np.asarray(sum(np.sin(2 * np.pi * mains * k * t) / k for k in range(4, 12)))
