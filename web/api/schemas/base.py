"""The kinds of values that all schemas share."""

from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from web.api.parameters import BIGGEST_ID

MOST_PER_PAGE = 200
CURSOR_LENGTH = 200
_YEARS = range(2000, 2101)
_UNSEEN = (
    r"\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb"
)
LINE = rf"^[^{_UNSEEN}]*$"
"""One line of text, without control characters and marks that turn or hide text."""
NUMBER = r"^\+[1-9][0-9]{6,14}$"
"""A telephone number, E.164."""


class Sent(BaseModel):
    """A body that a program sends: no unknown field, no value of another type taken for its own."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Query(BaseModel):
    """Parameters of an address: texts, read strictly as what they stand for."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Shown(BaseModel):
    """Something that is answered."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")


def _plausible(at: datetime) -> datetime:
    if at.year not in _YEARS:
        raise ValueError(f"the year must be from {_YEARS[0]} to {_YEARS[-1]}")
    return at.astimezone(UTC)


def _isoformat(value: object) -> object:
    """Only ISO 8601 says an instant; a bare number would be taken for seconds of an epoch."""
    if not isinstance(value, str) or "-" not in value[1:]:
        raise ValueError("an instant is ISO 8601 with its zone, such as 2026-11-02T09:30:00Z")
    return value


Id = Annotated[int, Field(ge=1, le=BIGGEST_ID)]
Number = Annotated[
    str, StringConstraints(pattern=NUMBER), Field(description="E.164, such as +33123456789")
]
At = Annotated[
    AwareDatetime, Field(strict=False), BeforeValidator(_isoformat), AfterValidator(_plausible)
]


def line(least: int, most: int) -> StringConstraints:
    """A text on one line of so many characters."""
    return StringConstraints(min_length=least, max_length=most, pattern=LINE)


Cursor = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=CURSOR_LENGTH,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="`next_cursor` of the page before",
    ),
]


Chosen = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=1000,
        pattern=r"^[a-z_]+(,[a-z_]+)*$",
        description="only these fields of each item, such as `id,state`",
    ),
]


class PageAsked(Query):
    """Which page, and how much of it."""

    limit: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = 50
    cursor: Cursor = None
    fields: Chosen = None


Item = TypeVar("Item")


class Page(Shown, Generic[Item]):
    """`next_cursor` asks for the following page; null at the end."""

    data: list[Item]
    next_cursor: str | None
