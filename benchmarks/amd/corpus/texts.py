"""Which texts, names and phrases each part of the corpus may use, and how they are put together.

By its place in its list each entry belongs to one part: every third to the test, one of six to
validation, the others to training. So what is tuned on was never trained on, and what is tested was
neither. In three of four calls of training and half of validation the folder `studied` adds many
times as much, a file for each list and a line for each entry: one of six to validation. An entry
keeps its part as long as it keeps its place: new ones go to the end.

What is trained on has two sides, each with every second entry, that share no text: what a network
makes of the side it has not heard is as doubtful as what it makes of people in the field.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from random import Random
from string import Formatter
from typing import NamedTuple, TypeVar

from benchmarks.amd.corpus import english, english_words, french, french_words

TEXTS = {"fr": french.TEXTS, "en": english.TEXTS}
WORDS = {"fr": french_words.LISTS, "en": english_words.LISTS}
STUDIED = {
    language: {
        path.stem: tuple(path.read_text(encoding="utf-8").splitlines())
        for path in sorted((Path(__file__).parent / "studied" / language).glob("*.txt"))
    }
    for language in TEXTS
}
PATTERNS_SHARE = 1 / 3
"""Of the texts, where more is studied: those that are not of `studied` themselves."""
N_DIGITS = 8

Thing = TypeVar("Thing")


class Part(StrEnum):
    """Whose texts and voices. Every split takes those of one part."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"


OF_PLACE = (Part.TRAIN, Part.TRAIN, Part.TEST, Part.TRAIN, Part.VAL, Part.TEST)
OF_STUDIED = (Part.TRAIN, Part.VAL, Part.TRAIN, Part.TRAIN, Part.TRAIN, Part.TRAIN)


class Corner(NamedTuple):
    """Of a part its `side`, 0 or 1, or None: all of it; with what is studied besides, or not."""

    part: Part
    side: int | None = None
    is_studied: bool = False

    def of(self, things: Sequence[Thing]) -> Sequence[Thing]:
        """Every second one, where the part has sides; one that is alone is on both."""
        return things if self.side is None or len(things) < 2 else things[self.side :: 2]


@cache
def entries(language: str, name: str, corner: Corner) -> Sequence[str]:
    """What is said in a corner of a kind, such as SHORT, or put in as one, such as `aside`."""
    part = corner.part
    own = (TEXTS[language] | WORDS[language]).get(name, ())
    studied = STUDIED[language].get(name, ()) if corner.is_studied else ()
    return corner.of(
        (
            *(entry for place, entry in enumerate(own) if OF_PLACE[place % 6] is part),
            *(entry for place, entry in enumerate(studied) if OF_STUDIED[place % 6] is part),
        )
    )


def sentences(what: str, language: str, corner: Corner, random: Random) -> list[str]:
    """One of the texts of a kind, such as SHORT, with everything put in. Where more is studied, it
    is put into the patterns of all calls, too: they say most with what they are filled with."""
    is_pattern = corner.is_studied and random.random() < PATTERNS_SHARE
    of = corner._replace(is_studied=False) if is_pattern else corner
    text = _filled(random.choice(entries(language, what, of)), language, corner, random)
    return [_capital(sentence.strip()) for sentence in text.split("|")]


def _filled(text: str, language: str, corner: Corner, random: Random) -> str:
    """Each {list} becomes an entry of it, whose own lists are filled too."""
    filled = ""
    for plain, name, _, _ in Formatter().parse(text):
        filled += plain
        if name == "number":
            filled += " ".join(str(random.randrange(10)) for _ in range(N_DIGITS))
        elif name is not None:
            entry = random.choice(entries(language, name, corner))
            filled += _filled(entry, language, corner, random)
    return filled


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
