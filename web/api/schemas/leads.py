"""Leads."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from dialer.model.lead import HOT_PRIORITY, LeadState
from dialer.model.outcome import Outcome
from dialer.policy.places import zone_written
from dialer.store.lead_intake import MAX_OTHER_NUMBERS, Verdict
from web.api.schemas.base import LINE, At, Id, Number, Page, PageAsked, Sent, Shown, line

MOST_LEADS = 1000
MOST_FIELDS = 100
LOWEST = 99
FieldName = Annotated[str, line(1, 100)]
FieldValue = Annotated[str, StringConstraints(max_length=2000, pattern=LINE)]
Name = Annotated[str, line(0, 200)]
Fields = Annotated[
    dict[FieldName, FieldValue],
    Field(max_length=MOST_FIELDS, description="whatever else is known; shown to the agent"),
]
Priority = Annotated[
    int, Field(ge=HOT_PRIORITY, le=LOWEST, description="the lower is dialled first; lists have 50")
]
Written = Annotated[
    str,
    line(1, 40),
    Field(description="as people write it in the list's country, or E.164"),
]


def _known_zone(written: str) -> str:
    if written and zone_written(written) is None:
        raise ValueError("neither a time zone of the IANA's nor whole hours such as UTC+2")
    return written


Zone = Annotated[
    str, line(0, 64), AfterValidator(_known_zone),
    Field(description="Europe/Paris or UTC+2; beside what number and postcode say"),
]  # fmt: skip


class LeadSent(Sent):
    """One person to be reached. `other_numbers`: where besides, dialled in turn."""

    number: Written
    other_numbers: Annotated[
        list[Written], Field(default_factory=list, max_length=MAX_OTHER_NUMBERS)
    ]
    postcode: Annotated[str, line(0, 12), Field(description="as in the list's country")] = ""
    time_zone: Zone = ""
    name: Name = ""
    fields: Annotated[Fields, Field(default_factory=dict)]
    priority: Priority = 50
    due_at: Annotated[At | None, Field(description="not before; null: now")] = None


class LeadNew(LeadSent):
    """`call_now`: it is dialled before all others, as soon as an agent is free."""

    list_id: Id
    call_now: bool = False


class LeadsNew(Sent):
    list_id: Id
    leads: Annotated[list[LeadSent], Field(min_length=1, max_length=MOST_LEADS)]


class LeadChange(Sent):
    """Only what is given changes; `fields` as a whole."""

    name: Name | None = None
    fields: Fields | None = None
    priority: Priority | None = None


class Withdrawal(Sent):
    reason: Annotated[str, line(1, 500), Field(description="for the audit log")]


class LeadsAsked(PageAsked):
    campaign_id: Id | None = None
    list_id: Id | None = None
    number: Number | None = None
    state: LeadState | None = None


class LeadShown(Shown):
    """`state`: NEW, WAITING_RETRY and CALLBACK may be dialled once due; CLAIMED and DIALING are
    being worked on; DONE and BLOCKED are over."""

    id: int
    list_id: int
    campaign_id: int
    number: str
    other_numbers: list[str]
    next_number: Annotated[
        str | None, Field(description="the other number whose turn it is; null: that of `number`")
    ]
    time_zone: Annotated[str, Field(description="candidate places; open while all of them are")]
    name: str
    fields: dict[str, str]
    state: LeadState
    priority: int
    due_at: datetime
    n_attempts: int
    n_tries: int
    held_for: Annotated[str | None, Field(description="the rule that was found to keep it back")]
    held_until: datetime | None
    last_attempt_at: datetime | None
    last_outcome: Outcome | None
    disposition: str | None
    created_at: datetime


class LeadPage(Page[LeadShown]):
    """Leads, newest first."""


class LeadVerdict(Shown):
    """`lead_id`: the lead that was added, or that has the number already."""

    result: Verdict
    lead_id: int | None


class LeadVerdicts(Shown):
    """In the order sent."""

    data: list[LeadVerdict]
    n_added: int
    n_duplicate: int
    n_do_not_call: int
    n_bad_number: int
