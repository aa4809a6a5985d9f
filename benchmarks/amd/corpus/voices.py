"""Voices: synthetic ones by espeak-ng, flite and pico, each text spoken once and kept.

Training, validation and test have voices of their own. All is 8 kHz, of the telephone's band, and
of one active level; silence before and after is cut off.
"""

import shutil
import subprocess
import wave
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, resample_poly, sosfilt

from benchmarks.amd.corpus.texts import Corner, Part

if TYPE_CHECKING:
    from ttspico import TtsEngine

RATE_HZ = 8000
SPEECH_RMS = 0.05
Samples = NDArray[np.float64]

VARIANTS = {
    Part.TRAIN: (
        "m1 m3 m5 m7 f1 f3 f5 klatt klatt3 Alex Andy Annie Diogo Gene Hugo Jacky Lee Mario Michael "
        "adam anika antonio belinda benjamin"
    ),
    Part.VAL: ("Gene2 iven iven3 klatt5 marcelo norbert pablo quincy robert shelby steph2 zac"),
    Part.TEST: (
        "m2 m4 m6 m8 f2 f4 klatt2 klatt4 Alicia Andrea Denis Henrique Marco Mike aunty boris caleb "
        "david ed gustave john linda max Nguyen edward iven2 klatt6 michel miguel paul pedro rob "
        "sandro steph steph3 travis victor"
    ),
}
"""Variants of espeak-ng: each is another voice."""
ACCENTS = {
    "en": ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-029"),
    "fr": ("fr-fr", "fr-be", "fr-ch"),
}
FLITE = {Part.TRAIN: ("kal16",), Part.VAL: ("rms",), Part.TEST: ("slt", "awb")}
FLITE_SHARE = 0.15
PICO = {Part.TRAIN: {"en": ("en-US", "en-GB"), "fr": ("fr-FR",)}}
PICO_SHARE = 0.3
PICO_RATE_HZ = 16000
BAND = butter(4, (270.0, 3450.0), "bandpass", fs=RATE_HZ, output="sos")


class NoSpeaker(RuntimeError):
    """A program that the corpus cannot be made without."""


@dataclass(frozen=True, slots=True)
class Voice:
    engine: str
    name: str
    words_per_min: int = 165
    pitch: int = 50


def draw_voice(language: str, corner: Corner, random: Random) -> Voice:
    """A voice of this corner, with an accent of its own; pace and pitch are the call's."""
    part = corner.part
    if language == "en" and random.random() < FLITE_SHARE and shutil.which("flite"):
        return Voice("flite", random.choice(corner.of(FLITE[part])))
    if part in PICO and random.random() < PICO_SHARE and find_spec("ttspico"):
        return Voice(
            "pico", random.choice(corner.of(PICO[part][language])), *_pace_and_pitch(random)
        )
    variant = random.choice(corner.of(VARIANTS[part].split()))
    accent = Random(f"{language}:{variant}").choice(ACCENTS[language])
    return Voice("espeak-ng", f"{accent}+{variant}", *_pace_and_pitch(random))


def _pace_and_pitch(random: Random) -> tuple[int, int]:
    return random.randrange(135, 200, 5), random.randrange(30, 75, 5)


class Speakers:
    """Speaks texts, each (voice, text) once. Raises NoSpeaker without espeak-ng."""

    def __init__(self) -> None:
        if shutil.which("espeak-ng") is None:
            raise NoSpeaker("espeak-ng is not installed: the corpus needs it")
        self._said: dict[tuple[Voice, str], Samples] = {}

    def say(self, voice: Voice, text: str) -> Samples:
        """The text as speech, n samples at 8 kHz, of SPEECH_RMS."""
        key = (voice, text)
        if key not in self._said:
            self._said[key] = trimmed(telephone(*ENGINES[voice.engine](voice, text)))
        return self._said[key]


def read_wave(data: bytes) -> tuple[Samples, int]:
    """Samples of -1 to 1 and the rate. Sizes that a pipe could not know are ignored."""
    with wave.open(BytesIO(data)) as file:
        rate = file.getframerate()
        raw = file.readframes(len(data))
    return np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2") / 32768.0, rate


def telephone(samples: Samples, rate: int) -> Samples:
    """To 8 kHz and the telephone's band."""
    factor = np.gcd(RATE_HZ, rate)
    at_rate = resample_poly(samples, RATE_HZ // factor, rate // factor)
    return np.asarray(sosfilt(BAND, at_rate))


def trimmed(samples: Samples) -> Samples:
    """Without silence around it, and of SPEECH_RMS where it is active."""
    n = len(samples) // 80
    blocks = np.sqrt(np.mean(samples[: n * 80].reshape(n, 80) ** 2, axis=1))
    active = np.flatnonzero(blocks > 0.03 * blocks.max(initial=1e-9))
    if not len(active):
        return samples
    cut = samples[active[0] * 80 : (active[-1] + 1) * 80]
    loud = np.sqrt(np.mean(blocks[active] ** 2))
    return np.asarray(cut * (SPEECH_RMS / loud))


def _espeak(voice: Voice, text: str) -> tuple[Samples, int]:
    command = ["espeak-ng", "-v", voice.name, "-s", str(voice.words_per_min)]
    command += ["-p", str(voice.pitch), "--stdout", text]
    return read_wave(subprocess.run(command, check=True, capture_output=True).stdout)


def _flite(voice: Voice, text: str) -> tuple[Samples, int]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        command = ["flite", "-voice", voice.name, "-t", text, "-o", str(path)]
        subprocess.run(command, check=True, capture_output=True)
        return read_wave(path.read_bytes())


def _pico(voice: Voice, text: str) -> tuple[Samples, int]:
    """Its own pace and pitch are 100."""
    pace, pitch = round(voice.words_per_min / 1.65), 50 + voice.pitch
    said = _pico_engine(voice.name).speak(
        f'<pitch level="{pitch}"><speed level="{pace}">{text}</speed></pitch>'
    )
    return np.frombuffer(said, dtype="<i2") / 32768.0, PICO_RATE_HZ


@cache
def _pico_engine(name: str) -> "TtsEngine":
    from ttspico import TtsEngine

    return TtsEngine(name)


ENGINES = {"espeak-ng": _espeak, "flite": _flite, "pico": _pico}
