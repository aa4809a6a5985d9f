"""Every word can be read on what lies behind it: WCAG's contrast of 4.5, in both schemes."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "web" / "assets" / "src" / "app.css"
LEAST = 4.5
TONES = (
    "ready", "talking", "dialing", "wrap", "pause", "messaging", "offline", "fault", "neutral",
)  # fmt: skip
PAIRS = (
    *((ink, ground) for ink in ("ink", "muted", "accent") for ground in ("bg", "surface")),
    ("ink", "sunken"), ("muted", "sunken"), ("accent-ink", "accent"),
    ("accent-ink", "accent-hover"), ("bar-ink", "bar"), ("bar-muted", "bar"),
)  # fmt: skip


def _tokens():
    """The tokens of the light scheme, and of the dark one."""
    light, dark = re.findall(r":root \{(.*?)\n *\}", CSS.read_text(), re.DOTALL)[:2]
    first = dict(re.findall(r"--([\w-]+): ([^;]+);", light))
    return {"light": first, "dark": first | dict(re.findall(r"--([\w-]+): ([^;]+);", dark))}


SCHEMES = _tokens()


def _rgb(colour):
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _brightness(rgb):
    parts = (part / 255 for part in rgb)
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one, other):
    low, high = sorted((_brightness(one), _brightness(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(scheme, ink, ground):
    tokens = SCHEMES[scheme]
    assert _contrast(_rgb(tokens[ink]), _rgb(tokens[ground])) >= LEAST


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("tone", TONES)
def test_a_chip_s_word_stands_out_from_its_tint(scheme, tone):
    tokens = SCHEMES[scheme]
    ink, surface = _rgb(tokens[tone]), _rgb(tokens["surface"])
    share = float(tokens["tint"].rstrip("%")) / 100
    tint = tuple(share * a + (1 - share) * b for a, b in zip(ink, surface, strict=True))
    assert _contrast(ink, tint) >= LEAST
