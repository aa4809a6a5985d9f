"""What a word of the interface is: its text, its tone, its icon.

A tone is a CSS class (`tone-ready`); an icon is a symbol of static/dist/icons.svg. A state is
always shown with its word, never by colour alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString


@dataclass(frozen=True, slots=True)
class Label:
    word: LazyString
    tone: str = "neutral"
    icon: str = "dot"


def texts(words: Mapping[str, LazyString]) -> dict[str, str]:
    """Plain words as the pages' scripts take them, in the visitor's language."""
    return {key: str(word) for key, word in words.items()}


def plain(words: Mapping[str, Label]) -> dict[str, dict[str, str]]:
    """Labels as the pages' scripts take them."""
    return {
        key: {"word": str(label.word), "tone": label.tone, "icon": label.icon}
        for key, label in words.items()
    }
