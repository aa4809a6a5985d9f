"""Imports: a file sent in parts, read as its list says, with its course and its result."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from dialer.jobs.imports.course import Phase
from dialer.jobs.imports.shape import MAX_BYTES
from dialer.model.call_list import DedupeScope, ListState
from web.api.schemas.base import Cursor, Id, Page, Query, Sent, Shown, line
from web.api.schemas.lists import ListName, Region

MOST_COLUMNS = 1000


class ImportNew(Sent):
    """What will be sent: a CSV or XLSX file, or a ZIP of one."""

    campaign_id: Id
    name: ListName
    file_name: Annotated[str, line(1, 200)]
    file_size: Annotated[int, Field(ge=1, le=MAX_BYTES, description="bytes")]


class PartAsked(Query):
    offset: Annotated[int, Field(ge=0, le=MAX_BYTES, description="bytes that are here already")]


class ImportStart(Sent):
    """How the file is read.

    `mapping`: its columns to their use, such as {"Tel": "number"}; empty: they are guessed.
    `needs_consent`: rows become leads only with evidence of a consent in them, or with one on
    record; null: as the law of the campaign asks.
    """

    mapping: Annotated[
        dict[Annotated[str, line(1, 200)], Annotated[str, line(1, 200)]],
        Field(default_factory=dict, max_length=MOST_COLUMNS),
    ]
    region: Region = "FR"
    has_old_benin_numbers: bool = False
    needs_consent: bool | None = None
    dedupe: DedupeScope = DedupeScope.CAMPAIGN


class CourseShown(Shown):
    phase: Phase
    n_rows: int
    rows_per_s: float
    share: Annotated[float, Field(description="of the whole work, 0 to 1")]
    left_s: float | None


class ImportShown(Shown):
    """`id` is the list's. `offset`: bytes of the file that are here.

    `n_read` = inserted + updated + duplicate + blocked + rejected.
    """

    id: int
    campaign_id: int
    name: str
    state: ListState
    file_name: str
    file_size: int
    offset: int
    part_bytes: Annotated[int, Field(description="a part has no more than this")]
    n_read: int
    n_inserted: int
    n_updated: int
    n_duplicate: int
    n_blocked: int
    n_rejected: int
    fault: Annotated[str, Field(description="code of why it failed, or of a warning; or empty")]
    course: Annotated[CourseShown | None, Field(description="while it is being worked on")]
    finished_at: datetime | None


class RejectedAsked(Query):
    limit: Annotated[int, Field(ge=1, le=1000)] = 200
    cursor: Cursor = None


class RejectedShown(Shown):
    """A row that became no lead, as the file had it, and why."""

    row_number: int
    code: str
    detail: str
    line: str


class RejectedPage(Page[RejectedShown]):
    """Rejected rows, in the order of the file."""
