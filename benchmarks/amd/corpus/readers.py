"""Who read prompts of telephone systems, and where the recordings lie.

Nobody is heard in two parts: training and validation have readers of their own, the test has an
English and a French one. Asterisk's prompts are packages of Debian, read by people; Kazoo's are the
repository 2600hz/kazoo-sounds, in voices that are mostly synthetic, and are trained on only.
"""

import subprocess
import wave
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.amd.corpus.texts import Part
from benchmarks.amd.corpus.voices import RATE_HZ, Samples, read_wave, telephone, trimmed

ASTERISK = Path("/usr/share/asterisk/sounds")
GSM_BYTES_PER_S = 1650
SHORT_S = (0.3, 2.2)
"""Prompts of such length may be a person's greeting."""


class NoPrompts(RuntimeError):
    """The recorded people are not there; the message says what is missing."""


class Library(StrEnum):
    """Whose prompts."""

    ASTERISK = "ASTERISK"
    KAZOO = "KAZOO"


@dataclass(frozen=True, slots=True)
class Reader:
    """A voice that read a library's prompts; `package` has them. `digits`: the folder of the
    numbers, beside or below that of the prompts."""

    language: str
    folder: str
    package: str
    digits: str = "digits"
    library: Library = Library.ASTERISK

    @property
    def suffix(self) -> str:
        return ".gsm" if self.library is Library.ASTERISK else ".wav"


def _of_kazoo(language: str, country: str, voice: str) -> Reader:
    place = f"{language}/{country}"
    digits = f"../../../freeswitch/{place}/{voice}/digits/8000"
    return Reader(language, f"kazoo-core/{place}", "kazoo-sounds", digits, Library.KAZOO)


READERS = {
    Part.TRAIN: (
        Reader("es", "es", "asterisk-prompt-es-co"),
        Reader("it", "it_IT_f_Menardi", "asterisk-prompt-it-menardi-gsm"),
        Reader("ru", "ru_RU_f_IvrvoiceRU", "asterisk-core-sounds-ru-gsm"),
        _of_kazoo("de", "de", "lena"),
        _of_kazoo("en", "gb", "bridget"),
        _of_kazoo("en", "us", "julie"),
        _of_kazoo("es", "es", "lola"),
        _of_kazoo("es", "us", "violetta"),
        _of_kazoo("fr", "ca", "chloe"),
        _of_kazoo("fr", "fr", "roxane"),
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


@dataclass(frozen=True, slots=True)
class Shelves:
    """Where each library lies. `kazoo`: a copy of the repository, or None."""

    kazoo: Path | None = None

    def readers(self, part: Part) -> tuple[Reader, ...]:
        """The readers of a part; without a copy of Kazoo's, those of Asterisk. Raises NoPrompts if
        one of them is not there."""
        has_kazoo = self.kazoo is not None
        some = [r for r in READERS[part] if r.library is Library.ASTERISK or has_kazoo]
        missing = [r.package for r in some if not self.folder(r).is_dir()]
        if missing:
            raise NoPrompts(f"no recorded people without {', '.join(missing)}")
        return tuple(some)

    def folder(self, reader: Reader) -> Path:
        """Where somebody's prompts are."""
        if reader.library is Library.ASTERISK:
            return ASTERISK / reader.folder
        assert self.kazoo is not None
        return self.kazoo / reader.folder

    def names(self, reader: Reader) -> frozenset[str]:
        """The prompts that there are."""
        return frozenset(path.stem for path in _prompts(self.folder(reader), reader.suffix))

    def prompt(self, reader: Reader, name: str) -> Samples:
        return read(self.folder(reader) / f"{name}{reader.suffix}")

    def digit(self, reader: Reader, digit: int) -> Samples:
        return read(self.folder(reader) / reader.digits / f"{digit}{reader.suffix}")

    def short_prompts(self, reader: Reader) -> list[Path]:
        """Those that may be what a person says."""
        return _short_prompts(self.folder(reader), reader.suffix)


@cache
def _prompts(folder: Path, suffix: str) -> list[Path]:
    return sorted(folder.glob(f"*{suffix}"))


@cache
def _short_prompts(folder: Path, suffix: str) -> list[Path]:
    least, most = SHORT_S
    spoken = [path for path in _prompts(folder, suffix) if "beep" not in path.stem]
    return [path for path in spoken if least <= _seconds(path) <= most]


def _seconds(path: Path) -> float:
    if path.suffix == ".gsm":
        return path.stat().st_size / GSM_BYTES_PER_S
    with wave.open(str(path)) as file:
        return file.getnframes() / file.getframerate()


@cache
def read(path: Path) -> Samples:
    """A recording at 8 kHz, without silence around it, of the level of all speech."""
    if path.suffix == ".wav":
        return trimmed(telephone(*read_wave(path.read_bytes())))
    raw = ["-t", "raw", "-r", "8000", "-e", "signed", "-b", "16", "-c", "1", "-"]
    command = ["sox", str(path), *raw]
    pcm = subprocess.run(command, check=True, capture_output=True).stdout
    return trimmed(telephone(np.frombuffer(pcm, dtype="<i2") / 32768.0, RATE_HZ))
