"""What an address of the API is, as data; the routes and the OpenAPI document are made of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Response
from pydantic import BaseModel

from dialer.model.scope import Scope
from dialer.store.tables import ApiKey

BODY_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, permitted and checked: what an endpoint's function works with."""

    key: ApiKey
    query: Any = None
    body: Any = None
    path: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Reply:
    """What an endpoint answers. `afterwards`: carried out once the transaction is committed."""

    shown: BaseModel | Response | None = None
    location: str = ""
    has_tag: bool = False
    afterwards: list[Callable[[], object]] = field(default_factory=list)


Act = Callable[[Asked], Reply]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`path` in the form of OpenAPI, e.g. `/lists/{list_id}`. The first line of the function's text
    is the summary, the rest describes it.

    `takes`: media type of a body that is no JSON; the function gets it as bytes.
    `gives`: media type of an answer that is no JSON. `refuses`: statuses besides those of all.
    """

    method: str
    path: str
    act: Act
    scope: Scope
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    max_bytes: int = BODY_BYTES
    takes: str = ""
    gives: str = ""
    refuses: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Unique among all endpoints: the operation's identity."""
        resource = self.act.__module__.rpartition(".")[2]
        return f"{resource}_{self.act.__name__}"

    @property
    def is_write(self) -> bool:
        """Whether it may change something."""
        return self.method not in ("GET", "HEAD")
