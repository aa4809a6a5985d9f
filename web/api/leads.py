"""Leads: added one by one or by the hundred, seen, changed, withdrawn."""

from collections import Counter
from functools import partial

from sqlalchemy import select

from dialer.model.events import LeadAdded, LeadWithdrawn
from dialer.model.ids import CampaignId, LeadId
from dialer.model.lead import HOT_PRIORITY
from dialer.model.scope import Scope
from dialer.store import lead_intake as intake
from dialer.store.lead_intake import Judged, NewLead, Verdict
from dialer.store.tables import LeadList, LeadRow
from web.api import lists, versions
from web.api.cursors import newest_first
from web.api.endpoints import Asked, Endpoint, Reply
from web.api.notes import note
from web.api.problems import Fault, Problem, missing, unacceptable
from web.api.schemas.leads import (
    LeadChange,
    LeadNew,
    LeadPage,
    LeadsAsked,
    LeadSent,
    LeadShown,
    LeadsNew,
    LeadVerdict,
    LeadVerdicts,
    Withdrawal,
)
from web.extensions import bus, db

BATCH_BYTES = 4 * 1024 * 1024
_COLUMNS = {"campaign_id", "list_id", "number", "state"}


def index(asked: Asked) -> Reply:
    """Leads, newest first."""
    query: LeadsAsked = asked.query
    wanted = select(LeadRow)
    for name, value in query.model_dump(include=_COLUMNS, exclude_none=True).items():
        wanted = wanted.where(getattr(LeadRow, name) == value)
    rows, following = newest_first(wanted, LeadRow.id, query.limit, query.cursor)
    return Reply(LeadPage(data=[_shown(row) for row in rows], next_cursor=following))


def create(asked: Asked) -> Reply:
    """Add a lead to a list.

    Its number is normalised, looked up among the campaign's leads and the do-not-call numbers. With
    `call_now` it is dialled before all others as soon as an agent is free and the law allows it.
    """
    body: LeadNew = asked.body
    batch = _open_list(body.list_id)
    (judged,) = intake.add(db.session(), batch, [_new(body, is_hot=body.call_now)])
    if judged.verdict is not Verdict.ADDED:
        raise _refusal(judged)
    row = db.session.get_one(LeadRow, judged.lead_id)
    note(asked.key, "create", f"lead:{row.id}", "call now" if body.call_now else "")
    reply = Reply(_shown(row), location=f"/api/v1/leads/{row.id}", has_tag=True)
    if body.call_now:
        told = LeadAdded(CampaignId(row.campaign_id), LeadId(row.id))
        reply.afterwards.append(partial(bus().tell, told))
    return reply


def create_many(asked: Asked) -> Reply:
    """Add up to 1000 leads to a list, and learn what became of each.

    Those that are refused keep none of the others from being added.
    """
    body: LeadsNew = asked.body
    batch = _open_list(body.list_id)
    verdicts = intake.add(db.session(), batch, [_new(lead) for lead in body.leads])
    counts = Counter(f"n_{judged.verdict.lower()}" for judged in verdicts)
    told = ", ".join(f"{name}={n}" for name, n in sorted(counts.items()))
    note(asked.key, "add leads", f"list:{batch.id}", told)
    every = {f"n_{verdict.lower()}": counts[f"n_{verdict.lower()}"] for verdict in Verdict}
    data = [LeadVerdict(result=one.verdict, lead_id=one.lead_id) for one in verdicts]
    return Reply(LeadVerdicts(data=data, **every))


def show(asked: Asked) -> Reply:
    """One lead."""
    return Reply(_shown(_found(asked)), has_tag=True)


def change(asked: Asked) -> Reply:
    """Change a lead's name, fields or priority."""
    body: LeadChange = asked.body
    row = _found(asked, is_locked=True)
    versions.check_unchanged(_shown(row))
    given = body.model_dump(exclude_none=True)
    for name, value in given.items():
        setattr(row, name, value)
    db.session.flush()
    note(asked.key, "update", f"lead:{row.id}", ", ".join(sorted(given)))
    return Reply(_shown(row), has_tag=True)


def withdraw(asked: Asked) -> Reply:
    """Take a lead out: nothing dials it any more.

    Not while it is being called: that call goes on.
    """
    body: Withdrawal = asked.body
    row = _found(asked, is_locked=True)
    is_claimed = intake.withdraw(row)
    db.session.flush()
    note(asked.key, "withdraw", f"lead:{row.id}", body.reason)
    reply = Reply(_shown(row), has_tag=True)
    if is_claimed:
        told = LeadWithdrawn(CampaignId(row.campaign_id), LeadId(row.id))
        reply.afterwards.append(partial(bus().tell, told))
    return reply


def _open_list(list_id: int) -> LeadList:
    """The list, when leads may be added to it. Raises Problem."""
    row = db.session.get(LeadList, list_id)
    if row is None:
        raise unacceptable("there is no such list", pointer="#/list_id")
    if row.archived_at is not None or row.is_manual or row.state != lists.FILLED:
        raise Problem("wrong_state", "no leads may be added to this list now")
    return row


def _new(sent: LeadSent, *, is_hot: bool = False) -> NewLead:
    priority = HOT_PRIORITY if is_hot else sent.priority
    return NewLead(
        sent.number, sent.name, sent.fields, priority, sent.due_at, tuple(sent.other_numbers),
        sent.postcode, sent.time_zone,
    )  # fmt: skip


def _refusal(judged: Judged) -> Problem:
    fault = Fault(_WHY[judged.verdict], "#/number", code=judged.verdict.lower())
    if judged.verdict is not Verdict.DUPLICATE:
        return Problem("invalid", faults=(fault,))
    where = {"Location": f"/api/v1/leads/{judged.lead_id}"}
    return Problem("duplicate", faults=(fault,), headers=where)


_WHY = {
    Verdict.BAD_NUMBER: "no such number exists in the list's country",
    Verdict.DO_NOT_CALL: "the number must not be called",
    Verdict.DUPLICATE: "the campaign has a lead with this number",
}


def _found(asked: Asked, *, is_locked: bool = False) -> LeadRow:
    lead_id = asked.path["lead_id"]
    row = db.session.get(LeadRow, lead_id, with_for_update=is_locked or None)
    if row is None:
        raise missing(f"lead {lead_id}")
    return row


def _shown(row: LeadRow) -> LeadShown:
    return LeadShown.model_validate(row)


_ONE = "/leads/{lead_id}"
ENDPOINTS = (
    Endpoint("GET", "/leads", index, Scope.LEADS_READ, query=LeadsAsked, answer=LeadPage),
    Endpoint("POST", "/leads", create, Scope.LEADS_WRITE, body=LeadNew, answer=LeadShown,
             status=201),
    Endpoint("POST", "/leads/batch", create_many, Scope.LEADS_WRITE, body=LeadsNew,
             answer=LeadVerdicts, max_bytes=BATCH_BYTES),
    Endpoint("GET", _ONE, show, Scope.LEADS_READ, answer=LeadShown),
    Endpoint("PATCH", _ONE, change, Scope.LEADS_WRITE, body=LeadChange, answer=LeadShown),
    Endpoint("POST", f"{_ONE}/withdraw", withdraw, Scope.LEADS_WRITE, body=Withdrawal,
             answer=LeadShown),
)  # fmt: skip
