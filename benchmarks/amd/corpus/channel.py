"""From the mouth to our switch: room, noise, level, codec, silence suppression, loss, G.711.

Every step is drawn from the same distributions for all calls. Codecs of mobile networks come from
sox; where its build lacks one, the calls that drew it stay on G.711, and that is said.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from scipy.signal import fftconvolve

from benchmarks.amd.corpus import sounds
from benchmarks.amd.corpus.timeline import Truth
from benchmarks.amd.corpus.voices import RATE_HZ, SPEECH_RMS, Samples

FRAME = 160
CODECS = {"g711": 55, "gsm": 12, "amr 4.75": 9, "amr 5.9": 8, "amr 7.95": 8, "amr 12.2": 8}
SOX_FORMAT = {
    "gsm": ["-t", "gsm"],
    "amr 4.75": ["-t", "amr-nb", "-C", "0"],
    "amr 5.9": ["-t", "amr-nb", "-C", "2"],
    "amr 7.95": ["-t", "amr-nb", "-C", "5"],
    "amr 12.2": ["-t", "amr-nb", "-C", "7"],
}
SNRS = (((30.0, 55.0), 50), ((20.0, 30.0), 28), ((12.0, 20.0), 16), ((4.0, 12.0), 6))


@dataclass(slots=True)
class OnTheLine:
    """A call's samples, -1 to 1, with its truth and its own randomness."""

    truth: Truth
    samples: Samples
    random: Random


def into_the_room(call: OnTheLine, neighbours: Sequence[Samples]) -> None:
    """Room, noise, level, the click of picking up; noted in the truth."""
    random, truth = call.random, call.truth
    sound = _tilted(call.samples, random.uniform(-0.5, 0.5))
    if random.random() < 0.3:
        sound = _reverberated(sound, random)
    (least, most), _ = random.choices(SNRS, [share for _, share in SNRS])[0]
    truth.snr_db = random.uniform(least, most)
    truth.noise = random.choice(sounds.NOISES)
    background = sounds.noise(truth.noise, len(sound), neighbours, random)
    sound = sound + background * SPEECH_RMS * 10 ** (-truth.snr_db / 20.0)
    if random.random() < 0.3:
        click = _click(random)
        at = random.randrange(round(0.1 * RATE_HZ))
        sound[at : at + len(click)] += click
    truth.level_db = random.uniform(-38.0, -12.0)
    call.samples = sound * (10 ** (truth.level_db / 20.0) / SPEECH_RMS)


def over_the_line(calls: Sequence[OnTheLine]) -> None:
    """Codec, silence suppression, loss and G.711 for all the calls, codec by codec."""
    for call in calls:
        call.truth.codec = call.random.choices(list(CODECS), list(CODECS.values()))[0]
    for codec in SOX_FORMAT:
        _through(codec, [call for call in calls if call.truth.codec == codec])
    for call in calls:
        _suppress_silence(call)
        _lose(call)
        call.samples = g711(call.samples, is_a_law=call.random.random() < 0.5)


def g711(samples: Samples, is_a_law: bool) -> Samples:
    """There and back by the companding curves of G.711, in their continuous form, at 8 bits."""
    x = np.clip(samples, -1.0, 1.0)
    size, sign = np.abs(x), np.sign(x)
    if is_a_law:
        a = 87.6
        scale = 1.0 + np.log(a)
        small = a * size / scale
        large = (1.0 + np.log(np.maximum(a * size, 1.0))) / scale
        code = np.round(np.where(size < 1.0 / a, small, large) * 127.0) / 127.0
        back = np.where(code < 1.0 / scale, code * scale / a, np.exp(code * scale - 1.0) / a)
        return np.asarray(sign * back)
    mu = 255.0
    code = np.round(np.log1p(mu * size) / np.log1p(mu) * 127.0) / 127.0
    return np.asarray(sign * np.expm1(code * np.log1p(mu)) / mu)


def to_pcm(samples: Samples) -> bytes:
    return np.clip(np.round(samples * 32767.0), -32768, 32767).astype("<i2").tobytes()


