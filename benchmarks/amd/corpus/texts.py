"""Which texts, names and phrases each part of the corpus may use, and how they are put together.

By its place in its list each entry belongs to one part: every third to the test, one of six to
validation, the others to training. So what is tuned on was never trained on, and what is tested was
neither.
"""

from collections.abc import Sequence
from enum import StrEnum
from random import Random
from string import Formatter

from benchmarks.amd.corpus import english, english_words, french, french_words

TEXTS = {"fr": french.TEXTS, "en": english.TEXTS}
WORDS = {"fr": french_words.LISTS, "en": english_words.LISTS}
N_DIGITS = 8


class Part(StrEnum):
    """Whose texts and voices. Every split takes those of one part."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"


OF_PLACE = (Part.TRAIN, Part.TRAIN, Part.TEST, Part.TRAIN, Part.VAL, Part.TEST)


def pick(entries: Sequence[str], part: Part, random: Random) -> str:
    """One of the entries of this part."""
    return random.choice([e for i, e in enumerate(entries) if OF_PLACE[i % 6] is part])


def sentences(what: str, language: str, part: Part, random: Random) -> list[str]:
    """One of the texts of a kind, such as SHORT, with everything put in."""
    text = _filled(pick(TEXTS[language][what], part, random), WORDS[language], part, random)
    return [_capital(sentence.strip()) for sentence in text.split("|")]


def _filled(text: str, lists: dict[str, tuple[str, ...]], part: Part, random: Random) -> str:
    """Each {list} becomes an entry of it, whose own lists are filled too."""
    filled = ""
    for plain, name, _, _ in Formatter().parse(text):
        filled += plain
        if name == "number":
            filled += " ".join(str(random.randrange(10)) for _ in range(N_DIGITS))
        elif name is not None:
            filled += _filled(pick(lists[name], part, random), lists, part, random)
    return filled


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
