"""The history of attempts, filtered and paged by key; and the totals of each campaign."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from dialer.store.tables import (
    AttemptRow,
    CampaignRow,
    DispositionRow,
    LeadList,
    LeadRow,
    LedgerEntry,
    MessageRow,
    User,
)

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asked for; None or empty asks for anything. Times are aware."""

    campaign_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    outcome: str = ""
    disposition: str = ""
    agent_id: int | None = None
    number: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The SQL conditions of the filters that are set."""
        row = AttemptRow
        same = {
            row.campaign_id: self.campaign_id,
            row.outcome: self.outcome,
            row.disposition: self.disposition,
            row.agent_id: self.agent_id,
        }
        held = [column == value for column, value in same.items() if value]
        if self.since:
            held.append(row.started_at >= self.since)
        if self.until:
            held.append(row.started_at < self.until)
        if self.number:
            held.append(row.number.contains(self.number, autoescape=True))
        return held


@dataclass(frozen=True, slots=True)
class Line:
    """One attempt with the names it refers to."""

    attempt: AttemptRow
    campaign: str
    list_name: str
    lead_name: str
    agent: str
    disposition: DispositionRow | None

    def disposition_word(self, language: str) -> str:
        """The disposition in `fr` or `en`; empty when none was given."""
        if self.disposition is None:
            return ""
        return self.disposition.label_fr if language == "fr" else self.disposition.label_en


Key = tuple[datetime, str]


def page(session: Session, filters: Filters, before: Key | None) -> list[Line]:
    """Newest attempts first, one more than a page holds when others follow."""
    query = _lines(filters)
    if before is not None:
        query = query.where(tuple_(AttemptRow.started_at, AttemptRow.id) < before)
    return [_line(row) for row in session.execute(query.limit(PAGE_SIZE + 1))]


def stream(session: Session, filters: Filters) -> Iterator[Line]:
    """All attempts of the filters, newest first, fetched in pieces."""
    query = _lines(filters).execution_options(yield_per=1000)
    return (_line(row) for row in session.execute(query))


def one(session: Session, attempt_id: str) -> Line | None:
    """One attempt by identity."""
    row = session.execute(_selection().where(AttemptRow.id == attempt_id)).first()
    return _line(row) if row else None


def messages_of(session: Session, attempt_id: str) -> list[MessageRow]:
    """Fallback messages of an attempt."""
    query = select(MessageRow).where(MessageRow.attempt_id == attempt_id)
    return list(session.scalars(query.order_by(MessageRow.id)))


@dataclass(frozen=True, slots=True)
class Totals:
    """What a campaign did in a period. `n_live` and `n_abandoned` come from the ledger."""

    name: str
    n_attempts: int
    n_answered: int
    n_handled: int
    n_successes: int
    n_live: int
    n_abandoned: int
    talk_s: float

    @property
    def abandon_rate(self) -> float | None:
        """Abandoned over live answers; None without live answers."""
        return self.n_abandoned / self.n_live if self.n_live else None

    @property
    def answer_rate(self) -> float | None:
        """Answered over all attempts."""
        return self.n_answered / self.n_attempts if self.n_attempts else None

    @property
    def mean_talk_s(self) -> float | None:
        """Seconds per conversation."""
        return self.talk_s / self.n_handled if self.n_handled else None


def totals(session: Session, since: datetime, until: datetime) -> list[Totals]:
    """One line per campaign that dialled in the period, by name."""
    live = _ledger(session, since, until)
    talk = func.extract("epoch", AttemptRow.ended_at - AttemptRow.bridged_at)
    rows = session.execute(
        select(
            CampaignRow.id,
            CampaignRow.name,
            func.count(),
            func.count(AttemptRow.answered_at),
            func.count(AttemptRow.bridged_at),
            func.count().filter(DispositionRow.is_success),
            func.coalesce(func.sum(talk), 0),
        )
        .join(AttemptRow, AttemptRow.campaign_id == CampaignRow.id)
        .join(DispositionRow, _said(), isouter=True)
        .where(AttemptRow.started_at >= since, AttemptRow.started_at < until)
        .group_by(CampaignRow.id)
        .order_by(CampaignRow.name)
    )
    return [
        Totals(name, attempts, answered, handled, won, *live.get(key, (0, 0)), float(talked))
        for key, name, attempts, answered, handled, won, talked in rows
    ]


def by_outcome(session: Session, since: datetime, until: datetime) -> dict[str, int]:
    """Attempts of the period by outcome."""
    query = (
        select(AttemptRow.outcome, func.count())
        .where(AttemptRow.started_at >= since, AttemptRow.started_at < until)
        .where(AttemptRow.outcome.is_not(None))
        .group_by(AttemptRow.outcome)
    )
    return {str(outcome): count for outcome, count in session.execute(query)}


def _ledger(session: Session, since: datetime, until: datetime) -> dict[int, tuple[int, int]]:
    live = func.count().filter(LedgerEntry.kind != "MACHINE")
    abandoned = func.count().filter(LedgerEntry.kind == "ABANDONED")
    rows = session.execute(
        select(LedgerEntry.campaign_id, live, abandoned)
        .where(LedgerEntry.at >= since, LedgerEntry.at < until)
        .group_by(LedgerEntry.campaign_id)
    )
    return {key: (n_live, n_abandoned) for key, n_live, n_abandoned in rows}


def _lines(filters: Filters) -> Select[tuple[AttemptRow, str, str, str, str, DispositionRow]]:
    newest = (AttemptRow.started_at.desc(), AttemptRow.id.desc())
    return _selection().where(*filters.conditions()).order_by(*newest)


def _selection() -> Select[tuple[AttemptRow, str, str, str, str, DispositionRow]]:
    return (
        select(AttemptRow, CampaignRow.name, LeadList.name, LeadRow.name, User.name, DispositionRow)
        .join(CampaignRow, CampaignRow.id == AttemptRow.campaign_id)
        .join(LeadList, LeadList.id == AttemptRow.list_id)
        .join(LeadRow, LeadRow.id == AttemptRow.lead_id)
        .join(User, User.id == AttemptRow.agent_id, isouter=True)
        .join(DispositionRow, _said(), isouter=True)
    )


def _said() -> ColumnElement[bool]:
    return (DispositionRow.campaign_id == AttemptRow.campaign_id) & (
        DispositionRow.code == AttemptRow.disposition
    )


def _line(row: object) -> Line:
    attempt, campaign, list_name, lead_name, agent, disposition = row  # type: ignore[misc]
    return Line(attempt, campaign, list_name, lead_name, agent or "", disposition)
