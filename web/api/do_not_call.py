"""Do-not-call numbers: looked up, entered, taken out; what is entered holds at once."""

from functools import partial

from sqlalchemy import select

from dialer.model.events import NumberBlocked
from dialer.model.scope import Scope
from dialer.store import do_not_call as store
from dialer.store.tables import CampaignRow, DoNotCall
from web.api.cursors import newest_first
from web.api.endpoints import Asked, Endpoint, Reply
from web.api.notes import note
from web.api.problems import missing, unacceptable
from web.api.schemas.do_not_call import (
    EntriesAsked,
    EntryNew,
    EntryPage,
    EntryRemoval,
    EntryShown,
    NumbersSent,
    NumberVerdict,
    NumberVerdicts,
)
from web.extensions import bus, db


def index(asked: Asked) -> Reply:
    """Entries, newest first."""
    query: EntriesAsked = asked.query
    wanted = select(DoNotCall)
    if query.campaign_id is not None:
        wanted = wanted.where(DoNotCall.campaign_id == query.campaign_id)
    if query.number is not None:
        wanted = wanted.where(DoNotCall.number == query.number)
    rows, following = newest_first(wanted, DoNotCall.id, query.limit, query.cursor)
    return Reply(EntryPage(data=[_shown(row) for row in rows], next_cursor=following))


def add(asked: Asked) -> Reply:
    """Enter a number, for all campaigns or for one.

    From this moment nothing dials it. A number that is entered already stays as it is.
    """
    body: EntryNew = asked.body
    session = db.session()
    _check_campaign(body.campaign_id)
    store.add(session, body.number, source="ADMIN", campaign_id=body.campaign_id)
    same = DoNotCall.campaign_id.is_not_distinct_from(body.campaign_id)
    row = session.scalars(select(DoNotCall).where(DoNotCall.number == body.number, same)).one()
    note(asked.key, "create", f"do_not_call:{row.id}", f"{row.number} {body.reason}")
    return Reply(_shown(row), afterwards=[partial(bus().tell, NumberBlocked(row.number))])


def remove(asked: Asked) -> Reply:
    """Take an entry out, with the reason for it."""
    entry_id = asked.path["entry_id"]
    row = db.session.get(DoNotCall, entry_id, with_for_update=True)
    if row is None:
        raise missing(f"entry {entry_id}")
    detail = f"{row.number} {asked.query.reason}"
    store.remove(db.session(), row.number, row.campaign_id)
    note(asked.key, "delete", f"do_not_call:{entry_id}", detail)
    return Reply()


def check(asked: Asked) -> Reply:
    """Look numbers up: which of them must not be called."""
    body: NumbersSent = asked.body
    listed = store.listed_among(db.session(), body.numbers, body.campaign_id)
    verdicts = [NumberVerdict(number=n, is_listed=n in listed) for n in body.numbers]
    return Reply(NumberVerdicts(data=verdicts))


def _check_campaign(campaign_id: int | None) -> None:
    if campaign_id is not None and db.session.get(CampaignRow, campaign_id) is None:
        raise unacceptable("there is no such campaign", pointer="#/campaign_id")


def _shown(row: DoNotCall) -> EntryShown:
    return EntryShown.model_validate(row)


_ALL = "/do-not-call"
ENDPOINTS = (
    Endpoint("GET", _ALL, index, Scope.DNC_READ, query=EntriesAsked, answer=EntryPage),
    Endpoint("POST", _ALL, add, Scope.DNC_WRITE, body=EntryNew, answer=EntryShown),
    Endpoint("DELETE", f"{_ALL}/{{entry_id}}", remove, Scope.DNC_WRITE, query=EntryRemoval,
             status=204),
    Endpoint("POST", f"{_ALL}/check", check, Scope.DNC_READ, body=NumbersSent,
             answer=NumberVerdicts),
)  # fmt: skip
