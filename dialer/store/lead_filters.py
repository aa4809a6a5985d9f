"""A lead filter as SQL: columns from a closed table, values always bound."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Numeric,
    and_,
    case,
    cast,
    func,
    not_,
    or_,
    select,
)

from dialer.model.contact import IdentityKind
from dialer.model.lead_filter import CUSTOM, Check, Either, Every, Is, Kind, LeadFilter, Not
from dialer.store.tables import ContactRow, Identity, LeadRow

COLUMNS: Mapping[str, Any] = {
    "name": LeadRow.name,
    "number": LeadRow.number,
    "time_zone": LeadRow.time_zone,
    "state": LeadRow.state,
    "last_outcome": LeadRow.last_outcome,
    "disposition": LeadRow.disposition,
    "campaign": LeadRow.campaign_id,
    "list": LeadRow.list_id,
    "priority": LeadRow.priority,
    "n_attempts": LeadRow.n_attempts,
    "n_tries": LeadRow.n_tries,
    "last_attempt": LeadRow.last_attempt_at,
    "created": LeadRow.created_at,
    "due": LeadRow.due_at,
}
NUMBER_LIKE = r"^-?[0-9]{1,15}([.][0-9]{1,6})?$"


def condition(part: LeadFilter, now: datetime) -> ColumnElement[bool]:
    """The filter over LeadRow, true or false for each lead; `now` is when ages are counted from."""
    if isinstance(part, Every):
        return and_(*(condition(one, now) for one in part.parts))
    if isinstance(part, Either):
        return or_(*(condition(one, now) for one in part.parts))
    if isinstance(part, Not):
        return not_(condition(part.part, now))
    return func.coalesce(_TESTS[part.asks](_asked(part), part, now), False)


def _asked(test: Check) -> Any:
    return _custom(test.field) if test.kind is Kind.CUSTOM else COLUMNS[test.field]


def _custom(field: str) -> ColumnElement[str]:
    """The contact's field, which somebody wrote by hand, before the one that came with the list."""
    key = field.removeprefix(CUSTOM)
    written = (
        select(ContactRow.fields[key].astext)
        .join(Identity, Identity.contact_id == ContactRow.id)
        .where(Identity.kind == IdentityKind.PHONE, Identity.value == LeadRow.number)
        .correlate(LeadRow)
        .scalar_subquery()
    )
    return func.coalesce(written, LeadRow.fields[key].astext)


def _equals(asked: Any, test: Check, now: datetime) -> ColumnElement[bool]:
    return asked == test.value  # type: ignore[no-any-return]


def _empty(asked: Any, test: Check, now: datetime) -> ColumnElement[bool]:
    return func.coalesce(asked, "") == ""


def _compared(test: Check, asked: Any) -> Any:
    """A text that is no number is neither more nor less than one."""
    if test.kind is not Kind.CUSTOM:
        return asked
    return case((asked.op("~")(NUMBER_LIKE), cast(asked, Numeric)))


def _before(test: Check, now: datetime) -> datetime:
    assert isinstance(test.value, (int, float)), "parsed as a number of days"
    return now - timedelta(days=test.value)


_TESTS: Mapping[Is, Callable[[Any, Check, datetime], ColumnElement[bool]]] = {
    Is.EQUALS: _equals,
    Is.CONTAINS: lambda asked, test, now: asked.icontains(test.value, autoescape=True),
    Is.BEGINS: lambda asked, test, now: asked.istartswith(test.value, autoescape=True),
    Is.EMPTY: _empty,
    Is.IN: lambda asked, test, now: asked.in_(test.value),
    Is.AT_LEAST: lambda asked, test, now: _compared(test, asked) >= test.value,
    Is.AT_MOST: lambda asked, test, now: _compared(test, asked) <= test.value,
    Is.OLDER_THAN: lambda asked, test, now: asked < _before(test, now),
    Is.YOUNGER_THAN: lambda asked, test, now: asked >= _before(test, now),
    Is.NEVER: lambda asked, test, now: asked.is_(None),
}
