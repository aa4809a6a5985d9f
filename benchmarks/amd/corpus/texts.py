"""Which texts, names and phrases each part of the corpus may use, and how they are put together.

By its place in its list each entry belongs to one part: every third to the test, one of six to
validation, the others to training. So what is tuned on was never trained on, and what is tested was
neither. In half of the calls of training and validation, `studied` adds several times as much.

What is trained on has two sides, each with every second entry, that share no text: what a network
makes of the side it has not heard is as doubtful as what it makes of people in the field.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from random import Random
from string import Formatter
from typing import NamedTuple, TypeVar

from benchmarks.amd.corpus import english, english_words, french, french_words
from benchmarks.amd.corpus.studied import (
    english_machines,
    english_people,
    french_machines,
    french_people,
)

TEXTS = {"fr": french.TEXTS, "en": english.TEXTS}
WORDS = {"fr": french_words.LISTS, "en": english_words.LISTS}
STUDIED = {
    "fr": french_people.LISTS | french_machines.LISTS,
    "en": english_people.LISTS | english_machines.LISTS,
}
N_DIGITS = 8

Thing = TypeVar("Thing")


class Part(StrEnum):
    """Whose texts and voices. Every split takes those of one part."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"


OF_PLACE = (Part.TRAIN, Part.TRAIN, Part.TEST, Part.TRAIN, Part.VAL, Part.TEST)
OF_STUDIED = (Part.TRAIN, Part.VAL, Part.TRAIN)


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
            *(entry for place, entry in enumerate(studied) if OF_STUDIED[place % 3] is part),
        )
    )


def sentences(what: str, language: str, corner: Corner, random: Random) -> list[str]:
    """One of the texts of a kind, such as SHORT, with everything put in."""
    text = _filled(random.choice(entries(language, what, corner)), language, corner, random)
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
