"""Lists."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from web.api.schemas.base import Id, Page, PageAsked, Sent, Shown, line

ListName = Annotated[str, line(1, 200)]
Region = Annotated[
    str,
    Field(pattern="^[A-Z]{2}$", description="country whose way of writing numbers holds: FR, BJ"),
]


class ListsAsked(PageAsked):
    campaign_id: Id | None = None
    is_archived: Annotated[bool, Field(description="archived ones instead of the others")] = False


class ListNew(Sent):
    """An empty list, to be filled with leads."""

    campaign_id: Id
    name: ListName
    region: Region = "FR"
    is_active: Annotated[bool, Field(description="only leads of active lists are dialled")] = True


class ListChange(Sent):
    """Only what is given changes."""

    name: ListName | None = None
    is_active: bool | None = None


class ListShown(Shown):
    """`n_read` = inserted + updated + duplicate + blocked + rejected, of its last import."""

    id: int
    campaign_id: int
    name: str
    state: str
    is_active: bool
    archived_at: datetime | None
    region: str
    n_read: int
    n_inserted: int
    n_updated: int
    n_duplicate: int
    n_blocked: int
    n_rejected: int
    error: str
    created_at: datetime
    finished_at: datetime | None


class ListPage(Page[ListShown]):
    """Lists, newest first."""
