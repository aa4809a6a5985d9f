"""XML in pieces, hardened: no document type, no token that does not end."""

from collections.abc import Callable, Mapping
from typing import Protocol
from xml.parsers import expat

from dialer.model.import_faults import fault

Attributes = Mapping[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]
_CHUNK = 1 << 16
_MAX_TOKEN = 1 << 20
"""Bytes of a tag or a comment. Expat keeps an unfinished token, and reads it anew with each piece:
a longer one is an attack on memory and time."""


class Part(Protocol):
    """Bytes that come in pieces."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


def parse(part: Part, start: Start, end: End | None = None, text: End | None = None) -> None:
    """Call back for each element by its name without prefix. Raises BadInput for broken XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.CharacterDataHandler = text

    def begin(name: str, attributes: Attributes) -> None:
        """The outermost element tells whether names have prefixes; few programs write them."""
        has_prefix = ":" in name
        parser.StartElementHandler = _by_local(start) if has_prefix else start
        parser.EndElementHandler = _by_local(end) if has_prefix and end else end
        start(_local(name), attributes)

    parser.StartElementHandler = begin
    n_read = 0
    try:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
            n_read += len(chunk)
            if n_read - max(0, parser.CurrentByteIndex) > _MAX_TOKEN:
                raise fault("WORKBOOK_BROKEN", why="XML: a tag without an end")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise fault("WORKBOOK_BROKEN", why=f"XML: {error}") from error


def _by_local(handler: Callable[..., None]) -> Callable[..., None]:
    return lambda name, *rest: handler(_local(name), *rest)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_doctype(*_args: object) -> None:
    raise fault("WORKBOOK_BROKEN", why="XML: a document type")
