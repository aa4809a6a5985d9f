"""Imports: a file is sent in parts that a lost connection does not lose, then read by a worker."""

from dataclasses import asdict
from functools import partial
from typing import Any

from sqlalchemy import select

from dialer.jobs.imports import (
    ImportOptions,
    choose,
    law_asks_consent,
    progress_of,
    shape_of,
)  # fmt: skip
from dialer.jobs.imports.course import forget_progress
from dialer.jobs.queues import enqueue_import
from dialer.model.call_list import ListState, ListTrigger
from dialer.model.scope import Scope
from dialer.store import call_lists as store
from dialer.store.tables import CampaignRow, LeadList, RejectedRow
from web import clock
from web.admin.uploads import PART_BYTES, file_of, part_of
from web.api import lists
from web.api.cursors import alien, packed, unpacked
from web.api.endpoints import Asked, Endpoint, Reply
from web.api.notes import note
from web.api.problems import Problem, unacceptable
from web.api.schemas.imports import (
    ImportNew,
    ImportShown,
    ImportStart,
    PartAsked,
    RejectedAsked,
    RejectedPage,
    RejectedShown,
)
from web.aside import aside
from web.extensions import bus, db

PARTS = "application/octet-stream"
STARTABLE = frozenset({ListState.UPLOADED, ListState.FAILED, ListState.STOPPED})


def create(asked: Asked) -> Reply:
    """Announce a file: a list that receives it.

    Then send the file with `PUT /imports/{list_id}/part`, and start the import.
    """
    body: ImportNew = asked.body
    if db.session.get(CampaignRow, body.campaign_id) is None:
        raise unacceptable("there is no such campaign", pointer="#/campaign_id")
    row = LeadList(
        campaign_id=body.campaign_id, name=body.name.strip(), file_name=body.file_name,
        file_size=body.file_size, state=ListState.RECEIVING,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    part_of(row).parent.mkdir(parents=True, exist_ok=True)
    part_of(row).write_bytes(b"")
    note(asked.key, "upload", f"list:{row.id}", row.file_name)
    return Reply(_shown(row), location=f"/api/v1/imports/{row.id}")


def append(asked: Asked) -> Reply:
    """Send the next part of the file, from the byte `offset` on.

    When a part was lost on the way, ask for the import: its `offset` says where to go on.
    """
    query: PartAsked = asked.query
    row = _found(asked, is_locked=True)
    if row.state != ListState.RECEIVING:
        raise Problem("wrong_state", "the whole file is here")
    here = part_of(row).stat().st_size
    if query.offset != here or here + len(asked.body) > row.file_size:
        raise Problem("wrong_state", f"the file has {here} of {row.file_size} bytes")
    with part_of(row).open("ab") as file:
        file.write(asked.body)
    if here + len(asked.body) == row.file_size:
        part_of(row).rename(file_of(row))
        store.step(row, ListTrigger.RECEIVE)
    return Reply(_shown(row))


def start(asked: Asked) -> Reply:
    """Start the import, or go on with one that was stopped."""
    body: ImportStart = asked.body
    row = _found(asked, is_locked=True)
    if ListState(row.state) not in STARTABLE:
        raise Problem("wrong_state", f"not while it is {row.state}")
    shape = shape_of(file_of(row), aside)
    if row.state != ListState.STOPPED:
        law_asks = law_asks_consent(db.session(), row.campaign_id, clock.now().timestamp())
        choose(row, shape, ImportOptions(**body.model_dump()), law_asks=law_asks)
    store.start(db.session(), row)
    row.fault, row.forecast = {}, None
    return _queued(asked, row, "run", "import")


def stop(asked: Asked) -> Reply:
    """Cancel a running import: what was committed stays, and may be taken back or gone on with."""
    row = _found(asked, is_locked=True)
    if not store.may(row, ListTrigger.ASK_STOP):
        raise Problem("wrong_state", f"not while it is {row.state}")
    store.step(row, ListTrigger.ASK_STOP)
    note(asked.key, "stop", f"list:{row.id}", row.name)
    return Reply(_shown(row))


def undo(asked: Asked) -> Reply:
    """Take an import back: its leads go, but for those that were dialled."""
    row = _found(asked, is_locked=True)
    store.step(row, ListTrigger.UNDO)
    return _queued(asked, row, "run_undo", "undo")


def show(asked: Asked) -> Reply:
    """An import: how far it is, and what came of it."""
    return Reply(_shown(_found(asked)))


def rejected(asked: Asked) -> Reply:
    """Rows of the file that became no lead, in their order, and why."""
    query: RejectedAsked = asked.query
    row = _found(asked)
    wanted = select(RejectedRow).where(RejectedRow.list_id == row.id)
    if query.cursor is not None:
        wanted = wanted.where(RejectedRow.row_number > _row_number(query.cursor))
    found = db.session.scalars(wanted.order_by(RejectedRow.row_number).limit(query.limit + 1)).all()
    page, more = found[: query.limit], found[query.limit :]
    following = packed(str(page[-1].row_number)) if more else None
    data = [RejectedShown.model_validate(one) for one in page]
    return Reply(RejectedPage(data=data, next_cursor=following))


def _queued(asked: Asked, row: LeadList, task: str, verb: str) -> Reply:
    db.session.flush()
    note(asked.key, verb, f"list:{row.id}", row.name)
    redis = bus().redis
    forget_progress(redis, row.id)
    return Reply(_shown(row), afterwards=[partial(enqueue_import, redis, row.id, task)])


def _found(asked: Asked, *, is_locked: bool = False) -> LeadList:
    return lists.found(asked.path["list_id"], is_locked=is_locked)


def _row_number(cursor: str) -> int:
    place = unpacked(cursor)
    if not place.isdecimal() or len(place) > 9:
        raise alien()
    return int(place)


def _shown(row: LeadList) -> ImportShown:
    state = ListState(row.state)
    told = progress_of(bus().redis, row.id) if state in store.AT_WORK else None
    facts: dict[str, Any] = {
        "offset": _offset(row, state), "part_bytes": PART_BYTES,
        "fault": str(row.fault.get("code", "")), "course": asdict(told) if told else None,
    }  # fmt: skip
    names = ImportShown.model_fields.keys() - facts.keys()
    return ImportShown.model_validate({name: getattr(row, name) for name in names} | facts)


def _offset(row: LeadList, state: ListState) -> int:
    return part_of(row).stat().st_size if state is ListState.RECEIVING else row.file_size


_ONE = "/imports/{list_id}"
ENDPOINTS = (
    Endpoint("POST", "/imports", create, Scope.LISTS_WRITE, body=ImportNew, answer=ImportShown,
             status=201),
    Endpoint("GET", _ONE, show, Scope.LISTS_READ, answer=ImportShown),
    Endpoint("PUT", f"{_ONE}/part", append, Scope.LISTS_WRITE, query=PartAsked,
             answer=ImportShown, takes=PARTS, max_bytes=PART_BYTES),
    Endpoint("POST", f"{_ONE}/start", start, Scope.LISTS_WRITE, body=ImportStart,
             answer=ImportShown),
    Endpoint("POST", f"{_ONE}/stop", stop, Scope.LISTS_WRITE, answer=ImportShown),
    Endpoint("POST", f"{_ONE}/undo", undo, Scope.LISTS_WRITE, answer=ImportShown),
    Endpoint("GET", f"{_ONE}/rejected", rejected, Scope.LISTS_READ, query=RejectedAsked,
             answer=RejectedPage),
)  # fmt: skip
