"""Attempts one by one: a page of the history under filters, and everything of one attempt.

Pages go by key (start, identity), never by offset: a page deep in the past costs what the first
costs, and rows that arrive meanwhile shift nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.store.instants import instant, seconds_of
from dialer.store.messages import messages_of
from dialer.store.recordings import recording_of
from dialer.store.steps import StepLine, steps_of
from dialer.store.supervisions import Stretch, supervisions_of
from dialer.store.tables import (
    AttemptRow,
    CampaignRow,
    LeadRow,
    LedgerEntry,
    MessageRow,
    RecordingRow,
    User,
)

PAGE_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """What the history shows; None and "" do not filter. Times are UTC seconds."""

    campaign_id: int | None = None
    list_id: int | None = None
    lead_id: int | None = None
    agent_id: int | None = None
    outcome: str = ""
    disposition: str = ""
    number: str = ""
    """Whole number, E.164."""
    since: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One attempt in the history. Times are UTC seconds."""

    attempt_id: str
    campaign_id: int
    campaign: str
    list_id: int
    lead_id: int
    name: str
    number: str
    attempt_number: int
    started_at: float
    ringing_at: float | None
    answered_at: float | None
    bridged_at: float | None
    ended_at: float | None
    agent_id: int | None
    agent: str
    outcome: str | None
    cause: str | None
    sip_status: int | None
    disposition: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, newest first. `next_key` asks for the following page; None at the end."""

    lines: tuple[AttemptLine, ...]
    next_key: str | None


@dataclass(frozen=True, slots=True)
class AttemptDetails:
    """Everything of one attempt."""

    line: AttemptLine
    caller_id: str
    rule_set: str
    node: str
    trunk: str
    leg_id: str
    disposed_at: float | None
    ledger_kind: str | None
    verdict: str | None = None
    """Who answered, where somebody listened, and why it was taken so."""
    verdict_cause: str | None = None
    p_machine: float | None = None
    lead_fields: dict[str, str] = field(default_factory=dict)
    messages: tuple[MessageRow, ...] = ()
    recording: RecordingRow | None = None
    supervisions: tuple[Stretch, ...] = ()
    """Who heard it and how, oldest first."""
    steps: tuple[StepLine, ...] = ()
    """Who talked from when on; empty for a plain conversation."""


def attempts_page(
    session: Session, filters: Filters, limit: int = 50, after: str | None = None
) -> Page:
    """A page of attempts, newest first, following the `next_key` of another page.

    Raises BadInput for a key that no page gave.
    """
    limit = max(1, min(limit, PAGE_LIMIT))
    wanted = select_attempts(filters).limit(limit + 1)
    if after is not None:
        key = tuple_(AttemptRow.started_at, AttemptRow.id)
        wanted = wanted.where(key < tuple_(*place_of(after)))
    rows = session.execute(wanted).all()
    lines = tuple(line_of(row) for row in rows[:limit])
    if len(rows) <= limit:
        return Page(lines, None)
    last = rows[limit - 1][0]
    return Page(lines, key_of(last.started_at, last.id))


def attempt_details(session: Session, attempt_id: str) -> AttemptDetails | None:
    """One attempt with its messages, or None."""
    row = session.execute(
        select_attempts(Filters()).where(AttemptRow.id == attempt_id)
    ).one_or_none()
    if row is None:
        return None
    attempt, lead = row[0], row[2]
    entry = session.get(LedgerEntry, attempt_id)
    return AttemptDetails(
        line=line_of(row),
        caller_id=attempt.caller_id,
        rule_set=attempt.rule_set,
        node=attempt.node,
        trunk=attempt.trunk,
        leg_id=attempt.leg_id,
        disposed_at=seconds_of(attempt.disposed_at),
        ledger_kind=entry.kind if entry else None,
        verdict=attempt.amd_verdict,
        verdict_cause=attempt.amd_cause,
        p_machine=attempt.amd_p_machine,
        lead_fields=dict(lead.fields),
        messages=messages_of(session, [attempt_id]),
        recording=recording_of(session, attempt_id),
        supervisions=supervisions_of(session, attempt_id),
        steps=steps_of(session, attempt_id),
    )


def select_attempts(filters: Filters) -> Select[AttemptRow, str, LeadRow, str]:
    """The statement behind the history, newest first; exports stream it."""
    return (
        select(AttemptRow, CampaignRow.name, LeadRow, User.name)
        .join(CampaignRow, CampaignRow.id == AttemptRow.campaign_id)
        .join(LeadRow, LeadRow.id == AttemptRow.lead_id)
        .outerjoin(User, User.id == AttemptRow.agent_id)
        .where(*_conditions(filters))
        .order_by(AttemptRow.started_at.desc(), AttemptRow.id.desc())
    )


def line_of(row: Sequence[Any]) -> AttemptLine:
    """A line from a row of `select_attempts`."""
    attempt, campaign, lead, agent = row
    same = (
        "campaign_id", "list_id", "lead_id", "number", "attempt_number", "agent_id", "outcome",
        "cause", "sip_status", "disposition", "note",
    )  # fmt: skip
    times = ("started_at", "ringing_at", "answered_at", "bridged_at", "ended_at")
    return AttemptLine(
        attempt_id=attempt.id,
        campaign=campaign,
        name=lead.name,
        agent=agent or "",
        **{name: getattr(attempt, name) for name in same},
        **{name: seconds_of(getattr(attempt, name)) for name in times},
    )


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    equal = ("campaign_id", "list_id", "lead_id", "agent_id", "outcome", "disposition", "number")
    given = [(name, getattr(filters, name)) for name in equal]
    if any(isinstance(value, str) and "\0" in value for _, value in given):
        raise BadInput("filter: it holds a NUL character")
    conditions = [getattr(AttemptRow, name) == value for name, value in given if value]
    if filters.since is not None:
        conditions.append(AttemptRow.started_at >= instant(filters.since))
    if filters.until is not None:
        conditions.append(AttemptRow.started_at < instant(filters.until))
    return conditions


def key_of(at: datetime, identity: str) -> str:
    """The key of a page that ends at this row."""
    return f"{at.timestamp():.6f}_{identity}"


def place_of(after: str) -> tuple[datetime, str]:
    """The row at which the page of that key ended. Raises BadInput."""
    seconds, _, identity = after.replace("\0", "").partition("_")
    try:
        return instant(float(seconds)), identity
    except (ValueError, OverflowError, OSError) as error:
        raise BadInput("after: no page gave this key") from error
