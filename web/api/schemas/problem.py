"""Problems, as web/api/problems.py writes them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from web.api.problems import TITLES
from web.api.schemas.base import Shown

Code = StrEnum("Code", {code.upper(): code for code in TITLES})  # type: ignore[misc]


class FaultShown(Shown):
    """What is unacceptable, and where."""

    detail: str
    pointer: Annotated[str, Field(description="into the body, such as #/leads/3/number")] = ""
    parameter: Annotated[str, Field(description="of the address, or a header")] = ""
    code: str = ""


class ProblemShown(Shown):
    """RFC 9457. Decide by `code`; `title` and `detail` are for people."""

    type: str
    code: Code
    status: int
    title: str
    detail: str = ""
    errors: Annotated[list[FaultShown], Field(default_factory=list)]
