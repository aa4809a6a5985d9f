"""Lists: made empty and filled with leads, switched on and off, put away."""

from functools import partial

from sqlalchemy import select

from dialer.model.call_list import ListState
from dialer.model.events import LeadWithdrawn
from dialer.model.scope import Scope
from dialer.store import lists as store
from dialer.store.tables import LeadList
from web import clock
from web.api import versions
from web.api.cursors import newest_first
from web.api.endpoints import Asked, Endpoint, Reply
from web.api.notes import note
from web.api.problems import missing
from web.api.schemas.lists import ListChange, ListNew, ListPage, ListsAsked, ListShown
from web.extensions import bus, db

FILLED = ListState.READY
"""State of a list that leads may be added to."""


def index(asked: Asked) -> Reply:
    """Lists, newest first."""
    query: ListsAsked = asked.query
    wanted = select(LeadList).where(
        LeadList.archived_at.is_not(None) if query.is_archived else LeadList.archived_at.is_(None)
    )
    if query.campaign_id is not None:
        wanted = wanted.where(LeadList.campaign_id == query.campaign_id)
    rows, following = newest_first(wanted, LeadList.id, query.limit, query.cursor)
    return Reply(ListPage(data=[shown(row) for row in rows], next_cursor=following))


def create(asked: Asked) -> Reply:
    """Make an empty list.

    Leads are added to it with `POST /leads`.
    """
    body: ListNew = asked.body
    row = store.create_list(
        db.session(), body.campaign_id, body.name, body.region, is_active=body.is_active
    )
    note(asked.key, "create", f"list:{row.id}", row.name)
    return Reply(shown(row), location=f"/api/v1/lists/{row.id}", has_tag=True)


def show(asked: Asked) -> Reply:
    """One list."""
    return Reply(shown(found(asked.path["list_id"])), has_tag=True)


def change(asked: Asked) -> Reply:
    """Rename a list, or switch it on or off."""
    body: ListChange = asked.body
    row = found(asked.path["list_id"], is_locked=True)
    versions.check_unchanged(shown(row))
    if body.name is not None:
        row.name = store.list_name(body.name)
    if body.is_active is not None:
        store.switch(row, is_active=body.is_active)
    db.session.flush()
    note(asked.key, "update", f"list:{row.id}", f"{row.name}, active: {row.is_active}")
    return Reply(shown(row), has_tag=True)


def archive(asked: Asked) -> Reply:
    """Put a list away: none of its leads is dialled any more.

    It is not deleted: attempts and reports keep naming it.
    """
    row = found(asked.path["list_id"], is_locked=True)
    store.archive(row, clock.now().timestamp())
    db.session.flush()
    note(asked.key, "archive", f"list:{row.id}", row.name)
    reply = Reply(shown(row), has_tag=True)
    for campaign_id, lead_id in store.claimed_of(db.session(), row.id):
        reply.afterwards.append(partial(bus().tell, LeadWithdrawn(campaign_id, lead_id)))
    return reply


def found(list_id: int, *, is_locked: bool = False) -> LeadList:
    """The list's row. Raises Problem."""
    row = db.session.get(LeadList, list_id, with_for_update=is_locked or None)
    if row is None:
        raise missing(f"list {list_id}")
    return row


def shown(row: LeadList) -> ListShown:
    """As it is answered."""
    return ListShown.model_validate(row)


_ONE = "/lists/{list_id}"
ENDPOINTS = (
    Endpoint("GET", "/lists", index, Scope.LISTS_READ, query=ListsAsked, answer=ListPage),
    Endpoint("POST", "/lists", create, Scope.LISTS_WRITE, body=ListNew, answer=ListShown,
             status=201),
    Endpoint("GET", _ONE, show, Scope.LISTS_READ, answer=ListShown),
    Endpoint("PATCH", _ONE, change, Scope.LISTS_WRITE, body=ListChange, answer=ListShown),
    Endpoint("POST", f"{_ONE}/archive", archive, Scope.LISTS_WRITE, answer=ListShown),
)  # fmt: skip
