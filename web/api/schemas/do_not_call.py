"""Do-not-call numbers."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from web.api.schemas.base import Id, Number, Page, PageAsked, Query, Sent, Shown, line

MOST_CHECKED = 1000
Campaign = Annotated[
    Id | None, Field(description="the entry holds for this campaign alone; null: for all")
]


class EntriesAsked(PageAsked):
    campaign_id: Annotated[Id | None, Field(description="entries of this campaign alone")] = None
    number: Number | None = None


class EntryNew(Sent):
    number: Number
    campaign_id: Campaign = None
    reason: Annotated[str, line(0, 500), Field(description="for the audit log")] = ""


class EntryRemoval(Query):
    reason: Annotated[str, line(1, 500), Field(description="for the audit log")]


class EntryShown(Shown):
    id: int
    number: str
    campaign_id: int | None
    source: str
    created_at: datetime


class EntryPage(Page[EntryShown]):
    """Entries, newest first."""


class NumbersSent(Sent):
    """Numbers to be looked up, for all campaigns or for one of them."""

    numbers: Annotated[list[Number], Field(min_length=1, max_length=MOST_CHECKED)]
    campaign_id: Id | None = None


class NumberVerdict(Shown):
    number: str
    is_listed: bool


class NumberVerdicts(Shown):
    """In the order asked."""

    data: list[NumberVerdict]
