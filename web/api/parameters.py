"""What may stand in an address, in the routes and in the document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BIGGEST_ID = 2**63 - 1
"""Of PostgreSQL's bigint: a larger number names nothing, and is no fault of the database."""
_DIGITS = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_ATTEMPT = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Identity:
    """A number that names a row."""

    description: str

    @property
    def schema(self) -> dict[str, Any]:
        """As the document tells it."""
        return {"type": "integer", "minimum": 1, "maximum": BIGGEST_ID}

    def read(self, written: str) -> int | None:
        """The identity; None when this can be none."""
        number = int(written) if _DIGITS.fullmatch(written) else None
        return number if number is not None and number <= BIGGEST_ID else None


@dataclass(frozen=True, slots=True)
class Word:
    """An opaque identity."""

    description: str
    pattern: re.Pattern[str]

    @property
    def schema(self) -> dict[str, Any]:
        """As the document tells it."""
        return {"type": "string", "pattern": f"^{self.pattern.pattern}$"}

    def read(self, written: str) -> str | None:
        """The identity; None when this can be none."""
        return written if self.pattern.fullmatch(written) else None


PATH: Mapping[str, Identity | Word] = {
    "list_id": Identity("identity of a list"),
    "lead_id": Identity("identity of a lead"),
    "campaign_id": Identity("identity of a campaign"),
    "entry_id": Identity("identity of a do-not-call entry"),
    "attempt_id": Word("identity of an attempt", _ATTEMPT),
}


def rule_of(path: str) -> str:
    """Flask's rule of an OpenAPI path: `/lists/{list_id}` to `/lists/<list_id>`.

    No converter checks the identity: the router would take a rule that does not fit for one of
    another method, and answer 405.
    """
    return path.replace("{", "<").replace("}", ">")
