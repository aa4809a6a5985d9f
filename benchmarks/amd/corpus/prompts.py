"""Recorded people: Asterisk's prompts and spoken digits, as greetings.

Machines are the greetings that Asterisk's own voicemail puts together. People are spoken digits
(free-spoken-digit-dataset) and short prompts, joined to the length of a greeting: the voices are
real, the answering is not. As with texts, nobody is heard in two parts: training and validation
have readers and languages of their own, the test has an English and a French one.
"""

import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.amd.corpus import sounds
from benchmarks.amd.corpus.calls import READING, length_of, part_of
from benchmarks.amd.corpus.texts import Part
from benchmarks.amd.corpus.timeline import Kind, Timeline, Truth
from benchmarks.amd.corpus.voices import RATE_HZ, Samples, read_wave, telephone, trimmed

ASTERISK = Path("/usr/share/asterisk/sounds")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who read Asterisk's prompts; `package` has them in Debian."""

    language: str
    folder: str
    package: str


READERS = {
    Part.TRAIN: (
        Reader("es", "es", "asterisk-prompt-es-co"),
        Reader("it", "it_IT_f_Menardi", "asterisk-prompt-it-menardi-gsm"),
        Reader("ru", "ru_RU_f_IvrvoiceRU", "asterisk-core-sounds-ru-gsm"),
    ),
    Part.VAL: (
        Reader("fr", "fr", "asterisk-prompt-fr-armelle"),
        Reader("it", "it_IT_m_Carlo", "asterisk-core-sounds-it-gsm"),
    ),
    Part.TEST: (
        Reader("en", "en_US_f_Allison", "asterisk-core-sounds-en-gsm"),
        Reader("fr", "fr_CA_f_June", "asterisk-core-sounds-fr-gsm"),
    ),
}
DIGIT_SPEAKERS = {
    Part.TRAIN: ("jackson", "nicolas"),
    Part.VAL: ("theo",),
    Part.TEST: ("george", "lucas", "yweweler"),
}
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
GSM_BYTES_PER_S = 1650
SHORT_S = (0.3, 2.2)
"""Prompts of such length may be a person's greeting."""
CONSUMER_MOST_S = 3.3
"""Who greets for longer counts as a company: consumers do not."""
MOST_DIGITS = 3
NUMBER_GAP_S = (0.03, 0.25)
"""Between the digits of a number that a machine reads."""


class NoPrompts(RuntimeError):
    """The recorded people are not there; the message says what is missing."""


class Prompts:
    """Recordings on this machine of one part's people. `digits`: a folder of
    free-spoken-digit-dataset, or None."""

    def __init__(self, part: Part, digits: Path | None) -> None:
        missing = [r.package for r in READERS[part] if not (ASTERISK / r.folder).is_dir()]
        if missing:
            raise NoPrompts(f"no recorded people without {', '.join(missing)}")
        self.readers = READERS[part]
        self._digits = [
            sorted((digits / "recordings").glob(f"*_{name}_*.wav")) if digits else []
            for name in DIGIT_SPEAKERS[part]
        ]

    def machine(self, reader: Reader, random: Random) -> list[list[Samples]]:
        """A voicemail's greeting: its prompts, a number's digits together."""
        names = {path.stem for path in _prompts(reader)}
        whole = [chain for chain in GREETINGS if names.issuperset(set(chain) - {"#"})]
        return [
            _number(reader, random) if name == "#" else [_read(_path(reader, name))]
            for name in random.choice(whole)
        ]

    def person(self, reader: Reader, random: Random) -> "Person":
        """Somebody who speaks throughout one call."""
        if any(self._digits) and random.random() < 0.75:
            return Person(random.choice([paths for paths in self._digits if paths]), MOST_DIGITS)
        return Person(_short_prompts(reader), 2)


@dataclass(frozen=True, slots=True)
class Person:
    """One voice, and what it can say, a few of it at a time."""

    recordings: list[Path]
    most: int

    def say(self, random: Random) -> list[Samples]:
        chosen = random.sample(self.recordings, random.randint(1, self.most))
        return [_read(path) for path in chosen]


def draw_recorded(number: int, split: str, seed: int, prompts: Prompts) -> Timeline:
    """Call `number` of a split as one of recorded people."""
    random = Random(f"{seed}:{split}:{number}")
    reader, length = random.choice(prompts.readers), length_of(split)
    if random.random() < 0.5:
        line = Timeline(Truth(number, Kind.HUMAN, "recorded person", reader.language), length)
        _converse(line, prompts.person(reader, random), random)
    else:
        line = Timeline(Truth(number, Kind.MACHINE, "recorded machine", reader.language), length)
        _answer(line, prompts.machine(reader, random), random)
    line.fit()
    return line


def recorded_part(split: str) -> Part:
    """Whose recordings a split takes."""
    return Part.VAL if split == "recorded_val" else part_of(split)


def _converse(line: Timeline, person: Person, random: Random) -> None:
    line.pause(random.uniform(0.1, 1.3))
    begin_s = line.now_s
    _join(line, person.say(random), random, (0.02, 0.25))
    line.greeted()
    if line.now_s - begin_s > CONSUMER_MOST_S:
        line.truth.kind, line.truth.stratum = Kind.COMPANY, "recorded company"
    while line.now_s < line.length.least_s - 1.6:
        line.pause(random.uniform(0.9, 4.0))
        _join(line, person.say(random), random, (0.05, 0.4))


def _answer(line: Timeline, prompts: list[list[Samples]], random: Random) -> None:
    line.pause(random.uniform(0.1, 1.3))
    for i, parts in enumerate(prompts):
        if i:
            line.pause(random.uniform(*READING))
        _join(line, parts, random, NUMBER_GAP_S)
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


def _number(reader: Reader, random: Random) -> list[Samples]:
    digits = [random.randrange(10) for _ in range(random.choice((3, 4, 8)))]
    return [_read(_path(reader, f"digits/{digit}")) for digit in digits]


def _path(reader: Reader, name: str) -> Path:
    return ASTERISK / reader.folder / f"{name}.gsm"


@cache
def _prompts(reader: Reader) -> list[Path]:
    return sorted((ASTERISK / reader.folder).glob("*.gsm"))


@cache
def _short_prompts(reader: Reader) -> list[Path]:
    least, most = (seconds * GSM_BYTES_PER_S for seconds in SHORT_S)
    spoken = [path for path in _prompts(reader) if "beep" not in path.stem]
    return [path for path in spoken if least <= path.stat().st_size <= most]


@cache
def _read(path: Path) -> Samples:
    """A recording at 8 kHz, without silence around it, of the level of all speech."""
    if path.suffix == ".wav":
        return trimmed(telephone(*read_wave(path.read_bytes())))
    raw = ["-t", "raw", "-r", "8000", "-e", "signed", "-b", "16", "-c", "1", "-"]
    command = ["sox", "-t", "gsm", str(path), *raw]
    pcm = subprocess.run(command, check=True, capture_output=True).stdout
    return trimmed(telephone(np.frombuffer(pcm, dtype="<i2") / 32768.0, RATE_HZ))
