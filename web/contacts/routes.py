"""The contact's pages: a search, one contact with its timeline, and what may be written there."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from dialer.model.contact import NoteKind
from dialer.store import contacts, merging
from dialer.store.contact_search import FEWEST_CHARACTERS, search
from dialer.store.tables import CampaignRow, ContactNote, ContactRow, LeadList, LeadRow
from dialer.store.timeline import PAGE_LENGTH, timeline
from web import audit, labels
from web.contacts.fields import fields_of, name_field, written_fields
from web.extensions import db
from web.forms import Filled, from_values, parse
from web.permissions import Right, may, needs

bp = Blueprint("contacts", __name__, url_prefix="/contacts")

NOTE_LENGTH = 4000
LEADS_SHOWN = 20


@bp.get("")
@needs(Right.READ_CONTACTS)
def index() -> ResponseReturnValue:
    wanted = request.args.get("q", "").strip()
    region = request.args.get("region", "FR")
    found = search(db.session(), wanted, region if region in labels.lists.REGIONS else "FR")
    db.session.commit()  # a lead that was found by its number has its contact now
    if len(found) == 1 and len(wanted) >= FEWEST_CHARACTERS and "stay" not in request.args:
        return redirect(url_for(".show", contact_id=found[0].contact_id, q=wanted))
    return render_template(
        "contacts/index.html", found=found, q=wanted, region=region, fewest=FEWEST_CHARACTERS
    )


@bp.get("/of-lead/<int:lead_id>")
@needs(Right.READ_CONTACTS)
def of_lead(lead_id: int) -> ResponseReturnValue:
    """The contact of a lead, made when the worker has not come to it yet."""
    lead = db.session.get(LeadRow, lead_id) or abort(404)
    contact_id = contacts.ensure(db.session(), lead.number, lead.name, lead.fields)
    db.session.commit()
    return redirect(url_for(".show", contact_id=contact_id))


@bp.get("/<int:contact_id>")
@needs(Right.READ_CONTACTS)
def show(contact_id: int) -> ResponseReturnValue:
    row = _row(contact_id)
    if row.merged_into is not None:
        return redirect(url_for(".show", contact_id=row.merged_into))
    return _page(row, _filled(row)), 200


@bp.post("/<int:contact_id>")
@needs(Right.CHANGE_CONTACTS)
def change(contact_id: int) -> ResponseReturnValue:
    row = _standing(contact_id)
    filled = parse((name_field(), *fields_of(db.session())), request.form)
    if not filled.is_valid:
        return _page(row, filled), 422
    values: dict[str, Any] = {"name": filled.values["name"], "fields": written_fields(row, filled)}
    audit.note("update", f"contact:{row.id}", audit.changes(row, values))
    row.name, row.fields = values["name"], values["fields"]
    db.session.commit()
    flash(_("Enregistré."), "ok")
    return redirect(url_for(".show", contact_id=contact_id))


@bp.post("/<int:contact_id>/notes")
@needs(Right.CHANGE_CONTACTS)
def add_note(contact_id: int) -> ResponseReturnValue:
    row = _standing(contact_id)
    text = request.form.get("text", "").replace("\0", "").strip()
    kind = request.form.get("kind", "")
    if kind not in list(NoteKind) or not 0 < len(text) <= NOTE_LENGTH:
        flash(_("Écrivez une note de %(most)s caractères au plus.", most=NOTE_LENGTH), "fault")
    else:
        note = ContactNote(contact_id=row.id, kind=kind, text=text, written_by=current_user.user_id)
        db.session.add(note)
        audit.note("note", f"contact:{row.id}", kind)
        db.session.commit()
    return redirect(url_for(".show", contact_id=contact_id))


def _row(contact_id: int) -> ContactRow:
    return db.session.get(ContactRow, contact_id) or abort(404)


def _standing(contact_id: int) -> ContactRow:
    """The contact, unless it was merged or erased meanwhile."""
    row = _row(contact_id)
    if row.merged_into is not None or row.erased_at is not None:
        abort(409)
    return row


def _page(row: ContactRow, filled: Filled) -> str:
    session = db.session()
    before = _instant(request.args.get("before", ""))
    lines = timeline(session, row.id, **({"before": before} if before else {}))
    return render_template(
        "contacts/contact.html", row=row, form=filled, fields=fields_of(session),
        name_field=name_field(), identities=contacts.identities_of(session, row.id),
        leads=_leads(row.id), lines=lines, before=before,
        following=lines[-1].at if len(lines) == PAGE_LENGTH else None,
        merges=merging.standing_merges(session, row.id),
        alike=merging.suggestions(session, row.id) if may(Right.CHANGE_CONTACTS) else (),
        q=request.args.get("q", ""), note_kinds=labels.contacts.NOTE_KINDS,
    )  # fmt: skip


def _filled(row: ContactRow) -> Filled:
    fields = (name_field(), *fields_of(db.session()))
    return from_values(fields, {"name": row.name, **row.fields})


def _leads(contact_id: int) -> list[tuple[LeadRow, str, str]]:
    numbers = contacts.numbers_of(db.session(), contact_id)
    rows = (
        select(LeadRow, CampaignRow.name, LeadList.name)
        .join(CampaignRow, CampaignRow.id == LeadRow.campaign_id)
        .join(LeadList, LeadList.id == LeadRow.list_id)
        .where(LeadRow.number.in_(numbers))
        .order_by(LeadRow.id.desc())
        .limit(LEADS_SHOWN)
    )
    return [(lead, campaign, batch) for lead, campaign, batch in db.session.execute(rows)]


def _instant(written: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
