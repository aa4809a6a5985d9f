"""Strangers' text made tame: one line, nothing that cannot be seen, no longer than it may be."""

import re

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]+"
)
"""Control characters, line ends, marks that turn or hide text, and what is left of broken bytes."""


def clean(text: str, length: int) -> str:
    """`text` on one line without what cannot be seen, at most `length` characters."""
    if not text.isprintable():
        text = _UNSEEN.sub(" ", text)
    return " ".join(text.split())[:length]


def is_tame(line: str) -> bool:
    """Whether cells of the line need no cleaning but their outer blanks and their length."""
    return line.isprintable() and "  " not in line
