"""The one place where text is allowed onto a command line, or refused.

A line end is a second command, `$` is an expansion that can call `system`, a brace or `:_:` changes
how originate reads its words.  Such text is refused, never stripped: what was asked for could not
be done, and the caller must hear of it.  Every refusal is a LocalError naming the field.
"""

from __future__ import annotations

import re

from esl.errors import LocalError

COMMAND_LIMIT_BYTES = 10 * 1024 * 1024  # where mod_event_socket cuts a command in two
_LINE_BREAKERS = re.compile(r"[\r\n\0]")
_NEVER_IN_DIAL_STRING = re.compile(r"[\r\n\0${}\[\]<>^]|:_:")
_OPAQUE = re.compile(r"[A-Za-z0-9._:/@+*#~-]*")
_UUID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_ENDPOINT = re.compile(r"[A-Za-z0-9_.]+/[A-Za-z0-9@._:+*#/=;~%-]+")
_WORD = re.compile(r"[^\s\0'\"\\]+")


def line(field: str, text: str) -> str:
    """Text that stays on its line: no CR, LF or NUL."""
    _refuse(_LINE_BREAKERS, field, text)
    return text


def unexpanded(field: str, text: str) -> str:
    """Text on its line that the switch will not expand: no `$` either."""
    if "$" in text:
        raise LocalError(f"{field}: '$' would be expanded by the switch")
    return line(field, text)


def uuid(field: str, text: str) -> str:
    """Identifier of a leg or a job: 1 to 128 of letters, digits, dot, dash, underscore."""
    return _match(_UUID, field, text, "an identifier")


def name(field: str, text: str) -> str:
    """Name of a variable, header, application or event."""
    return _match(_NAME, field, text, "a name")


def word(field: str, text: str) -> str:
    """One word of an API command: not empty, no blank, quote, backslash or `$`."""
    return _match(_WORD, field, unexpanded(field, text), "one word")


def opaque(field: str, text: str) -> str:
    """Value that no splitter of originate touches: letters, digits and ._:/@+*#~-"""
    _refuse(_NEVER_IN_DIAL_STRING, field, text)
    return _match(_OPAQUE, field, text, "an opaque value (free text goes into `texts`)")


def endpoint(field: str, text: str) -> str:
    """One dial string such as sofia/gateway/trunk/22961000000; no fork, failover, IPv6 literal."""
    _refuse(_NEVER_IN_DIAL_STRING, field, text)
    return _match(_ENDPOINT, field, text, "an endpoint")


def free_text(field: str, text: str) -> str:
    r"""Escape a value for `{name=value}` so that it arrives unchanged.

    originate splits variables three times (at blanks, commas, equal signs) and each pass removes
    one level of quotes and backslashes; this is the inverse, found by trial on a live switch with
    400 of 400 random values intact.  What cannot be escaped there is refused: braces lose the call.
    """
    _refuse(_NEVER_IN_DIAL_STRING, field, text)
    text = text.replace("\\", "\\\\").replace("'", "\\'").replace(" ", "\\s")
    text = text.replace("\\", "\\\\").replace("'", "\\'").replace(",", "\\,")
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _refuse(pattern: re.Pattern[str], field: str, text: str) -> None:
    found = pattern.search(text)
    if found:
        raise LocalError(f"{field}: {found.group()!r} is not allowed")


def _match(pattern: re.Pattern[str], field: str, text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise LocalError(f"{field}: not {what}")  # without the text: it may be a person's number
    return text
