"""Reading the arguments of `originate` as FreeSWITCH does: three splitters, each peeling a quote.

Text in, words and variables out; knows nothing of legs.
"""

from dataclasses import dataclass

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "s": " "}
_MAX_WORDS = 7


@dataclass(frozen=True, slots=True)
class DialString:
    """`{variables}endpoint &app(app_data)`, with the optional timeout at the end."""

    variables: dict[str, str]
    endpoint: str
    app: str
    app_data: str
    timeout_s: float | None = None


def separate(text: str, delimiter: str, limit: int) -> list[str]:
    """Split at a delimiter outside quotes and not escaped, then unescape each part once."""
    if "'" not in text and "\\" not in text:
        return _separate_plain(text, delimiter, limit)
    parts: list[str] = []
    start = i = 0
    is_quoted = False
    while i < len(text) and len(parts) < limit - 1:
        mark = text[i]
        if mark == "\\":
            i += 1
        elif mark == "'":
            is_quoted = not is_quoted
        elif mark == delimiter and not is_quoted:
            parts.append(text[start:i])
            start = i + 1
        i += 1
    parts.append(text[start:])
    if delimiter == " ":
        parts = [part for part in parts if part]
    return [_unescape(part, delimiter) for part in parts]


def _separate_plain(text: str, delimiter: str, limit: int) -> list[str]:
    """The same for text without quotes and escapes: nearly all there is."""
    if delimiter == " ":
        words = [word for word in text.split(" ") if word]
        return [*words[: limit - 1], " ".join(words[limit - 1 :])] if words[limit:] else words
    return [part.strip(" ") for part in text.split(delimiter, limit - 1)]


def _unescape(text: str, delimiter: str) -> str:
    """Remove one level of quotes and backslashes."""
    made: list[str] = []
    i = 0
    is_quoted = False
    while i < len(text):
        mark = text[i]
        following = text[i + 1] if i + 1 < len(text) else ""
        if mark == "\\" and following and following in "'\"\\nrts" + delimiter:
            made.append(_ESCAPES.get(following, following))
            i += 1
        elif mark == "'" and (is_quoted or "'" in text[i + 1 :]):
            is_quoted = not is_quoted
        else:
            made.append(mark)
        i += 1
    return "".join(made).strip(" ")


def parse(args: str) -> DialString | None:
    """The arguments of `originate`; None when there are too few words.

    Raises ValueError when a brace stays open, which loses the call.
    """
    words = separate(args, " ", _MAX_WORDS)
    if len(words) < 2:
        return None
    variables, endpoint = _braces(words[0])
    app, _, data = words[1].removeprefix("&").partition("(")
    if not words[1].startswith("&"):
        app, data = "park", ""  # an extension of a dialplan we do not have
    timeout = words[6] if len(words) > 6 else ""
    return DialString(
        variables, endpoint, app, data.removesuffix(")"),
        float(timeout) if timeout.isdigit() else None,
    )  # fmt: skip


def _braces(text: str) -> tuple[dict[str, str], str]:
    """`{a=1,b=2}rest` as variables and rest."""
    if not text.startswith("{"):
        return {}, text
    if text.count("{") == 1 and "}" in text:
        inside, _, rest = text[1:].partition("}")
        return _variables(inside), rest
    depth = 0
    for i, mark in enumerate(text):
        depth += {"{": 1, "}": -1}.get(mark, 0)
        if depth == 0:
            return _variables(text[1:i]), text[i + 1 :]
    raise ValueError("unbalanced brace")


def _variables(text: str) -> dict[str, str]:
    delimiter = ","
    if text.startswith("^^") and len(text) > 2:
        delimiter, text = text[2], text[3:]
    pairs = (separate(part, "=", 2) for part in separate(text, delimiter, 500))
    return {pair[0].strip(): pair[1] for pair in pairs if len(pair) == 2 and pair[0].strip()}