def _tilted(samples: Samples, tilt: float) -> Samples:
    """A telephone that is a little dull, or a little sharp."""
    shifted = np.concatenate([[0.0], samples[:-1]])
    return np.asarray((samples - tilt * shifted) / (1.0 + abs(tilt)))


def _reverberated(samples: Samples, random: Random) -> Samples:
    draw = np.random.default_rng(random.getrandbits(32))
    n = round(random.uniform(0.03, 0.12) * RATE_HZ)
    tail = draw.standard_normal(n) * np.exp(-5.0 * np.arange(n) / n)
    answer = np.concatenate([[1.0], tail * random.uniform(0.05, 0.3) / np.sqrt(n)])
    return np.asarray(fftconvolve(samples, answer)[: len(samples)])


def _click(random: Random) -> Samples:
    draw = np.random.default_rng(random.getrandbits(32))
    n = round(random.uniform(0.004, 0.03) * RATE_HZ)
    return np.asarray(draw.standard_normal(n) * np.exp(-6.0 * np.arange(n) / n) * 4 * SPEECH_RMS)


def _through(codec: str, calls: Sequence[OnTheLine]) -> None:
    """All calls of a codec in one go: they are joined, coded, and taken apart."""
    if not calls:
        return
    joined = np.concatenate([np.clip(call.samples, -1.0, 1.0) for call in calls])
    coded = _coded(codec, to_pcm(joined), len(joined))
    if coded is None:
        print(f"corpus: sox has no {codec}: {len(calls)} calls stay on G.711")
        for call in calls:
            call.truth.codec = "g711"
        return
    at = 0
    for call in calls:
        n = len(call.samples)
        call.samples = coded[at : at + n]
        at += n


def _coded(codec: str, pcm: bytes, n: int) -> Samples | None:
    raw = ["-t", "raw", "-r", "8000", "-e", "signed", "-b", "16", "-c", "1"]
    with TemporaryDirectory() as folder:
        coded, plain = Path(folder) / "coded", Path(folder) / "plain"
        plain.write_bytes(pcm)
        there = ["sox", *raw, str(plain), *SOX_FORMAT[codec], str(coded)]
        back = ["sox", "-t", SOX_FORMAT[codec][1], str(coded), *raw, str(plain)]
        try:
            for command in (there, back):
                subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        samples = np.frombuffer(plain.read_bytes(), dtype="<i2") / 32768.0
    return np.resize(samples, n) if len(samples) >= n else np.pad(samples, (0, n - len(samples)))


def _suppress_silence(call: OnTheLine) -> None:
    """In a quarter of the calls quiet stretches become comfort noise, or zeros."""
    random = call.random
    call.truth.has_dtx = random.random() < 0.25
    is_zero, hang = random.random() < 0.5, 10
    if not call.truth.has_dtx:
        return
    frames = call.samples[: len(call.samples) // FRAME * FRAME].reshape(-1, FRAME)
    level = np.sqrt(np.mean(frames**2, axis=1))
    floor = np.percentile(level, 10)
    quiet = level < max(2.0 * floor, 10 ** (-55.0 / 20.0))
    draw = np.random.default_rng(random.getrandbits(32))
    run = 0
    for i, is_quiet in enumerate(quiet):
        run = run + 1 if is_quiet else 0
        if run > hang:
            frames[i] = 0.0 if is_zero else draw.standard_normal(FRAME) * floor
    call.samples[: frames.size] = frames.ravel()


def _lose(call: OnTheLine) -> None:
    """In half of the calls up to 6 % of the packets are lost, in bursts: zeros, or a faded copy."""
    random = call.random
    call.truth.has_loss = random.random() < 0.5
    share, is_zero = random.uniform(0.002, 0.06), random.random() < 0.5
    if not call.truth.has_loss:
        return
    stay = random.uniform(0.2, 0.6)
    start = share * (1.0 - stay) / (1.0 - share)
    is_lost, last = False, np.zeros(FRAME)
    for at in range(0, len(call.samples) - FRAME + 1, FRAME):
        is_lost = random.random() < (stay if is_lost else start)
        part = call.samples[at : at + FRAME]
        if is_lost:
            last = last * 0.5
            call.samples[at : at + FRAME] = 0.0 if is_zero else last
        else:
            last = part.copy()
