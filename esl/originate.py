"""The originate command: the one line where a slip of quoting loses a call or dials another.

Only opaque ids belong in a dial string; what a person typed goes through the escaper, and what
the escaper cannot carry is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from esl import escaping
from esl.commands import ApiCommand
from esl.errors import LocalError

_APP = re.compile(r"&[a-z_]+(\([^()\s'\"\\,|]*\))?")


@dataclass(frozen=True, slots=True)
class Originate(ApiCommand):
    """Dial `endpoint`; when it answers run `app` on it.

    uuid: becomes origination_uuid.  Compare it with the reply all the same: a uuid already in use
        may be replaced by another, and the call then goes on under that one.
    variables: opaque values, refused unless made of letters, digits and ._:/@+*#~-
    texts: free text (a caller's name, an API line), escaped so that it arrives unchanged.
    on_answer: API command the switch runs itself the moment the leg answers (api_on_answer); the
        way to lose no audio before a recording starts.
    app: `&park()`, `&eavesdrop(uuid)`, or an extension for `dialplan` and `context`.
    """

    uuid: str
    endpoint: str
    variables: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    on_answer: ApiCommand | None = None
    app: str = "&park()"
    dialplan: str = ""
    context: str = ""

    def __post_init__(self) -> None:
        escaping.uuid("uuid", self.uuid)
        escaping.endpoint("endpoint", self.endpoint)
        self._check_names()
        self._check_application()
        self.render()

    def _check_names(self) -> None:
        for name, own in (("origination_uuid", "uuid"), ("api_on_answer", "on_answer")):
            if name in self.variables or name in self.texts:
                raise LocalError(f"variables: {name} is the field `{own}`")
        twice = self.variables.keys() & self.texts.keys()
        if twice:
            raise LocalError(f"texts: {min(twice)} is also in variables")

    def _check_application(self) -> None:
        escaping.unexpanded("app", self.app)
        if self.app.startswith("&"):
            if not _APP.fullmatch(self.app):
                raise LocalError("app: not &name(arguments without blanks)")
        else:
            escaping.opaque("app", escaping.word("app", self.app))
        for name, value in (("dialplan", self.dialplan), ("context", self.context)):
            escaping.opaque(name, value)
        if self.context and not self.dialplan:
            raise LocalError("context: needs a dialplan before it")

    def render(self) -> str:
        pairs = [f"origination_uuid={self.uuid}"]
        for name, value in self.variables.items():
            pairs.append(f"{_variable(name)}={escaping.opaque(name, value)}")
        for name, value in self.texts.items():
            pairs.append(f"{_variable(name)}={escaping.free_text(name, value)}")
        if self.on_answer is not None:
            pairs.append(f"api_on_answer='{_nested(self.on_answer)}'")
        words = ["originate", f"{{{','.join(pairs)}}}{self.endpoint}", self.app]
        return " ".join(word for word in (*words, self.dialplan, self.context) if word)


def _variable(name: str) -> str:
    return escaping.name("variables", name)


def _nested(command: ApiCommand) -> str:
    r"""An API line inside the dial string, in quotes: commas as `\,`, balanced braces as they are.

    Seen on a live switch: `'uuid_record <uuid> start <path> 10 {A=true\,B=false}'` arrives whole.
    """
    text = escaping.unexpanded("on_answer", command.render())
    depth = 0
    for mark in text:
        depth += {"{": 1, "}": -1}.get(mark, 0)
        if mark in "'\"\\[]<>^" or not 0 <= depth <= 1:
            raise LocalError(f"on_answer: {mark!r} cannot stand inside a dial string")
    if depth or ":_:" in text:
        raise LocalError("on_answer: unbalanced brace or ':_:'")
    return text.replace(",", "\\,")
