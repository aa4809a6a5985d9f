"""Recorded people, never trained on: Asterisk's prompts and spoken digits, as greetings.

Machines are the greetings that Asterisk's own voicemail puts together, read by a woman in English
and another in French. People are spoken digits of six speakers (free-spoken-digit-dataset) and
short prompts, joined to the length of a greeting: the voices are real, the answering is not.
"""

import subprocess
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.amd.corpus import sounds
from benchmarks.amd.corpus.calls import READING, fit
from benchmarks.amd.corpus.timeline import Kind, Timeline, Truth
from benchmarks.amd.corpus.voices import Samples, read_wave, telephone, trimmed

ASTERISK = Path("/usr/share/asterisk/sounds")
FOLDERS = {"en": "en_US_f_Allison", "fr": "fr_CA_f_June"}
GREETINGS = (
    ("vm-theperson", "#", "vm-isunavail", "vm-intro"),
    ("vm-theperson", "#", "vm-isonphone", "vm-intro"),
    ("vm-nobodyavail", "vm-intro"),
    ("vm-theperson", "#", "vm-isunavail"),
    ("im-sorry", "vm-nobodyavail", "vm-leavemsg"),
    ("hello", "vm-theperson", "#", "vm-isunavail", "vm-intro"),
    ("queue-thankyou",),
    ("demo-congrats",),
    ("ss-noservice",),
    ("privacy-unident", "vm-goodbye"),
    ("all-circuits-busy-now", "please-try-call-later"),
    ("cannot-complete-as-dialed", "check-number-dial-again"),
)
SHORT = ("hello", "hello-world", "vm-goodbye", "vm-sorry", "im-sorry", "goodbye", "calling")
MOST_DIGITS = 3


class NoPrompts(RuntimeError):
    """The recorded set cannot be made here; the message says what is missing."""


class Prompts:
    """Recordings on this machine. `digits`: a folder of free-spoken-digit-dataset, or None."""

    def __init__(self, digits: Path | None) -> None:
        if not all((ASTERISK / folder).is_dir() for folder in FOLDERS.values()):
            raise NoPrompts(
                "no recorded prompts: install asterisk-core-sounds-en-gsm and -fr-gsm; "
                "the set of recorded people is left out"
            )
        self._digits = _digits_by_speaker(digits)
        self._read: dict[Path, Samples] = {}

    def prompt(self, language: str, name: str) -> Samples | None:
        """A prompt, or None where this language lacks it."""
        path = ASTERISK / FOLDERS[language] / f"{name}.gsm"
        if path not in self._read:
            if not path.is_file():
                return None
            raw = ["-t", "raw", "-r", "8000", "-e", "signed", "-b", "16", "-c", "1", "-"]
            command = ["sox", "-t", "gsm", str(path), *raw]
            pcm = subprocess.run(command, check=True, capture_output=True).stdout
            self._read[path] = trimmed(telephone(np.frombuffer(pcm, dtype="<i2") / 32768.0, 8000))
        return self._read[path]

    def person(self, language: str, random: Random) -> list[Samples]:
        """Something of a greeting's length in a person's voice."""
        if self._digits and random.random() < 0.75:
            paths = self._digits[random.choice(sorted(self._digits))]
            chosen = random.sample(paths, random.randint(1, MOST_DIGITS))
            return [trimmed(telephone(*read_wave(path.read_bytes()))) for path in chosen]
        names = random.sample(SHORT, random.randint(1, 2))
        said = [self.prompt(language, name) for name in names]
        return [one for one in said if one is not None] or self.person("en", random)


def draw_recorded(number: int, seed: int, prompts: Prompts) -> Timeline:
    """Call `number` of the recorded set."""
    random = Random(f"{seed}:recorded:{number}")
    language = random.choice(("fr", "en"))
    if random.random() < 0.5:
        line = Timeline(Truth(number, Kind.HUMAN, "recorded person", language))
        _person(line, prompts, random)
    else:
        line = Timeline(Truth(number, Kind.MACHINE, "recorded machine", language))
        _machine(line, prompts, random)
    fit(line)
    return line


def _person(line: Timeline, prompts: Prompts, random: Random) -> None:
    line.pause(random.uniform(0.1, 1.3))
    _join(line, prompts.person(line.truth.language, random), random, (0.02, 0.25))
    line.greeted()
    while line.now_s < 12.0:
        line.pause(random.uniform(0.9, 4.0))
        _join(line, prompts.person(line.truth.language, random), random, (0.05, 0.4))


def _machine(line: Timeline, prompts: Prompts, random: Random) -> None:
    line.pause(random.uniform(0.1, 1.3))
    language, parts = line.truth.language, []
    for name in random.choice(GREETINGS):
        if name == "#":
            names = [f"digits/{random.randrange(10)}" for _ in range(random.choice((3, 4, 8)))]
        else:
            names = [name]
        parts += [prompts.prompt(language, one) for one in names]
    _join(line, [part for part in parts if part is not None], random, READING)
    line.greeted()
    if random.random() < 0.92:
        line.pause(random.uniform(0.2, 1.2))
        line.beep(sounds.beep(random))
    line.pause(3.0)


def _join(line: Timeline, parts: list[Samples], random: Random, gap_s: tuple[float, float]) -> None:
    for i, part in enumerate(parts):
        if i:
            line.pause(random.uniform(*gap_s))
        line.say(part)


def _digits_by_speaker(folder: Path | None) -> dict[str, list[Path]]:
    by_speaker: dict[str, list[Path]] = {}
    for path in sorted((folder / "recordings").glob("*.wav")) if folder else []:
        by_speaker.setdefault(path.stem.split("_")[1], []).append(path)
    return by_speaker
