"""Attempts."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from dialer.model.outcome import Outcome
from web.api.schemas.base import At, Id, Number, Page, PageAsked, Shown, line


class AttemptsAsked(PageAsked):
    campaign_id: Id | None = None
    list_id: Id | None = None
    lead_id: Id | None = None
    agent_id: Id | None = None
    outcome: Outcome | None = None
    disposition: Annotated[str | None, line(1, 64)] = None
    number: Number | None = None
    since: Annotated[At | None, Field(description="started at this instant or later")] = None
    until: Annotated[At | None, Field(description="started before this instant")] = None


class AttemptShown(Shown):
    """One try to reach a lead. `outcome` is the dialer's word, `disposition` the agent's."""

    id: str
    campaign_id: int
    list_id: int
    lead_id: int
    number: str
    attempt_number: int
    started_at: datetime
    ringing_at: datetime | None
    answered_at: datetime | None
    bridged_at: datetime | None
    ended_at: Annotated[datetime | None, Field(description="null while the call lives")]
    agent_id: int | None
    outcome: Outcome | None
    cause: Annotated[str | None, Field(description="the switch's word for the end")]
    sip_status: int | None
    disposition: str | None
    note: str


class AttemptPage(Page[AttemptShown]):
    """Attempts, newest first."""


class AttemptWhole(AttemptShown):
    """An attempt with what only a look at the single one costs."""

    caller_id: str
    rule_set: str
    node: str
    trunk: str
    disposed_at: datetime | None
    recording_url: Annotated[
        str | None,
        Field(description="where its sound is, for keys that may hear it; null: there is none"),
    ]
