"""A minute's decisions in a few kilobytes: columns of numbers, packed, with a version.

The columns are the fields of the decision as the code that wrote them had them. A reader takes
those it finds: a field that an older minute lacks is absent, not zero.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import orjson

from dialer.model.errors import BadInput
from dialer.model.minute import Decided
from dialer.model.snapshot import PacingView

VERSION = 1
MOST_BYTES = 16 * 1024 * 1024
"""Of an unpacked series; a longer one is none of ours."""
_OF_DECISION = tuple(f.name for f in fields(Decided) if f.name != "view")
_OF_VIEW = tuple(f.name for f in fields(PacingView))


def pack(decided: Sequence[Decided]) -> bytes:
    """The series as it is stored."""
    columns = {name: [getattr(one, name) for one in decided] for name in _OF_DECISION}
    columns |= {name: [getattr(one.view, name) for one in decided] for name in _OF_VIEW}
    return zlib.compress(orjson.dumps({"version": VERSION, "columns": columns}))


def unpack(packed: bytes) -> tuple[Mapping[str, Any], ...]:
    """The decisions in their order, each by field. Raises BadInput for what no `pack` made."""
    try:
        unpacker = zlib.decompressobj()
        body = orjson.loads(unpacker.decompress(packed, MOST_BYTES))
        if body["version"] != VERSION:
            raise BadInput(f"pacing series: version {body['version']} is not known here")
        columns = body["columns"]
        rows = zip(*columns.values(), strict=True)
        return tuple(dict(zip(columns, row, strict=True)) for row in rows)
    except (zlib.error, orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"pacing series: not readable: {error}") from error
